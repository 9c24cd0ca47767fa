#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <cmcctl/codec/decoder.hpp>

#include "wire.hpp"

namespace cmcctl::test {

/// A type of the public headers, for programs that go over all of them. What needs the type itself is compiled once, in
/// any_type.cpp; here a value of it is a pointer.
struct AnyType {
  std::string_view name;  ///< in C++
  std::string_view (*rfc_name)();
  asn_TYPE_descriptor_s& (*descriptor)();  ///< asn1c's
  const TypeCodec& (*codec)();
  bool whole;  ///< a Decoder decodes it; others only stand inside such a type
  std::shared_ptr<void> (*make)();
  /// Made-up values, see Samples. Nothing where the value has no encoding.
  Result<std::vector<std::uint8_t>> (*sample)(std::size_t variant);
  /// Decoder::decode into a value of `make`; a nullptr for the types that are not whole.
  std::optional<Error> (*decode)(Decoder& decoder, const Any& element, void* value);

  Result<std::vector<std::uint8_t>> encode(const void* value) const;
};

/// As many variants of `sample` are worth making.
inline constexpr std::size_t sample_variants = 10;

/// Those that are whole come first.
std::span<const AnyType> any_types();
std::span<const AnyType> whole_types();

/// By its name in C++, which has to be one.
const AnyType& any_type(std::string_view name);

}  // namespace cmcctl::test
