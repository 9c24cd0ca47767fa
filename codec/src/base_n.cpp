#include "base_n.hpp"

#include <algorithm>
#include <string>

#include <cmcctl/codec/hexadecimal.hpp>

namespace cmcctl {
namespace {

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

bool is_hex_separator(char c) { return is_space(c) || c == ':' || c == ','; }

bool is_base64_character(char c) { return is_space(c) || c == '=' || base64_digit(c) >= 0; }
bool is_hex_character(char c) { return is_hex_separator(c) || c == 'x' || hex_digit(c) >= 0; }

bool is_nearly(std::string_view text, bool (*is_known)(char)) {
  constexpr std::size_t shortest = 64;
  constexpr std::size_t in_one_stranger = 50;
  const auto known = static_cast<std::size_t>(std::ranges::count_if(text, is_known));
  return text.size() >= shortest && (text.size() - known) * in_one_stranger <= text.size();
}

}  // namespace

Result<std::vector<std::uint8_t>> decode_base64(std::string_view text, std::size_t offset) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  std::size_t count = 0;
  bool padded = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_space(c)) continue;
    if (c == '=') {
      padded = true;
      continue;
    }
    const int digit = base64_digit(c);
    if (digit < 0 || padded) {
      return Error{Errc::bad_base64, offset + i, {}, {},
                   padded ? "characters after the padding" : "a character that is none of base64's"};
    }
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    if (++count % 4 != 0) continue;
    bytes.push_back(static_cast<std::uint8_t>(bits >> 16));
    bytes.push_back(static_cast<std::uint8_t>(bits >> 8));
    bytes.push_back(static_cast<std::uint8_t>(bits));
  }
  const std::size_t left = count % 4;
  if (left == 1 || count == 0) {
    return Error{Errc::bad_base64, offset, {}, {}, count == 0 ? "no base64 digits" : "one digit too many or too few"};
  }
  if (left >= 2) bytes.push_back(static_cast<std::uint8_t>(bits >> (left == 2 ? 4 : 10)));
  if (left == 3) bytes.push_back(static_cast<std::uint8_t>(bits >> 2));
  return bytes;
}

Result<std::vector<std::uint8_t>> decode_hex(std::string_view text, std::size_t offset) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 2);
  int high = -1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_hex_separator(text[i])) continue;
    if (high < 0 && text.substr(i).starts_with("0x")) {
      ++i;
      continue;
    }
    const int digit = hex_digit(text[i]);
    if (digit < 0) {
      return Error{Errc::bad_hex, offset + i, {}, {}, "a character that is no hexadecimal digit"};
    }
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<std::uint8_t>(high << 4 | digit));
      high = -1;
    }
  }
  if (high >= 0 || bytes.empty()) {
    return Error{Errc::bad_hex, offset, {}, {}, bytes.empty() ? "no pair of digits" : "an odd number of digits"};
  }
  return bytes;
}

bool is_base64_text(std::string_view text) { return std::ranges::all_of(text, is_base64_character); }
bool is_hex_text(std::string_view text) { return std::ranges::all_of(text, is_hex_character); }
bool is_nearly_base64_text(std::string_view text) { return is_nearly(text, is_base64_character); }
bool is_nearly_hex_text(std::string_view text) { return is_nearly(text, is_hex_character); }

}  // namespace cmcctl
