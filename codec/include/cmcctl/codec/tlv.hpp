#pragma once

#include <cassert>
#include <cstdint>

#include <cmcctl/codec/octets.hpp>

namespace cmcctl::tlv {

// Identifier octets of the universal types that the codec names.
enum Id : std::uint8_t {
  end_of_contents = 0x00,
  boolean = 0x01,
  integer = 0x02,
  bit_string = 0x03,
  octet_string = 0x04,
  null = 0x05,
  oid = 0x06,
  enumerated = 0x0A,
  utf8_string = 0x0C,
  printable_string = 0x13,
  utc_time = 0x17,
  generalized_time = 0x18,
  universal_string = 0x1C,
  bmp_string = 0x1E,
  sequence = 0x30,
  set = 0x31,
};

constexpr std::uint8_t constructed_bit = 0x20;
constexpr std::uint8_t class_bits = 0xC0;
constexpr std::uint8_t number_bits = 0x1F;

constexpr bool is_constructed(std::uint8_t id) { return (id & constructed_bit) != 0; }
constexpr bool is_universal(std::uint8_t id) { return (id & class_bits) == 0; }

/// One element of bytes that the scan accepted: definite lengths that stay inside their parent.
struct Element {
  std::uint8_t id = 0;  // first identifier octet; number 31 stands for every high-tag-number form
  Octets whole;
  Octets content;
};

/// Reads the element at the start of scanned, non-empty `bytes`.
inline Element first(Octets bytes) {
  const std::uint8_t* p = bytes.begin_ptr();
  const std::uint8_t id = *p++;
  if ((id & number_bits) == number_bits) {
    while ((*p++ & 0x80) != 0) {
    }
  }
  std::size_t length = *p++;
  if (length >= 0x80) {
    std::size_t octets = length & 0x7F;
    length = 0;
    while (octets-- != 0) length = (length << 8) | *p++;
  }
  return {id, Octets(bytes.begin_ptr(), p + length), Octets(p, p + length)};
}

/// Walks the elements of scanned bytes one after the other.
class Cursor {
 public:
  explicit Cursor(Octets bytes) : next_(bytes.begin_ptr()), end_(bytes.end_ptr()) {}

  bool at_end() const { return next_ == end_; }
  std::uint8_t next_id() const { return *next_; }
  const std::uint8_t* position() const { return next_; }
  Octets rest() const { return Octets(next_, end_); }

  Element next() {
    const Element element = first(rest());
    next_ = element.whole.end_ptr();
    assert(next_ <= end_);
    return element;
  }

 private:
  const std::uint8_t* next_;
  const std::uint8_t* end_;
};

/// Whether any bytes have the header of one element with a definite length that reaches exactly to their end.
inline bool is_one_element(Octets bytes) {
  std::size_t at = 1;
  if (bytes.size() < 2) return false;
  if ((bytes[0] & number_bits) == number_bits) {
    while (at < bytes.size() && (bytes[at] & 0x80) != 0) ++at;
    ++at;
  }
  if (at >= bytes.size()) return false;
  std::size_t length = bytes[at++];
  if (length >= 0x80) {
    std::size_t octets = length & 0x7F;
    if (octets == 0 || octets > 8 || octets > bytes.size() - at) return false;
    length = 0;
    while (octets-- != 0) length = length << 8 | bytes[at++];
  }
  return length == bytes.size() - at;
}

inline std::size_t count_elements(Octets bytes) {
  std::size_t count = 0;
  for (const std::uint8_t* p = bytes.begin_ptr(); p != bytes.end_ptr(); ++count) {
    const bool plain = (p[0] & number_bits) != number_bits && p[1] < 0x80;
    p = plain ? p + 2 + p[1] : first(Octets(p, bytes.end_ptr())).whole.end_ptr();
  }
  return count;
}

}  // namespace cmcctl::tlv
