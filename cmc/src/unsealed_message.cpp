#include <cmcctl/cmc/unsealed_message.hpp>

#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/crypto/envelope.hpp>

namespace cmcctl {
namespace {

constexpr std::string_view id_data = "1.2.840.113549.1.7.1";

// What was encrypted are the octets of its type; a message has the ContentInfo around them.
Result<SecretOctets> in_content_info(OpenedContent opened) {
  if (worst(opened.checks) == Verdict::fail) return Error{Errc::decryption_failed, 0, {}, {}, {}};
  if (to_string(opened.content_type) == id_data) return std::move(opened.content);
  ContentInfo info;
  info.content_type = opened.content_type;
  info.content = Any{Octets(opened.content)};
  CMC_TRY(auto der, encode(info));
  return secret_taken(std::move(der));
}

}  // namespace

Result<UnsealedMessage> UnsealedMessage::open(Octets bytes, const RecipientKeys& keys, const Limits& limits) {
  UnsealedMessage message;
  CMC_CHECK(message.read(secret_copy(bytes), limits));
  while (true) {
    CMC_TRY(auto next, message.inside(keys, limits));
    if (!next) return message;
    if (++message.opened_ > limits.layers) {
      return Error{
          Errc::limit_exceeded, 0, {}, {}, "more than " + std::to_string(limits.layers) + " layers (limit layers)"};
    }
    CMC_CHECK(message.read(*std::move(next), limits));
  }
}

Result<void> UnsealedMessage::read(SecretOctets octets, const Limits& limits) {
  message_.reset();
  decoder_ = std::make_unique<Decoder>(limits);
  octets_ = std::move(octets);
  CMC_TRY(message_, open_message(*decoder_, Octets(octets_)));
  return {};
}

Result<std::optional<SecretOctets>> UnsealedMessage::inside(const RecipientKeys& keys, const Limits& limits) const {
  std::optional<Result<OpenedContent>> opened;
  if (const auto* data = std::get_if<EnvelopedData>(&message_->layer.cms)) {
    opened = open_enveloped(*decoder_, *data, keys, limits);
  } else if (const auto* other = std::get_if<AuthEnvelopedData>(&message_->layer.cms)) {
    opened = open_enveloped(*decoder_, *other, keys, limits);
  } else {
    return std::optional<SecretOctets>();
  }
  if (!*opened) return opened->error();
  CMC_TRY(auto content, in_content_info(**std::move(opened)));
  return std::optional<SecretOctets>(std::move(content));
}

}  // namespace cmcctl
