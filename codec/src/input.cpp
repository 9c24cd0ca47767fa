#include <cmcctl/codec/input.hpp>

#include <algorithm>
#include <utility>

#include "base_n.hpp"
#include "input_forms.hpp"
#include "scan.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {
namespace {

// The file as text. Windows tools write UTF-16, of which only the ASCII part matters here.
struct Chars {
  explicit Chars(Octets file) : text{file.chars(), 0} {
    constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
    if (text.chars.starts_with(utf8_mark)) text = text.from(utf8_mark.size());
    const bool marked = text.chars.starts_with("\xFF\xFE") || text.chars.starts_with("\xFE\xFF");
    if (!marked && !without_mark(file)) return;
    unit_start = marked ? 2 : 0;
    narrow(file, text.chars.starts_with("\xFE\xFF"));
    text = {narrowed, 0};
  }
  Chars(const Chars&) = delete;
  Chars& operator=(const Chars&) = delete;

  bool is_utf16() const { return !narrowed.empty(); }

  /// Where a character stands in the file.
  std::size_t offset(std::size_t character) const { return is_utf16() ? unit_start + 2 * character : character; }

  Text text;

 private:
  // Two characters of ASCII in UTF-16, least significant octet first. The first could be an identifier octet, but an
  // element of no octets with another one behind it is no message.
  static bool without_mark(Octets file) {
    return file.size() >= 4 && file[1] == 0 && file[3] == 0 && is_plain_text(file.sub(0, 1).chars()) &&
           is_plain_text(file.sub(2, 1).chars());
  }

  void narrow(Octets file, bool big) {
    narrowed.reserve(file.size() / 2);
    for (std::size_t i = unit_start; i + 1 < file.size(); i += 2) {
      const std::uint8_t high = file[i + (big ? 0 : 1)];
      const std::uint8_t low = file[i + (big ? 1 : 0)];
      narrowed += high == 0 && low < 0x80 ? static_cast<char>(low) : '?';
    }
  }

