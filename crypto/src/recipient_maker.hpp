#pragma once

#include <deque>
#include <vector>

#include <cmcctl/codec/cms.hpp>
#include <cmcctl/crypto/kept.hpp>
#include <cmcctl/crypto/recipients.hpp>

namespace cmcctl {

/// Encrypts one key for recipients.
class RecipientMaker {
 public:
  explicit RecipientMaker(Octets key) : key_(key) {}

  Result<void> add(const Recipient& recipient);
  /// Valid as long as this is.
  List<RecipientInfo> infos() const { return List<RecipientInfo>(std::span<const RecipientInfo>(infos_)); }
  /// RFC 5652 section 6.1, without originatorInfo and unprotectedAttrs.
  int enveloped_version() const;

 private:
  Result<RecipientInfo> make(const CertificateRecipient& recipient);
  Result<RecipientInfo> make(const KeyRecipient& recipient);
  Result<RecipientInfo> make(const KekRecipient& recipient);
  Result<RecipientInfo> make(const PasswordRecipient& recipient);
  struct Manner {
    std::optional<PublicKey::Oaep> oaep;
    Hash kdf;
  };
  Result<RecipientInfo> make(const PublicKey& key, RecipientIdentifier rid, const Manner& manner);
  Result<RecipientInfo> key_transport(const PublicKey& key, RecipientIdentifier rid, const Manner& manner);
  Result<RecipientInfo> key_agreement(const PublicKey& key, RecipientIdentifier rid, const Manner& manner);
  Result<RecipientInfo> encapsulation(const PublicKey& key, RecipientIdentifier rid);
  Result<RecipientIdentifier> identifier(const CertificateRecipient& recipient);

  Octets key_;
  Kept kept_;
  std::deque<RecipientEncryptedKey> encrypted_keys_;
  std::vector<RecipientInfo> infos_;
};

/// "not_encodable" for a content type that is no OID, and without recipients.
Result<void> check_envelope(std::string_view content_type, std::span<const Recipient> recipients);

/// ContentInfo ::= SEQUENCE { contentType, content [0] EXPLICIT } around the DER of the content.
Result<std::vector<std::uint8_t>> content_info(std::string_view type, Octets content);

}  // namespace cmcctl
