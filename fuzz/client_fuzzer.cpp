#include <cmcctl/cmc/client.hpp>

#include "anchor.hpp"
#include "fuzz_check.hpp"
#include "mutate_tree.hpp"

using namespace cmcctl;

namespace {

constexpr std::uint8_t empty_pki_data[]{0x30, 0x08, 0x30, 0x00, 0x30, 0x00, 0x30, 0x00, 0x30, 0x00};

bool believes(Outcome outcome) {
  return outcome != Outcome::failed && outcome != Outcome::untrusted && outcome != Outcome::mismatch;
}

void check_all(const std::vector<Check>& checks) {
  for (const Check& check : checks) FUZZ_CHECK(check.verdict == Verdict::pass || !check.text.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Octets input(data, data + size);
  const mutation::Element both = mutation::parse(input);
  const Octets answer = both.parsed ? both.children[0].whole : input;
  const Octets sent = answer.size() == size ? Octets(empty_pki_data) : input.from(answer.size());
  Decoder response_decoder, request_decoder;
  const auto response = open_message(response_decoder, answer);
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
