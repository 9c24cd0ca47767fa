#include <cmcctl/codec/text.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <type_traits>
#include <variant>

#include <cmcctl/codec/names.hpp>

#include "scan.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {
namespace {

constexpr char digits[] = "0123456789abcdef";
constexpr char upper_digits[] = "0123456789ABCDEF";

void append_utf8(std::string& out, std::uint32_t code) {
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = 0xFFFD;
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

std::string hex_number(std::uint32_t value, int least) {
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4) {
    const unsigned digit = value >> shift & 15;
    if (digit != 0 || !text.empty() || shift < 4 * least) text += upper_digits[digit];
  }
  return text;
}

// Length of the UTF-8 character at the start of bytes, 0 where none is.
std::size_t character_length(Octets bytes) {
  const std::uint8_t lead = bytes[0];
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (length > bytes.size() || !is_valid_utf8(bytes.sub(0, length))) return 0;
  return length;
}

std::uint32_t code_of(Octets character) {
  std::uint32_t code = character[0];
  if (character.size() > 1) code &= 0x7Fu >> character.size();
  for (std::size_t i = 1; i < character.size(); ++i) code = code << 6 | (character[i] & 0x3F);
  return code;
}

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// Control and format characters, what Unicode lets a terminal leave out (Default_Ignorable_Code_Point), private use,
// and what is no character.
bool is_dangerous(std::uint32_t code) {
  static constexpr Range ranges[]{
      {0x00, 0x1F},       {0x7F, 0x9F},        {0xAD, 0xAD},     {0x034F, 0x034F},   {0x061C, 0x061C},
      {0x115F, 0x1160},   {0x17B4, 0x17B5},    {0x180B, 0x180F}, {0x200B, 0x200F},   {0x2028, 0x202E},
      {0x2060, 0x206F},   {0x3164, 0x3164},    {0xE000, 0xF8FF}, {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},
      {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},    {0xFFF0, 0xFFFB}, {0x13430, 0x1345F}, {0x1BCA0, 0x1BCA3},
      {0x1D173, 0x1D17A}, {0xE0000, 0x10FFFF},
  };
  for (const Range& range : ranges) {
    if (code >= range.first && code <= range.last) return true;
  }
  return (code & 0xFFFE) == 0xFFFE;
}

std::string utf16_text(Octets content) {
  std::string out;
  for (std::size_t i = 0; i < content.size(); i += 2) {
    if (i + 1 == content.size()) {
      append_utf8(out, 0xFFFD);
      break;
    }
    std::uint32_t unit = static_cast<std::uint32_t>(content[i] << 8 | content[i + 1]);
    if (unit >= 0xD800 && unit <= 0xDBFF && i + 3 < content.size()) {
      const std::uint32_t low = static_cast<std::uint32_t>(content[i + 2] << 8 | content[i + 3]);
      if (low >= 0xDC00 && low <= 0xDFFF) {
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      }
    }
    append_utf8(out, unit);
  }
  return out;
}

std::string utf32_text(Octets content) {
  std::string out;
  for (std::size_t i = 0; i < content.size(); i += 4) {
    std::uint32_t unit = 0xFFFFFFFF;
    if (content.size() - i >= 4) {
      unit = 0;
      for (std::size_t k = 0; k < 4; ++k) unit = unit << 8 | content[i + k];
    }
    append_utf8(out, unit);
  }
  return out;
}

bool is_string(std::uint8_t id) { return id == tlv::utf8_string || (id >= 18 && id <= 22) || (id >= 25 && id <= 30); }

// The characters of a value that is a string type.
std::optional<std::string> string_of(const Any& value) {
  // Only a value that was built by hand has not been looked at.
  if (!value.scanned && scan_der(value.der, Limits{}).outcome != Scan::Outcome::der) return std::nullopt;
  const tlv::Element element = tlv::first(value.der);
  if (!is_string(element.id)) return std::nullopt;
  return string_value(element.id, element.content);
}

// RFC 4514 section 2.4.
std::string rdn_value(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool edge = (i == 0 && (c == ' ' || c == '#')) || (i + 1 == text.size() && c == ' ');
    if (edge || std::string_view("\"+,;<>\\").find(c) != std::string_view::npos) out += '\\';
    if (c == '\0') {
      out += "\\00";
    } else {
      out += c;
    }
  }
  return out;
}

