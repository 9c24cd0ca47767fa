#include <cmcctl/codec/text.hpp>

#include <algorithm>
#include <string>
#include <string_view>

#include <cmcctl/codec/decoder.hpp>

#include "fuzz_check.hpp"

using namespace cmcctl;

namespace {

// One character of valid UTF-8.
std::uint32_t next_code(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  std::uint32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  text.remove_prefix(length);
  return code;
}

bool is_forbidden(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C || (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
         (code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE || code >= 0xE0000;
}

// Counts characters, and stops where one must not be.
std::size_t check_output(const std::string& text) {
  FUZZ_CHECK(is_valid_utf8(Octets(std::string_view(text))));
  std::size_t count = 0;
  for (std::string_view rest = text; !rest.empty(); ++count) FUZZ_CHECK(!is_forbidden(next_code(rest)));
  return count;
}

// Escapes undone: what went in comes out again, so no two texts look the same.
std::string unescape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (!text.starts_with("\\u{") && !text.starts_with("\\x{")) {
      out += text[0];
      text.remove_prefix(1);
      continue;
    }
    const std::size_t end = text.find('}');
    FUZZ_CHECK(end != std::string_view::npos);
    const auto code = static_cast<std::uint32_t>(std::stoul(std::string(text.substr(3, end - 3)), nullptr, 16));
    if (text[1] == 'x') {
      FUZZ_CHECK(code >= 0x80 && code <= 0xFF);
      out += static_cast<char>(code);
    } else {
      const std::uint8_t units[4] = {0, static_cast<std::uint8_t>(code >> 16), static_cast<std::uint8_t>(code >> 8),
                                     static_cast<std::uint8_t>(code)};
      out += string_value(28, Octets(units, units + 4));
    }
    text.remove_prefix(end + 1);
  }
  return out;
}

void check_escape(Octets input) {
  const std::string whole = escape(input.chars(), input.size());
  check_output(whole);
  FUZZ_CHECK(unescape(whole) == input.chars());
  constexpr std::size_t limit = 20;
  constexpr std::size_t longest_escape = 10;  // \u{10FFFF}
  FUZZ_CHECK(check_output(escape(input.chars(), limit)) <= limit * longest_escape + 40);
}

void check_names(Octets input) {
  const std::string name = name_text(input);
  check_output(escape(name));
  Decoder decoder;
  const auto decoded = decoder.decode<GeneralNames>(input);
  if (!decoded) return;
  for (const GeneralName& general : decoded->names) check_output(escape(general_name_text(general)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Octets input(data, data + size);
  check_escape(input);
  check_names(input);
  for (const int tag : {12, 18, 19, 20, 22, 26, 28, 30}) {
    const std::string text = string_value(static_cast<std::uint8_t>(tag), input);
    check_output(escape(text));
    FUZZ_CHECK(text.size() <= 2 * size + 4);
    if (tag == 20 || tag == 28 || tag == 30) FUZZ_CHECK(is_valid_utf8(Octets(std::string_view(text))));
  }
  check_output(time_text({input, Time::Form::utc}));
  check_output(time_text({input, Time::Form::generalized}));
  FUZZ_CHECK(hex(input).size() == 2 * size);
  FUZZ_CHECK(base64(input).size() == (size + 2) / 3 * 4);
  return 0;
}
