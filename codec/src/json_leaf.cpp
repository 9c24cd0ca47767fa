#include "json_leaf.hpp"

#include <algorithm>
#include <charconv>

#include <cmcctl/codec/hexadecimal.hpp>
#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/values.hpp>

#include "summary.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {
namespace {

using schema::Kind;
using schema::Type;
using Bytes = std::vector<std::uint8_t>;
using Scalar = JsonScalar;

constexpr std::size_t longest_decimal = 1'000;  // converting is quadratic

void append(Bytes& to, Octets octets) { to.insert(to.end(), octets.begin(), octets.end()); }

// Two's complement with as few octets as it takes, of a number given by sign and magnitude.
Bytes twos_complement(bool negative, Bytes magnitude) {
  magnitude.insert(magnitude.begin(), 0x00);
  if (negative) {
    unsigned carry = 1;
    for (std::size_t i = magnitude.size(); i-- != 0;) {
      carry += static_cast<std::uint8_t>(~magnitude[i]);
      magnitude[i] = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
  }
  std::size_t skip = 0;
  while (skip + 1 < magnitude.size() && (magnitude[skip] == 0x00 || magnitude[skip] == 0xFF) &&
         (magnitude[skip] & 0x80) == (magnitude[skip + 1] & 0x80)) {
    ++skip;
  }
  return Bytes(magnitude.begin() + static_cast<std::ptrdiff_t>(skip), magnitude.end());
}

bool decimal_magnitude(std::string_view digits, Bytes& magnitude) {
  if (digits.empty() || digits.size() > longest_decimal) return false;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    unsigned carry = static_cast<unsigned>(c - '0');
    for (std::size_t i = magnitude.size(); i-- != 0;) {
      carry += magnitude[i] * 10u;
      magnitude[i] = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
    if (carry != 0) magnitude.insert(magnitude.begin(), static_cast<std::uint8_t>(carry));
  }
  return true;
}

bool integer_text(std::string_view text, Bytes& content) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  Bytes magnitude;
  if (text.starts_with("0x")) {
    std::string digits(text.substr(2));
    if (digits.size() % 2 != 0) digits.insert(0, 1, '0');
    if (digits.empty() || !append_hex(digits, magnitude)) return false;
  } else if (!decimal_magnitude(text, magnitude)) {
    return false;
  }
  append(content, Octets(twos_complement(negative, std::move(magnitude))));
  return true;
}

bool integer(const Type& type, const Scalar& scalar, Bytes& content) {
  if (scalar.kind == Scalar::Kind::number && !scalar.large) {
    append(content, Octets(integer_content(scalar.number)));
    return true;
  }
  if (scalar.kind != Scalar::Kind::text && scalar.kind != Scalar::Kind::number) return false;
  for (const NamedNumber& named : number_names(type.name)) {
    if (named.name != scalar.text) continue;
    append(content, Octets(integer_content(named.value)));
    return true;
  }
  return integer_text(scalar.text, content);
}

std::string integer_wanted(const Type& type) {
  std::string text = "a number or \"0x…\"";
  const auto names = number_names(type.name);
  for (const NamedNumber& named : names)
    text += (&named == &names.front() ? ", or one of " : ", ") + std::string(named.name);
  return text;
}

bool boolean(const Scalar& scalar, Bytes& content) {
  if (scalar.kind == Scalar::Kind::boolean) {
    content.push_back(scalar.number != 0 ? 0xFF : 0x00);
    return true;
  }
  if (scalar.kind != Scalar::Kind::number || scalar.large || scalar.number < 0 || scalar.number > 0xFF) return false;
  content.push_back(static_cast<std::uint8_t>(scalar.number));
  return true;
}

bool oid(std::string_view text, Bytes& content) {
  std::optional<Bytes> dotted = oid_content(text);
  if (!dotted) {
    if (const OidEntry* entry = find_oid_by_name(text)) dotted = oid_content(entry->dotted);
  }
  if (!dotted) return false;
  append(content, Octets(*dotted));
  return true;
}

// "2026-11-21T03:52:44Z" becomes what the type has; everything else stays as it is.
void time(const Type& type, std::string_view text, Bytes& content) {
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:ddZ";
  const auto fits = [](char c, char wanted) { return wanted == 'd' ? c >= '0' && c <= '9' : c == wanted; };
  if (!std::ranges::equal(text, shape, fits)) return append(content, Octets(text));
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), [](char c) { return (c >= '0' && c <= '9') || c == 'Z'; });
  const bool utc = (type.self.tag_count != 0 ? type.self.tags[type.self.tag_count - 1u] : 0) == tlv::utc_time;
  append(content, Octets(std::string_view(digits).substr(utc ? 2 : 0)));
}

void bmp(std::string_view text, Bytes& content) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<std::uint8_t>(text[i]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    std::uint32_t code = size == 1 ? first : first & (0x7Fu >> size);
    for (std::size_t k = 1; k < size && i + k < text.size(); ++k)
      code = code << 6 | (static_cast<std::uint8_t>(text[i + k]) & 0x3Fu);
    i += size;
    const auto unit = [&](std::uint32_t value) {
      content.push_back(static_cast<std::uint8_t>(value >> 8));
      content.push_back(static_cast<std::uint8_t>(value));
    };
    if (code < 0x10000) {
      unit(code);
    } else {
      unit(0xD7C0 + (code >> 10));
      unit(0xDC00 | (code & 0x3FF));
    }
  }
}

}  // namespace

bool append_hex(std::string_view hex, Bytes& octets) {
  int high = -1;
  for (const char c : hex) {
    if (c == ' ' || c == ':') continue;
    const int digit = hex_digit(c);
    if (digit < 0) return false;
    if (high < 0) {
      high = digit;
    } else {
      octets.push_back(static_cast<std::uint8_t>(high << 4 | digit));
      high = -1;
    }
  }
  return high < 0;
}

bool leaf_content(const Type& type, const Scalar& scalar, Bytes& content, std::string& expected) {
  const bool text = scalar.kind == Scalar::Kind::text;
  switch (type.kind) {
    case Kind::boolean:
      expected = "true or false";
      return boolean(scalar, content);
    case Kind::integer:
    case Kind::enumerated:
      if (integer(type, scalar, content)) return true;
      expected = integer_wanted(type);
      return false;
    case Kind::null:
      expected = "null";
      return scalar.kind == Scalar::Kind::null;
    case Kind::oid:
      expected = "an OBJECT IDENTIFIER: dotted, or a name that cmcctl explain knows";
      return text && oid(scalar.text, content);
    case Kind::bit_string:
      expected = "hexadecimal, or {\"hex\": …, \"unused\": n}";
      content.push_back(0);
      return text && append_hex(scalar.text, content);
    case Kind::octet_string:
      expected = "hexadecimal";
      return text && append_hex(scalar.text, content);
    case Kind::time:
      expected = "a date: \"2026-11-21T03:52:44Z\"";
      if (text) time(type, scalar.text, content);
      return text;
    default:
      expected = "text, or {\"hex\": …}";
      if (text && type.kind == Kind::other_string && type.self.tag_count != 0 &&
          type.self.tags[type.self.tag_count - 1u] == 30) {
        bmp(scalar.text, content);
      } else if (text) {
        append(content, Octets(scalar.text));
      }
      return text;
  }
}

}  // namespace cmcctl
