#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <cmcctl/crypto/digest.hpp>
#include <cmcctl/crypto/owned_algorithm.hpp>

namespace cmcctl {

enum class SignatureKind : std::uint8_t {
  rsa_pkcs1,
  rsa_pss,
  ecdsa,
  ed25519,
  ml_dsa_44,
  ml_dsa_65,
  ml_dsa_87,
  discrete_log,  ///< RFC 6955 section 5: of DH keys, in certification requests only
};

/// How a signature is computed, all parameters included.
struct SignatureScheme {
  SignatureKind kind = SignatureKind::rsa_pkcs1;
  Hash hash = Hash::sha256;          ///< of RSA, ECDSA and DH keys; the others have their own
  std::size_t salt_octets = 32;      ///< of PSS, whose MGF1 uses `hash`, too
  friend bool operator==(const SignatureScheme&, const SignatureScheme&) = default;
};

bool has_hash(SignatureKind kind);

/// "sha256WithRSAEncryption", "RSASSA-PSS with SHA-256", "ecdsa-with-SHA384", "Ed25519", "ML-DSA-65"
std::string to_string(const SignatureScheme& scheme);

/// What a signatureAlgorithm means: RFC 4055, 5754, 5758, 8419, 9882. The algorithms of keys (rsaEncryption,
/// id-ecPublicKey), which SignerInfos carry, take their hash from `digest`. `unsupported_algorithm` for what no table
/// knows, id-alg-noSignature included; `bad_algorithm` for parameters that do not fit.
Result<SignatureScheme> signature_scheme_of(Decoder& decoder, const AlgorithmIdentifier& algorithm,
                                            std::optional<Hash> digest = {});

/// Likewise of the signature of a certification request, which proves possession: RFC 6955 section 5, too.
Result<SignatureScheme> possession_scheme_of(Decoder& decoder, const AlgorithmIdentifier& algorithm);

/// The AlgorithmIdentifier of signatures in certificates, CRLs, PKCS #10, CRMF and (but for RSA, see `in_cms`) CMS.
OwnedAlgorithm algorithm_of(const SignatureScheme& scheme);

}  // namespace cmcctl
