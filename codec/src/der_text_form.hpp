#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// What writing and reading of DER text have in common.
namespace cmcctl::der_text {

/// Universal tags by number, spelt as one word; empty where the standard assigns none.
inline constexpr std::array<std::string_view, 31> universal_names{
    "", "BOOLEAN", "INTEGER", "BIT_STRING", "OCTET_STRING", "NULL", "OBJECT_IDENTIFIER", "ObjectDescriptor",
    "EXTERNAL", "REAL", "ENUMERATED", "EMBEDDED_PDV", "UTF8String", "RELATIVE_OID", "TIME", "", "SEQUENCE", "SET",
    "NumericString", "PrintableString", "TeletexString", "VideotexString", "IA5String", "UTCTime", "GeneralizedTime",
    "GraphicString", "VisibleString", "GeneralString", "UniversalString", "", "BMPString"};

/// Whether a universal tag that is written by its name alone is constructed.
constexpr bool is_constructed_by_name(std::uint64_t number) {
  return number == 8 || number == 11 || number == 16 || number == 17;
}

/// By the class bits of the identifier octet.
inline constexpr std::array<std::string_view, 4> class_names{"UNIVERSAL", "APPLICATION", "", "PRIVATE"};

constexpr std::uint64_t first_long_number = 31;   // smaller tag numbers stand in the identifier octet itself
constexpr std::size_t most_tag_octets = 16;       // behind the identifier octet; padding included
constexpr std::size_t most_length_octets = 0x7F;  // behind the first length octet; padding included

/// How many digits `number` has when a digit is `bits` wide.
constexpr std::size_t digit_count(std::uint64_t number, unsigned bits) {
  std::size_t count = 1;
  while ((number >>= bits) != 0) ++count;
  return count;
}

/// The octets behind the first length octet in the shortest form.
constexpr std::size_t shortest_length(std::uint64_t length) { return length < 0x80 ? 0 : digit_count(length, 8); }

/// The octets behind the identifier octet in the shortest form.
constexpr std::size_t shortest_tag(std::uint64_t number) {
  return number < first_long_number ? 0 : digit_count(number, 7);
}

}  // namespace cmcctl::der_text
