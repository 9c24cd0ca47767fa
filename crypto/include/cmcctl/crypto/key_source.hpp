#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <cmcctl/crypto/password.hpp>
#include <cmcctl/crypto/private_key.hpp>

namespace cmcctl {

struct LoadedKey {
  std::unique_ptr<PrivateKey> key;
  std::string warning{};  ///< "others may read agent.pem"; empty when all is well
};

/// The private key that `source` names: a file with PKCS #8 (encrypted too: PBES2 with PBKDF2 or scrypt) or a traditional
/// RSA or EC key, PEM or DER. `password` may be null. `no_key` where there is none, `wrong_password` where one is
/// needed or wrong; iteration counts and memory are held to `limits` before anything is computed.
Result<LoadedKey> load_private_key(const std::string& source, const PasswordSource* password, const Limits& limits = {});

}  // namespace cmcctl
