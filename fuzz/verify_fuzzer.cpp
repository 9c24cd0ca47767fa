#include <algorithm>
#include <vector>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/digest.hpp>
#include <cmcctl/crypto/verify.hpp>

#include "fuzz_check.hpp"
#include "signed_contents.hpp"

using namespace cmcctl;

namespace {

constexpr std::int64_t time_of_the_vectors = 1'780'272'000;  // 2026-06-01

std::vector<std::uint8_t> octets_of(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::vector<std::uint8_t> octets;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    octets.push_back(static_cast<std::uint8_t>(digit(hex[i]) * 16 + digit(hex[i + 1])));
  return octets;
}

bool is_signed_by_somebody(Octets content) {
  return std::ranges::find(signed_contents, hex(digest(Hash::sha256, content))) != std::end(signed_contents);
}

/// Nobody can sign for the anchor, so what verifies at any level is what was signed then.
void check_contents(const Layer& layer) {
  if (const auto* data = std::get_if<SignedData>(&layer.cms); data != nullptr && !data->signer_infos.empty()) {
    const auto content = content_octets(data->encap_content_info);
    FUZZ_CHECK(content && is_signed_by_somebody(*content));
  }
  for (const Layer& nested : layer.nested) check_contents(nested);
}

void check_report(const VerifyReport& report, Octets input) {
  FUZZ_CHECK(report.verdict != Verdict::pass || !report.parts.empty());
  for (const VerifiedPart& part : report.parts) {
    FUZZ_CHECK(part.offset <= input.size());
    FUZZ_CHECK(!part.checks.empty());
    FUZZ_CHECK(report.verdict != Verdict::pass || worst(part.checks) == Verdict::pass);
    for (const Check& check : part.checks) FUZZ_CHECK(check.verdict == Verdict::pass || !check.text.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Octets input(data, data + size);
  // Never destroyed: at the end of the program Botan's memory goes first, and the key of the anchor lies in it.
  static const auto& anchors = *new std::vector<X509Certificate>{*X509Certificate::from_der(octets_of(anchor_hex))};
  Decoder decoder;
  const auto message = open_message(decoder, input);
  if (!message) return 0;
  VerifyOptions options;
  options.anchors = anchors;
  options.time = time_of_the_vectors;
  options.purpose = Purpose::any;
  const VerifyReport report = verify_message(decoder, *message, options);
  check_report(report, input);
  if (report.verdict == Verdict::pass) check_contents(message->layer);
  return 0;
}
