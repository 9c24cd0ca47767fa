#include <algorithm>
#include <utility>

#include <cmcctl/codec/values.hpp>

#include "base_n.hpp"
#include "input_forms.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_line_end(char c) { return c == '\r' || c == '\n'; }

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool contains_ignoring_case(std::string_view text, std::string_view word) {
  const auto same = [](char x, char y) { return lower(x) == lower(y); };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

std::string_view next_line(Text& text) {
  const std::size_t end = text.chars.find_first_of("\r\n");
  const std::string_view line = text.chars.substr(0, end);
  if (end == std::string_view::npos) {
    text = text.from(text.chars.size());
  } else {
    const bool crlf = text.chars.substr(end).starts_with("\r\n");
    text = text.from(end + (crlf ? 2 : 1));
  }
  return line;
}

bool is_plain_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= 0x20 && c < 0x7F) || (c >= 9 && c <= 13); });
}

bool is_text(std::string_view bytes) {
  if (is_plain_text(bytes) || trimmed(bytes.substr(0, 256)).starts_with('<'))
    return true;  // a page in any character set
  const bool controls =
      std::ranges::any_of(bytes, [](char c) { return (c >= 0 && c < 0x20 && !is_space(c)) || c == 0x7F; });
  return !controls && is_valid_utf8(Octets(bytes));
}

bool looks_like_der(std::string_view bytes) {
  if (bytes.size() < 2 || bytes[0] != tlv::sequence) return false;
  constexpr std::uint8_t longest = 0x88;  // length octets: 8 of them
  return static_cast<std::uint8_t>(bytes[1]) <= longest && !is_plain_text(bytes.substr(0, 64));
}

bool has_words(std::string_view text) {
  const std::string_view inside = trimmed(text);
  const std::size_t blank = inside.find_first_of(" \t");
  if (blank == std::string_view::npos) return false;
  const std::size_t behind = inside.find_first_not_of(" \t", blank);
  return !is_line_end(inside[behind]) && !is_line_end(inside[blank - 1]);
}

bool may_be_base64(std::string_view text) {
  const std::string_view inside = trimmed(text);
  // With the URL-safe alphabet the dashes of PEM are digits.
  return !inside.empty() && is_base64_text(inside) && inside.find("-----") == std::string_view::npos;
}

bool is_base64_message(std::string_view text) { return trimmed(text).starts_with('M') && may_be_base64(text); }

Result<Finds> one_find(Form form, std::string label, Result<std::vector<std::uint8_t>> bytes, std::size_t offset,
                       const Limits& limits) {
  if (!bytes) return std::move(bytes.error());
  if (bytes->size() > limits.message_octets) {
    return Error{Errc::limit_exceeded, 0, {}, {}, "limit message_octets: " + std::to_string(bytes->size())};
  }
  Finds finds;
  finds.push_back({form, std::move(label), *std::move(bytes), offset});
  return finds;
}

Result<Finds> raw_find(Form form, std::string label, Text bytes, const Limits& limits) {
  if (bytes.chars.size() > limits.message_octets) {
    return Error{Errc::limit_exceeded, 0, {}, {}, "limit message_octets: " + std::to_string(bytes.chars.size())};
  }
  const Octets octets(bytes.chars);
  return one_find(form, std::move(label), std::vector<std::uint8_t>(octets.begin(), octets.end()), bytes.offset,
                  limits);
}

}  // namespace cmcctl
