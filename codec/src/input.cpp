#include <cmcctl/codec/input.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

#include <cmcctl/codec/text.hpp>

#include "base_n.hpp"
#include "tlv.hpp"

namespace cmcctl {
namespace {

using Blocks = std::vector<InputBlock>;

// Text out of the file, with its place there.
struct Text {
  std::string_view chars;
  std::size_t offset = 0;

  Text from(std::size_t start) const { return {chars.substr(start), offset + start}; }
  Text sub(std::size_t start, std::size_t count) const { return {chars.substr(start, count), offset + start}; }
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// The line at the start of the text, without its end; the text goes on behind it.
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

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(x) == lower(y);
  });
}

bool contains_ignoring_case(std::string_view text, std::string_view word) {
  for (std::size_t i = 0; i + word.size() <= text.size(); ++i) {
    if (equal_ignoring_case(text.substr(i, word.size()), word)) return true;
  }
  return false;
}

bool is_printable_text(Octets bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t c) { return (c >= 0x20 && c < 0x7F) || (c >= 9 && c <= 13); });
}

// A SEQUENCE whose length octets make sense.
bool looks_like_der(Octets bytes) {
  return bytes.size() >= 2 && bytes[0] == tlv::sequence && bytes[1] != 0xFF && bytes[1] <= 0x88 &&
         !is_printable_text(bytes.sub(0, std::min<std::size_t>(bytes.size(), 64)));
}

Result<Blocks> one_block(Form form, std::string label, Result<std::vector<std::uint8_t>> bytes, const Limits& limits) {
  if (!bytes) return std::move(bytes.error());
  if (bytes->size() > limits.message_octets) {
    return Error{Errc::limit_exceeded, 0, {}, {}, "limit message_octets: " + std::to_string(bytes->size())};
  }
  return Blocks{{form, std::move(label), *std::move(bytes)}};
}

Result<Blocks> raw_block(Form form, std::string label, Octets bytes, const Limits& limits) {
  return one_block(form, std::move(label), std::vector<std::uint8_t>(bytes.begin(), bytes.end()), limits);
}

// --- PEM: RFC 7468, and what is found around it -------------------------------------------------------------------------

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";

Error pem_error(Text at, std::string_view whole, std::size_t whole_offset, std::string detail) {
  const std::size_t line = 1 + static_cast<std::size_t>(std::ranges::count(whole.substr(0, at.offset - whole_offset), '\n'));
  return Error{Errc::bad_pem, at.offset, {}, {}, std::move(detail) + " in line " + std::to_string(line)};
}

// RFC 1421 headers end with an empty line.
Text without_headers(Text body) {
  Text rest = body;
  if (next_line(rest).find(':') == std::string_view::npos) return body;
  rest = body;
  while (!rest.chars.empty()) {
    if (trimmed(next_line(rest)).empty()) return rest;
  }
  return body;
}

Result<Blocks> read_pem(Text text, const Limits& limits) {
  const Text whole = text;
  Blocks blocks;
  while (true) {
    const std::size_t begin = text.chars.find(begin_mark);
    if (begin == std::string_view::npos) break;
    const Text start = text.from(begin);
    Text body = start;
    const std::string_view head = next_line(body);
    const std::size_t dashes = head.find("-----", begin_mark.size());
    if (dashes == std::string_view::npos) {
      return pem_error(start, whole.chars, whole.offset, "a -----BEGIN line without its closing dashes");
    }
    const std::string label(head.substr(begin_mark.size(), dashes - begin_mark.size()));
    const std::size_t end = body.chars.find(end_mark);
    if (end == std::string_view::npos) {
      return pem_error(start, whole.chars, whole.offset, "no -----END line for -----BEGIN " + escape(label));
    }
    Text tail = body.from(end);
    const std::string_view closing = next_line(tail);
    if (!closing.substr(end_mark.size()).starts_with(label + "-----")) {
      return pem_error(body.from(end), whole.chars, whole.offset,
                       "-----END does not match -----BEGIN " + escape(label));
    }
    const Text content = without_headers(body.sub(0, end));
    auto block = one_block(Form::pem, label, decode_base64(content.chars, content.offset), limits);
    if (!block) {
      if (block.error().code != Errc::bad_base64) return std::move(block.error());
      return pem_error({{}, std::max(block.error().offset, content.offset)}, whole.chars, whole.offset,
                       block.error().detail);
    }
    blocks.push_back(std::move(block->front()));
    text = tail;
  }
  if (blocks.empty()) return Error{Errc::bad_pem, text.offset, {}, {}, "no -----BEGIN line"};
  return blocks;
}

