#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/crypto/password.hpp>
#include <cmcctl/crypto/private_key.hpp>

/// Keys and certificates in tokens: PKCS #11 modules and NSS databases.
namespace cmcctl {

/// What names a token and, in it, an object. Empty members match anything.
struct TokenSource {
  std::string text;           ///< as it was given, without a PIN
  bool nss = false;
  std::string directory;      ///< of an NSS database
  std::string module_path;    ///< empty: p11-kit's proxy for all configured modules
  std::string token;
  std::string manufacturer;
  std::string model;
  std::string serial;
  std::string object;         ///< CKA_LABEL, or the nickname
  std::vector<std::uint8_t> id;                ///< CKA_ID
  std::optional<PasswordSource> pin;           ///< pin-source or pin-value
};

/// Whether `source` begins with "nss:" or "pkcs11:".
bool names_token(std::string_view source);

/// "nss:DIR?nickname=NAME&token=NAME&id=HEX", or a URI of RFC 7512 with the path attributes token, manufacturer, model,
/// serial, object, id and type, and the query attributes module-path, pin-source ("file:PATH" or what PasswordSource
/// takes) and pin-value. `no_key` for what is neither.
Result<TokenSource> parse_token_source(std::string_view source);

struct TokenInfo {
  std::string label;
  std::string manufacturer;
  std::string model;
  std::string serial;
  std::string module;        ///< the library's path or name
  bool needs_pin = false;
  bool read_only = false;
  std::string pin_state;     ///< "one try is left", "locked"; empty when all is well
};

/// The tokens that fit. No PIN is needed.
Result<std::vector<TokenInfo>> list_tokens(const TokenSource& source);

enum class ObjectKind : std::uint8_t { private_key, public_key, certificate };
/// "private key"
std::string_view to_string(ObjectKind kind);

struct TokenObject {
  ObjectKind kind{};
  std::string label;
  std::vector<std::uint8_t> id;
  std::vector<std::uint8_t> certificate;  ///< DER
  std::optional<PublicKey> key;           ///< where the token shows it
};

/// An open session with one token. Copies share it; not thread-safe. The PIN is asked for once, when the token wants
/// one and something secret is needed; a wrong one is never tried again, because tokens count.
class Token {
 public:
  enum class Access : std::uint8_t { read, write };

  /// The one token that fits. `no_key` when none or several do, `token_failed` with the name of the module's error.
  /// `password` serves where the source has no PIN; it may be null.
  static Result<Token> open(const TokenSource& source, const PasswordSource* password, Access access = Access::read,
                            const Limits& limits = {});

  const TokenInfo& info() const;

  /// What is in it. Private keys show only after `log_in`.
  Result<std::vector<TokenObject>> objects() const;

  /// `wrong_password` with the tries that are left, `token_failed` for a locked PIN. Nothing when no PIN is needed.
  Result<void> log_in();

  /// The private key with this label or CKA_ID, also by the nickname of its certificate. Without both: the only one.
  Result<std::unique_ptr<PrivateKey>> find_key(const std::string& label, Octets id);
  /// The private key of this public key.
  Result<std::unique_ptr<PrivateKey>> find_key(const PublicKey& key);

  /// Certificates with this label or CKA_ID; all of them without both.
  Result<std::vector<std::vector<std::uint8_t>>> find_certificates(const std::string& label, Octets id) const;

  /// A new key pair, "rsa:3072" or "ec:P-256" (P-384, P-521), that cannot leave the token. Its CKA_ID is `nss_key_id`.
  Result<std::unique_ptr<PrivateKey>> generate(std::string_view spec, const std::string& label);

  /// Stores a certificate with the CKA_ID of its private key, or `nss_key_id` where the key is not in the token.
  Result<void> import_certificate(Octets der, const std::string& label);

  struct State;

 private:
  explicit Token(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

/// The CKA_ID of a key in a token; empty for others.
std::vector<std::uint8_t> token_key_id(const PrivateKey& key);

}  // namespace cmcctl
