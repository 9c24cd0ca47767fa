#include "recipient_maker.hpp"

#include <algorithm>

#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/encapsulate.hpp>
#include <cmcctl/crypto/kdf.hpp>
#include <cmcctl/crypto/key_wrap.hpp>
#include <cmcctl/crypto/oids.hpp>
#include <cmcctl/crypto/random.hpp>

#include "key_agreement.hpp"
#include "key_rows.hpp"
#include "oaep.hpp"

namespace cmcctl {
namespace {

constexpr std::size_t salt_octets = 16;

// As strong as the recipient's key and the key that is wrapped.
KeyWrap wrap_for(std::size_t key_octets) {
  return {key_octets <= 16   ? std::size_t{16}
          : key_octets <= 24 ? std::size_t{24}
                             : std::size_t{32},
          key_octets % 8 != 0};
}

Integer version_of(Kept& kept, const RecipientIdentifier& rid) {
  return kept.integer(std::holds_alternative<SubjectKeyIdentifier>(rid.choice) ? 2 : 0);
}

RecipientInfo info_of(auto choice) {
  RecipientInfo info;
  info.choice = std::move(choice);
  return info;
}

std::vector<std::uint8_t> plain(const SecretOctets& octets) { return {octets.begin(), octets.end()}; }

}  // namespace

Result<void> RecipientMaker::add(const Recipient& recipient) {
  CMC_TRY(RecipientInfo info, std::visit([&](const auto& choice) { return make(choice); }, recipient));
  infos_.push_back(std::move(info));
  return {};
}

int RecipientMaker::enveloped_version() const {
  const auto any = [&](auto holds) { return std::ranges::any_of(infos_, holds); };
  if (any([](const RecipientInfo& info) {
        return std::holds_alternative<PasswordRecipientInfo>(info.choice) ||
               std::holds_alternative<OtherRecipientInfo>(info.choice);
      })) {
    return 3;
  }
  return any([](const RecipientInfo& info) {
    const auto* transport = std::get_if<KeyTransRecipientInfo>(&info.choice);
    return transport == nullptr || transport->version.to_int64() != 0;
  })
             ? 2
             : 0;
}

Result<RecipientIdentifier> RecipientMaker::identifier(const CertificateRecipient& recipient) {
  CMC_TRY(const X509Certificate certificate, X509Certificate::from_der(recipient.certificate));
  const auto keep = [&](Octets octets) { return kept_.octets({octets.begin(), octets.end()}); };
  RecipientIdentifier rid;
  if (recipient.by_key_identifier) {
    const Octets identifier = certificate.subject_key_identifier();
    if (identifier.empty()) {
      return Error{Errc::not_encodable, 0, "RecipientInfo.rid", {}, "the certificate has no subjectKeyIdentifier"};
    }
    rid.choice = SubjectKeyIdentifier{keep(identifier), {}};
  } else {
    rid.choice = IssuerAndSerialNumber{
        Raw<Name>{keep(certificate.issuer())}, Integer{keep(certificate.tbs().serial_number.content)}, {}};
  }
  return rid;
}

Result<RecipientInfo> RecipientMaker::make(const CertificateRecipient& recipient) {
  CMC_TRY(RecipientIdentifier rid, identifier(recipient));
  CMC_TRY(const X509Certificate certificate, X509Certificate::from_der(recipient.certificate));
  CMC_TRY(const PublicKey key, certificate.public_key());
  return make(key, std::move(rid), {recipient.oaep, recipient.kdf});
}

Result<RecipientInfo> RecipientMaker::make(const KeyRecipient& recipient) {
  CMC_TRY(const PublicKey key, PublicKey::from_spki(recipient.public_key));
  const Octets name = recipient.key_identifier;
  RecipientIdentifier rid;
  if (name.empty()) {
    const std::vector<std::uint8_t> empty_name{0x30, 0x00};
    rid.choice = IssuerAndSerialNumber{Raw<Name>{kept_.octets(empty_name)}, kept_.integer(recipient.serial_number), {}};
  } else {
    rid.choice = SubjectKeyIdentifier{kept_.octets({name.begin(), name.end()}), {}};
  }
  return make(key, std::move(rid), {recipient.oaep, recipient.kdf});
}

Result<RecipientInfo> RecipientMaker::make(const PublicKey& key, RecipientIdentifier rid, const Manner& manner) {
  if (key.kind() == KeyKind::rsa) return key_transport(key, std::move(rid), manner);
  if (is_ec(key.kind()) || key.kind() == KeyKind::x25519) return key_agreement(key, std::move(rid), manner);
  if (encapsulates(key.kind())) return encapsulation(key, std::move(rid));
  return Error{Errc::unsupported_algorithm, 0, {}, {}, "nothing can be encrypted for a key of the kind " + key.text()};
}

Result<RecipientInfo> RecipientMaker::key_transport(const PublicKey& key, RecipientIdentifier rid,
                                                    const Manner& manner) {
  CMC_TRY(auto encrypted, key.encrypt(key_, manner.oaep));
  KeyTransRecipientInfo info;
  info.version = version_of(kept_, rid);
  info.rid = std::move(rid);
  info.key_encryption_algorithm =
      kept_.algorithm(manner.oaep ? oaep_algorithm(*manner.oaep)
                                  : OwnedAlgorithm(oids::rsa_encryption, OwnedAlgorithm::Parameters::null));
  info.encrypted_key = kept_.octets(std::move(encrypted));
  return info_of(std::move(info));
}

Result<RecipientInfo> RecipientMaker::key_agreement(const PublicKey& key, RecipientIdentifier rid,
                                                    const Manner& manner) {
  const KeyWrap wrap = wrap_for(key_.size());
  CMC_TRY(const auto ephemeral, generate_private_key(row_of(key.kind()).spec));
  CMC_TRY(const SecretOctets secret, ephemeral->agree(key.subject_public_key()));
  const AgreementScheme scheme{manner.kdf, false, kept_.algorithm(algorithm_of(wrap))};
  CMC_TRY(auto encrypted, wrap_key(wrap, agreed_key(scheme, secret, {}, wrap.kek_octets), key_));

  const Octets point = ephemeral->public_key().subject_public_key();
  OriginatorPublicKey originator;
  originator.algorithm = kept_.algorithm(OwnedAlgorithm(row_of(key.kind()).oid, OwnedAlgorithm::Parameters::absent));
  originator.public_key.bytes = kept_.octets({point.begin(), point.end()});

  RecipientEncryptedKey& encrypted_key = encrypted_keys_.emplace_back();
  if (const auto* name = std::get_if<IssuerAndSerialNumber>(&rid.choice)) {
    encrypted_key.rid.choice = *name;
  } else {
    encrypted_key.rid.choice = RecipientKeyIdentifier{std::get<SubjectKeyIdentifier>(rid.choice), {}, {}};
  }
  encrypted_key.encrypted_key = kept_.octets(std::move(encrypted));

  KeyAgreeRecipientInfo info;
  info.version = kept_.integer(3);
  info.originator.choice = originator;
  info.key_encryption_algorithm = kept_.algorithm(x963_agreement(manner.kdf, scheme.wrap));
  info.recipient_encrypted_keys =
      List<RecipientEncryptedKey>(std::span<const RecipientEncryptedKey>(&encrypted_key, 1));
  return info_of(std::move(info));
}

Result<RecipientInfo> RecipientMaker::encapsulation(const PublicKey& key, RecipientIdentifier rid) {
  const KeyWrap wrap{32, key_.size() % 8 != 0};
  CMC_TRY(Encapsulated encapsulated, encapsulate(key));
  KEMRecipientInfo kem;
  kem.version = kept_.integer(0);
  kem.rid = std::move(rid);
  kem.kem = kept_.algorithm(OwnedAlgorithm(row_of(key.kind()).oid, OwnedAlgorithm::Parameters::absent));
  kem.kemct = kept_.octets(std::move(encapsulated.ciphertext));
  kem.kdf = kept_.algorithm(hkdf_algorithm(Hash::sha256));
  kem.kek_length = kept_.integer(static_cast<std::int64_t>(wrap.kek_octets));
  kem.wrap = kept_.algorithm(algorithm_of(wrap));
  CMC_TRY(auto encrypted,
          wrap_key(wrap, kem_key(Hash::sha256, encapsulated.secret, kem.wrap, {}, wrap.kek_octets), key_));
  kem.encrypted_key = kept_.octets(std::move(encrypted));
  CMC_TRY(auto der, encode(kem));
  return info_of(OtherRecipientInfo{kept_.oid(oids::ori_kem), Any{kept_.octets(std::move(der))}});
}

Result<RecipientInfo> RecipientMaker::make(const KekRecipient& recipient) {
  const std::size_t size = recipient.key.size();
  if (size != 16 && size != 24 && size != 32) {
    return Error{Errc::bad_key,
                 0,
                 "KEKRecipientInfo",
                 {},
                 "a key-encryption key of " + std::to_string(size) + " octets; AES key wrap wants 16, 24 or 32"};
  }
  const KeyWrap wrap{size, key_.size() % 8 != 0};
  CMC_TRY(auto encrypted, wrap_key(wrap, recipient.key, key_));
  KEKRecipientInfo info;
  info.version = kept_.integer(4);
  info.kekid.key_identifier = kept_.octets({recipient.identifier.begin(), recipient.identifier.end()});
  info.key_encryption_algorithm = kept_.algorithm(algorithm_of(wrap));
  info.encrypted_key = kept_.octets(std::move(encrypted));
  return info_of(std::move(info));
}

Result<RecipientInfo> RecipientMaker::make(const PasswordRecipient& recipient) {
  constexpr std::size_t kek_octets = 32;
  if (recipient.iterations == 0) return Error{Errc::not_encodable, 0, "PBKDF2-params.iterationCount", {}, "0"};
  const Octets salt = kept_.octets(plain(random_octets(salt_octets)));
  const Octets iv = kept_.octets(plain(random_octets(16)));
  CMC_TRY(const SecretOctets kek, pbkdf2(recipient.prf, recipient.password, salt, recipient.iterations, kek_octets));
  PasswordRecipientInfo info;
  info.version = kept_.integer(0);
  info.key_derivation_algorithm =
      kept_.algorithm(algorithm_of(Pbkdf2{recipient.prf, salt, recipient.iterations, std::nullopt}));
  std::vector<std::uint8_t> encrypted;
  if (recipient.aes_wrap) {
    const KeyWrap wrap{kek_octets, key_.size() % 8 != 0};
    info.key_encryption_algorithm = kept_.algorithm(algorithm_of(wrap));
    CMC_TRY(encrypted, wrap_key(wrap, kek, key_));
  } else {
    const CipherSpec cbc{ContentCipher::aes_256_cbc, iv, 0};
    const OwnedAlgorithm inner = algorithm_of(cbc);
    info.key_encryption_algorithm = kept_.algorithm(OwnedAlgorithm(oids::pwri_kek, *encode(inner.view())));
    CMC_TRY(encrypted, wrap_password_key(cbc, kek, key_));
  }
  info.encrypted_key = kept_.octets(std::move(encrypted));
  return info_of(std::move(info));
}

Result<void> check_envelope(std::string_view content_type, std::span<const Recipient> recipients) {
  if (!oid_content(content_type)) {
    return Error{Errc::not_encodable, 0, "contentType", {}, std::string(content_type) + " is no OBJECT IDENTIFIER"};
  }
  if (recipients.empty()) return Error{Errc::not_encodable, 0, "recipientInfos", {}, "there are no recipients"};
  return {};
}

Result<std::vector<std::uint8_t>> content_info(std::string_view type, Octets content) {
  const auto oid = *oid_content(type);
  ContentInfo info;
  info.content_type.content = oid;
  info.content = Any{content};
  return encode(info);
}

}  // namespace cmcctl
