#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <cmcctl/codec/cms.hpp>
#include <cmcctl/codec/hexadecimal.hpp>
#include <cmcctl/crypto/authenticated.hpp>
#include <cmcctl/crypto/envelope.hpp>

#include "recipient_keys.hpp"

/// One recipient of each kind, and what opens their messages.
namespace cmcctl::test {

struct Person {
  Person(std::string_view pkcs8, std::string_view certificate_hex)
      : key(*private_key_from_pkcs8(*octets_of_hex(pkcs8))), certificate(*octets_of_hex(certificate_hex)) {}

  std::unique_ptr<PrivateKey> key;
  std::vector<std::uint8_t> certificate;
};

class People {
 public:
  Person rsa{rsa_key, rsa_certificate};
  Person ec{ec_key, ec_certificate};
  Person x25519{x25519_key, x25519_certificate};

  RecipientKeys keys() const { return {pairs_, passwords_, keks_}; }
  RecipientKeys::Kek kek() const { return keks_[0]; }
  Octets password() const { return passwords_[0]; }

 private:
  const std::vector<std::uint8_t> kek_octets_ = std::vector<std::uint8_t>(32, 0x4B);
  const RecipientKeys::Pair pairs_[3] = {
      {rsa.key.get(), rsa.certificate}, {ec.key.get(), ec.certificate}, {x25519.key.get(), x25519.certificate}};
  const Octets passwords_[1] = {Octets(std::string_view("correct horse"))};
  const RecipientKeys::Kek keks_[1] = {{Octets(std::string_view("kek-1")), kek_octets_}};
};

/// Opens a ContentInfo with any of the three; `no_alternative` for another content.
inline Result<OpenedContent> open_any(Decoder& decoder, Octets message, const RecipientKeys& keys,
                                      const Limits& limits = {}) {
  CMC_TRY(const auto info, decoder.decode<ContentInfo>(message));
  const std::string type = to_string(info.content_type);
  const Error other{Errc::no_alternative, 0, "ContentInfo.contentType", {}, type};
  if (!info.content) return other;
  if (type == "1.2.840.113549.1.7.3") {
    CMC_TRY(const auto value, decoder.decode<EnvelopedData>(*info.content));
    return open_enveloped(decoder, value, keys, limits);
  }
  if (type == "1.2.840.113549.1.9.16.1.23") {
    CMC_TRY(const auto value, decoder.decode<AuthEnvelopedData>(*info.content));
    return open_enveloped(decoder, value, keys, limits);
  }
  if (type != "1.2.840.113549.1.9.16.1.2") return other;
  CMC_TRY(const auto value, decoder.decode<AuthenticatedData>(*info.content));
  return open_authenticated(decoder, value, keys, limits);
}

}  // namespace cmcctl::test
