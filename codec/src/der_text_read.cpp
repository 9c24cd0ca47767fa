#include <cmcctl/codec/der_text.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <cmcctl/codec/hexadecimal.hpp>
#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/values.hpp>

#include "base_n.hpp"
#include "der_text_bytes.hpp"
#include "der_text_form.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {
namespace {

using namespace der_text;

constexpr std::string_view an_item = "an element, a value or }";
constexpr std::string_view a_top_item = "an element or a value";

bool is_word_char(char c) { return !is_space(c) && std::string_view("{}[]\"`#").find(c) == std::string_view::npos; }

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && rest == end ? std::optional(number) : std::nullopt;
}

std::optional<std::uint64_t> universal_number(std::string_view name) {
  const auto found = name.empty() ? universal_names.end() : std::ranges::find(universal_names, name);
  if (found == universal_names.end()) return std::nullopt;
  return static_cast<std::uint64_t>(found - universal_names.begin());
}

std::optional<std::uint8_t> class_bits(std::string_view name) {
  const auto found = name.empty() ? class_names.end() : std::ranges::find(class_names, name);
  if (found == class_names.end()) return std::nullopt;
  return static_cast<std::uint8_t>((found - class_names.begin()) << 6);
}

bool is_number(std::string_view word) {
  const std::string_view digits = word.substr(word.starts_with('-') ? 1 : 0);
  return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_dotted(std::string_view word) {
  return word.find('.') != std::string_view::npos && word.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// "long-form" of "long-form:2"
std::string_view modifier_name(std::string_view word) { return word.substr(0, word.find(':')); }

bool is_modifier(std::string_view word) {
  const std::string_view name = modifier_name(word);
  return name == "indefinite" || name == "long-tag" || name == "long-form" || name == "adjust-length";
}

void append_digits(std::vector<std::uint8_t>& bytes, std::uint64_t number, std::size_t count, unsigned bits) {
  for (std::size_t i = count; i-- != 0;) {
    const std::uint64_t digit = i * bits < 64 ? number >> (i * bits) : 0;
    const std::uint64_t more = bits == 7 && i != 0 ? 0x80 : 0;
    bytes.push_back(static_cast<std::uint8_t>((digit & ((1u << bits) - 1)) | more));
  }
}

/// An element as its text asks for it.
struct Element {
  std::size_t text = 0;  // where it stands in the text
  std::uint8_t id = 0;   // class and form; the number is apart
  std::uint64_t number = 0;
  bool indefinite = false;
  std::optional<std::size_t> tag_octets{};
  std::optional<std::size_t> length_octets{};
  std::optional<std::int64_t> adjust{};
  std::size_t brace = 0;   // where its { stands in the text
  std::size_t header = 0;  // index of its header
  std::size_t before = 0;  // octets in front of its contents, without its own header
};

class Reader {
 public:
  Reader(std::string_view text, const Limits& limits) : text_(text), limits_(limits) {}

  Result<std::vector<std::uint8_t>> read() {
    constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
    if (text_.starts_with(utf8_mark)) at_ = utf8_mark.size();
    if (!items()) return std::move(error_);
    return bytes_.joined();
  }

 private:
  bool items() {
    for (skip_blank(); at_ < text_.size(); skip_blank()) {
      const std::size_t start = at_;
      if (!item()) return false;
      if (bytes_.size() > limits_.message_octets) return exceed(start, "message_octets");
    }
    if (open_.empty()) return true;
    return refuse(at_, "} for the { of " + place(open_.back().brace));
  }

  bool item() {
    switch (text_[at_]) {
      case '}':
        return close();
      case '"':
        return string();
      case '`':
        return octets();
      case '[':
        return element();
      default:
        break;
    }
    const std::string_view word = next_word();
    if (word.empty()) return refuse(at_, open_.empty() ? a_top_item : an_item);
    if (is_modifier(word) || universal_number(word)) return element();
    return value(word);
  }

  // --- elements ---------------------------------------------------------------------------------------------------

  bool element() {
    Element element;
    element.text = at_;
    for (std::string_view word = next_word(); is_modifier(word); word = next_word()) {
      if (!modifier(word, element)) return false;
      at_ += word.size();
      skip_blank();
    }
    const std::size_t tag_start = at_;
    if (!tag(element)) return false;
    if (element.tag_octets && *element.tag_octets < digit_count(element.number, 7)) {
      return refuse(tag_start, "a tag number that fits in long-tag:" + std::to_string(*element.tag_octets),
                    std::to_string(element.number));
    }
    skip_blank();
    if (!at_char('{')) return refuse(at_, "{ and the contents of the element");
    if (open_.size() >= limits_.depth) return exceed(at_, "depth");
    element.brace = at_++;
    element.header = bytes_.reserve_header();
    element.before = bytes_.size();
    open_.push_back(element);
    return true;
  }

  bool modifier(std::string_view word, Element& element) {
    const std::string_view name = modifier_name(word);
    const std::string_view number = word.substr(std::min(name.size() + 1, word.size()));
    if (name == "indefinite") return set_indefinite(word, element);
    if (name == "long-tag") return set_octets(number, most_tag_octets, "long-tag", element.tag_octets);
    if (element.indefinite) return refuse(at_, "a tag, as the length is indefinite");
    if (name == "long-form") return set_octets(number, most_length_octets, "long-form", element.length_octets);
    if (element.adjust) return refuse(at_, "adjust-length only once");
    element.adjust = number_in<std::int64_t>(number);
    return element.adjust || refuse(at_, "adjust-length:N with a number of at most 64 bits, such as -3");
  }

  bool set_indefinite(std::string_view word, Element& element) {
    if (word != "indefinite") return refuse(at_, "indefinite without a number");
    if (element.indefinite) return refuse(at_, "indefinite only once");
    if (element.length_octets || element.adjust) return refuse(at_, "a tag, as the length is definite");
    element.indefinite = true;
    return true;
  }

  bool set_octets(std::string_view number, std::size_t most, const std::string& name,
                  std::optional<std::size_t>& octets) {
    if (octets) return refuse(at_, name + " only once");
    octets = number_in<std::size_t>(number);
    return (octets && *octets >= 1 && *octets <= most) ||
           refuse(at_, name + ":N with a number from 1 to " + std::to_string(most));
  }

  bool tag(Element& element) {
    if (at_char('[')) return bracketed_tag(element);
    const std::string_view word = next_word();
    const auto number = universal_number(word);
    if (!number) return refuse(at_, "a tag, such as SEQUENCE or [0]");
    at_ += word.size();
    element.number = *number;
    if (is_constructed_by_name(*number)) element.id = tlv::constructed_bit;
    return true;
  }

  // "[0]", "[APPLICATION 3 PRIMITIVE]", "[OCTET_STRING CONSTRUCTED]"
  bool bracketed_tag(Element& element) {
    ++at_;
    std::string_view word = word_behind_blank();
    if (const auto number = universal_number(word)) {
      element.number = *number;
      if (is_constructed_by_name(*number)) element.id = tlv::constructed_bit;
    } else {
      element.id = 0x80 | tlv::constructed_bit;
      if (const auto bits = class_bits(word)) {
        element.id = *bits | tlv::constructed_bit;
        at_ += word.size();
        word = word_behind_blank();
      }
      const auto written = number_in<std::uint64_t>(word);
      if (!written) return refuse(at_, "a tag number of at most 64 bits, a class or the name of a type");
      element.number = *written;
    }
    at_ += word.size();
    if (!form(element)) return false;
    if (!at_char(']')) return refuse(at_, "PRIMITIVE, CONSTRUCTED or ]");
    ++at_;
    return true;
  }

  bool form(Element& element) {
    const std::string_view word = word_behind_blank();
    if (word.empty()) return true;
    if (word != "PRIMITIVE" && word != "CONSTRUCTED") return refuse(at_, "PRIMITIVE, CONSTRUCTED or ]");
    element.id = element.id & tlv::class_bits;
    if (word == "CONSTRUCTED") element.id |= tlv::constructed_bit;
    at_ += word.size();
    skip_blank();
    return true;
  }

  bool close() {
    if (open_.empty()) return refuse(at_, a_top_item);
    const Element element = open_.back();
    open_.pop_back();
    std::vector<std::uint8_t> header;
    put_tag(element, header);
    const std::size_t size = bytes_.size() - element.before;
    if (element.indefinite) {
      header.push_back(0x80);
      append(bytes_.contents, Octets(std::string_view("\0\0", 2)));
    } else if (!put_length(element, size, header)) {
      return false;
    }
    bytes_.set_header(element.header, Octets(header));
    ++at_;
    return true;
  }

  static void put_tag(const Element& element, std::vector<std::uint8_t>& header) {
    const std::size_t octets = element.tag_octets.value_or(shortest_tag(element.number));
    const std::uint64_t low_bits = octets == 0 ? element.number : tlv::number_bits;
    header.push_back(static_cast<std::uint8_t>(element.id | low_bits));
    append_digits(header, element.number, octets, 7);
  }

  bool put_length(const Element& element, std::size_t size, std::vector<std::uint8_t>& header) {
    const std::int64_t adjust = element.adjust.value_or(0);
    if (adjust < 0 && 0 - static_cast<std::uint64_t>(adjust) > size) {
      return refuse(element.text, "an adjust-length that leaves a length of 0 or more",
                    std::to_string(adjust) + " to a length of " + std::to_string(size));
    }
    const std::uint64_t length = size + static_cast<std::uint64_t>(adjust);
    const std::size_t octets = element.length_octets.value_or(shortest_length(length));
    if (octets == 0) {
      header.push_back(static_cast<std::uint8_t>(length));
      return true;
    }
    if (octets < digit_count(length, 8)) {
      return refuse(element.text, "a length that fits in long-form:" + std::to_string(octets),
                    "a length of " + std::to_string(length));
    }
    header.push_back(static_cast<std::uint8_t>(0x80 | octets));
    append_digits(header, length, octets, 8);
    return true;
  }

  // --- values -----------------------------------------------------------------------------------------------------

  bool value(std::string_view word) {
    if (word == "TRUE" || word == "FALSE") {
      bytes_.contents.push_back(word == "TRUE" ? 0xFF : 0x00);
    } else if (is_number(word)) {
      const auto number = number_in<std::int64_t>(word);
      if (!number) return refuse(at_, "a number of at most 64 bits; larger ones are written as octets: `0123ab`");
      append(bytes_.contents, Octets(integer_content(*number)));
    } else {
      const auto content = is_dotted(word) ? oid_content(word) : named_oid(word);
      if (!content) return refuse(at_, word_wanted(word));
      append(bytes_.contents, Octets(*content));
    }
    at_ += word.size();
    return true;
  }

  std::string_view word_wanted(std::string_view word) const {
    if (is_dotted(word)) return "an OBJECT IDENTIFIER, such as 1.2.840.113549.1.7.2";
    return open_.empty() ? a_top_item : an_item;
  }

  // A search by name looks through the whole table, so each name is looked up once.
  std::optional<std::vector<std::uint8_t>> named_oid(std::string_view name) {
    std::string key(name);
    std::ranges::transform(key, key.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    const auto [known, is_new] = oids_.try_emplace(std::move(key));
    if (is_new) {
      const OidEntry* entry = find_oid_by_name(name);
      if (entry == nullptr) return std::nullopt;
      known->second = *oid_content(entry->dotted);
    }
    return known->second;
  }

  bool string() {
    ++at_;
    while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') {
      const char c = text_[at_];
      if (c == '\\') {
        if (!escape_sequence()) return false;
        continue;
      }
      ++at_;
      if (c == '"') return true;
      bytes_.contents.push_back(static_cast<std::uint8_t>(c));
    }
    return refuse(at_, "\" at the end of the string", at_ < text_.size() ? "the end of the line" : end_of_text);
  }

  bool escape_sequence() {
    const std::string_view rest = text_.substr(at_);
    std::size_t size = 2;
    if (rest.starts_with("\\\\") || rest.starts_with("\\\"")) {
      bytes_.contents.push_back(static_cast<std::uint8_t>(rest[1]));
    } else {
      constexpr std::size_t digits_start = 3;  // behind \x{
      constexpr std::size_t most_digits = 6;
      const bool braced = rest.starts_with("\\x{") || rest.starts_with("\\u{");
      const std::string_view digits = braced ? rest.substr(digits_start, most_digits + 1) : "";
      const std::size_t end = digits.find('}');
      if (end == std::string_view::npos || !put_code(rest[1], digits.substr(0, end))) {
        return refuse(at_, "\\\\, \\\", \\x{HH} for an octet or \\u{HHHH} for a character", "another escape");
      }
      size = digits_start + end + 1;
    }
    at_ += size;
    return true;
  }

  bool put_code(char kind, std::string_view digits) {
    if (digits.empty()) return false;
    std::uint32_t code = 0;
    for (const char c : digits) {
      const int digit = hex_digit(c);
      if (digit < 0) return false;
      code = code << 4 | static_cast<std::uint32_t>(digit);
    }
    if (kind == 'x') {
      if (digits.size() != 2) return false;
      bytes_.contents.push_back(static_cast<std::uint8_t>(code));
      return true;
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
    std::vector<std::uint8_t> utf32;
    append_digits(utf32, code, 4, 8);
    append(bytes_.contents, Octets(string_value(28, Octets(utf32))));
    return true;
  }

  bool octets() {
    const std::size_t start = at_++;
    int high = -1;
    for (; at_ < text_.size() && text_[at_] != '`'; ++at_) {
      if (is_space(text_[at_])) continue;
      const int digit = hex_digit(text_[at_]);
      if (digit < 0) return refuse(at_, "a hexadecimal digit or `");
      if (high >= 0) bytes_.contents.push_back(static_cast<std::uint8_t>(high << 4 | digit));
      high = high < 0 ? digit : -1;
    }
    if (at_ == text_.size()) return refuse(at_, "` for the ` of " + place(start));
    if (high >= 0) return refuse(at_, "a second hexadecimal digit of the octet");
    ++at_;
    return true;
  }

  // --- text -------------------------------------------------------------------------------------------------------

  void skip_blank() {
    while (at_ < text_.size() && (is_space(text_[at_]) || text_[at_] == '#')) {
      at_ = text_[at_] == '#' ? std::min(text_.find('\n', at_), text_.size()) : at_ + 1;
    }
  }

  bool at_char(char c) const { return at_ < text_.size() && text_[at_] == c; }

  std::string_view next_word() const {
    std::size_t end = at_;
    while (end < text_.size() && is_word_char(text_[end])) ++end;
    return text_.substr(at_, end - at_);
  }

  std::string_view word_behind_blank() {
    skip_blank();
    return next_word();
  }

  // --- errors -----------------------------------------------------------------------------------------------------

  /// "line 3, column 7"; a column counts characters.
  std::string place(std::size_t offset) const {
    const std::string_view before = text_.substr(0, offset);
    const std::string_view line = before.substr(before.rfind('\n') + 1);
    const auto is_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    return "line " + std::to_string(1 + std::ranges::count(before, '\n')) + ", column " +
           std::to_string(1 + std::ranges::count_if(line, is_character));
  }

  std::string found() const {
    constexpr std::size_t shown = 40;  // characters of a word
    if (at_ == text_.size()) return std::string(end_of_text);
    const std::string_view word = next_word();
    return word.empty() ? std::string(1, text_[at_]) : escape(word, shown);
  }

  bool refuse(std::size_t at, std::string_view expected) { return refuse(at, expected, found()); }

  bool refuse(std::size_t at, std::string_view expected, std::string_view found) {
    error_ = {Errc::bad_der_text,
              at,
              {},
              {},
              place(at) + ": expected " + std::string(expected) + ", found " + std::string(found)};
    return false;
  }

  bool exceed(std::size_t at, std::string_view limit) {
    error_ = {Errc::limit_exceeded, at, {}, {}, place(at) + ": limit " + std::string(limit)};
    return false;
  }

  static constexpr std::string_view end_of_text = "the end of the text";

  std::string_view text_;
  const Limits& limits_;
  std::size_t at_ = 0;
  Bytes bytes_;
  std::vector<Element> open_;
  std::unordered_map<std::string, std::vector<std::uint8_t>> oids_;
  Error error_;
};

}  // namespace

Result<std::vector<std::uint8_t>> read_der_text(std::string_view text, const Limits& limits) {
  return Reader(text, limits).read();
}

}  // namespace cmcctl
