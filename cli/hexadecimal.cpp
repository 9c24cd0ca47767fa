#include "hexadecimal.hpp"

#include <string>

#include <cmcctl/codec/hexadecimal.hpp>

namespace cmcctl::cli {

std::optional<std::vector<std::uint8_t>> octets_of_typed_hex(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != ':' && c != ' ') digits += c;
  }
  return digits.empty() ? std::nullopt : octets_of_hex(digits);
}

}  // namespace cmcctl::cli
