#include "json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

namespace cmcctl {
namespace {

constexpr auto hex_pairs = [] {
  std::array<std::array<char, 2>, 256> pairs{};
  constexpr std::string_view digits = "0123456789abcdef";
  for (std::size_t octet = 0; octet < 256; ++octet) pairs[octet] = {digits[octet >> 4], digits[octet & 15]};
  return pairs;
}();

}  // namespace

void JsonText::number(std::int64_t number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

bool JsonText::is_plain(std::string_view characters) {
  return std::ranges::all_of(characters, [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; });
}

void JsonText::string(std::string_view utf8) {
  if (is_plain(utf8)) return text(utf8);
  // Pure ASCII, so that no text of a message can steer a terminal or hide.
  raw(nlohmann::json(utf8).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
}

void JsonText::hex_part(Octets octets) {
  char* to = room(2 * octets.size());
  for (const std::uint8_t octet : octets) {
    std::memcpy(to, hex_pairs[octet].data(), 2);
    to += 2;
  }
  to_ = to;
}

void JsonText::make_room(std::size_t characters) {
  flush();
  if (static_cast<std::size_t>(end_ - to_) >= characters) return;
  buffer_ = std::make_unique_for_overwrite<char[]>(characters);
  to_ = buffer_.get();
  end_ = to_ + characters;
}

void JsonText::flush() {
  out_.write(buffer_.get(), to_ - buffer_.get());
  to_ = buffer_.get();
}

void JsonText::finish() {
  part("\n");
  flush();
}

}  // namespace cmcctl
