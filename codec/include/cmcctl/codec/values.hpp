#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/octets.hpp>
#include <cmcctl/codec/result.hpp>

namespace cmcctl {

/// INTEGER of any size: its content octets, two's complement, most significant first, minimal.
struct Integer {
  Octets content;

  /// nullopt when it needs more than 64 bits, or has no contents.
  std::optional<std::int64_t> to_int64() const {
    if (content.size() == 1) return static_cast<std::int8_t>(content[0]);
    if (content.empty() || content.size() > 8) return std::nullopt;
    std::uint64_t value = negative() ? ~std::uint64_t{0} : 0;
    for (const std::uint8_t octet : content) value = value << 8 | octet;
    return static_cast<std::int64_t>(value);
  }
  bool negative() const { return !content.empty() && (content[0] & 0x80) != 0; }
  friend bool operator==(const Integer&, const Integer&) = default;
};

/// Decimal up to 64 octets, beyond that "0x..." (decimal conversion is quadratic).
std::string to_string(const Integer& value);

/// The content octets of an INTEGER with this value, to be kept by the caller.
std::vector<std::uint8_t> integer_content(std::int64_t value);

/// RFC 10002 section 3.2.2.   BodyPartID ::= INTEGER(0..4294967295)
class BodyPartID {
 public:
  constexpr BodyPartID() = default;
  constexpr explicit BodyPartID(std::uint32_t value) : value_(value) {}

  /// Refuses negative and larger numbers with `value_out_of_range` [CMC-5272-3.2.2-01].
  static Result<BodyPartID> from(const Integer& number);

  constexpr std::uint32_t value() const { return value_; }
  friend constexpr auto operator<=>(const BodyPartID&, const BodyPartID&) = default;

 private:
  std::uint32_t value_ = 0;
};

/// OBJECT IDENTIFIER: its content octets.
struct Oid {
  Octets content;
  friend bool operator==(const Oid&, const Oid&) = default;
};

/// "1.3.6.1.5.5.7.7.25". Arcs up to 2^64-1; larger ones are printed as "?".
std::string to_string(const Oid& oid);

/// The content octets of "1.3.6.1.5.5.7.7.25"; nullopt when the text is no OID.
std::optional<std::vector<std::uint8_t>> oid_content(std::string_view dotted);

/// BIT STRING. `unused_bits` (0..7) counts the padding in the last octet.
struct BitString {
  Octets bytes;
  std::uint8_t unused_bits = 0;

  /// Bit 0 is the first, as ASN.1 counts; bits beyond the end are 0.
  bool bit(std::size_t index) const;
  friend bool operator==(const BitString&, const BitString&) = default;
};

/// BOOLEAN DEFAULT TRUE or FALSE.
template <bool Default>
struct DefaultBool {
  bool value = Default;

  constexpr bool is_default() const { return value == Default; }
  constexpr operator bool() const { return value; }
  friend bool operator==(const DefaultBool&, const DefaultBool&) = default;
};

struct Null {
  friend bool operator==(const Null&, const Null&) = default;
};

/// UTF8String. The bytes are as they came: `is_valid_utf8` tells whether they are what they claim to be.
struct Utf8String {
  Octets bytes;
  friend bool operator==(const Utf8String&, const Utf8String&) = default;
};

bool is_valid_utf8(Octets bytes);

/// UTCTime or GeneralizedTime as it came.
struct Time {
  enum class Form : std::uint8_t { utc, generalized };
  Octets text;
  Form form = Form::generalized;
  friend bool operator==(const Time&, const Time&) = default;
};

/// "2026-11-21T03:52:44Z" (fractions and offsets from UTC as written); nullopt when the text is no date.
/// UTCTime years below 50 are 20xx (RFC 5280 section 4.1.2.5.1).
std::optional<std::string> to_iso8601(const Time& time);

/// One complete element whose type the reader has to know from elsewhere (ANY DEFINED BY).
struct Any {
  Octets der;
  bool scanned = false;  ///< der came out of a decoder, which has looked at every byte of it
  friend bool operator==(const Any& a, const Any& b) { return a.der == b.der; }
};

/// One complete element of type T, kept as its exact bytes because it is signed, hashed, compared or rarely looked
/// at. Decoder::decode gives the T.
template <class T>
struct Raw {
  Octets der;
  bool scanned = false;  ///< as in Any
  friend bool operator==(const Raw& a, const Raw& b) { return a.der == b.der; }
};

/// SEQUENCE OF or SET OF: a view of values that an Arena or the caller owns.
template <class T>
struct List : std::span<const T> {
  using std::span<const T>::span;
  List() = default;
  List(std::span<const T> values) : std::span<const T>(values) {}

  Source source;
  friend bool operator==(const List& a, const List& b) { return std::ranges::equal(a, b); }
};

}  // namespace cmcctl
