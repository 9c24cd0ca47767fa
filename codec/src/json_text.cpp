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

constexpr std::uint8_t hex_digit_of(std::uint8_t nibble) {
  return static_cast<std::uint8_t>(nibble + (nibble > 9 ? 'a' - 10 : '0'));
}

constexpr std::size_t block_size = 16;

// So many octets at once, in a form that compilers turn into vector instructions.
void hex_block(char* to, const std::uint8_t* from) {
  std::array<std::uint8_t, block_size> octets;
  std::memcpy(octets.data(), from, octets.size());
  std::array<std::uint8_t, 2 * block_size> digits;
  for (std::size_t i = 0; i < block_size; ++i) {
    digits[2 * i] = hex_digit_of(octets[i] >> 4);
    digits[2 * i + 1] = hex_digit_of(octets[i] & 15);
  }
  std::memcpy(to, digits.data(), digits.size());
}

void hex_blocks(char* to, Octets octets) {
  const std::size_t last = octets.size() - block_size;
  for (std::size_t at = 0; at < last; at += block_size) hex_block(to + 2 * at, octets.data() + at);
  hex_block(to + 2 * last, octets.data() + last);  // may overlap the one before
}

void hex_few(char* to, Octets octets) {
  for (const std::uint8_t octet : octets) {
    std::memcpy(to, hex_pairs[octet].data(), 2);
    to += 2;
  }
}

}  // namespace

void JsonText::number(std::int64_t number) {
  constexpr std::size_t longest = 20;  // digits and sign
  char* const to = separate(longest);
  to_ = std::to_chars(to, to + longest, number).ptr;
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
  char* const to = room(2 * octets.size());
  if (octets.size() < block_size) {
    hex_few(to, octets);
  } else {
    hex_blocks(to, octets);
  }
  to_ = to + 2 * octets.size();
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
