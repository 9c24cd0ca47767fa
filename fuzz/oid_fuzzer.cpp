#include <cmcctl/codec/values.hpp>

#include <string>

#include "fuzz_check.hpp"

using namespace cmcctl;

/// Contents of an OBJECT IDENTIFIER and the dotted text lead to each other.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Octets input(data, data + size);
  const std::string dotted = to_string(Oid{input});
  for (const char c : dotted) FUZZ_CHECK((c >= '0' && c <= '9') || c == '.' || c == '?');

  std::vector<std::uint8_t> element{0x06, static_cast<std::uint8_t>(size)};
  element.insert(element.end(), input.begin(), input.end());
  Decoder decoder;
  if (size < 64 && decoder.scan(Octets(element))) {
    const auto content = oid_content(dotted);
    FUZZ_CHECK(content && Octets(*content) == input);
  }

  if (const auto content = oid_content(input.chars())) FUZZ_CHECK(to_string(Oid{Octets(*content)}) == input.chars());
  return 0;
}
