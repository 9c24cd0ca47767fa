#include <cmcctl/codec/values.hpp>

#include <string>
#include <vector>

#include "fuzz_check.hpp"

using namespace cmcctl;

namespace {

constexpr std::size_t longest = 64;  // Limits::oid_octets

/// X.690 clause 8.19.2, and arcs of at most 63 bits.
bool is_sound(Octets content) {
  if (content.empty() || (content.back() & 0x80) != 0) return false;
  std::size_t arc_octets = 0;
  for (const std::uint8_t octet : content) {
    if (arc_octets == 0 && octet == 0x80) return false;
    if (++arc_octets > 9) return false;
    if ((octet & 0x80) == 0) arc_octets = 0;
  }
  return true;
}

bool is_accepted(Octets content) {
  std::vector<std::uint8_t> element{0x06, static_cast<std::uint8_t>(content.size())};
  element.insert(element.end(), content.begin(), content.end());
  Decoder decoder;
  const bool accepted = decoder.scan(Octets(element)).ok();
  FUZZ_CHECK(!accepted || !decoder.saw_ber());
  return accepted;
}

}  // namespace

/// The contents of an OBJECT IDENTIFIER and the dotted text lead to each other.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Octets input(data, data + size);
  const std::string dotted = to_string(Oid{input});
  FUZZ_CHECK(dotted.find_first_not_of("0123456789.?") == std::string::npos);
  if (size <= longest) {
    FUZZ_CHECK(is_accepted(input) == is_sound(input));
    if (is_sound(input)) {
      const auto content = oid_content(dotted);
      FUZZ_CHECK(content && Octets(*content) == input);
    }
  }

  if (const auto content = oid_content(input.chars())) {
    FUZZ_CHECK(is_sound(Octets(*content)));
    FUZZ_CHECK(to_string(Oid{Octets(*content)}) == input.chars());
  }
  return 0;
}
