#include <cmcctl/cmc/encrypted_pop.hpp>

#include <algorithm>
#include <array>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/content_cipher.hpp>
#include <cmcctl/crypto/envelope.hpp>
#include <cmcctl/crypto/mac.hpp>
#include <cmcctl/crypto/random.hpp>

#include "part_index.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t proof_value_octets = 64;
constexpr std::size_t block_octets = 16;
constexpr std::string_view id_data = "1.2.840.113549.1.7.1";
constexpr std::string_view id_enveloped_data = "1.2.840.113549.1.7.3";
constexpr std::string_view id_auth_enveloped_data = "1.2.840.113549.1.9.16.1.23";
constexpr std::string_view rsa_encryption = "1.2.840.113549.1.1.1";
constexpr ContentCipher dogtag_cipher = ContentCipher::aes_128_cbc;

// The IV that Dogtag writes into the EnvelopedData and does not use.
constexpr std::array<std::uint8_t, block_octets> idle_iv = [] {
  std::array<std::uint8_t, block_octets> iv{};
  iv.fill(0x01);
  return iv;
}();

// Name of Dogtag's recipient, whoever it is: CN=unUsedIssuerName.
constexpr std::string_view dummy_issuer = "unUsedIssuerName";

Error failed() { return {Errc::decryption_failed, 0, "EncryptedPOP", "CMC-5272-6.7-11", {}}; }

Octets key_of(Octets proof_value) {
  return proof_value.sub(0, std::min<std::size_t>(proof_value.size(), proof_value_octets));
}

