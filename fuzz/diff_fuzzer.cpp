#include <cmcctl/codec/diff.hpp>

#include "fuzz_check.hpp"
#include "mutate_tree.hpp"

using namespace cmcctl;

namespace {

struct Opened {
  explicit Opened(Octets bytes) : message(open_message(decoder, bytes)) {}
  Decoder decoder{};
  Result<Message> message;
};

/// How many differences there are, each of them with a path and told once.
DiffSummary compare(Opened& a, Opened& b) {
  std::size_t told = 0;
  const auto use = [&](const Difference& difference) {
    FUZZ_CHECK(!difference.path.empty());
    ++told;
  };
  DiffSummary summary = diff_messages(a.decoder, *a.message, b.decoder, *b.message, {}, use);
  FUZZ_CHECK(told == summary.differences);
  return summary;
}

void check_same(Octets bytes) {
  Opened a(bytes);
  Opened b(bytes);
  if (!a.message) return;
  const DiffSummary summary = compare(a, b);
  FUZZ_CHECK(summary.differences == 0 && summary.ignored == 0 && summary.notes.empty());
}

}  // namespace

/// Two messages, one behind the other. Neither differs from itself, and A differs from B where B differs from A.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Octets input(data, data + size);
  const mutation::Element both = mutation::parse(input);
  if (!both.parsed) return 0;
  const Octets first = both.children[0].whole;
  const Octets second = input.from(first.size());
  check_same(first);
  Opened a(first);
  Opened b(second);
  if (!a.message || !b.message) return 0;
  FUZZ_CHECK((compare(a, b).differences == 0) == (compare(b, a).differences == 0));
  return 0;
}
