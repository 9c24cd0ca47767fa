#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/input.hpp>

/// The readers behind `read_blocks`, one for each form.
namespace cmcctl {

/// Text out of the file, with its place there.
struct Text {
  std::string_view chars;
  std::size_t offset = 0;

  Text from(std::size_t start) const { return {chars.substr(start), offset + start}; }
  Text sub(std::size_t start, std::size_t count) const { return {chars.substr(start, count), offset + start}; }
  bool empty() const { return chars.empty(); }
};

/// A message out of the text, and where it starts there.
struct Found {
  Form form = Form::der;
  std::string label;
  std::vector<std::uint8_t> bytes;
  std::size_t offset = 0;
};
using Finds = std::vector<Found>;

/// The offset of an error that has no place of its own.
constexpr std::size_t no_place = static_cast<std::size_t>(-1);

constexpr std::string_view pem_begin = "-----BEGIN ";
constexpr std::string_view pem_end = "-----END ";

std::string_view trimmed(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
bool contains_ignoring_case(std::string_view text, std::string_view word);

/// The line at the start of the text, without its end (CR LF, LF or CR); the text goes on behind it.
std::string_view next_line(Text& text);

/// ASCII without control characters other than white space.
bool is_plain_text(std::string_view text);

/// UTF-8 without such control characters, or markup.
bool is_text(std::string_view bytes);

/// A SEQUENCE whose length octets make sense, and that is no text by chance.
bool looks_like_der(std::string_view bytes);

/// Base64 and nothing else. So are many words.
bool may_be_base64(std::string_view text);
/// The same, and it begins as a SEQUENCE does.
bool is_base64_message(std::string_view text);
/// Blanks between two words, where base64 has line ends at most.
bool has_words(std::string_view text);

Result<Finds> one_find(Form form, std::string label, Result<std::vector<std::uint8_t>> bytes, std::size_t offset,
                       const Limits& limits);
Result<Finds> raw_find(Form form, std::string label, Text bytes, const Limits& limits);

Result<Finds> read_pem(Text text, const Limits& limits);

/// Hexadecimal digits, or what xxd and hexdump -C print.
Result<Finds> read_hex(Text text, const Limits& limits);
bool looks_like_hex(std::string_view text);

/// Header fields and a body, as MIME and HTTP have them.
struct Entity {
  struct Field {
    std::string_view name;
    std::string value;
  };
  std::vector<Field> fields;
  Text body;

  std::string_view get(std::string_view name) const;
};

/// Fails only when the header is too long, with this code.
Result<Entity> read_entity(Text text, Errc code);

/// "application/pkcs7-mime; smime-type=CMC-Response": without the other parameters.
std::string media_type(std::string_view content_type);

/// PKCS, PKIX, X.509 or PEM.
bool is_pki_type(std::string_view content_type);

/// A body without a transfer encoding: DER, PEM or base64, whatever its header says. Binary data are taken as they are.
/// `no_message` is the error when it is other text.
Result<Finds> read_body(Form form, std::string_view content_type, Text body, const Limits& limits,
                        const Error& no_message);

/// The parts of a multipart body that hold a message; `form` is what they are found as.
Result<Finds> read_multipart(Form form, const Entity& entity, const Limits& limits, int depth = 0);
bool is_multipart(const Entity& entity);

Result<Finds> read_mime(Text text, const Limits& limits);
bool looks_like_mime(Text text);

Result<Finds> read_http(Text text, const Limits& limits);
bool looks_like_http(std::string_view text);

}  // namespace cmcctl
