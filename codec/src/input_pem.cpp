#include <algorithm>
#include <iterator>
#include <utility>

#include <cmcctl/codec/text.hpp>

#include "base_n.hpp"
#include "input_forms.hpp"

namespace cmcctl {
namespace {

Error bad_pem(std::size_t offset, std::string detail) { return {Errc::bad_pem, offset, {}, {}, std::move(detail)}; }

// The next -----BEGIN at the start of a line. Text around the blocks may speak of such lines.
std::size_t find_begin(std::string_view text) {
  for (std::size_t at = text.find(pem_begin); at != std::string_view::npos; at = text.find(pem_begin, at + 1)) {
    const std::size_t before = text.substr(0, at).find_last_not_of(" \t");
    if (before == std::string_view::npos || text[before] == '\n' || text[before] == '\r') return at;
  }
  return std::string_view::npos;
}

// RFC 1421 headers end with an empty line.
Text without_headers(Text body) {
  Text rest = body;
  while (!rest.empty() && is_space(rest.chars.front())) rest = rest.from(1);
  const Text first = rest;
  if (next_line(rest).find(':') == std::string_view::npos) return body;
  rest = first;
  while (!rest.empty()) {
    if (trimmed(next_line(rest)).empty()) return rest;
  }
  return body;
}

// One block; the text starts with -----BEGIN and goes on behind the block.
Result<Finds> read_block(Text& text, const Limits& limits) {
  const Text start = text;
  const std::size_t dashes = text.chars.find("-----", pem_begin.size());
  const std::string label(text.chars.substr(0, dashes).substr(pem_begin.size()));
  if (dashes == std::string_view::npos || label.find_first_of("\r\n") != std::string::npos) {
    return bad_pem(start.offset, "a -----BEGIN line without its closing dashes");
  }
  const std::string shown = escape(label, 64);

  // Not from the next line on: a block whose line ends were lost is complete all the same.
  const Text body = text.from(dashes + 5);
  const std::size_t end = body.chars.find(pem_end);
  const std::string_view inside = body.chars.substr(0, end);
  if (end == std::string_view::npos || inside.find(pem_begin) != std::string_view::npos) {
    return bad_pem(start.offset, "no -----END line for -----BEGIN " + shown);
  }
  text = body.from(end);
  if (!text.chars.substr(pem_end.size()).starts_with(label + "-----")) {
    return bad_pem(text.offset, "-----END does not match -----BEGIN " + shown);
  }
  text = text.from(pem_end.size() + label.size() + 5);
  if (trimmed(inside).empty()) return bad_pem(start.offset, "nothing between -----BEGIN and -----END " + shown);
  const Text content = without_headers(body.sub(0, end));
  return one_find(Form::pem, label, decode_base64(content.chars, content.offset), start.offset, limits);
}

}  // namespace

Result<Finds> read_pem(Text text, const Limits& limits) {
  Finds finds;
  for (std::size_t begin = find_begin(text.chars); begin != std::string_view::npos; begin = find_begin(text.chars)) {
    text = text.from(begin);
    CMC_TRY(Finds block, read_block(text, limits));
    std::ranges::move(block, std::back_inserter(finds));
  }
  if (finds.empty()) return bad_pem(no_place, "no -----BEGIN line");
  return finds;
}

}  // namespace cmcctl
