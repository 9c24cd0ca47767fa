#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include <cmcctl/codec/cms.hpp>
#include <cmcctl/crypto/check.hpp>
#include <cmcctl/crypto/private_key.hpp>

/// Who can open an EnvelopedData, AuthEnvelopedData or AuthenticatedData, and what opens it.
namespace cmcctl {

/// RFC 5652 section 6.2:  RecipientInfo ::= CHOICE { ktri, kari [1], kekri [2], pwri [3], ori [4] }, where ori is a
/// KEMRecipientInfo (RFC 9629).
enum class RecipientKind : std::uint8_t { key_transport, key_agreement, kek, password, kem };

/// "key transport"
std::string_view to_string(RecipientKind kind);

/// What may open a message.
struct RecipientKeys {
  struct Pair {
    PrivateKey* key = nullptr;
    Octets certificate{};  ///< DER; without it the key is tried on every RecipientInfo of its kind
  };
  struct Kek {
    Octets identifier;  ///< KEKIdentifier.keyIdentifier
    Octets key;
  };
  std::span<const Pair> pairs{};
  std::span<const Octets> passwords{};
  std::span<const Kek> keks{};
};

/// What was in it. `content` is empty when a check failed.
struct OpenedContent {
  Oid content_type;  ///< of the content; lives as long as the message
  SecretOctets content;
  std::size_t recipient = 0;  ///< in recipientInfos
  RecipientKind kind{};
  std::vector<Check> checks;  ///< "recipient", "key", "cipher", "mac", "authenticated attributes", "digest", ...
};

/// A recipient with a certificate: RSA key transport, ephemeral-static ECDH (P-256, P-384, P-521, X25519) or ML-KEM, as
/// its key has it.
struct CertificateRecipient {
  Octets certificate;                     ///< DER
  std::optional<PublicKey::Oaep> oaep{};  ///< RSA: absent is PKCS #1 v1.5
  Hash kdf = Hash::sha256;                ///< ECDH: X9.63 KDF with this hash function
  bool by_key_identifier = false;         ///< names the subjectKeyIdentifier, not issuer and serial number
};

/// The owner of a key for which there is no certificate yet, as in RFC 10002 section 6.7. The kinds of keys are those
/// of certificates.
struct KeyRecipient {
  Octets public_key;                      ///< SubjectPublicKeyInfo, DER
  Octets key_identifier{};                ///< names the recipient; empty: the empty Name and `serial_number` do
  std::int64_t serial_number = 0;
  std::optional<PublicKey::Oaep> oaep{};  ///< as above
  Hash kdf = Hash::sha256;
};

/// A key-encryption key of 16, 24 or 32 octets that both sides have: AES key wrap.
struct KekRecipient {
  Octets identifier;
  Octets key;
};

/// A password: PBKDF2, then id-alg-PWRI-KEK with AES-256-CBC, or AES-256 key wrap (RFC 10004 section 5.1).
struct PasswordRecipient {
  Octets password;
  std::size_t iterations = 600'000;
  Hash prf = Hash::sha256;
  bool aes_wrap = false;
};

using Recipient = std::variant<CertificateRecipient, KekRecipient, PasswordRecipient, KeyRecipient>;

}  // namespace cmcctl
