#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <cmcctl/codec/text.hpp>

#include "base_n.hpp"
#include "input_forms.hpp"

namespace cmcctl {
namespace {

Error bad_http(std::size_t offset, std::string detail) { return {Errc::bad_http, offset, {}, {}, std::move(detail)}; }

bool is_status_line(std::string_view text) { return text.starts_with("HTTP/1.") || text.starts_with("HTTP/2"); }

std::optional<std::size_t> whole_number(std::string_view digits, int base) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// RFC 9112 section 7.1: the chunks of a body, one after the other.
class Chunks {
 public:
  explicit Chunks(Text body) : rest_(body) {}

  enum class Step : std::uint8_t { data, end, broken };

  /// The next chunk; where the coding is broken, the place.
  Step next(Text& chunk) {
    chunk = rest_;
    const std::string_view line = next_line(rest_);
    const auto size = whole_number(trimmed(line.substr(0, line.find(';'))), 16);
    if (!size || *size > rest_.chars.size()) return Step::broken;
    if (*size == 0) return Step::end;
    chunk = rest_.sub(0, *size);
    rest_ = rest_.from(*size);
    return next_line(rest_).empty() ? Step::data : Step::broken;
  }

  /// Where an octet of the joined chunks stands in the file.
  static std::size_t place(Text body, std::size_t joined) {
    Chunks chunks(body);
    Text chunk;
    while (chunks.next(chunk) == Step::data) {
      if (joined < chunk.chars.size()) return chunk.offset + joined;
      joined -= chunk.chars.size();
    }
    return body.offset;
  }

 private:
  Text rest_;
};

Result<std::string> joined_chunks(Text body) {
  std::string joined;
  Chunks chunks(body);
  Text chunk;
  while (true) {
    const Chunks::Step step = chunks.next(chunk);
    if (step == Chunks::Step::end) return joined;
    if (step == Chunks::Step::broken) {
      return bad_http(chunk.offset, "a chunk whose size is wrong or whose data are cut off");
    }
    joined += chunk.chars;
  }
}

// curl -i and other tools join the chunks, but leave the field that says there are some.
bool starts_with_chunk(Text body) {
  const std::string_view line = next_line(body);
  const std::string_view size = trimmed(line.substr(0, line.find(';')));
  return !size.empty() && size.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// The body as far as Content-Length says.
Result<Text> delimited(const Entity& entity) {
  const std::string_view field = entity.get("Content-Length");
  const Text body = entity.body;
  if (field.empty()) return body;
  const auto length = whole_number(field, 10);
  if (!length) return bad_http(body.offset, "Content-Length is \"" + escape(field, 64) + "\"");
  if (*length <= body.chars.size()) return body.sub(0, *length);
  // Text may have become shorter since, with its line ends.
  if (is_plain_text(body.chars)) return body;
  return bad_http(body.offset, "the body has " + std::to_string(body.chars.size()) + " of the " + std::string(field) +
                                   " octets that Content-Length promises");
}

Result<Finds> read_content(const Entity& entity, Text body, std::string_view first_line, const Limits& limits) {
  const std::string_view type = entity.get("Content-Type");
  if (is_multipart(entity)) {
    Entity multipart = entity;
    multipart.body = body;
    return read_multipart(Form::http, multipart, limits);
  }
  const std::string shown = media_type(type);
  const Error no_message = bad_http(body.offset, trimmed(body.chars).empty()
                                                     ? "no body after \"" + escape(first_line, 256) + "\""
                                                     : "no message in the body after \"" + escape(first_line, 256) +
                                                           "\": " + (shown.empty() ? "" : escape(shown, 256) + ", ") +
                                                           std::to_string(body.chars.size()) + " octets");
  // EST has a transfer encoding where HTTP has none, and servers send base64 without it.
  if (equal_ignoring_case(entity.get("Content-Transfer-Encoding"), "base64") && may_be_base64(body.chars)) {
    return one_find(Form::http, shown, decode_base64(body.chars, body.offset), body.offset, limits);
  }
  return read_body(Form::http, type, body, limits, no_message);
}

Result<Finds> read_chunked(const Entity& entity, std::string_view first_line, const Limits& limits) {
  CMC_TRY(const std::string joined, joined_chunks(entity.body));
  auto finds = read_content(entity, {joined, 0}, first_line, limits);
  if (!finds) {
    if (finds.error().code != Errc::limit_exceeded) {
      finds.error().offset = Chunks::place(entity.body, finds.error().offset);
    }
    return finds;
  }
  for (Found& found : *finds) found.offset = entity.body.offset;
  return finds;
}

// Whatever is compressed stays so: a message is smaller than the code that would read it.
std::optional<Error> unknown_coding(const Entity& entity) {
  for (const std::string_view name : {"Content-Encoding", "Transfer-Encoding"}) {
    const std::string_view coding = entity.get(name);
    if (coding.empty() || equal_ignoring_case(coding, "identity")) continue;
    if (name == "Transfer-Encoding" && equal_ignoring_case(coding, "chunked")) continue;
    return bad_http(entity.body.offset, std::string(name) + " is " + escape(coding, 64) + ", which is not undone here");
  }
  return std::nullopt;
}

}  // namespace

bool looks_like_http(std::string_view text) {
  if (is_status_line(text)) return true;
  const std::string_view line = text.substr(0, std::min(text.find_first_of("\r\n"), std::size_t{4096}));
  return (line.starts_with("POST ") || line.starts_with("GET ") || line.starts_with("PUT ")) &&
         line.find(" HTTP/") != std::string_view::npos;
}

Result<Finds> read_http(Text text, const Limits& limits) {
  if (!looks_like_http(text.chars)) return bad_http(text.offset, "the first line is none of a request or response");
  std::string_view first_line;
  Entity entity;
  do {  // "100 Continue" and a proxy's answer may stand in front
    first_line = next_line(text);
    CMC_TRY(entity, read_entity(text, Errc::bad_http));
    text = entity.body;
  } while (is_status_line(first_line) && is_status_line(text.chars));

  if (const auto error = unknown_coding(entity)) return *error;
  if (equal_ignoring_case(entity.get("Transfer-Encoding"), "chunked") && starts_with_chunk(entity.body)) {
    return read_chunked(entity, first_line, limits);
  }
  CMC_TRY(const Text body, delimited(entity));
  return read_content(entity, body, first_line, limits);
}

}  // namespace cmcctl
