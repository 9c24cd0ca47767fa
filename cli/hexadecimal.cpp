#include "hexadecimal.hpp"

#include <charconv>
#include <string>

namespace cmcctl::cli {

std::optional<std::vector<std::uint8_t>> octets_of_hex(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != ':' && c != ' ') digits += c;
  }
  if (digits.empty() || digits.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> octets;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const char* const pair = digits.data() + i;
    std::uint8_t octet = 0;
    const auto [rest, error] = std::from_chars(pair, pair + 2, octet, 16);
    if (error != std::errc{} || rest != pair + 2) return std::nullopt;
    octets.push_back(octet);
  }
  return octets;
}

}  // namespace cmcctl::cli
