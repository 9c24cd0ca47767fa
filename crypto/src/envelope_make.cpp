#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/crypto/envelope.hpp>
#include <cmcctl/crypto/oids.hpp>
#include <cmcctl/crypto/random.hpp>

#include "auth_attributes.hpp"
#include "cipher_rows.hpp"
#include "recipient_maker.hpp"

namespace cmcctl {
namespace {

Error wrong_cipher(ContentCipher cipher, std::string_view where) {
  return {Errc::bad_algorithm, 0, {}, {}, std::string(to_string(cipher)) + " in " + std::string(where)};
}

}  // namespace

Result<std::vector<std::uint8_t>> make_enveloped(std::string_view content_type, Octets content,
                                                 std::span<const Recipient> recipients, ContentCipher cipher) {
  CMC_CHECK(check_envelope(content_type, recipients));
  if (is_aead(cipher)) return wrong_cipher(cipher, "EnvelopedData");
  const SecretOctets key = random_octets(key_octets(cipher));
  const SecretOctets iv = random_octets(cipher_row(cipher).iv_octets);
  const CipherSpec spec{cipher, iv, 0};
  CMC_TRY(const Encrypted encrypted, encrypt(spec, key, content));
  RecipientMaker maker(key);
  for (const Recipient& recipient : recipients) CMC_CHECK(maker.add(recipient));

  Kept kept;
  EnvelopedData value;
  value.version = kept.integer(maker.enveloped_version());
  value.recipient_infos = maker.infos();
  value.encrypted_content_info.content_type = kept.oid(content_type);
  value.encrypted_content_info.content_encryption_algorithm = kept.algorithm(algorithm_of(spec));
  value.encrypted_content_info.encrypted_content = Octets(encrypted.ciphertext);
  CMC_TRY(const auto der, encode(value));
  return content_info(oids::enveloped_data, der);
}

Result<std::vector<std::uint8_t>> make_auth_enveloped(std::string_view content_type, Octets content,
                                                      std::span<const Recipient> recipients, ContentCipher cipher,
                                                      std::size_t tag_octets) {
  CMC_CHECK(check_envelope(content_type, recipients));
  if (!is_aead(cipher) || tag_octets < 12 || tag_octets > 16) return wrong_cipher(cipher, "AuthEnvelopedData");
  const SecretOctets key = random_octets(key_octets(cipher));
  const SecretOctets nonce = random_octets(cipher_row(cipher).iv_octets);
  const CipherSpec spec{cipher, nonce, tag_octets};
  std::vector<std::uint8_t> attributes;
  if (content_type != oids::data) attributes = auth_attributes(content_type, std::nullopt);
  CMC_TRY(const Encrypted encrypted, encrypt(spec, key, content, attributes));
  RecipientMaker maker(key);
  for (const Recipient& recipient : recipients) CMC_CHECK(maker.add(recipient));

  constexpr std::uint8_t implicit_1 = 0xA1;
  Kept kept;
  AuthEnvelopedData value;
  value.version = kept.integer(0);
  value.recipient_infos = maker.infos();
  value.auth_encrypted_content_info.content_type = kept.oid(content_type);
  value.auth_encrypted_content_info.content_encryption_algorithm = kept.algorithm(algorithm_of(spec));
  value.auth_encrypted_content_info.encrypted_content = Octets(encrypted.ciphertext);
  if (!attributes.empty()) {
    attributes[0] = implicit_1;
    value.auth_attrs = Raw<AuthAttributes>{attributes};
  }
  value.mac = encrypted.tag;
  CMC_TRY(const auto der, encode(value));
  return content_info(oids::auth_enveloped_data, der);
}

}  // namespace cmcctl