Bytes joined(std::initializer_list<Octets> parts) {
  Bytes all;
  for (const Octets part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Bytes sequence(std::initializer_list<Octets> parts) { return der_element(tlv::sequence, joined(parts)); }

Bytes encoded(const OwnedAlgorithm& algorithm) { return *encode(algorithm.view()); }

// The request stays octet for octet as it came: thePOP is computed over it.
Bytes control_value(Octets request, Octets cms, const OwnedAlgorithm& mac, Hash witness, Octets proof_value) {
  const OwnedAlgorithm hash(oid_of(witness), OwnedAlgorithm::Parameters::absent);
  return sequence({request, cms, encoded(mac), encoded(hash), der_octet_string(digest(witness, proof_value))});
}

Result<Bytes> enveloped(const RequestPart& part, Octets proof_value, const PopChallengeOptions& options) {
  KeyRecipient recipient;
  recipient.public_key = part.public_key;
  recipient.key_identifier = part.key_identifier;
  if (part.id) recipient.serial_number = part.id->value();
  recipient.oaep = options.oaep;
  const Recipient recipients[] = {recipient};
  return make_enveloped(id_data, proof_value, recipients);
}

Bytes dummy_rid() {
  const Bytes type = der_oid("2.5.4.3");
  const Bytes value = der_element(tlv::printable_string, Octets(dummy_issuer));
  const Bytes rdn = der_element(tlv::set, sequence({type, value}));
  const Bytes serial = der_element(tlv::integer, integer_content(0));
  return sequence({sequence({rdn}), serial});
}

Result<Bytes> enveloped_as_dogtag(const RequestPart& part, Octets proof_value, const CipherSpec& spec,
                                  const PopChallengeOptions& options) {
  CMC_TRY(const PublicKey key, PublicKey::from_spki(part.public_key));
  const SecretOctets session = random_octets(key_octets(dogtag_cipher));
  CMC_TRY(const Bytes encrypted_key, key.encrypt(session, options.oaep));
  CMC_TRY(const Bytes ciphertext, encrypt_blocks(spec, session, proof_value));
  constexpr std::uint8_t implicit_0 = 0x80;
  constexpr std::uint8_t explicit_0 = 0xA0;
  const Bytes version = der_element(tlv::integer, integer_content(0));
  const Bytes recipient = sequence({version, dummy_rid(), encoded({rsa_encryption, OwnedAlgorithm::Parameters::null}),
                                    der_octet_string(encrypted_key)});
  const Bytes content = sequence({der_oid(id_data), encoded(algorithm_of(CipherSpec{dogtag_cipher, idle_iv, 0})),
                                  der_element(implicit_0, ciphertext)});
  const Bytes data = sequence({version, der_element(tlv::set, recipient), content});
  return sequence({der_oid(id_enveloped_data), der_element(explicit_0, data)});
}

// --- answering ---------------------------------------------------------------------------------------------------

bool is_proof_value(Hash witness, Octets expected, const SecretOctets& value) {
  return !value.empty() && equal_in_constant_time(digest(witness, value), expected);
}

class Answering {
 public:
  Answering(Decoder& decoder, const EncryptedPOP& challenge, PrivateKey& key, const Limits& limits)
      : decoder_(decoder), challenge_(challenge), key_(key), limits_(limits) {}

  Result<PopAnswer> run(BodyPartID body_part_id) {
    CMC_TRY(const Hash witness, hash_of(challenge_.witness_alg_id));
    const auto dogtag = cipher_of(decoder_, challenge_.the_pop_alg_id);
    Hash mac = Hash::sha256;
    if (!dogtag) {
      CMC_TRY(mac, hmac_hash_of(challenge_.the_pop_alg_id));
    }
    CMC_TRY(const SecretOctets value, dogtag ? opened_as_dogtag(*dogtag, witness) : opened(witness));
    const Octets request = decoder_.original(challenge_.request.source.bytes);
    const SecretOctets proof = hmac(mac, key_of(value), request);
    DecryptedPOP pop{body_part_id, challenge_.the_pop_alg_id, proof};
    CMC_TRY(Bytes der, encode(pop));
    return PopAnswer{std::move(der), dogtag ? PopForm::dogtag : PopForm::rfc10002};
  }

 private:
  template <class T>
  Result<T> cms_value() {
    if (!challenge_.cms.content) return Error{Errc::missing_member, 0, "EncryptedPOP.cms.content", "CMC-5272-6.7-07", {}};
    return decoder_.decode<T>(*challenge_.cms.content);
  }

  Result<SecretOctets> opened(Hash witness) {
    const RecipientKeys::Pair pairs[] = {{&key_, {}}};
    RecipientKeys keys;
    keys.pairs = pairs;
    const std::string type = to_string(challenge_.cms.content_type);
    if (type != id_enveloped_data && type != id_auth_enveloped_data) {
      return Error{Errc::bad_algorithm, 0, "EncryptedPOP.cms", "CMC-5272-6.7-07", "neither EnvelopedData nor AuthEnvelopedData"};
    }
    OpenedContent content;
    if (type == id_enveloped_data) {
      CMC_TRY(const EnvelopedData data, cms_value<EnvelopedData>());
      CMC_TRY(content, open_enveloped(decoder_, data, keys, limits_));
    } else {
      CMC_TRY(const AuthEnvelopedData data, cms_value<AuthEnvelopedData>());
      CMC_TRY(content, open_enveloped(decoder_, data, keys, limits_));
    }
    if (to_string(content.content_type) != id_data) {
      return Error{Errc::bad_algorithm, 0, "EncryptedPOP.cms", "CMC-5272-6.7-07", "the content is not id-data"};
    }
    if (!is_proof_value(witness, challenge_.witness, content.content)) return failed();
    return std::move(content.content);
  }

  // PKCS #1 v1.5 that does not fit yields a random key, and only the witness tells: then it may be OAEP.
  Result<SecretOctets> opened_as_dogtag(const CipherSpec& spec, Hash witness) {
    CMC_TRY(const EnvelopedData data, cms_value<EnvelopedData>());
    const auto* recipient = data.recipient_infos.size() == 1
                                ? std::get_if<KeyTransRecipientInfo>(&data.recipient_infos[0].choice)
                                : nullptr;
    const auto& ciphertext = data.encrypted_content_info.encrypted_content;
    if (recipient == nullptr || !ciphertext) {
      return Error{Errc::bad_algorithm, 0, "EncryptedPOP.cms", {}, "not one KeyTransRecipientInfo and a content, as Dogtag has it"};
    }
    const auto value = [&](const Result<SecretOctets>& session) -> SecretOctets {
      const auto blocks = session ? decrypt_blocks(spec, *session, *ciphertext) : Result<SecretOctets>(session.error());
      return blocks ? *blocks : SecretOctets();
    };
    const auto pkcs1 = key_.decrypt_pkcs1(recipient->encrypted_key, key_octets(spec.cipher));
    if (!pkcs1 && pkcs1.error().code != Errc::decryption_failed) return pkcs1.error();
    SecretOctets found = value(pkcs1);
    if (!is_proof_value(witness, challenge_.witness, found)) {
      found = value(key_.decrypt_oaep(PublicKey::Oaep{}, recipient->encrypted_key));
    }
    if (!is_proof_value(witness, challenge_.witness, found)) return failed();
    return found;
  }

  Decoder& decoder_;
  const EncryptedPOP& challenge_;
  PrivateKey& key_;
  const Limits& limits_;
};

}  // namespace

Result<PopChallenge> make_pop_challenge(Decoder& decoder, const TaggedRequest& request,
                                        const PopChallengeOptions& options) {
  const RequestPart part = request_part(decoder, request);
  if (part.public_key.empty()) {
    return Error{Errc::missing_member, 0, "TaggedRequest", "CMC-5272-6.7-03", "the request has no public key to encrypt for"};
  }
  const Octets octets = decoder.original(request.source.bytes);
  SecretOctets value = random_octets(proof_value_octets);
  if (options.form == PopForm::rfc10002) {
    CMC_TRY(const Bytes cms, enveloped(part, value, options));
    return PopChallenge{control_value(octets, cms, hmac_algorithm(options.mac), options.witness, value), std::move(value)};
  }
  const SecretOctets iv = random_octets(block_octets);
  const CipherSpec spec{dogtag_cipher, iv, 0};
  CMC_TRY(const Bytes cms, enveloped_as_dogtag(part, value, spec, options));
  return PopChallenge{control_value(octets, cms, algorithm_of(spec), Hash::sha256, value), std::move(value)};
}

Result<PopAnswer> answer_pop_challenge(Decoder& decoder, const EncryptedPOP& challenge, PrivateKey& key,
                                       BodyPartID body_part_id, const Limits& limits) {
  return Answering(decoder, challenge, key, limits).run(body_part_id);
}

Result<bool> check_decrypted_pop(const DecryptedPOP& answer, Octets tagged_request, Octets proof_value) {
  Decoder decoder;
  Hash mac = Hash::sha256;
  if (!cipher_of(decoder, answer.the_pop_alg_id)) {
    CMC_TRY(mac, hmac_hash_of(answer.the_pop_alg_id));
  }
  return equal_in_constant_time(hmac(mac, key_of(proof_value), tagged_request), answer.the_pop);
}

}  // namespace cmcctl
