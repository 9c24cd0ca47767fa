#include "key_recovery.hpp"

#include <algorithm>

#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/encapsulate.hpp>
#include <cmcctl/crypto/kdf.hpp>
#include <cmcctl/crypto/key_wrap.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "algorithm_rows.hpp"
#include "key_agreement.hpp"
#include "key_rows.hpp"
#include "oaep.hpp"

namespace cmcctl {
namespace {

Error failed() { return {Errc::decryption_failed, 0, {}, {}, {}}; }

bool agrees(KeyKind kind) { return is_ec(kind) || kind == KeyKind::x25519; }

const IssuerAndSerialNumber* name_in(const RecipientIdentifier& rid) {
  return std::get_if<IssuerAndSerialNumber>(&rid.choice);
}
Octets identifier_in(const RecipientIdentifier& rid) {
  const auto* identifier = std::get_if<SubjectKeyIdentifier>(&rid.choice);
  return identifier == nullptr ? Octets() : identifier->value;
}

// RFC 5753 section 3.1.1: the algorithm of an originatorKey has no parameters, NULL, or the curve of the recipient.
Result<void> check_originator(const OriginatorPublicKey& originator, const PublicKey& recipient) {
  const KeyRow& row = row_of(recipient.kind());
  if (to_string(originator.algorithm.algorithm) != row.oid) {
    return Error{Errc::bad_algorithm, 0, {}, {}, "the originator's key is not of the kind " + recipient.text()};
  }
  if (originator.public_key.unused_bits != 0) return bad_parameters(originator.algorithm, "of a key of whole octets");
  if (absent_or_null(originator.algorithm)) return {};
  const auto curve = oid_content(row.curve);
  const Octets der = originator.algorithm.parameters->der;
  if (curve && der.size() == curve->size() + 2 && der[0] == tlv::oid && der.from(2) == Octets(*curve)) return {};
  return bad_parameters(originator.algorithm, "absent or the recipient's curve");
}

// RFC 8418 section 2.
bool is_zero(const SecretOctets& secret) {
  std::uint8_t any = 0;
  for (const std::uint8_t octet : secret) any |= octet;
  return any == 0;
}

// One KeyAgreeRecipientInfo may be for many.
std::size_t recipients_in(const List<RecipientInfo>& infos) {
  std::size_t count = 0;
  for (const RecipientInfo& info : infos) {
    const auto* agreement = std::get_if<KeyAgreeRecipientInfo>(&info.choice);
    count += agreement == nullptr ? 1 : std::max<std::size_t>(1, agreement->recipient_encrypted_keys.size());
  }
  return count;
}

}  // namespace

std::string_view to_string(RecipientKind kind) {
  switch (kind) {
    case RecipientKind::key_transport:
      return "key transport";
    case RecipientKind::key_agreement:
      return "key agreement";
    case RecipientKind::kek:
      return "key-encryption key";
    case RecipientKind::password:
      return "password";
    case RecipientKind::kem:
      return "key encapsulation";
  }
  return {};
}

Result<void> KeyRecovery::load_owners() {
  for (const RecipientKeys::Pair& pair : keys_.pairs) {
    Owner& owner = owners_.emplace_back(Owner{pair.key, std::nullopt});
    if (pair.certificate.empty()) continue;
    CMC_TRY(owner.certificate, X509Certificate::from_der(pair.certificate, limits_));
  }
  return {};
}

bool KeyRecovery::may_be_for(const Owner& owner, const IssuerAndSerialNumber* name, Octets key_identifier) const {
  if (!owner.certificate) return true;
  const X509Certificate& certificate = *owner.certificate;
  if (name != nullptr) {
    return certificate.issuer() == name->issuer.der && certificate.tbs().serial_number == name->serial_number;
  }
  return key_identifier == certificate.subject_key_identifier() ||
         key_identifier == Octets(owner.key->public_key().key_identifier());
}

void KeyRecovery::offer(RecipientKind kind, std::string with, const Result<SecretOctets>& key) {
  if (found_) return;
  if (!key) {
    if (key.error().code == Errc::decryption_failed) {
      tried_ = true;
    } else if (!problem_) {
      problem_ = key.error();
    }
    return;
  }
  tried_ = true;
  if ((*attempt_)(*key)) found_ = Found{recipient_, kind, std::move(with)};
}

void KeyRecovery::try_choice(const KeyTransRecipientInfo& recipient) {
  for (const Owner& owner : owners_) {
    if (found_ || owner.key->public_key().kind() != KeyKind::rsa) continue;
    if (!may_be_for(owner, name_in(recipient.rid), identifier_in(recipient.rid))) continue;
    offer(RecipientKind::key_transport, owner.key->public_key().text(), transported(recipient, *owner.key));
  }
}

void KeyRecovery::try_choice(const KeyAgreeRecipientInfo& recipient) {
  for (const RecipientEncryptedKey& encrypted : recipient.recipient_encrypted_keys) {
    const auto* name = std::get_if<IssuerAndSerialNumber>(&encrypted.rid.choice);
    const auto* identifier = std::get_if<RecipientKeyIdentifier>(&encrypted.rid.choice);
    for (const Owner& owner : owners_) {
      if (found_ || !agrees(owner.key->public_key().kind())) continue;
      if (!may_be_for(owner, name, identifier == nullptr ? Octets() : identifier->subject_key_identifier.value))
        continue;
      offer(RecipientKind::key_agreement, owner.key->public_key().text(),
            agreed(recipient, encrypted.encrypted_key, *owner.key));
    }
  }
}

void KeyRecovery::try_choice(const KEKRecipientInfo& recipient) {
  for (const RecipientKeys::Kek& kek : keys_.keks) {
    if (found_ || kek.identifier != recipient.kekid.key_identifier) continue;
    offer(RecipientKind::kek, "key-encryption key", unwrapped(recipient, kek.key));
  }
}

void KeyRecovery::try_choice(const PasswordRecipientInfo& recipient) {
  for (const Octets password : keys_.passwords) {
    if (found_) continue;
    offer(RecipientKind::password, "password", from_password(recipient, password));
  }
}

void KeyRecovery::try_choice(const OtherRecipientInfo& recipient) {
  if (to_string(recipient.ori_type) != oids::ori_kem) return;
  for (const Owner& owner : owners_) {
    if (found_ || !encapsulates(owner.key->public_key().kind())) continue;
    const auto kem = decoder_.decode<KEMRecipientInfo>(recipient.ori_value);
    if (!kem) {
      offer(RecipientKind::kem, {}, kem.error());
      return;
    }
    if (!may_be_for(owner, name_in(kem->rid), identifier_in(kem->rid))) continue;
    offer(RecipientKind::kem, owner.key->public_key().text(), decapsulated(*kem, *owner.key));
  }
}

Result<SecretOctets> KeyRecovery::transported(const KeyTransRecipientInfo& recipient, PrivateKey& key) {
  const AlgorithmIdentifier& algorithm = recipient.key_encryption_algorithm;
  const std::string dotted = to_string(algorithm.algorithm);
  if (dotted == oids::rsaes_oaep) {
    CMC_TRY(const PublicKey::Oaep oaep, oaep_of(decoder_, algorithm));
    return key.decrypt_oaep(oaep, recipient.encrypted_key);
  }
  if (dotted != oids::rsa_encryption) return unsupported(algorithm, "the key transport algorithm");
  if (!absent_or_null(algorithm)) return bad_parameters(algorithm, "NULL");
  return key.decrypt_pkcs1(recipient.encrypted_key, key_octets_);
}

Result<SecretOctets> KeyRecovery::agreed(const KeyAgreeRecipientInfo& recipient, Octets encrypted_key,
                                         PrivateKey& key) {
  CMC_TRY(const AgreementScheme scheme, agreement_scheme_of(decoder_, recipient.key_encryption_algorithm));
  CMC_TRY(const KeyWrap wrap, key_wrap_of(scheme.wrap));
  const auto* originator = std::get_if<OriginatorPublicKey>(&recipient.originator.choice);
  if (originator == nullptr) {
    return Error{Errc::unsupported_algorithm, 0, {}, {}, "key agreement with an originator's certificate"};
  }
  CMC_CHECK(check_originator(*originator, key.public_key()));
  CMC_TRY(const SecretOctets secret, key.agree(originator->public_key.bytes));
  if (is_zero(secret)) return failed();
  return unwrap_key(wrap, agreed_key(scheme, secret, recipient.ukm, wrap.kek_octets), encrypted_key);
}

Result<SecretOctets> KeyRecovery::unwrapped(const KEKRecipientInfo& recipient, Octets kek) {
  CMC_TRY(const KeyWrap wrap, key_wrap_of(recipient.key_encryption_algorithm));
  return unwrap_key(wrap, kek, recipient.encrypted_key);
}

Result<SecretOctets> KeyRecovery::from_password(const PasswordRecipientInfo& recipient, Octets password) {
  if (!recipient.key_derivation_algorithm) {
    return Error{
        Errc::bad_algorithm, 0, {}, "CMC-5652-6.2.4-02", "a PasswordRecipientInfo without keyDerivationAlgorithm"};
  }
  Limits left = limits_;
  left.pbkdf2_iterations = limits_.pbkdf2_iterations - iterations_;
  CMC_TRY(const Pbkdf2 kdf, pbkdf2_of(decoder_, *recipient.key_derivation_algorithm, left));
  const AlgorithmIdentifier& algorithm = recipient.key_encryption_algorithm;
  const auto kek_of = [&](std::size_t octets) -> Result<SecretOctets> {
    if (kdf.key_octets.value_or(octets) != octets) {
      return bad_parameters(*recipient.key_derivation_algorithm, "of a keyLength that fits the cipher");
    }
    iterations_ += kdf.iterations;
    return pbkdf2(kdf.prf, password, kdf.salt, kdf.iterations, octets);
  };
  if (to_string(algorithm.algorithm) != oids::pwri_kek) {
    CMC_TRY(const KeyWrap wrap, key_wrap_of(algorithm));
    CMC_TRY(const SecretOctets kek, kek_of(wrap.kek_octets));
    return unwrap_key(wrap, kek, recipient.encrypted_key);
  }
  if (!algorithm.parameters) return bad_parameters(algorithm, "a cipher in CBC mode");
  const auto inner = decoder_.decode<AlgorithmIdentifier>(*algorithm.parameters);
  if (!inner) return bad_parameters(algorithm, "a cipher in CBC mode");
  CMC_TRY(const CipherSpec cbc, cipher_of(decoder_, *inner));
  if (is_aead(cbc.cipher)) return bad_parameters(algorithm, "a cipher in CBC mode");
  CMC_TRY(const SecretOctets kek, kek_of(key_octets(cbc.cipher)));
  return unwrap_password_key(cbc, kek, recipient.encrypted_key);
}

Result<SecretOctets> KeyRecovery::decapsulated(const KEMRecipientInfo& recipient, PrivateKey& key) {
  if (to_string(recipient.kem.algorithm) != row_of(key.public_key().kind()).oid) {
    return unsupported(recipient.kem, "for a key of the kind " + key.public_key().text() + " the encapsulation");
  }
  if (recipient.kem.parameters) return bad_parameters(recipient.kem, "absent");
  CMC_TRY(const Hash hash, hkdf_hash_of(recipient.kdf));
  CMC_TRY(const KeyWrap wrap, key_wrap_of(recipient.wrap));
  if (recipient.kek_length.to_int64() != static_cast<std::int64_t>(wrap.kek_octets)) {
    return bad_parameters(recipient.wrap, "of a key as long as kekLength says");
  }
  CMC_TRY(const SecretOctets secret, key.decapsulate(recipient.kemct));
  return unwrap_key(wrap, kem_key(hash, secret, recipient.wrap, recipient.ukm, wrap.kek_octets),
                    recipient.encrypted_key);
}

Result<KeyRecovery::Found> KeyRecovery::run(const List<RecipientInfo>& recipients,
                                            const std::function<bool(const SecretOctets&)>& attempt) {
  if (const std::size_t count = recipients_in(recipients); count > limits_.recipients) {
    return Error{Errc::limit_exceeded,
                 0,
                 {},
                 {},
                 std::to_string(count) + " recipients, allowed are " + std::to_string(limits_.recipients) +
                     " (limit recipients)"};
  }
  CMC_CHECK(load_owners());
  attempt_ = &attempt;
  for (const RecipientInfo& recipient : recipients) {
    std::visit([&](const auto& choice) { try_choice(choice); }, recipient.choice);
    if (found_) return *found_;
    ++recipient_;
  }
  if (tried_) return failed();
  if (problem_) return *problem_;
  return Error{Errc::no_key,
               0,
               {},
               {},
               "none of the " + std::to_string(recipients.size()) + " recipients is named by these keys"};
}

}  // namespace cmcctl
