#pragma once

#include <cstdint>
#include <vector>

#include <cmcctl/codec/decoder.hpp>
#include <cmcctl/codec/octets.hpp>
#include <cmcctl/codec/result.hpp>

namespace cmcctl {

/// Writes values as DER of the RFC 10002 edition. Raw and Any members are written as the bytes they hold; a SET OF is
/// sorted. Keeps its buffer, so encoding value after value allocates nothing once the largest has been seen.
class Encoder {
 public:
  /// The encoding, valid until the next call. Refuses with `not_encodable` what has no encoding: an empty OID or
  /// INTEGER, an Any or Raw without bytes.
  template <class T>
  Result<Octets> encode(const T& value) {
    return run(type_codec<T>(), &value);
  }

 private:
  Result<Octets> run(const TypeCodec& codec, const void* value);

  std::vector<std::uint8_t> buffer_;
};

/// The DER of one value, to keep.
template <class T>
Result<std::vector<std::uint8_t>> encode(const T& value) {
  Encoder encoder;
  CMC_TRY(const Octets der, encoder.encode(value));
  return std::vector<std::uint8_t>(der.begin(), der.end());
}

}  // namespace cmcctl
