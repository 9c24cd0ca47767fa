#include <cmcctl/cmc/archive.hpp>

#include <string>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/encapsulate.hpp>
#include <cmcctl/crypto/envelope.hpp>
#include <cmcctl/crypto/kept.hpp>
#include <cmcctl/crypto/key_wrap.hpp>
#include <cmcctl/crypto/random.hpp>

#include "archive_rows.hpp"
#include "from_text.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view enc_key_with_id = "1.2.840.113549.1.9.16.1.21";
constexpr std::uint8_t context_0 = 0xA0;

SecretOctets padded(Octets pkcs8, std::size_t block) {
  SecretOctets text = secret_copy(pkcs8);
  const std::size_t count = block - text.size() % block;
  text.insert(text.end(), count, static_cast<std::uint8_t>(count));
  return text;
}

Result<Bytes> wrapped(const ArchiveRow& row, Octets pkcs8, Octets session_key, Octets iv) {
  const KeyWrap plain{session_key.size(), false};
  switch (row.transformation) {
    case Transformation::nss_key_wrap_pad:
      return wrap_key(plain, session_key, padded(pkcs8, 8));
    case Transformation::key_wrap_pad:
      return wrap_key({session_key.size(), true}, session_key, pkcs8);
    case Transformation::key_wrap:
      if (pkcs8.size() % 8 != 0) {
        return Error{Errc::bad_algorithm,
                     0,
                     {},
                     {},
                     "AES KeyWrap/NoPadding wants a multiple of 8 octets, and this key has " +
                         std::to_string(pkcs8.size()) + "; take another wrap"};
      }
      return wrap_key(plain, session_key, pkcs8);
    case Transformation::des_ede3_cbc:
      return encrypt_blocks({ContentCipher::des_ede3_cbc, iv, 0}, session_key, padded(pkcs8, 8));
    case Transformation::aes_cbc:
      break;
  }
  CMC_TRY(Encrypted encrypted, encrypt({ContentCipher::aes_128_cbc, iv, 0}, session_key, pkcs8));
  return std::move(encrypted.ciphertext);
}

Result<PublicKey> transport_key(Octets der) {
  CMC_TRY(const X509Certificate certificate, X509Certificate::from_der(der));
  CMC_TRY(PublicKey key, certificate.public_key());
  if (key.kind() == KeyKind::rsa || encapsulates(key.kind())) return key;
  return Error{Errc::bad_algorithm,
               0,
               {},
               {},
               "EncryptedValue goes to RSA and ML-KEM keys, and the archive's is " + key.text() +
                   "; EnvelopedData takes it (RFC 4211 section 6.4)"};
}

// EncryptedValue.encSymmKey and encValue.
struct Wrapped {
  Bytes session_key;
  Bytes private_key;
};

Result<Wrapped> wrapped_for(const PublicKey& transport, const ArchiveRow& row, Octets iv, Octets pkcs8,
                            const ArchiveRecipient& recipient) {
  Wrapped both;
  if (encapsulates(transport.kind())) {
    CMC_TRY(Encapsulated shared, encapsulate(transport));
    both.session_key = std::move(shared.ciphertext);
    CMC_TRY(both.private_key, wrap_key({shared.secret.size(), true}, shared.secret, pkcs8));
    return both;
  }
  const SecretOctets session_key = random_octets(row.key_octets);
  CMC_TRY(both.private_key, wrapped(row, pkcs8, session_key, iv));
  CMC_TRY(both.session_key, transport.encrypt(session_key, recipient.oaep));
  return both;
}

Error without_key() { return {Errc::no_key, 0, {}, {}, "pkiArchiveOptions holds no key"}; }

}  // namespace

Result<Bytes> make_encrypted_value(Octets pkcs8, const ArchiveRecipient& recipient) {
  const ArchiveRow* const row = row_of(recipient.wrap);
  if (row == nullptr) return Error{Errc::bad_algorithm, 0, {}, {}, "EnvelopedData is no wrap of EncryptedValue"};
  CMC_TRY(const PublicKey transport, transport_key(recipient.certificate));
  const SecretOctets iv = random_octets(row->iv_octets);
  CMC_TRY(const Wrapped both, wrapped_for(transport, *row, iv, pkcs8, recipient));
  Kept kept;
  EncryptedValue value;
  value.symm_alg = kept.algorithm(OwnedAlgorithm(row->oid, der_octet_string(iv)));
  value.enc_symm_key = BitString{both.session_key, 0};
  value.enc_value = BitString{both.private_key, 0};
  return encode(value);
}

Result<Bytes> make_enveloped_key(Octets pkcs8, const ArchiveRecipient& recipient) {
  SecretOctets content = secret_copy(pkcs8);
  content.insert(content.end(), recipient.identifier.begin(), recipient.identifier.end());
  const SecretOctets with_id = secret_taken(der_element(tlv::sequence, content));
  const Recipient to = CertificateRecipient{recipient.certificate, recipient.oaep};
  CMC_TRY(const Bytes message, make_enveloped(enc_key_with_id, with_id, std::span(&to, 1), recipient.cipher));
  Decoder decoder;
  CMC_TRY(const auto info, decoder.decode<ContentInfo>(Octets(message)));
  return Bytes(info.content->der.begin(), info.content->der.end());
}

Result<Bytes> make_archive_options(Octets pkcs8, const ArchiveRecipient& recipient) {
  const bool enveloped = recipient.wrap == ArchiveWrap::enveloped;
  CMC_TRY(Bytes key, enveloped ? make_enveloped_key(pkcs8, recipient) : make_encrypted_value(pkcs8, recipient));
  if (enveloped) key[0] = context_0;  // IMPLICIT
  return der_element(context_0, key);
}

Result<ArchivedKey> open_archive_options(Decoder& decoder, const PKIArchiveOptions& options, PrivateKey& key,
                                         Octets certificate, const Limits& limits) {
  const auto* const encrypted = std::get_if<EncryptedKey>(&options.choice);
  if (encrypted == nullptr) return without_key();
  if (const auto* value = std::get_if<EncryptedValue>(&encrypted->choice)) {
    return open_encrypted_value(decoder, *value, key, limits);
  }
  const RecipientKeys::Pair pair{&key, certificate};
  RecipientKeys keys;
  keys.pairs = std::span(&pair, 1);
  CMC_TRY(const OpenedContent opened,
          open_enveloped(decoder, std::get<EnvelopedData>(encrypted->choice), keys, limits));
  if (to_string(opened.content_type) != enc_key_with_id) return without_key();
  Decoder inner(limits);
  CMC_TRY(const Any with_id, inner.scan(opened.content));
  if (with_id.der[0] != tlv::sequence || tlv::first(with_id.der).content.empty()) return without_key();
  const tlv::Element private_key = tlv::first(tlv::first(with_id.der).content);
  if (!is_private_key_info(private_key.whole, limits)) return without_key();
  return ArchivedKey{secret_copy(private_key.whole), "EnvelopedData"};
}

}  // namespace cmcctl
