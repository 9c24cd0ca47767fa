#pragma once

#include <cmcctl/crypto/digest.hpp>
#include <cmcctl/crypto/key_wrap.hpp>

/// What both sides of KeyAgreeRecipientInfo and KEMRecipientInfo do with the secret they share.
namespace cmcctl {

/// A key agreement algorithm (RFC 5753 section 7.1.4, RFC 8418 section 2): how the key-encryption key is derived.
struct AgreementScheme {
  Hash hash = Hash::sha256;
  bool hkdf = false;           ///< else X9.63
  AlgorithmIdentifier wrap{};  ///< the parameters: what the derived key encrypts with
};

/// Standard ECDH, and cofactor ECDH, which is the same on the curves that are supported.
Result<AgreementScheme> agreement_scheme_of(Decoder& decoder, const AlgorithmIdentifier& algorithm);

/// Standard ECDH with the X9.63 KDF. `hash` is of the SHA-2 family.
OwnedAlgorithm x963_agreement(Hash hash, const AlgorithmIdentifier& wrap);

/// The key-encryption key (RFC 5753 section 7.2: ECC-CMS-SharedInfo).
SecretOctets agreed_key(const AgreementScheme& scheme, Octets secret, const std::optional<Octets>& ukm,
                        std::size_t octets);

/// The key-encryption key of a KEMRecipientInfo: HKDF over CMSORIforKEMOtherInfo (RFC 9629 section 5).
SecretOctets kem_key(Hash hash, Octets secret, const AlgorithmIdentifier& wrap, const std::optional<Octets>& ukm,
                     std::size_t octets);

/// id-alg-hkdf-with-sha256 and its like (RFC 8619), without parameters.
Result<Hash> hkdf_hash_of(const AlgorithmIdentifier& algorithm);
OwnedAlgorithm hkdf_algorithm(Hash hash);

}  // namespace cmcctl
