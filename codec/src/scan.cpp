#include "scan.hpp"

#include <array>
#include <cstdint>

#include "tlv.hpp"

namespace cmcctl {
namespace {

constexpr std::size_t deepest = 512;  // what Limits::depth can be raised to

// Bit n is set for the universal types n that are always constructed, or that BER may split into segments.
constexpr std::uint32_t always_constructed = 1u << 8 | 1u << 11 | 1u << 16 | 1u << 17;
constexpr std::uint32_t string_types = 1u << 3 | 1u << 4 | 1u << 7 | 1u << 12 | 1u << 18 | 1u << 19 | 1u << 20 |
                                       1u << 21 | 1u << 22 | 1u << 23 | 1u << 24 | 1u << 25 | 1u << 26 | 1u << 27 |
                                       1u << 28 | 1u << 30;
// Bit n is set for the universal types n whose contents have rules: see check_primitive.
constexpr std::uint32_t types_with_rules = 1u << 1 | 1u << 2 | 1u << 3 | 1u << 5 | 1u << 6 | 1u << 10;

// What the scan does with an element, by its identifier octet.
enum Look : std::uint8_t {
  at_contents = 1,  // primitive, of a type whose contents have rules
  at_tag = 2,       // a tag number in the long form, or a form that check_form has to judge
};

constexpr std::array<std::uint8_t, 256> looks = [] {
  std::array<std::uint8_t, 256> result{};
  for (unsigned id = 0; id < result.size(); ++id) {
    const unsigned number = id & tlv::number_bits;
    const bool universal = (id & tlv::class_bits) == 0;
    const bool constructed = (id & tlv::constructed_bit) != 0;
    const bool must = universal && (always_constructed >> number & 1) != 0;
    if (number == tlv::number_bits || (universal && (number == 0 || constructed != must))) result[id] |= Look::at_tag;
    if (universal && !constructed && (types_with_rules >> number & 1) != 0) result[id] |= Look::at_contents;
  }
  return result;
}();

bool refuse(Scan& scan, Errc code, const char* detail) {
  scan.outcome = Scan::Outcome::refused;
  scan.code = code;
  scan.detail = detail;
  return false;
}

inline bool check_oid(Octets content, const Limits& limits, Scan& scan) {
  if (content.empty()) return refuse(scan, Errc::bad_oid, "no contents");
  if (content.size() > limits.oid_octets) {
    return refuse(scan, Errc::limit_exceeded, "OBJECT IDENTIFIER longer than limit oid_octets");
  }
  if ((content.back() & 0x80) != 0) return refuse(scan, Errc::bad_oid, "the last arc is cut off");
  std::size_t continued = 0;  // octets of the arc so far
  for (const std::uint8_t octet : content) {
    if ((octet & 0x80) == 0) {
      continued = 0;
      continue;
    }
    if (continued == 0 && octet == 0x80) return refuse(scan, Errc::bad_oid, "an arc starts with padding (80)");
    if (++continued > 8) return refuse(scan, Errc::limit_exceeded, "an arc above 2^63-1");
  }
  return true;
}

inline bool check_integer(Octets content, Scan& scan) {
  if (content.empty()) return refuse(scan, Errc::bad_integer, "no contents");
  if (content.size() == 1) return true;
  const bool sign = (content[1] & 0x80) != 0;
  if ((content[0] == 0x00 && !sign) || (content[0] == 0xFF && sign)) {
    return refuse(scan, Errc::bad_integer, "padded: not the shortest form");
  }
  return true;
}

inline bool check_bit_string(Octets content, Scan& scan, bool& ber_only) {
  if (content.empty()) return refuse(scan, Errc::bad_bit_string, "no contents, not even the count of unused bits");
  const unsigned unused = content[0];
  if (unused > 7) return refuse(scan, Errc::bad_bit_string, "more than 7 unused bits");
  if (content.size() == 1) {
    return unused == 0 || refuse(scan, Errc::bad_bit_string, "unused bits in an empty string");
  }
  if ((content.back() & ((1u << unused) - 1)) != 0) ber_only = true;
  return true;
}

// What check_primitive does, inline for the scan. The types are asked for in the order of how often they come.
inline bool check_contents(std::uint8_t id, Octets content, const Limits& limits, Scan& scan, bool& ber_only) {
  if (id == tlv::oid) return check_oid(content, limits, scan);
  if (id == tlv::integer || id == tlv::enumerated) return check_integer(content, scan);
  if (id == tlv::null) return content.empty() || refuse(scan, Errc::bad_null, "has contents");
  if (id == tlv::bit_string) return check_bit_string(content, scan, ber_only);
  if (id == tlv::boolean) {
    if (content.size() != 1) return refuse(scan, Errc::bad_boolean, "not exactly one octet");
    if (content[0] != 0x00 && content[0] != 0xFF) ber_only = true;
  }
  return true;
}

}  // namespace

std::string overrun(std::uint8_t id, std::size_t length, std::size_t left, bool at_input_end) {
  return tag_name(id) + " of " + std::to_string(length) + " octets, but only " + std::to_string(left) +
         (at_input_end ? " are left in the input" : " are left in the enclosing element");
}

bool check_primitive(std::uint8_t id, Octets content, const Limits& limits, Scan& scan, bool& ber_only) {
  return check_contents(id, content, limits, scan, ber_only);
}

bool check_form(std::uint8_t id, Scan& scan, bool& ber_only) {
  if (!tlv::is_universal(id)) return true;
  const unsigned number = id & tlv::number_bits;
  if (number == 0) return refuse(scan, Errc::bad_tag, "end-of-contents octets where an element should start");
  const bool must = (always_constructed >> number & 1) != 0;
  if (tlv::is_constructed(id)) {
    if (must || number == tlv::number_bits) return true;
    if ((string_types >> number & 1) == 0) return refuse(scan, Errc::bad_tag, "constructed form of a primitive type");
    ber_only = true;
    return true;
  }
  return !must || refuse(scan, Errc::bad_tag, "primitive form of a constructed type");
}

Scan scan_der(Octets bytes, const Limits& limits, std::size_t depth) {
  Scan scan;
  std::array<const std::uint8_t*, deepest> ends;
  const std::size_t depth_limit = std::min(limits.depth, deepest);
  std::size_t level = 0;
  const std::uint8_t* const begin = bytes.begin_ptr();
  const std::uint8_t* const limit = bytes.end_ptr();
  const std::uint8_t* end = limit;
  const std::uint8_t* p = begin;
  bool ber_only = false;

  auto refused = [&](const std::uint8_t* at, Errc code, const char* detail) {
    refuse(scan, code, detail);
    scan.offset = static_cast<std::size_t>(at - begin);
    return scan;
  };
  if (bytes.empty()) return refused(p, Errc::empty_input, "no bytes");
  if (bytes.size() > limits.message_octets) return refused(p, Errc::limit_exceeded, "limit message_octets");

  do {
    const std::uint8_t* const start = p;
    if (end - p < 2) return refused(start, Errc::truncated, "the element has no room for tag and length");
    const std::uint8_t id = *p++;
    const std::uint8_t look = looks[id];
    if ((look & Look::at_tag) != 0) {
      if ((id & tlv::number_bits) == tlv::number_bits) {
        if (*p == 0x80) return refused(start, Errc::bad_tag, "the tag number is padded");
        const std::uint8_t* const number = p;
        while (p != end && (*p & 0x80) != 0) ++p;
        if (p == end) return refused(start, Errc::truncated, "the tag number does not end");
        if (p - number >= 4) return refused(start, Errc::bad_tag, "the tag number is above 2^28");
        if (p == number && *p < 31) return refused(start, Errc::bad_tag, "a low tag number in the long form");
        ++p;
        if (p == end) return refused(start, Errc::truncated, "no length octet");
      }
      if (!check_form(id, scan, ber_only)) {
        scan.offset = static_cast<std::size_t>(start - begin);
        return scan;
      }
    }
    std::size_t length = *p++;
    if (length >= 0x80) {
      const std::size_t octets = length & 0x7F;
      if (octets == 0) {
        if (!tlv::is_constructed(id)) return refused(start, Errc::bad_indefinite, "indefinite length in primitive form");
        ber_only = true;
        break;
      }
      if (octets == 0x7F) return refused(start, Errc::bad_length, "reserved length octet FF");
      if (static_cast<std::size_t>(end - p) < octets) return refused(start, Errc::truncated, "cut inside the length");
      if (*p == 0) {
        ber_only = true;
        break;
      }
      if (octets > 8) return refused(start, Errc::bad_length, "length of more than 8 octets");
      length = 0;
      for (std::size_t i = 0; i < octets; ++i) length = length << 8 | *p++;
      if (length < 0x80) ber_only = true;
    }
    if (length > static_cast<std::size_t>(end - p)) {
      refused(start, end == limit ? Errc::truncated : Errc::bad_length, "");
      scan.detail = overrun(id, length, static_cast<std::size_t>(end - p), end == limit);
      return scan;
    }
    if (level == 0) scan.length = static_cast<std::size_t>(p - begin) + length;
    if (++scan.nodes > limits.nodes) return refused(start, Errc::limit_exceeded, "limit nodes");
    if (tlv::is_constructed(id)) {
      if (depth + level + 1 >= depth_limit) return refused(start, Errc::limit_exceeded, "limit depth");
      ends[level++] = end;
      end = p + length;
    } else {
      if ((look & Look::at_contents) != 0 && !check_contents(id, Octets(p, p + length), limits, scan, ber_only)) {
        scan.offset = static_cast<std::size_t>(start - begin);
        return scan;
      }
      p += length;
    }
    if (ber_only) break;
    while (p == end && level != 0) end = ends[--level];
  } while (level != 0);

  if (ber_only) {
    scan.outcome = Scan::Outcome::ber;
    return scan;
  }
  if (p != limit) return refused(p, Errc::trailing_data, "bytes follow the complete element");
  scan.outcome = Scan::Outcome::der;
  return scan;
}

std::string tag_name(std::uint8_t id) {
  static constexpr std::array<std::string_view, 31> universal{
      "end-of-contents", "BOOLEAN", "INTEGER", "BIT STRING", "OCTET STRING", "NULL", "OBJECT IDENTIFIER",
      "ObjectDescriptor", "EXTERNAL", "REAL", "ENUMERATED", "EMBEDDED PDV", "UTF8String", "RELATIVE-OID", "TIME",
      "UNIVERSAL 15", "SEQUENCE", "SET", "NumericString", "PrintableString", "TeletexString", "VideotexString",
      "IA5String", "UTCTime", "GeneralizedTime", "GraphicString", "VisibleString", "GeneralString",
      "UniversalString", "UNIVERSAL 29", "BMPString"};
  const unsigned number = id & tlv::number_bits;
  if (tlv::is_universal(id) && number < universal.size()) {
    std::string name(universal[number]);
    if (tlv::is_constructed(id) && (always_constructed >> number & 1) == 0) name += " (constructed)";
    return name;
  }
  static constexpr std::array<std::string_view, 4> classes{"UNIVERSAL ", "APPLICATION ", "", "PRIVATE "};
  const std::string digits = number == tlv::number_bits ? "31 or above" : std::to_string(number);
  return "[" + std::string(classes[id >> 6]) + digits + "]";
}

}  // namespace cmcctl
