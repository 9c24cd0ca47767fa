#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/crypto/password.hpp>
#include <cmcctl/crypto/private_key.hpp>

/// One syntax for keys and certificates, wherever they are:
///
///     agent.pem, agent.p12                          a file
///     nss:DIR?nickname=NAME&token=NAME&id=HEX       an NSS database, or another token that it knows
///     pkcs11:token=NAME;object=NAME;id=%A1%B2       RFC 7512
///
/// Errors: `no_key` where nothing fits the name, `wrong_password`, `bad_key`, `token_failed`; each says which source it
/// was. `password` may be null: then what is encrypted is refused with `wrong_password`.
namespace cmcctl {

/// DER of certificates or CRLs.
using DerList = std::vector<std::vector<std::uint8_t>>;

struct LoadedKey {
  std::unique_ptr<PrivateKey> key;
  std::string warning{};  ///< "others may read agent.pem"; empty when all is well
};

/// The private key that `source` names. Files: PKCS #8 (RFC 5958; encrypted with PBES2, RFC 8018, or as PKCS #12 does),
/// a traditional RSA or EC key, PKCS #12 (RFC 7292), in PEM or DER. Iteration counts and memory are held to `limits`
/// before anything is computed.
Result<LoadedKey> load_private_key(const std::string& source, const PasswordSource* password, const Limits& limits = {});

/// The certificates of a file (DER, PEM, PKCS #7, PKCS #12) in its order, or those of a store that fit the name, the
/// end entity's first. `no_key` when there is none.
Result<DerList> load_certificates(const std::string& source, const PasswordSource* password, const Limits& limits = {});

/// The CRLs of a file (DER, PEM, PKCS #7, PKCS #12). `no_key` when there is none.
Result<DerList> load_crls(const std::string& source, const PasswordSource* password, const Limits& limits = {});

struct Credentials {
  std::unique_ptr<PrivateKey> key;
  DerList certificates;   ///< the key's own first, then the others; empty when no certificate has this public key
  std::string warning{};
};

/// A key with its certificates: those of `certificate_source`, or of the key's own file or store. `no_key` when a
/// certificate_source is given and none of its certificates has the public key.
Result<Credentials> load_credentials(const std::string& source, const std::optional<std::string>& certificate_source,
                                     const PasswordSource* password, const Limits& limits = {});

}  // namespace cmcctl
