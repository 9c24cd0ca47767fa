#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/recipients.hpp>

namespace cmcctl {

/// Gets at the content-encryption or MAC key through the RecipientInfos.
class KeyRecovery {
 public:
  /// `key_octets` is the length that the content's algorithm wants.
  KeyRecovery(Decoder& decoder, const RecipientKeys& keys, std::size_t key_octets, const Limits& limits)
      : decoder_(decoder), keys_(keys), key_octets_(key_octets), limits_(limits) {}

  struct Found {
    std::size_t recipient = 0;
    RecipientKind kind{};
    std::string with;  ///< "RSA 2048", "password"
  };

  /// Calls `attempt` with each key that can be recovered, until it returns true. `no_key` when no RecipientInfo is for
  /// these keys, what is wrong with the one that is, else `decryption_failed`.
  Result<Found> run(const List<RecipientInfo>& recipients, const std::function<bool(const SecretOctets&)>& attempt);

 private:
  struct Owner {
    PrivateKey* key = nullptr;
    std::optional<X509Certificate> certificate;
  };

  Result<void> load_owners();
  // Each calls `offer` for every credential that the RecipientInfo may be for.
  void try_choice(const KeyTransRecipientInfo& recipient);
  void try_choice(const KeyAgreeRecipientInfo& recipient);
  void try_choice(const KEKRecipientInfo& recipient);
  void try_choice(const PasswordRecipientInfo& recipient);
  void try_choice(const OtherRecipientInfo& recipient);
  void offer(RecipientKind kind, std::string with, const Result<SecretOctets>& key);

  bool may_be_for(const Owner& owner, const IssuerAndSerialNumber* name, Octets key_identifier) const;
  Result<SecretOctets> transported(const KeyTransRecipientInfo& recipient, PrivateKey& key);
  Result<SecretOctets> agreed(const KeyAgreeRecipientInfo& recipient, Octets encrypted_key, PrivateKey& key);
  Result<SecretOctets> unwrapped(const KEKRecipientInfo& recipient, Octets kek);
  Result<SecretOctets> from_password(const PasswordRecipientInfo& recipient, Octets password);
  Result<SecretOctets> decapsulated(const KEMRecipientInfo& recipient, PrivateKey& key);

  Decoder& decoder_;
  const RecipientKeys& keys_;
  std::size_t key_octets_;
  const Limits& limits_;
  std::size_t iterations_ = 0;  // of PBKDF2, for all passwords and recipients together
  std::vector<Owner> owners_;
  const std::function<bool(const SecretOctets&)>* attempt_ = nullptr;
  std::size_t recipient_ = 0;
  std::optional<Found> found_;
  std::optional<Error> problem_;  // the first that can be told
  bool tried_ = false;
};

}  // namespace cmcctl
