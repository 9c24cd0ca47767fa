#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include <cmcctl/cmc/opened_message.hpp>
#include <cmcctl/codec/limits.hpp>
#include <cmcctl/crypto/recipients.hpp>
#include <cmcctl/crypto/secret.hpp>

namespace cmcctl {

/// A message without the encryption around it (RFC 10002 section 5), and with all that it takes to read on in it.
class UnsealedMessage {
 public:
  /// Opens EnvelopedData and AuthEnvelopedData, one in the other, as deep as Limits::layers. Errors are those of
  /// `open_message` and `open_enveloped`.
  static Result<UnsealedMessage> open(Octets bytes, const RecipientKeys& keys, const Limits& limits = {});

  OpenedMessage view() const { return {*decoder_, *message_}; }
  Octets bytes() const { return octets_; }             ///< the ContentInfo in it
  std::size_t encryptions() const { return opened_; }  ///< how many were taken off

 private:
  UnsealedMessage() = default;
  Result<void> read(SecretOctets octets, const Limits& limits);
  /// The message in the outermost layer; nullopt when that is not encrypted.
  Result<std::optional<SecretOctets>> inside(const RecipientKeys& keys, const Limits& limits) const;

  SecretOctets octets_;
  std::unique_ptr<Decoder> decoder_;
  std::optional<Message> message_;
  std::size_t opened_ = 0;
};

}  // namespace cmcctl
