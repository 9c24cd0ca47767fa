#include <algorithm>
#include <iterator>
#include <utility>

#include <cmcctl/codec/hexadecimal.hpp>
#include <cmcctl/codec/text.hpp>

#include "base_n.hpp"
#include "input_forms.hpp"

namespace cmcctl {
namespace {

constexpr int deepest_multipart = 4;

// RFC 5322 section 3.6.8: printable and no colon.
bool is_field_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c > 0x20 && c < 0x7F; });
}

// The value of a parameter, from where it starts to the end of the field.
std::string parameter_value(std::string_view text) {
  text = trimmed(text);
  if (!text.starts_with('"')) return std::string(trimmed(text.substr(0, text.find(';'))));
  std::string value;
  for (std::size_t i = 1; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    value += text[i];
  }
  return value;
}

// The `;` behind the parameter that stands at the start.
std::size_t parameter_end(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted && text[i] == '\\') ++i;
    if (!quoted && text[i] == ';') return i;
  }
  return std::string_view::npos;
}

std::string parameter(std::string_view field, std::string_view name) {
  for (std::size_t end = parameter_end(field); end != std::string_view::npos; end = parameter_end(field)) {
    field = field.substr(end + 1);
    const std::size_t equals = field.find_first_of("=;");
    if (equals == std::string_view::npos) break;
    if (field[equals] == '=' && equal_ignoring_case(trimmed(field.substr(0, equals)), name)) {
      return parameter_value(field.substr(equals + 1));
    }
  }
  return {};
}

// RFC 2045 section 6.7. An = that starts no pair of digits ends a line that goes on in the next.
std::string decode_quoted_printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high >= 0 && low >= 0) {
      out += static_cast<char>(high << 4 | low);
      i += 2;
    } else {
      while (i + 1 < text.size() && (text[i + 1] == ' ' || text[i + 1] == '\t')) ++i;
      if (text.substr(i + 1).starts_with("\r\n")) ++i;
      ++i;
    }
  }
  return out;
}

Error no_message(const Entity& entity) {
  const std::string type = media_type(entity.get("Content-Type"));
  return {Errc::bad_mime,
          entity.body.offset,
          {},
          {},
          "no message in the body" + (type.empty() ? "" : " of type " + escape(type, 256))};
}

// What a transfer encoding yields may still be PEM; its places in the file are lost then.
Result<Finds> read_decoded(Form form, const Entity& entity, std::string_view decoded, const Limits& limits) {
  auto finds = read_body(form, entity.get("Content-Type"), {decoded, 0}, limits, no_message(entity));
  if (!finds) {
    finds.error().offset = entity.body.offset;
    return finds;
  }
  for (Found& found : *finds) found.offset = entity.body.offset;
  return finds;
}

Result<Finds> read_part(Form form, const Entity& entity, const Limits& limits, int depth) {
  if (is_multipart(entity) && depth < deepest_multipart) return read_multipart(form, entity, limits, depth);
  if (trimmed(entity.body.chars).empty()) return Error{Errc::bad_mime, entity.body.offset, {}, {}, "no body"};
  const std::string_view encoding = entity.get("Content-Transfer-Encoding");
  if (equal_ignoring_case(encoding, "base64")) {
    CMC_TRY(const auto bytes, decode_base64(entity.body.chars, entity.body.offset));
    const std::string_view decoded = Octets(bytes).chars();
    if (decoded.find(pem_begin) != std::string_view::npos) return read_decoded(form, entity, decoded, limits);
    return raw_find(form, media_type(entity.get("Content-Type")), {decoded, entity.body.offset}, limits);
  }
  if (equal_ignoring_case(encoding, "quoted-printable")) {
    return read_decoded(form, entity, decode_quoted_printable(entity.body.chars), limits);
  }
  return read_body(form, entity.get("Content-Type"), entity.body, limits, no_message(entity));
}

// Outlook calls everything application/octet-stream and leaves the type to the file's name.
bool holds_message(const Entity& part) {
  const std::string_view type = part.get("Content-Type");
  if (is_pki_type(type) || is_multipart(part)) return true;
  const std::string names = parameter(type, "name") + ' ' + parameter(part.get("Content-Disposition"), "filename");
  return contains_ignoring_case(names, ".p7") || contains_ignoring_case(names, ".p10");
}

// A line that is the boundary and nothing else, or the last one.
enum class Delimiter : std::uint8_t { none, next, last };

Delimiter delimiter(std::string_view line, std::string_view boundary) {
  if (!line.starts_with("--") || !line.substr(2).starts_with(boundary)) return Delimiter::none;
  const std::string_view behind = trimmed(line.substr(2 + boundary.size()));
  if (behind.empty()) return Delimiter::next;
  return behind == "--" ? Delimiter::last : Delimiter::none;
}

