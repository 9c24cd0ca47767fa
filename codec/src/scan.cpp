#include "scan.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {
namespace {

constexpr std::size_t deepest = 512;  // what Limits::depth can be raised to

// Bit n is set for the universal types n that are always constructed, or that BER may split into segments.
constexpr std::uint32_t always_constructed = 1u << 8 | 1u << 11 | 1u << 16 | 1u << 17 | 1u << 29;
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

bool check_oid(Octets content, const Limits& limits, Scan& scan) {
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

bool check_integer(Octets content, Scan& scan) {
  if (content.empty()) return refuse(scan, Errc::bad_integer, "no contents");
  if (content.size() == 1) return true;
  const bool sign = (content[1] & 0x80) != 0;
  if ((content[0] == 0x00 && !sign) || (content[0] == 0xFF && sign)) {
    return refuse(scan, Errc::bad_integer, "padded: not the shortest form");
  }
  return true;
}

bool check_bit_string(Octets content, Scan& scan, bool& ber_only) {
  if (content.empty()) return refuse(scan, Errc::bad_bit_string, "no contents, not even the count of unused bits");
  const unsigned unused = content[0];
  if (unused > 7) return refuse(scan, Errc::bad_bit_string, "more than 7 unused bits");
  if (content.size() == 1) {
    return unused == 0 || refuse(scan, Errc::bad_bit_string, "unused bits in an empty string");
  }
  if ((content.back() & ((1u << unused) - 1)) != 0) ber_only = true;
  return true;
}

// Whether one of 8 octets is 80.
bool has_80(const std::uint8_t* octets) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  std::uint64_t word;
  std::memcpy(&word, octets, sizeof word);
  word ^= 0x80 * ones;  // now it is 00
  return ((word - ones) & ~word & 0x80 * ones) != 0;
}

// What nearly every element is, found without a call: true means that check_primitive would say so, too.
inline bool plainly_right(std::uint8_t id, const std::uint8_t* content, std::size_t size) {
  if (id == tlv::oid) {  // in so few octets no arc is too large, and without any 80 none is padded
    if (size == 3) return ((content[0] | content[1] | content[2]) & 0x80) == 0;
    return (size == 8 || size == 9) && (content[size - 1] & 0x80) == 0 && !has_80(content);
  }
  return id == tlv::integer && size != 0 && (size == 1 || (content[0] != 0x00 && content[0] != 0xFF));
}

}  // namespace

std::string overrun(std::uint8_t id, std::size_t length, std::size_t left, bool at_input_end) {
  return tag_name(id) + " of " + std::to_string(length) + " octets, but only " + std::to_string(left) +
         (at_input_end ? " are left in the input" : " are left in the enclosing element");
}