std::string rdn_text(const RelativeDistinguishedName& rdn) {
  std::string out;
  for (const AttributeTypeAndValue& attribute : rdn.attributes) {
    if (!out.empty()) out += '+';
    const std::string dotted = to_string(attribute.type);
    const OidEntry* entry = find_oid(dotted);
    // Not every known number is the type of an attribute.
    const bool named = entry != nullptr && entry->kind.ends_with("attribute");
    out += (named ? std::string(entry->name) : dotted) + "=";
    // A type without a name has its value in hexadecimal, so that nothing is lost.
    const auto text = named ? string_of(attribute.value) : std::nullopt;
    out += text ? rdn_value(*text) : "#" + hex(attribute.value.der);
  }
  return out;
}

std::string ipv4_text(Octets octets) {
  std::string out;
  for (const std::uint8_t octet : octets) out += (out.empty() ? "" : ".") + std::to_string(octet);
  return out;
}

// RFC 5952: the longest run of zero groups becomes "::".
std::string ipv6_text(Octets octets) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = static_cast<unsigned>(octets[2 * i] << 8 | octets[2 * i + 1]);
  std::size_t best = 8;
  std::size_t best_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && groups[i + length] == 0) ++length;
    if (length > best_length) {
      best = i;
      best_length = length;
    }
  }
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      out += "::";
      i += best_length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    std::string group;
    for (int shift = 12; shift >= 0; shift -= 4) {
      const unsigned digit = groups[i] >> shift & 15;
      if (digit != 0 || !group.empty() || shift == 0) group += digits[digit];
    }
    out += group;
  }
  return out;
}

std::string ip_text(Octets octets) {
  switch (octets.size()) {
    case 4:
      return ipv4_text(octets);
    case 8:
      return ipv4_text(octets.sub(0, 4)) + "/" + ipv4_text(octets.from(4));
    case 16:
      return ipv6_text(octets);
    case 32:
      return ipv6_text(octets.sub(0, 16)) + "/" + ipv6_text(octets.from(16));
    default:
      return "#" + hex(octets);
  }
}

std::string other_name_text(const AnotherName& name) {
  const auto text = string_of(name.value);
  return "other:" + to_string(name.type_id) + " " + (text ? *text : "#" + hex(name.value.der));
}

std::string directory_string(const DirectoryString& string) {
  return std::visit(
      [](const auto& value) -> std::string {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, DirectoryString::Teletex>) return string_value(20, value.bytes);
        if constexpr (std::is_same_v<T, DirectoryString::Universal>) return string_value(28, value.bytes);
        if constexpr (std::is_same_v<T, DirectoryString::Bmp>) return string_value(30, value.bytes);
        return std::string(value.bytes.chars());
      },
      string.choice);
}

std::string edi_text(const EDIPartyName& name) {
  const std::string assigner = name.name_assigner ? directory_string(*name.name_assigner) + "/" : "";
  return "edi:" + assigner + directory_string(name.party_name);
}

}  // namespace

std::string escape(std::string_view text, std::size_t limit) {
  const auto is_plain = [](char c) { return c >= ' ' && c < 0x7F && c != '\\'; };
  if (text.size() <= limit && std::ranges::all_of(text, is_plain)) return std::string(text);
  std::string out;
  const Octets bytes(text);
  std::size_t characters = 0;
  std::size_t cut = 0;
  for (std::size_t i = 0; i < bytes.size(); ++characters) {
    if (characters == limit) cut = out.size();
    const std::size_t length = character_length(bytes.from(i));
    if (characters >= limit) {  // only counted from here on
      i += std::max<std::size_t>(length, 1);
      continue;
    }
    if (length == 0) {
      out += "\\x{" + hex_number(bytes[i], 2) + "}";
      ++i;
      continue;
    }
    const std::uint32_t code = code_of(bytes.sub(i, length));
    const std::string_view rest = text.substr(i + length);
    const bool looks_escaped = code == '\\' && (rest.starts_with("u{") || rest.starts_with("x{"));
    if (is_dangerous(code) || looks_escaped) {
      out += "\\u{" + hex_number(code, 2) + "}";
    } else {
      out += text.substr(i, length);
    }
    i += length;
  }
  if (characters > limit) {
    out.resize(cut);
    out += "… (" + std::to_string(characters) + " characters)";
  }
  return out;
}

