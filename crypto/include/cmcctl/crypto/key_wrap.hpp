#pragma once

#include <cstddef>
#include <vector>

#include <cmcctl/codec/pkix.hpp>
#include <cmcctl/crypto/content_cipher.hpp>
#include <cmcctl/crypto/owned_algorithm.hpp>
#include <cmcctl/crypto/secret.hpp>

/// Keys encrypted with keys.
namespace cmcctl {

/// id-aes128-wrap and its like (RFC 3565 section 2.3.2; RFC 3394), id-aes128-wrap-pad and its like (RFC 5649).
struct KeyWrap {
  std::size_t kek_octets = 32;
  bool padded = false;
  friend bool operator==(const KeyWrap&, const KeyWrap&) = default;
};

/// Parameters are absent; NULL is taken, too. `unsupported_algorithm`, `bad_algorithm`.
Result<KeyWrap> key_wrap_of(const AlgorithmIdentifier& algorithm);
OwnedAlgorithm algorithm_of(const KeyWrap& wrap);

/// `bad_algorithm` when the lengths do not fit: `kek` is of kek_octets, and without padding `key` is a multiple of
/// 8 octets, 16 at least.
Result<std::vector<std::uint8_t>> wrap_key(const KeyWrap& wrap, Octets kek, Octets key);
/// `decryption_failed` whatever is wrong.
Result<SecretOctets> unwrap_key(const KeyWrap& wrap, Octets kek, Octets wrapped);

/// RFC 3211 section 2.3.1, id-alg-PWRI-KEK: the key with its length and a check value, encrypted twice in CBC mode.
/// `cbc` is a CBC cipher with its IV. `bad_algorithm` for a GCM cipher, and for keys outside 3..255 octets.
Result<std::vector<std::uint8_t>> wrap_password_key(const CipherSpec& cbc, Octets kek, Octets key);
Result<SecretOctets> unwrap_password_key(const CipherSpec& cbc, Octets kek, Octets wrapped);

}  // namespace cmcctl
