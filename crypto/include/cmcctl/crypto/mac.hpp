#pragma once

#include <cstddef>

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/codec/pkix.hpp>
#include <cmcctl/crypto/digest.hpp>
#include <cmcctl/crypto/owned_algorithm.hpp>
#include <cmcctl/crypto/secret.hpp>

/// Message authentication codes, with a key or with a password.
namespace cmcctl {

/// RFC 2104. Keys of any length. Secret, because keys are derived with it, too.
SecretOctets hmac(Hash hash, Octets key, Octets message);

/// The hash function of an HMAC: hMAC-SHA1 (RFC 3370 section 3.1) and hmacWithSHA1 to hmacWithSHA512 (RFC 8018
/// appendix B.1.2). Parameters may be absent or NULL. `unsupported_algorithm`, `bad_algorithm` as with `hash_of`.
Result<Hash> hmac_hash_of(const AlgorithmIdentifier& algorithm);

/// hmacWithSHA256 and its like, with NULL (RFC 4231 section 3.1).
OwnedAlgorithm hmac_algorithm(Hash hash);

/// The MAC that `algorithm` asks for. `secret` is the key of an HMAC, and the password of
///
///   id-PasswordBasedMac (RFC 4211 section 4.4)       PBMParameter ::= SEQUENCE { salt OCTET STRING,
///       owf AlgorithmIdentifier, iterationCount INTEGER, mac AlgorithmIdentifier }
///   id-PBMAC1 (RFC 8018 section 7.1, RFC 9579)       PBMAC1-params ::= SEQUENCE {
///       keyDerivationFunc AlgorithmIdentifier, messageAuthScheme AlgorithmIdentifier }
///
/// `limit_exceeded` before anything is computed: pbm_iterations_least..pbm_iterations, pbkdf2_iterations, salt_octets,
/// and PBMAC1 keys outside 1..64 octets.
Result<SecretOctets> compute_mac(Decoder& decoder, const AlgorithmIdentifier& algorithm, Octets secret, Octets message,
                                 const Limits& limits = {});

/// Whether `mac` is that MAC, in constant time. An Error says that this cannot be found out.
Result<bool> check_mac(Decoder& decoder, const AlgorithmIdentifier& algorithm, Octets secret, Octets message,
                       Octets mac, const Limits& limits = {});

/// `hash` serves as one-way function and for the HMAC.
OwnedAlgorithm password_based_mac_algorithm(Hash hash, Octets salt, std::size_t iterations);
OwnedAlgorithm pbmac1_algorithm(Hash hash, Octets salt, std::size_t iterations);

}  // namespace cmcctl