std::string string_value(std::uint8_t tag_number, Octets content) {
  switch (tag_number) {
    case 20: {  // TeletexString
      std::string out;
      for (const std::uint8_t octet : content) append_utf8(out, octet);
      return out;
    }
    case 28:
      return utf32_text(content);
    case 30:
      return utf16_text(content);
    default:
      return std::string(content.chars());
  }
}

std::string hex(Octets octets) {
  std::string out;
  out.reserve(octets.size() * 2);
  for (const std::uint8_t octet : octets) {
    out += digits[octet >> 4];
    out += digits[octet & 15];
  }
  return out;
}

std::string hex_spaced(Octets octets, std::size_t group) {
  if (group == 0) return hex(octets);
  std::string out;
  for (std::size_t i = 0; i < octets.size(); i += group) {
    if (i != 0) out += ' ';
    out += hex(octets.sub(i, std::min(group, octets.size() - i)));
  }
  return out;
}

std::string base64(Octets octets) {
  static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((octets.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    const std::size_t left = octets.size() - i;
    std::uint32_t group = static_cast<std::uint32_t>(octets[i]) << 16;
    if (left > 1) group |= static_cast<std::uint32_t>(octets[i + 1]) << 8;
    if (left > 2) group |= octets[i + 2];
    out += alphabet[group >> 18];
    out += alphabet[group >> 12 & 63];
    out += left > 1 ? alphabet[group >> 6 & 63] : '=';
    out += left > 2 ? alphabet[group & 63] : '=';
  }
  return out;
}

std::string name_text(Octets name) {
  static constexpr char unreadable[] = "(unreadable name)";
  Decoder decoder;
  const auto decoded = decoder.decode<Name>(name);
  if (!decoded) return unreadable;
  std::string out;
  for (std::size_t i = decoded->rdn_sequence.size(); i-- != 0;) {
    if (decoded->rdn_sequence[i].attributes.empty()) return unreadable;
    if (!out.empty()) out += ',';
    out += rdn_text(decoded->rdn_sequence[i]);
  }
  return out;
}

std::string time_text(const Time& time) {
  const auto iso = to_iso8601(time);
  return iso ? *iso : "(no date: " + escape(time.text.chars()) + ")";
}

std::string general_name_text(const GeneralName& name) {
  return std::visit(
      [](const auto& value) -> std::string {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, AnotherName>) return other_name_text(value);
        if constexpr (std::is_same_v<T, GeneralName::Rfc822Name>) return "email:" + std::string(value.value.chars());
        if constexpr (std::is_same_v<T, GeneralName::DNSName>) return "DNS:" + std::string(value.value.chars());
        if constexpr (std::is_same_v<T, Raw<ORAddress>>)
          return "x400:(" + std::to_string(value.der.size()) + " octets)";
        if constexpr (std::is_same_v<T, Raw<Name>>) return "dir:" + name_text(value.der);
        if constexpr (std::is_same_v<T, EDIPartyName>) return edi_text(value);
        if constexpr (std::is_same_v<T, GeneralName::Uri>) return "URI:" + std::string(value.value.chars());
        if constexpr (std::is_same_v<T, GeneralName::IPAddress>) return "IP:" + ip_text(value.value);
        if constexpr (std::is_same_v<T, Oid>) return "RID:" + to_string(value);
      },
      name.choice);
}

}  // namespace cmcctl
