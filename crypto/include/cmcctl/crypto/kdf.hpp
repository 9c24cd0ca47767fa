#pragma once

#include <cstddef>
#include <optional>

#include <cmcctl/codec/algorithms.hpp>
#include <cmcctl/codec/limits.hpp>
#include <cmcctl/crypto/digest.hpp>
#include <cmcctl/crypto/owned_algorithm.hpp>
#include <cmcctl/crypto/secret.hpp>

/// Keys out of passwords and of shared secrets.
namespace cmcctl {

/// RFC 8018 section 5.2. `iterations` and `octets` are at least 1. `bad_algorithm` for a password beyond 4,096 octets.
Result<SecretOctets> pbkdf2(Hash prf, Octets password, Octets salt, std::size_t iterations, std::size_t octets);

/// What the parameters of id-PBKDF2 say (RFC 8018 appendix A.2).
struct Pbkdf2 {
  Hash prf = Hash::sha256;
  Octets salt;
  std::size_t iterations = 0;
  std::optional<std::size_t> key_octets{};
};

/// RFC 8018 appendix A.2.
///
///   id-PBKDF2 OBJECT IDENTIFIER ::= { pkcs-5 12 }   with PBKDF2-params
///
/// `limit_exceeded` before anything is derived: iterations outside 1..pbkdf2_iterations, salts outside 8..salt_octets.
/// `unsupported_algorithm` for another algorithm, another PRF than HMAC, and a salt that is not `specified`.
Result<Pbkdf2> pbkdf2_of(Decoder& decoder, const AlgorithmIdentifier& algorithm, const Limits& limits = {});

OwnedAlgorithm algorithm_of(const Pbkdf2& parameters);

/// RFC 5753 section 7.1.1 and RFC 8418 section 2.1, ANSI-X9.63-KDF: Hash(secret || counter || shared_info) as often as
/// it takes.
SecretOctets x963_kdf(Hash hash, Octets secret, Octets shared_info, std::size_t octets);

/// RFC 5869, extract and expand; no salt stands for zeros. `octets` is at most 255 times the hash's.
SecretOctets hkdf(Hash hash, Octets secret, Octets salt, Octets info, std::size_t octets);

}  // namespace cmcctl
