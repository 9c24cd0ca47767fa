#include <algorithm>
#include <charconv>
#include <utility>

#include "base_n.hpp"
#include "input_forms.hpp"

namespace cmcctl {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdefABCDEF";

// The column of a line that says how many octets stand before it: "00000010: 3082" (xxd), "00000010  30 82" (hexdump
// -C).
struct Offset {
  std::size_t value = 0;
  std::size_t width = 0;  // 0 where there is none
};

Offset offset_of(std::string_view line) {
  const std::size_t digits = std::min(line.find_first_not_of(hex_digits), line.size());
  const std::string_view behind = line.substr(digits);
  if (digits < 7 || digits > 16 || !(behind.empty() || behind.starts_with(": ") || behind.starts_with("  "))) return {};
  Offset offset;
  std::from_chars(line.data(), line.data() + digits, offset.value, 16);
  offset.width = digits + (behind.starts_with(':') ? 1 : 0);
  return offset;
}

// A dump begins with the offset 0, and no message does.
bool is_dump(std::string_view text) {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  const Offset offset = offset_of(line);
  return offset.width != 0 && offset.value == 0 && line.size() > offset.width;
}

// The pairs of one line. xxd has two blanks before its column of characters, hexdump a bar, and two blanks in between.
std::string_view pairs_of(std::string_view line, const Offset& offset) {
  const bool xxd = line[offset.width - 1] == ':';
  const std::string_view pairs = line.substr(offset.width + (xxd ? 1 : 0));
  return pairs.substr(0, xxd ? pairs.find("  ") : pairs.find('|'));
}

Result<std::vector<std::uint8_t>> decode_dump(Text text) {
  std::vector<std::uint8_t> bytes;
  while (!text.empty()) {
    const Text start = text;
    const std::string_view line = next_line(text);
    if (trimmed(line).empty()) continue;
    if (trimmed(line) == "*") {
      return Error{Errc::bad_hex, start.offset, {}, {}, "a * stands for equal lines; hexdump -v prints them"};
    }
    const Offset offset = offset_of(line);
    if (offset.width == 0) return Error{Errc::bad_hex, start.offset, {}, {}, "no offset, as the lines before have"};
    if (offset.value != bytes.size()) {
      return Error{Errc::bad_hex, start.offset, {}, {}, "the offset does not fit: lines are missing or edited"};
    }
    const std::string_view pairs = pairs_of(line, offset);
    if (trimmed(pairs).empty()) continue;  // the last line of hexdump
    CMC_TRY(const auto more, decode_hex(pairs, start.offset + static_cast<std::size_t>(pairs.data() - line.data())));
    bytes.insert(bytes.end(), more.begin(), more.end());
  }
  return bytes;
}

}  // namespace

bool looks_like_hex(std::string_view text) {
  return is_dump(text) || is_hex_text(text) || (text.starts_with("30") && is_nearly_hex_text(text));
}

Result<Finds> read_hex(Text text, const Limits& limits) {
  auto bytes = is_dump(text.chars) ? decode_dump(text) : decode_hex(text.chars, text.offset);
  return one_find(Form::hex, {}, std::move(bytes), text.offset, limits);
}

}  // namespace cmcctl