// The part at the start of the text, up to the line end before the next delimiter; the text goes on behind that.
Text next_part(Text& text, std::string_view boundary, Delimiter& end) {
  const Text start = text;
  std::size_t length = 0;
  while (!text.empty()) {
    const std::size_t line_start = text.offset - start.offset;
    const std::string_view line = next_line(text);
    end = delimiter(line, boundary);
    if (end != Delimiter::none) return start.sub(0, length);
    length = line_start + line.size();
  }
  end = Delimiter::last;  // it is missing
  return start;
}

}  // namespace

std::string_view Entity::get(std::string_view name) const {
  for (const Field& field : fields) {
    if (equal_ignoring_case(field.name, name)) return field.value;
  }
  return {};
}

Result<Entity> read_entity(Text text, Errc code) {
  constexpr std::size_t longest_header = 256u << 10;
  Entity entity;
  const Text start = text;
  for (entity.body = text; !text.empty(); entity.body = text) {
    const std::string_view line = next_line(text);
    if (trimmed(line).empty()) {
      entity.body = text;
      break;
    }
    const std::size_t colon = line.find(':');
    const bool folded = is_space(line.front()) && !entity.fields.empty();
    if (!folded && (colon == std::string_view::npos || !is_field_name(line.substr(0, colon))))
      break;  // already the body
    if (text.offset - start.offset > longest_header) {
      return Error{code, start.offset, {}, {}, "a header of more than " + std::to_string(longest_header) + " octets"};
    }
    if (folded) {
      entity.fields.back().value += ' ';
      entity.fields.back().value += trimmed(line);
    } else {
      entity.fields.push_back({line.substr(0, colon), std::string(trimmed(line.substr(colon + 1)))});
    }
  }
  return entity;
}

std::string media_type(std::string_view content_type) {
  std::string type(trimmed(content_type.substr(0, content_type.find(';'))));
  for (char& c : type) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  const std::string smime_type = parameter(content_type, "smime-type");
  return smime_type.empty() ? type : type + "; smime-type=" + smime_type;
}

bool is_pki_type(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  for (const std::string_view known : {"pkcs7", "pkcs8", "pkcs10", "pkix", "x509", "cms", "x-pem"}) {
    if (contains_ignoring_case(type, known)) return true;
  }
  return false;
}

Result<Finds> read_body(Form form, std::string_view content_type, Text body, const Limits& limits,
                        const Error& no_message) {
  const std::string label = media_type(content_type);
  if (looks_like_der(body.chars)) return raw_find(form, label, body, limits);
  if (body.chars.find(pem_begin) != std::string_view::npos) {
    auto finds = read_pem(body, limits);
    if (finds) {
      for (Found& found : *finds) found.form = form;
    }
    return finds;
  }
  if (trimmed(body.chars).empty()) return no_message;
  if (!is_text(body.chars)) return raw_find(form, label, body, limits);
  if (is_pki_type(content_type) ? may_be_base64(body.chars) : is_base64_message(body.chars)) {
    return one_find(form, label, decode_base64(body.chars, body.offset), body.offset, limits);
  }
  return no_message;
}

bool is_multipart(const Entity& entity) {
  const std::string_view type = entity.get("Content-Type");
  return equal_ignoring_case(type.substr(0, 10), "multipart/") && !parameter(type, "boundary").empty();
}

Result<Finds> read_multipart(Form form, const Entity& entity, const Limits& limits, int depth) {
  const std::string boundary = parameter(entity.get("Content-Type"), "boundary");
  Text rest = entity.body;
  Delimiter end = Delimiter::none;
  next_part(rest, boundary, end);  // what stands before the first one is for readers without MIME
  Finds finds;
  while (end == Delimiter::next) {
    CMC_TRY(const Entity part, read_entity(next_part(rest, boundary, end), Errc::bad_mime));
    if (!holds_message(part)) continue;
    CMC_TRY(Finds more, read_part(form, part, limits, depth + 1));
    std::ranges::move(more, std::back_inserter(finds));
  }
  if (finds.empty()) {
    return Error{Errc::bad_mime, entity.body.offset, {}, {}, "no part of the multipart holds a CMC, PKCS or PKIX type"};
  }
  return finds;
}

// Mail fields alone do not make MIME: people put "Subject:" and "Issuer:" above PEM (RFC 7468 section 5.2).
bool looks_like_mime(Text text) {
  const auto entity = read_entity(text, Errc::bad_mime);
  if (!entity) return false;
  return std::ranges::any_of(entity->fields, [](const Entity::Field& field) {
    return equal_ignoring_case(field.name, "MIME-Version") || equal_ignoring_case(field.name.substr(0, 8), "Content-");
  });
}

Result<Finds> read_mime(Text text, const Limits& limits) {
  CMC_TRY(const Entity entity, read_entity(text, Errc::bad_mime));
  if (entity.fields.empty()) return Error{Errc::bad_mime, text.offset, {}, {}, "no header field"};
  return read_part(Form::mime, entity, limits, 0);
}

}  // namespace cmcctl
