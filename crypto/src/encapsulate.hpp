#pragma once

#include <vector>

#include <cmcctl/crypto/public_key.hpp>
#include <cmcctl/crypto/secret.hpp>

namespace cmcctl {

struct Encapsulated {
  std::vector<std::uint8_t> ciphertext;
  SecretOctets secret;
};

/// ML-KEM; `unsupported_algorithm` where Botan does not have it.
Result<Encapsulated> encapsulate(const PublicKey& key);

}  // namespace cmcctl
