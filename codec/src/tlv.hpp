#pragma once

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
  explicit Cursor(Octets bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }
  std::uint8_t next_id() const { return rest_[0]; }
  const std::uint8_t* position() const { return rest_.data(); }
  Octets rest() const { return rest_; }

  Element next() {
    const Element element = first(rest_);
    rest_ = rest_.from(element.whole.size());
    return element;
  }

 private:
  Octets rest_;
};

inline std::size_t count_elements(Octets bytes) {
  std::size_t count = 0;
  for (Cursor cursor(bytes); !cursor.at_end(); cursor.next()) ++count;
  return count;
}

}  // namespace cmcctl::tlv