  std::string narrowed;
  std::size_t unit_start = 0;
};

/// The number of the line an offset is in; offsets have to be asked for in rising order.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  std::size_t at(std::size_t offset) {
    for (; at_ < std::min(offset, text_.size()); ++at_) {
      const bool crlf = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
      if (text_[at_] == '\n' || (text_[at_] == '\r' && !crlf)) ++line_;
    }
    return line_;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

// One element of DER, whatever its tag. White space may be part of it: 0A is ENUMERATED, 0C is UTF8String. Of text only
// a SEQUENCE is more than chance, since what is in it has to fit, too.
bool is_der(Octets file) {
  if (file.empty() || (file[0] & tlv::class_bits) != 0) return false;
  return (file[0] == tlv::sequence || !is_plain_text(file.chars())) &&
         scan_der(file, Limits{}).outcome == Scan::Outcome::der;
}

// One of the two lines may have been cut off.
bool looks_like_pem(std::string_view text) {
  return text.find(pem_begin) != std::string_view::npos || text.find(pem_end) != std::string_view::npos;
}

bool looks_like_base64(std::string_view text) {
  if (is_base64_message(text)) return true;
  return !has_words(text) && (may_be_base64(text) || (text.starts_with('M') && is_nearly_base64_text(text)));
}

std::optional<Form> guess(Text text) {
  if (looks_like_http(text.chars)) return Form::http;
  if (looks_like_der(text.chars)) return Form::der;
  if (looks_like_mime(text)) return Form::mime;
  if (looks_like_pem(text.chars)) return Form::pem;
  if (!is_text(text.chars)) return Form::der;
  if (looks_like_hex(text.chars)) return Form::hex;
  if (looks_like_base64(text.chars)) return Form::base64;
  return std::nullopt;
}

// What else the text is. Not its first words: it could be a file of passwords.
Error unknown_form(Text text) {
  const char first = text.chars.front();
  std::string what;
  if (first == '{' || first == '[') what = "JSON; cmcctl encode makes a message of what cmcctl decode wrote";
  if (first == '<') what = "XML or HTML";
  return {Errc::unknown_form, 0, {}, {}, std::move(what)};
}

Result<Finds> read_base64(Text text, const Limits& limits) {
  const std::size_t dashes = text.chars.find("-----");
  if (dashes != std::string_view::npos) {
    return Error{Errc::bad_base64, text.offset + dashes, {}, {}, "a line of PEM and not of base64"};
  }
  return one_find(Form::base64, {}, decode_base64(text.chars, text.offset), text.offset, limits);
}

Result<Finds> read_text(Form form, Text text, const Limits& limits) {
  switch (form) {
    case Form::der:
      break;
    case Form::pem:
      return read_pem(text, limits);
    case Form::base64:
      return read_base64(text, limits);
    case Form::hex:
      return read_hex(text, limits);
    case Form::mime:
      return read_mime(text, limits);
    case Form::http:
      return read_http(text, limits);
  }
  return raw_find(Form::der, {}, text, limits);
}

// Readers count in the text, users in the file.
Error in_file(Error error, const Chars& chars, std::string_view whole) {
  if (error.code == Errc::limit_exceeded) return error;
  if (error.offset == no_place) {
    error.offset = 0;
    return error;
  }
  error.detail += " in line " + std::to_string(Lines(whole).at(error.offset));
  error.offset = chars.offset(error.offset);
  return error;
}

std::vector<InputBlock> in_file(Finds finds, std::string_view whole) {
  Lines lines(whole);
  std::vector<InputBlock> blocks;
  blocks.reserve(finds.size());
  for (Found& found : finds) {
    const std::size_t line = found.form == Form::der ? 0 : lines.at(found.offset);
    blocks.push_back({found.form, std::move(found.label), std::move(found.bytes), line});
  }
  return blocks;
}

Result<std::vector<InputBlock>> read_raw(Octets file, const Limits& limits) {
  CMC_TRY(Finds finds, raw_find(Form::der, {}, {file.chars(), 0}, limits));
  return in_file(std::move(finds), {});
}

Result<std::vector<InputBlock>> read_chars(const Chars& chars, Octets file, const Limits& limits,
                                           std::optional<Form> forced) {
  const std::string_view whole = chars.is_utf16() ? chars.text.chars : file.chars();
  Text text = chars.text;
  while (!text.empty() && is_space(text.chars.front())) text = text.from(1);
  if (text.empty()) return Error{Errc::empty_input, 0, {}, {}, "only white space"};
  const std::optional<Form> form = forced ? forced : guess(text);
  if (!form) return unknown_form(text);
  // White space in front of anything but a message may well be part of it.
  const bool message = looks_like_der(text.chars);
  if (form == Form::der && !chars.is_utf16() && !message) return read_raw(Octets(chars.text.chars), limits);
  auto finds = read_text(form == Form::der && !message ? Form::pem : *form, text, limits);
  if (!finds) return in_file(std::move(finds.error()), chars, whole);
  return in_file(*std::move(finds), whole);
}

}  // namespace

std::string_view to_string(Form form) {
  switch (form) {
    case Form::der:
      return "DER";
    case Form::pem:
      return "PEM";
    case Form::base64:
      return "base64";
    case Form::hex:
      return "hex";
    case Form::mime:
      return "MIME";
    case Form::http:
      return "HTTP";
  }
  return {};
}

Result<std::vector<InputBlock>> read_blocks(Octets file, const Limits& limits, std::optional<Form> forced) {
  if (file.empty()) return Error{Errc::empty_input, 0, {}, {}, "no bytes"};
  if (forced == Form::der || (!forced && (looks_like_der(file.chars()) || is_der(file)))) return read_raw(file, limits);
  // Hexadecimal with blanks takes three characters for an octet, PEM in UTF-16 nearly as many.
  if (file.size() / 4 > limits.message_octets) {
    return Error{Errc::limit_exceeded, 0, {}, {}, "limit message_octets: the file is far larger"};
  }
  return read_chars(Chars(file), file, limits, forced);
}

}  // namespace cmcctl
