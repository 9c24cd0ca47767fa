#include <algorithm>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/digest.hpp>
#include <cmcctl/crypto/verify.hpp>

#include "anchor.hpp"
#include "fuzz_check.hpp"

using namespace cmcctl;

namespace {

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
  Decoder decoder;
  const auto message = open_message(decoder, input);
  if (!message) return 0;
  VerifyOptions options;
  options.anchors = anchors_of_the_vectors();
  options.time = time_of_the_vectors;
  options.purpose = Purpose::any;
  const VerifyReport report = verify_message(decoder, *message, options);
  check_report(report, input);
  if (report.verdict == Verdict::pass) check_contents(message->layer);
  return 0;
}
