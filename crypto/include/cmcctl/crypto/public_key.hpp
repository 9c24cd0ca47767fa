#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/crypto/signature_scheme.hpp>

namespace cmcctl {

enum class KeyKind : std::uint8_t {
  rsa, ec_p256, ec_p384, ec_p521, ed25519, x25519, dh,
  ml_dsa_44, ml_dsa_65, ml_dsa_87, ml_kem_512, ml_kem_768, ml_kem_1024,
};

bool is_ec(KeyKind kind);

/// A public key that has been looked over: of a size within the limits, on a named curve.
class PublicKey {
 public:
  /// `spki` is the DER of a SubjectPublicKeyInfo. Refuses before any arithmetic: `weak_key` for RSA outside
  /// rsa_bits_least..rsa_bits and for DH groups likewise, `bad_key` for an even modulus or exponent, a point that is not on the curve or explicit
  /// curve parameters, `unsupported_algorithm` for other algorithms and curves, and for those that this build lacks.
  static Result<PublicKey> from_spki(Octets spki, const Limits& limits = {});

  PublicKey(PublicKey&&) noexcept;
  PublicKey& operator=(PublicKey&&) noexcept;
  PublicKey(const PublicKey&);
  PublicKey& operator=(const PublicKey&);
  ~PublicKey();

  KeyKind kind() const;
  std::size_t bits() const;         ///< of an RSA modulus, a DH prime or a curve's field; 0 for the others
  std::string text() const;         ///< "RSA 2048", "EC P-256", "Ed25519", "DH 2048", "ML-DSA-65"
  Octets spki() const;              ///< the DER it was made of
  Octets subject_public_key() const;///< contents of the BIT STRING: what key identifiers hash
  /// The same key, whatever its AlgorithmIdentifier says about its use.
  bool is_same(const PublicKey& other) const {
    return kind() == other.kind() && subject_public_key() == other.subject_public_key();
  }
  /// Whether the two can agree on a secret: EC keys on one curve, DH keys (RFC 3279 section 2.3.3) of one p and g.
  bool is_of_group(const PublicKey& other) const;
  std::vector<std::uint8_t> key_identifier() const;  ///< RFC 5280 section 4.2.1.2 (1): SHA-1 of subject_public_key

  /// Whether the signature is this key's over `message`. ECDSA signatures are ECDSA-Sig-Value in DER, strictly. An
  /// Error says that this cannot be found out: `bad_algorithm` when the scheme is not one for this key.
  Result<bool> verify(const SignatureScheme& scheme, Octets message, Octets signature) const;

  /// RSA: the ciphertext of a content-encryption key. `oaep` absent means PKCS #1 v1.5.
  struct Oaep {
    Hash hash = Hash::sha256;
    Hash mgf = Hash::sha256;
  };
  Result<std::vector<std::uint8_t>> encrypt(Octets secret, std::optional<Oaep> oaep) const;

  struct State;
  const State& state() const { return *state_; }

 private:
  explicit PublicKey(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

}  // namespace cmcctl
