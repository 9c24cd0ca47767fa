#include "text.hpp"

#include <algorithm>

#include <cmcctl/codec/text.hpp>

namespace cmcctl::cli {
namespace {

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

/// Columns that UTF-8 text takes, one for each character.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

/// How many bytes of `text` fit into `width` columns, for words that are wider than a line.
std::size_t bytes_that_fit(std::string_view text, std::size_t width) {
  std::size_t end = 0;
  while (end < text.size() && columns(text.substr(0, end + 1)) <= width) ++end;
  return end;
}

}  // namespace

std::string serial_text(Octets serial) {
  std::string text;
  for (const std::uint8_t octet : serial) {
    text += text.empty() ? "" : ":";
    for (const char digit : hex({&octet, 1})) text += static_cast<char>(digit >= 'a' ? digit - 'a' + 'A' : digit);
  }
  return text;
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string wrapped(std::string_view first, std::size_t indent, std::string_view text) {
  std::string result(first);
  std::size_t column = columns(first);
  if (column + 1 > indent && column > 0) {
    result += '\n';
    column = 0;
  }
  bool at_start = true;
  while (!text.empty()) {
    std::string_view word = text.substr(0, text.find(' '));
    const bool fits = column + 1 + columns(word) <= text_width;
    if (at_start || !fits) {
      if (!at_start) {
        result += '\n';
        column = 0;
      }
      result.append(indent - column, ' ');
      column = indent;
      word = word.substr(0, bytes_that_fit(word, text_width - indent));
    } else {
      result += ' ';
      ++column;
    }
    result += word;
    column += columns(word);
    text.remove_prefix(word.size());
    if (text.starts_with(' ')) text.remove_prefix(1);
    at_start = false;
  }
  return result + '\n';
}

}  // namespace cmcctl::cli