// --- header fields, as MIME and HTTP have them ------------------------------------------------------------------------------

struct Header {
  std::string_view name;
  std::string value;
};

struct Entity {
  std::vector<Header> headers;
  Text body;

  std::string_view get(std::string_view name) const {
    for (const Header& header : headers) {
      if (equal_ignoring_case(header.name, name)) return header.value;
    }
    return {};
  }
};

Entity read_entity(Text text) {
  Entity entity;
  while (!text.chars.empty()) {
    const std::string_view line = next_line(text);
    if (line.empty()) break;
    if (is_space(line.front()) && !entity.headers.empty()) {  // folded
      entity.headers.back().value += ' ';
      entity.headers.back().value += trimmed(line);
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) break;
    entity.headers.push_back({line.substr(0, colon), std::string(trimmed(line.substr(colon + 1)))});
  }
  entity.body = text;
  return entity;
}

std::string parameter(std::string_view value, std::string_view name) {
  for (std::size_t at = value.find(';'); at != std::string_view::npos; at = value.find(';', at + 1)) {
    std::string_view rest = trimmed(value.substr(at + 1));
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos || !equal_ignoring_case(trimmed(rest.substr(0, equals)), name)) continue;
    rest = trimmed(rest.substr(equals + 1));
    if (rest.starts_with('"')) return std::string(rest.substr(1, rest.find('"', 1) - 1));
    return std::string(trimmed(rest.substr(0, rest.find(';'))));
  }
  return {};
}

std::vector<std::uint8_t> decode_quoted_printable(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      bytes.push_back(static_cast<std::uint8_t>(text[i]));
      continue;
    }
    const auto octet = i + 2 < text.size() ? decode_hex(text.substr(i + 1, 2), 0)
                                           : Result<std::vector<std::uint8_t>>(Error{});
    if (octet) {
      bytes.push_back(octet->front());
      i += 2;
    } else {  // a soft line break
      while (i + 1 < text.size() && is_space(text[i + 1]) && text[i + 1] != '\n') ++i;
      if (i + 1 < text.size()) ++i;
    }
  }
  return bytes;
}

// A body without a transfer encoding of its own: EST sends base64 whatever the headers say.
Result<Blocks> read_body(Form form, const std::string& label, Text body, const Limits& limits) {
  const Octets bytes(body.chars);
  if (looks_like_der(bytes)) return raw_block(form, label, bytes, limits);
  if (body.chars.find(begin_mark) != std::string_view::npos) {
    auto blocks = read_pem(body, limits);
    if (blocks) {
      for (InputBlock& block : *blocks) block.form = form;
    }
    return blocks;
  }
  if (!trimmed(body.chars).empty() && is_base64_text(body.chars)) {
    return one_block(form, label, decode_base64(body.chars, body.offset), limits);
  }
  return raw_block(form, label, bytes, limits);
}

bool is_cmc_media_type(std::string_view type) {
  for (const std::string_view known : {"pkcs7", "pkcs10", "pkix", "pkcs8", "x509"}) {
    if (contains_ignoring_case(type, known)) return true;
  }
  return false;
}

