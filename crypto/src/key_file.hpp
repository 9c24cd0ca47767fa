#pragma once

#include <functional>
#include <memory>

#include <cmcctl/crypto/private_key.hpp>
#include <cmcctl/crypto/secret.hpp>

namespace cmcctl {

/// Asked only when a file turns out to be encrypted.
using PasswordAsker = std::function<Result<SecretOctets>()>;

/// The first private key in the bytes of a file, PEM or DER.
Result<std::unique_ptr<PrivateKey>> private_key_from_file(Octets bytes, const PasswordAsker& ask, const Limits& limits);

}  // namespace cmcctl
