#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include <cmcctl/crypto/public_key.hpp>
#include <cmcctl/crypto/secret.hpp>

namespace cmcctl {

/// A private key, in memory or in a token. What the key or the token cannot do is refused with
/// `unsupported_algorithm`, what the token refuses with `token_failed`.
class PrivateKey {
 public:
  virtual ~PrivateKey() = default;

  virtual const PublicKey& public_key() const = 0;

  /// The signature over `message`, as certificates carry it (ECDSA: ECDSA-Sig-Value in DER).
  virtual Result<std::vector<std::uint8_t>> sign(const SignatureScheme& scheme, Octets message) = 0;

  /// What TLS needs of a key that cannot leave its token. RSA: RSASP1 (RFC 8017 section 5.2.1) of a block as long as
  /// the modulus; EC: ECDSA-Sig-Value in DER over a digest. Keys in memory have `pkcs8_of` and refuse.
  virtual Result<std::vector<std::uint8_t>> sign_prepared(Octets input);

  /// RSA PKCS #1 v1.5. Where the padding is wrong or the secret is not of `octets` octets, the result is random: only
  /// what is decrypted with it tells, so that nobody can ask this for the padding (RFC 3218).
  virtual Result<SecretOctets> decrypt_pkcs1(Octets ciphertext, std::size_t octets) = 0;

  /// RSA OAEP with an empty label. `decryption_failed` whatever is wrong.
  virtual Result<SecretOctets> decrypt_oaep(const PublicKey::Oaep& oaep, Octets ciphertext) = 0;

  /// ECDH: the x coordinate (X25519: the shared secret) with a peer's point as it stands in a BIT STRING. DH: ZZ, as long
  /// as p (RFC 2631 section 2.1.2), with the peer's INTEGER there, which has to be in the key's group.
  virtual Result<SecretOctets> agree(Octets peer_point) = 0;

  /// ML-KEM: the shared secret.
  virtual Result<SecretOctets> decapsulate(Octets ciphertext) = 0;
};

/// A key in memory from PKCS #8 (PrivateKeyInfo or OneAsymmetricKey, DER, not encrypted). `bad_key`, `weak_key` and
/// `unsupported_algorithm` as with PublicKey.
Result<std::unique_ptr<PrivateKey>> private_key_from_pkcs8(Octets pkcs8, const Limits& limits = {});

/// A new key: "rsa:3072", "ec:P-256", "ec:P-384", "ec:P-521", "ed25519", "x25519", "dh:2048", "ml-dsa-44", "ml-kem-768", ...
Result<std::unique_ptr<PrivateKey>> generate_private_key(std::string_view spec, const Limits& limits = {});

/// The PKCS #8 of a key in memory; `unsupported_algorithm` for one in a token.
Result<SecretOctets> pkcs8_of(const PrivateKey& key);

/// The scheme that a signer takes when none is asked for: PKCS #1 v1.5 with SHA-256 (SHA-384 from 7680 bits),
/// ECDSA with the hash of the curve's strength, the others as they are.
SignatureScheme usual_scheme(const PublicKey& key);

}  // namespace cmcctl