Result<Blocks> read_mime(Text text, const Limits& limits, int depth = 0);

Result<Blocks> read_multipart(const Entity& entity, const std::string& boundary, const Limits& limits, int depth) {
  const std::string mark = "--" + boundary;
  Blocks blocks;
  std::size_t at = entity.body.chars.find(mark);
  while (at != std::string_view::npos) {
    Text part = entity.body.from(at + mark.size());
    if (part.chars.starts_with("--")) break;
    next_line(part);
    const std::size_t start = part.offset - entity.body.offset;
    const std::size_t next = entity.body.chars.find(mark, start);
    const std::string_view inside = entity.body.chars.substr(start, next == std::string_view::npos ? next : next - start);
    const Entity header = read_entity({inside, part.offset});
    if (is_cmc_media_type(header.get("Content-Type")) || header.get("Content-Type").starts_with("multipart/")) {
      auto more = read_mime({inside, part.offset}, limits, depth + 1);
      if (!more) return more;
      std::ranges::move(*more, std::back_inserter(blocks));
    }
    at = next;
  }
  if (blocks.empty()) {
    return Error{Errc::bad_mime, entity.body.offset, {}, {}, "no part of the multipart holds a CMC, PKCS or PKIX type"};
  }
  return blocks;
}

Result<Blocks> read_mime(Text text, const Limits& limits, int depth) {
  const Entity entity = read_entity(text);
  if (entity.headers.empty()) return Error{Errc::bad_mime, text.offset, {}, {}, "no header field"};
  const std::string type(entity.get("Content-Type"));
  const std::string boundary = parameter(type, "boundary");
  constexpr int deepest = 4;
  if (!boundary.empty() && depth < deepest) return read_multipart(entity, boundary, limits, depth);
  const std::string_view encoding = entity.get("Content-Transfer-Encoding");
  if (equal_ignoring_case(encoding, "base64")) {
    return one_block(Form::mime, type, decode_base64(entity.body.chars, entity.body.offset), limits);
  }
  if (equal_ignoring_case(encoding, "quoted-printable")) {
    return one_block(Form::mime, type, decode_quoted_printable(entity.body.chars), limits);
  }
  if (trimmed(entity.body.chars).empty()) return Error{Errc::bad_mime, entity.body.offset, {}, {}, "no body"};
  return read_body(Form::mime, type, entity.body, limits);
}

// --- HTTP ---------------------------------------------------------------------------------------------------------------------

bool looks_like_http(std::string_view text) {
  if (text.starts_with("HTTP/1.") || text.starts_with("HTTP/2")) return true;
  const std::string_view line = text.substr(0, std::min(text.find_first_of("\r\n"), std::size_t{4096}));
  return (line.starts_with("POST ") || line.starts_with("GET ") || line.starts_with("PUT ")) &&
         line.find(" HTTP/") != std::string_view::npos;
}

Result<std::string> unchunk(Text body) {
  std::string out;
  while (true) {
    const Text start = body;
    const std::string_view line = next_line(body);
    std::size_t size = 0;
    const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
    if (error != std::errc{} || size > body.chars.size()) {
      return Error{Errc::bad_http, start.offset, {}, {}, "a chunk whose size is wrong or whose data are cut off"};
    }
    if (size == 0) return out;
    out += body.chars.substr(0, size);
    body = body.from(size);
    next_line(body);
  }
}

Result<Blocks> read_http(Text text, const Limits& limits) {
  const Text start = text;
  const std::string first_line(next_line(text));
  const Entity entity = read_entity(text);
  Text body = entity.body;
  std::string joined;
  if (contains_ignoring_case(entity.get("Transfer-Encoding"), "chunked")) {
    CMC_TRY(joined, unchunk(body));
    body = {joined, body.offset};
  }
  const std::string type(entity.get("Content-Type"));
  const std::string_view inside = trimmed(body.chars);
  const bool markup = inside.starts_with('<') || contains_ignoring_case(type, "html");
  if (inside.empty() || markup) {
    return Error{Errc::bad_http, start.offset, {}, {},
                 (inside.empty() ? "no body after \"" : "a page and no message after \"") + escape(first_line) + "\""};
  }
  if (equal_ignoring_case(entity.get("Content-Transfer-Encoding"), "base64") && is_base64_text(body.chars)) {
    return one_block(Form::http, type, decode_base64(body.chars, body.offset), limits);
  }
  return read_body(Form::http, type, body, limits);
}

