#pragma once

#include <vector>

#include <cmcctl/crypto/public_key.hpp>
#include <cmcctl/crypto/secret.hpp>

namespace cmcctl {

/// Keys that others share a secret with by encapsulating it: ML-KEM.
inline bool encapsulates(KeyKind kind) { return kind >= KeyKind::ml_kem_512; }

struct Encapsulated {
  std::vector<std::uint8_t> ciphertext;
  SecretOctets secret;
};

/// For a key that encapsulates; `unsupported_algorithm` where Botan does not have it.
Result<Encapsulated> encapsulate(const PublicKey& key);

}  // namespace cmcctl