bool check_primitive(std::uint8_t id, Octets content, const Limits& limits, Scan& scan, bool& ber_only) {
  switch (id) {
    case tlv::oid:
      return check_oid(content, limits, scan);
    case tlv::integer:
    case tlv::enumerated:
      return check_integer(content, scan);
    case tlv::null:
      return content.empty() || refuse(scan, Errc::bad_null, "has contents");
    case tlv::bit_string:
      return check_bit_string(content, scan, ber_only);
    case tlv::boolean:
      if (content.size() != 1) return refuse(scan, Errc::bad_boolean, "not exactly one octet");
      if (content[0] != 0x00 && content[0] != 0xFF) ber_only = true;
      return true;
    default:
      return true;
  }
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

namespace {

/// The way through the elements of one input, in the order of the bytes.
class Walk {
 public:
  Walk(Octets bytes, const Limits& limits, std::size_t depth)
      : limits_(limits), begin_(bytes.begin_ptr()), limit_(bytes.end_ptr()) {
    const std::size_t depth_limit = std::min(limits.depth, deepest);
    levels_ = depth_limit > depth ? depth_limit - depth : 0;
  }

  Scan run();

 private:
  using Byte = const std::uint8_t;
  struct Header {
    Byte* content;  // nullptr: refused, or BER
    std::size_t length;
  };

  bool elements();  // false: refused

  // What is not one identifier octet and one length octet.
  Header long_header(Byte* start, Byte* end);
  Byte* long_tag(Byte* start, Byte* end);
  Header long_length(Byte* start, Byte* p, Byte* end);
  bool contents(Byte* start, Header header);

  bool refused_at(Byte* at) {  // code and detail are known
    scan_.offset = static_cast<std::size_t>(at - begin_);
    return false;
  }
  bool refused(Byte* at, Errc code, const char* detail) {
    refuse(scan_, code, detail);
    return refused_at(at);
  }
  Header no_header(Byte* at, Errc code, const char* detail) {
    refused(at, code, detail);
    return {};
  }
  bool too_long(Byte* start, Header header, Byte* end) {
    refused(start, end == limit_ ? Errc::truncated : Errc::bad_length, "");
    scan_.detail = overrun(*start, header.length, static_cast<std::size_t>(end - header.content), end == limit_);
    return false;
  }

  const Limits& limits_;
  Byte* const begin_;
  Byte* const limit_;
  std::size_t levels_;
  Scan scan_;
  bool ber_only_ = false;
};

const std::uint8_t* Walk::long_tag(Byte* start, Byte* end) {
  Byte* const number = start + 1;
  Byte* p = number;
  const auto refused = [&](Errc code, const char* detail) { return no_header(start, code, detail).content; };
  if (*p == 0x80) return refused(Errc::bad_tag, "the tag number is padded");
  while (p != end && (*p & 0x80) != 0) ++p;
  if (p == end) return refused(Errc::truncated, "the tag number does not end");
  if (p - number >= 4) return refused(Errc::bad_tag, "the tag number is above 2^28");
  if (p == number && *p < 31) return refused(Errc::bad_tag, "a low tag number in the long form");
  return ++p != end ? p : refused(Errc::truncated, "no length octet");
}

Walk::Header Walk::long_length(Byte* start, Byte* p, Byte* end) {
  const std::size_t octets = *p++ & 0x7Fu;
  if (octets == 0) {
    if (!tlv::is_constructed(*start))
      return no_header(start, Errc::bad_indefinite, "indefinite length in primitive form");
    ber_only_ = true;
    return {};
  }
  if (octets == 0x7F) return no_header(start, Errc::bad_length, "reserved length octet FF");
  if (static_cast<std::size_t>(end - p) < octets) return no_header(start, Errc::truncated, "cut inside the length");
  if (*p == 0 || (octets == 1 && *p < 0x80)) {
    ber_only_ = true;
    return {};
  }
  if (octets > 8) return no_header(start, Errc::bad_length, "length of more than 8 octets");
  std::size_t length = 0;
  for (std::size_t i = 0; i < octets; ++i) length = length << 8 | *p++;
  return {p, length};
}

Walk::Header Walk::long_header(Byte* start, Byte* end) {
  Byte* p = start + 1;
  if ((looks[*start] & Look::at_tag) != 0) {
    if ((*start & tlv::number_bits) == tlv::number_bits && (p = long_tag(start, end)) == nullptr) return {};
    if (!check_form(*start, scan_, ber_only_)) {
      refused_at(start);
      return {};
    }
    if (ber_only_) return {};
  }
  if (*p >= 0x80) return long_length(start, p, end);
  return {p + 1, *p};
}

bool Walk::contents(Byte* start, Header header) {
  const Octets octets(header.content, header.length);
  return check_primitive(*start, octets, limits_, scan_, ber_only_) || refused_at(start);
}

bool Walk::elements() {
  std::array<Byte*, deepest> ends;  // of the elements around; levels_ keeps `around` inside
  Byte** around = ends.data();
  Byte** const deepest_allowed = around + levels_;
  const std::size_t most_nodes = limits_.nodes;
  std::size_t nodes = 0;
  Byte* p = begin_;
  Byte* end = limit_;
  do {
    if (end - p < 2) return refused(p, Errc::truncated, "the element has no room for tag and length");
    const std::uint8_t id = p[0];
    const std::uint8_t look = looks[id];
    Header header{p + 2, p[1]};
    if ((look & Look::at_tag) != 0 || header.length >= 0x80) {
      header = long_header(p, end);
      if (header.content == nullptr) return ber_only_;
    }
    if (header.length > static_cast<std::size_t>(end - header.content)) return too_long(p, header, end);
    if (++nodes > most_nodes) return refused(p, Errc::limit_exceeded, "limit nodes");
    if (tlv::is_constructed(id)) {
      if (deepest_allowed - around <= 1) return refused(p, Errc::limit_exceeded, "limit depth");
      *around++ = end;
      end = header.content + header.length;
      p = header.content;
    } else {
      if ((look & Look::at_contents) != 0 && !plainly_right(id, header.content, header.length)) {
        if (!contents(p, header)) return false;
        if (ber_only_) return true;
      }
      p = header.content + header.length;
    }
    while (p == end && around != ends.data()) end = *--around;
  } while (around != ends.data());
  scan_.nodes = nodes;
  return p == limit_ || refused(p, Errc::trailing_data, "bytes follow the complete element");
}

Scan Walk::run() {
  if (begin_ == limit_) {
    refused(begin_, Errc::empty_input, "no bytes");
  } else if (static_cast<std::size_t>(limit_ - begin_) > limits_.message_octets) {
    refused(begin_, Errc::limit_exceeded, "limit message_octets");
  } else if (elements()) {
    scan_.outcome = ber_only_ ? Scan::Outcome::ber : Scan::Outcome::der;
  }
  return std::move(scan_);
}

}  // namespace

Scan scan_der(Octets bytes, const Limits& limits, std::size_t depth) { return Walk(bytes, limits, depth).run(); }

std::string tag_name(std::uint8_t id) {
  static constexpr std::array<std::string_view, 31> universal{
      "end-of-contents",   "BOOLEAN",          "INTEGER",       "BIT STRING",     "OCTET STRING",    "NULL",
      "OBJECT IDENTIFIER", "ObjectDescriptor", "EXTERNAL",      "REAL",           "ENUMERATED",      "EMBEDDED PDV",
      "UTF8String",        "RELATIVE-OID",     "TIME",          "UNIVERSAL 15",   "SEQUENCE",        "SET",
      "NumericString",     "PrintableString",  "TeletexString", "VideotexString", "IA5String",       "UTCTime",
      "GeneralizedTime",   "GraphicString",    "VisibleString", "GeneralString",  "UniversalString", "UNIVERSAL 29",
      "BMPString"};
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