// --- telling them apart -----------------------------------------------------------------------------------------------------------

bool looks_like_mime(std::string_view text) {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  for (const std::string_view name : {"Content-", "MIME-Version:", "From:", "To:", "Subject:", "Date:", "Received:",
                                      "Return-Path:", "Message-ID:", "X-"}) {
    if (line.size() >= name.size() && equal_ignoring_case(line.substr(0, name.size()), name)) return true;
  }
  return false;
}

Form guess(Text text) {
  const Octets bytes(text.chars);
  if (looks_like_http(text.chars)) return Form::http;
  if (looks_like_der(bytes)) return Form::der;
  if (looks_like_mime(text.chars)) return Form::mime;
  if (text.chars.find(begin_mark) != std::string_view::npos) return Form::pem;
  if (!is_printable_text(bytes)) return Form::der;
  if (is_hex_text(text.chars)) return Form::hex;
  if (is_base64_text(text.chars)) return Form::base64;
  return Form::pem;
}

// UTF-16 with a byte order mark, of which only the ASCII part matters.
std::optional<std::string> from_utf16(Octets file) {
  if (file.size() < 2) return std::nullopt;
  const bool little = file[0] == 0xFF && file[1] == 0xFE;
  const bool big = file[0] == 0xFE && file[1] == 0xFF;
  if (!little && !big) return std::nullopt;
  std::string text;
  for (std::size_t i = 2; i + 1 < file.size(); i += 2) {
    const std::uint8_t high = file[i + (little ? 1 : 0)];
    const std::uint8_t low = file[i + (little ? 0 : 1)];
    text += high == 0 ? static_cast<char>(low) : '?';
  }
  return text;
}

Result<Blocks> read_form(Form form, Text text, const Limits& limits) {
  switch (form) {
    case Form::der: return raw_block(Form::der, {}, Octets(text.chars), limits);
    case Form::pem: return read_pem(text, limits);
    case Form::base64: return one_block(form, {}, decode_base64(text.chars, text.offset), limits);
    case Form::hex: return one_block(form, {}, decode_hex(text.chars, text.offset), limits);
    case Form::mime: return read_mime(text, limits);
    case Form::http: return read_http(text, limits);
  }
  return Error{};
}

}  // namespace

std::string_view to_string(Form form) {
  switch (form) {
    case Form::der: return "DER";
    case Form::pem: return "PEM";
    case Form::base64: return "base64";
    case Form::hex: return "hex";
    case Form::mime: return "MIME";
    case Form::http: return "HTTP";
  }
  return {};
}

Result<std::vector<InputBlock>> read_blocks(Octets file, const Limits& limits, std::optional<Form> forced) {
  constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
  const auto narrowed = from_utf16(file);
  Text text{narrowed ? std::string_view(*narrowed) : file.chars(), 0};
  if (!forced || *forced != Form::der) {
    if (text.chars.starts_with(utf8_mark)) text = text.from(utf8_mark.size());
    if (!looks_like_der(Octets(text.chars))) {
      while (!text.chars.empty() && is_space(text.chars.front())) text = text.from(1);
    }
  }
  if (text.chars.empty()) return Error{Errc::empty_input, 0, {}, {}, file.empty() ? "no bytes" : "only white space"};
  return read_form(forced.value_or(guess(text)), text, limits);
}

}  // namespace cmcctl
