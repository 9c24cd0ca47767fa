#include <cmcctl/cmc/client.hpp>
#include <cmcctl/codec/tlv.hpp>

#include "anchor.hpp"
#include "fuzz_check.hpp"

using namespace cmcctl;

namespace {

constexpr std::uint8_t empty_pki_data[]{0x30, 0x08, 0x30, 0x00, 0x30, 0x00, 0x30, 0x00, 0x30, 0x00};

/// The octets of the first element, where that can be seen without looking inside.
std::size_t first_element(Octets input) {
  for (std::size_t header = 2; header <= 5 && header <= input.size(); ++header) {
    const std::size_t octets = header - 2;
    if (octets == 0 ? input[1] >= 0x80 : input[1] != 0x80 + octets) continue;
    std::size_t length = octets == 0 ? input[1] : 0;
    for (std::size_t i = 0; i < octets; ++i) length = length << 8 | input[2 + i];
    return std::min(input.size(), header + length);
  }
  return input.size();
}

bool believes(Outcome outcome) {
  return outcome != Outcome::failed && outcome != Outcome::untrusted && outcome != Outcome::mismatch;
}

void check_all(const std::vector<Check>& checks) {
  for (const Check& check : checks) FUZZ_CHECK(check.verdict == Verdict::pass || !check.text.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Octets input(data, data + size);
  const std::size_t end = first_element(input);
  const Octets sent = end == size ? Octets(empty_pki_data) : input.from(end);
  Decoder response_decoder, request_decoder;
  const auto response = open_message(response_decoder, input.sub(0, end));
  const auto request = open_message(request_decoder, sent);
  if (!response || !request) return 0;
  VerifyOptions options;
  options.anchors = anchors_of_the_vectors();
  options.time = time_of_the_vectors;
  const ResponseReport report = process_response({response_decoder, *response}, {request_decoder, *request}, options);
  FUZZ_CHECK(!report.next_step.empty());
  FUZZ_CHECK(!believes(report.outcome) || report.verification.verdict == Verdict::pass);
  check_all(report.checks);
  for (const AnsweredRequest& answered : report.requests) check_all(answered.checks);
  for (const ReportedStatus& status : report.statuses) FUZZ_CHECK(!to_string(status).empty());
  return 0;
}
