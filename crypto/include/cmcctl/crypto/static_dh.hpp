#pragma once

#include <optional>
#include <string>

#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/private_key.hpp>

/// RFC 6955: proof of possession of a key agreement key by a MAC that its recipient can compute, too.
namespace cmcctl {

/// What an AlgorithmIdentifier of RFC 6955 sections 4 and 6 stands for.
struct StaticDhScheme {
  Hash hash{};
  bool elliptic = false;

  /// Whether a key of this kind makes such proofs.
  bool fits(KeyKind kind) const { return elliptic ? is_ec(kind) : kind == KeyKind::dh; }
};

/// id-alg-dhPop-static-sha256-hmac-sha256, id-alg-ecdhPop-static-sha256-hmac-sha256 and their like; nullopt for other
/// algorithms.
std::optional<StaticDhScheme> static_dh_of(const Oid& algorithm);

/// Dotted. `bad_algorithm` for a key that does not agree on secrets, and for SHA-1.
Result<std::string> static_dh_algorithm(const PublicKey& key, Hash hash);

/// With the key of either side and the public key of the other.
///
///   MAC(K, message) where K = KDF(subject | ZZ | issuer), both Names of the recipient's certificate, and KDF a hash
///
/// `bad_algorithm` for keys that are not of one group.
Result<SecretOctets> static_dh_mac(Hash hash, PrivateKey& own, const PublicKey& peer, const X509Certificate& recipient,
                                   Octets message);

}  // namespace cmcctl
