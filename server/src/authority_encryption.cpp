#include "authority_encryption.hpp"

#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/envelope.hpp>
#include <cmcctl/crypto/oids.hpp>

namespace cmcctl::authority {
namespace {

bool can_decrypt(const X509Certificate& certificate) {
  const auto& key = certificate.public_key();
  if (!key) return false;
  const auto usage = certificate.extension_value<KeyUsage>(oids::key_usage);
  const auto may = [&](KeyUsage::Bit bit) { return !usage || usage->bits.bit(bit); };
  switch (key->kind()) {
    case KeyKind::rsa:
    case KeyKind::ml_kem_512:
    case KeyKind::ml_kem_768:
    case KeyKind::ml_kem_1024:
      return may(KeyUsage::keyEncipherment);
    case KeyKind::ec_p256:
    case KeyKind::ec_p384:
    case KeyKind::ec_p521:
    case KeyKind::x25519:
      return may(KeyUsage::keyAgreement);
    default:
      return false;
  }
}

bool is_valid(Context& context, const X509Certificate& certificate) {
  if (certificate.not_before() > context.now || certificate.not_after() < context.now) return false;
  const auto stored = context.store.find_certificate(certificate.tbs().serial_number.content);
  if (!stored) context.failed(stored.error());
  return stored && *stored && Octets((*stored)->der) == certificate.der() && !(*stored)->revocation;
}

template <class T>
Result<OpenedContent> open_as(Context& context, Decoder& decoder, const T& data) {
  CaKey& exchange = context.issuer.exchange();
  const RecipientKeys::Pair pair{exchange.key.get(), exchange.certificate.der()};
  RecipientKeys keys;
  keys.pairs = {&pair, 1};
  return open_enveloped(decoder, data, keys, context.options.limits);
}

Result<OpenedContent> open_layer(Context& context, Decoder& decoder, const Layer& layer) {
  if (const auto* data = std::get_if<EnvelopedData>(&layer.cms)) return open_as(context, decoder, *data);
  return open_as(context, decoder, std::get<AuthEnvelopedData>(layer.cms));
}

}  // namespace

std::optional<Bytes> recipient_for(Context& context, const Requester& who, const Layer& layer) {
  if (!who.certificate) return std::nullopt;
  if (can_decrypt(*who.certificate)) return bytes_of(who.certificate->der());
  const auto* const data = std::get_if<SignedData>(&layer.cms);
  if (data == nullptr || !data->certificates) return std::nullopt;
  for (const Any& element : *data->certificates) {
    if (element.der[0] != tlv::sequence) continue;
    const auto certificate = X509Certificate::from_der(element.der);
    if (!certificate || certificate->subject() != who.certificate->subject()) continue;
    if (can_decrypt(*certificate) && is_valid(context, *certificate)) return bytes_of(certificate->der());
  }
  return std::nullopt;
}

std::optional<SecretOctets> opened(Context& context, Decoder& decoder, const Layer& layer) {
  auto content = open_layer(context, decoder, layer);
  if (!content || worst(content->checks) == Verdict::fail || content->content.empty()) return std::nullopt;
  if (to_string(content->content_type) == oids::data) return std::move(content->content);
  ContentInfo info;
  info.content_type = content->content_type;
  info.content = Any{content->content};
  auto der = encode(info);
  if (!der) return std::nullopt;
  return secret_taken(*std::move(der));
}

}  // namespace cmcctl::authority
