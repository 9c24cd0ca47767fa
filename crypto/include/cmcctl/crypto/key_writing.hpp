#pragma once

#include <optional>
#include <string>

#include <cmcctl/crypto/private_key.hpp>

/// Key files.
namespace cmcctl {

/// PKCS #8 in PEM (RFC 7468 sections 10 and 11): PrivateKeyInfo, or with a password EncryptedPrivateKeyInfo with PBES2
/// (RFC 8018), PBKDF2 with HMAC-SHA-256 and 600,000 iterations, AES-256-CBC. `unsupported_algorithm` for a key in a token.
Result<SecretOctets> private_key_pem(const PrivateKey& key, std::optional<Octets> password);

/// Writes a new file that only its owner may read. Returns the problem, "File exists", or nothing.
std::string write_new_secret_file(const std::string& name, Octets bytes);

}  // namespace cmcctl
