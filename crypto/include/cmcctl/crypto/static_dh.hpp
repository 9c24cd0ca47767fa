#pragma once

#include <optional>
#include <string>

#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/private_key.hpp>

/// RFC 6955: proof of possession of a key agreement key by a MAC that its recipient can compute, too.
namespace cmcctl {

/// The hash function of id-alg-ecdhPop-static-sha224-hmac-sha224 and its like; nullopt for other algorithms.
std::optional<Hash> static_ecdh_hash(const Oid& algorithm);

/// Dotted. `bad_algorithm` for SHA-1, with which there is none.
Result<std::string> static_ecdh_algorithm(Hash hash);

/// RFC 6955 section 6, with the key of either side and the public key of the other.
///
///   MAC(K, message) where K = KDF(subject | ZZ | issuer), both Names of the recipient's certificate, and KDF a hash
///
/// `bad_algorithm` for keys that are not on one curve.
Result<SecretOctets> static_ecdh_mac(Hash hash, PrivateKey& own, const PublicKey& peer,
                                     const X509Certificate& recipient, Octets message);

}  // namespace cmcctl
