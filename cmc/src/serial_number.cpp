#include <cmcctl/cmc/serial_number.hpp>

#include <string>

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t most_octets = 64;
constexpr std::size_t most_digits = 155;  // of 64 octets; each digit goes over all octets so far

std::optional<unsigned> digit_of(char c, unsigned base) {
  unsigned digit = base;
  if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') digit = static_cast<unsigned>(c - 'A') + 10;
  if (digit >= base) return std::nullopt;
  return digit;
}

std::optional<Bytes> number(std::string_view digits, unsigned base) {
  if (digits.empty() || digits.size() > most_digits) return std::nullopt;
  Bytes little_endian;
  for (const char c : digits) {
    const auto digit = digit_of(c, base);
    if (!digit) return std::nullopt;
    unsigned carry = *digit;
    for (std::uint8_t& octet : little_endian) {
      carry += octet * base;
      octet = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
    if (carry != 0) little_endian.push_back(static_cast<std::uint8_t>(carry));
  }
  if (little_endian.size() > most_octets) return std::nullopt;
  if (little_endian.empty() || little_endian.back() >= 0x80) little_endian.push_back(0);  // not negative
  return Bytes(little_endian.rbegin(), little_endian.rend());
}

/// "04:D2" without its colons.
std::optional<std::string> without_colons(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const std::string_view pair = text.substr(i, 2);
    const bool separated = i + 2 == text.size() || (i + 3 < text.size() && text[i + 2] == ':');
    if (pair.size() != 2 || !separated) return std::nullopt;
    digits += pair;
  }
  return digits;
}

}  // namespace

std::optional<Bytes> parse_serial_number(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) return number(text.substr(2), 16);
  if (text.find(':') == std::string_view::npos) return number(text, 10);
  const auto digits = without_colons(text);
  return digits ? number(*digits, 16) : std::nullopt;
}

}  // namespace cmcctl
