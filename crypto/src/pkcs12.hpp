#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/codec/result.hpp>
#include <cmcctl/crypto/secret.hpp>

namespace cmcctl {

/// What a PKCS #12 file holds, in its order.
struct Pkcs12 {
  std::vector<SecretOctets> keys;  // PrivateKeyInfo
  std::vector<std::vector<std::uint8_t>> certificates;
  std::vector<std::vector<std::uint8_t>> crls;
  std::optional<Error> skipped;    // a part that could not be decrypted
};

/// Whether the bytes, DER or BER, begin as a PFX does.
bool is_pkcs12(Octets bytes, const Limits& limits);

/// RFC 7292 with password integrity: the MAC (HMAC, or PBMAC1 of RFC 9579) is checked before anything is decrypted.
/// `wrong_password` when it is wrong.
Result<Pkcs12> read_pkcs12(Octets bytes, SecretOctets password, const Limits& limits);

}  // namespace cmcctl
