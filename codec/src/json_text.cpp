#include "json_text.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace cmcctl {
namespace {

constexpr auto hex_pairs = [] {
  std::array<std::array<char, 2>, 256> pairs{};
  constexpr std::string_view digits = "0123456789abcdef";
  for (std::size_t octet = 0; octet < 256; ++octet) pairs[octet] = {digits[octet >> 4], digits[octet & 15]};
  return pairs;
}();

bool is_plain(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

}  // namespace

void JsonText::number(std::int64_t number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void JsonText::string(std::string_view utf8) {
  if (std::ranges::all_of(utf8, is_plain)) return text(utf8);
  // Pure ASCII, so that no text of a message can steer a terminal or hide.
  raw(nlohmann::json(utf8).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
}

void JsonText::hex_part(Octets octets) {
  const std::size_t at = buffer_.size();
  buffer_.resize(at + 2 * octets.size());
  char* to = buffer_.data() + at;
  for (const std::uint8_t octet : octets) {
    *to++ = hex_pairs[octet][0];
    *to++ = hex_pairs[octet][1];
  }
}

void JsonText::flush() {
  out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_.clear();
}

void JsonText::finish() {
  buffer_ += '\n';
  flush();
}

}  // namespace cmcctl
