#include <cmcctl/crypto/private_key.hpp>

#include <charconv>

#include <botan/data_src.h>
#include <botan/ecdh.h>
#include <botan/pk_algs.h>
#include <botan/pkcs8.h>
#include <botan/pubkey.h>
#include <botan/rsa.h>
#include <botan/x509_key.h>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/tlv.hpp>

#include "botan.hpp"
#include "dh_group.hpp"
#include "discrete_log.hpp"
#include "ecdsa_signature.hpp"
#include "key_rows.hpp"
#include "padding.hpp"
#include "public_key_state.hpp"

namespace cmcctl {
namespace {

// RSA 8192 takes 4.7 KB; what is larger is refused before Botan computes with it.
constexpr std::size_t pkcs8_octets = 32u << 10;

Error cannot(const PublicKey& key, std::string_view what) {
  return {Errc::unsupported_algorithm, 0, {}, {}, "a key of the kind " + key.text() + " does not " + std::string(what)};
}

Error failed() { return {Errc::decryption_failed, 0, {}, {}, {}}; }

SecretOctets secret_of(const Botan::secure_vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

class SoftwareKey final : public PrivateKey {
 public:
  SoftwareKey(std::unique_ptr<Botan::Private_Key> key, PublicKey public_key)
      : key_(std::move(key)), public_key_(std::move(public_key)) {}

  const PublicKey& public_key() const override { return public_key_; }
  const Botan::Private_Key& key() const { return *key_; }

  Result<std::vector<std::uint8_t>> sign(const SignatureScheme& scheme, Octets message) override {
    CMC_TRY(const std::string padding, padding_for(public_key_.state(), scheme));
    if (scheme.kind == SignatureKind::discrete_log) return sign_discrete_log(public_key_, *key_, scheme.hash, message);
    try {
      Botan::PK_Signer signer(*key_, system_random(), padding);
      const auto signature = signer.sign_message(message.data(), message.size(), system_random());
      return is_ec(public_key_.kind()) ? der_from_concatenated(signature) : signature;
    } catch (const Botan::Exception& error) {
      return Error{Errc::bad_algorithm, 0, {}, {}, to_string(scheme) + " with " + public_key_.text()};
    }
  }

  Result<SecretOctets> decrypt_pkcs1(Octets ciphertext, std::size_t octets) override {
    if (public_key_.kind() != KeyKind::rsa) return cannot(public_key_, "decrypt");
    if (ciphertext.size() != (public_key_.bits() + 7) / 8) return random_instead(octets);
    try {
      const Botan::PK_Decryptor_EME decryptor(*key_, system_random(), "PKCS1v15");
      return secret_of(decryptor.decrypt_or_random(ciphertext.data(), ciphertext.size(), octets, system_random()));
    } catch (const Botan::Exception&) {  // a ciphertext that is no residue of the modulus
      return random_instead(octets);
    }
  }

  Result<SecretOctets> decrypt_oaep(const PublicKey::Oaep& oaep, Octets ciphertext) override {
    if (public_key_.kind() != KeyKind::rsa) return cannot(public_key_, "decrypt");
    try {
      const Botan::PK_Decryptor_EME decryptor(*key_, system_random(), oaep_padding(oaep));
      return secret_of(decryptor.decrypt(ciphertext.data(), ciphertext.size()));
    } catch (const Botan::Exception&) {
      return failed();
    }
  }

  Result<SecretOctets> agree(Octets peer_point) override {
    if (public_key_.kind() == KeyKind::dh) return agree_in_group(peer_point);
    const bool x25519 = public_key_.kind() == KeyKind::x25519;
    if (!x25519 && !is_ec(public_key_.kind())) return cannot(public_key_, "agree on a secret");
    try {
      if (x25519) return agree_with(*key_, peer_point);
      return agree_with(Botan::ECDH_PrivateKey(key_->algorithm_identifier(), key_->private_key_bits()), peer_point);
    } catch (const Botan::Exception&) {  // a point that is not on the curve
      return failed();
    }
  }

  Result<SecretOctets> decapsulate(Octets ciphertext) override {
#if BOTAN_VERSION_MAJOR >= 3
    if (public_key_.kind() >= KeyKind::ml_kem_512) {
      try {
        Botan::PK_KEM_Decryptor decryptor(*key_, system_random(), "Raw");
        return secret_of(decryptor.decrypt(ciphertext, 32, {}));
      } catch (const Botan::Exception&) {
        return failed();
      }
    }
#endif
    (void)ciphertext;
    return cannot(public_key_, "decapsulate");
  }

 private:
  static SecretOctets random_instead(std::size_t octets) {
    SecretOctets random(octets);
    system_random().randomize(random.data(), random.size());
    return random;
  }

  // A number of another subgroup would give parts of the private key away.
  Result<SecretOctets> agree_in_group(Octets peer) {
    Decoder decoder;
    const auto scanned = decoder.scan(peer);
    if (!scanned || scanned->der[0] != tlv::integer) return failed();
    const Octets number = tlv::first(scanned->der).content;
    try {
      if (!group_of(public_key_).verify_public_element(big_integer(number))) return failed();
      return agree_with(*key_, number);
    } catch (const Botan::Exception&) {
      return failed();
    }
  }

  static Result<SecretOctets> agree_with(const Botan::Private_Key& key, Octets peer_point) {
    const Botan::PK_Key_Agreement agreement(key, system_random(), "Raw");
    return secret_of(agreement.derive_key(0, peer_point.data(), peer_point.size()).bits_of());
  }

  std::unique_ptr<Botan::Private_Key> key_;
  PublicKey public_key_;
};

// PrivateKeyInfo ::= SEQUENCE { version INTEGER, privateKeyAlgorithm, privateKey OCTET STRING, … } whose algorithm is
// id-RSASSA-PSS, which Botan does not load.
struct PssKey {
  tlv::Element algorithm;
  Octets rsa_private_key;
};
std::optional<PssKey> pss_key(Octets pkcs8) {
  static const std::vector<std::uint8_t> pss = der_oid("1.2.840.113549.1.1.10");
  if (pkcs8[0] != tlv::sequence) return std::nullopt;
  tlv::Cursor members(tlv::first(pkcs8).content);
  if (members.at_end() || members.next().id != tlv::integer || members.at_end()) return std::nullopt;
  const tlv::Element algorithm = members.next();
  if (algorithm.content.empty() || tlv::first(algorithm.content).whole != Octets(pss) || members.at_end()) return std::nullopt;
  return PssKey{algorithm, members.next().content};
}

// The key as rsaEncryption to Botan, as what it is in its SubjectPublicKeyInfo.
Result<std::unique_ptr<PrivateKey>> pss_private_key(const PssKey& pss, const Limits& limits) {
  const Botan::AlgorithmIdentifier rsa(Botan::OID("1.2.840.113549.1.1.1"), Botan::AlgorithmIdentifier::USE_NULL_PARAM);
  auto key = std::make_unique<Botan::RSA_PrivateKey>(
      rsa, Botan::secure_vector<std::uint8_t>(pss.rsa_private_key.begin(), pss.rsa_private_key.end()));
  std::vector<std::uint8_t> bits{0};
  const auto public_bits = key->public_key_bits();
  bits.insert(bits.end(), public_bits.begin(), public_bits.end());
  std::vector<std::uint8_t> members(pss.algorithm.whole.begin(), pss.algorithm.whole.end());
  const auto bit_string = der_element(tlv::bit_string, bits);
  members.insert(members.end(), bit_string.begin(), bit_string.end());
  CMC_TRY(PublicKey public_key, PublicKey::from_spki(der_element(tlv::sequence, members), limits));
  return std::unique_ptr<PrivateKey>(std::make_unique<SoftwareKey>(std::move(key), std::move(public_key)));
}

// Looked over like every other key.
Result<std::unique_ptr<PrivateKey>> make_software_key(std::unique_ptr<Botan::Private_Key> key, const Limits& limits) {
  const auto spki = Botan::X509::BER_encode(*key);
  CMC_TRY(PublicKey public_key, PublicKey::from_spki(spki, limits));
  return std::unique_ptr<PrivateKey>(std::make_unique<SoftwareKey>(std::move(key), std::move(public_key)));
}

}  // namespace

Result<std::vector<std::uint8_t>> PrivateKey::sign_prepared(Octets) {
  return cannot(public_key(), "sign what is prepared elsewhere");
}

Result<std::unique_ptr<PrivateKey>> private_key_from_pkcs8(Octets pkcs8, const Limits& limits) {
  const Error bad{Errc::bad_key, 0, {}, {}, "the PKCS #8 private key does not load"};
  if (pkcs8.size() > pkcs8_octets) return bad;
  Decoder decoder(limits);
  const auto scanned = decoder.scan(pkcs8);
  if (!scanned || decoder.saw_ber()) return bad;
  try {
    if (const auto pss = pss_key(pkcs8)) return pss_private_key(*pss, limits);
    Botan::DataSource_Memory source(pkcs8.data(), pkcs8.size());
    return make_software_key(Botan::PKCS8::load_key(source), limits);
  } catch (const std::exception&) {  // Botan's words may hold parts of the key
    return bad;
  }
}

Result<std::unique_ptr<PrivateKey>> generate_private_key(std::string_view spec, const Limits& limits) {
  for (const KeyRow& row : key_rows()) {
    const bool rsa = row.kind == KeyKind::rsa && spec.starts_with("rsa:");
    if (!rsa && spec != row.spec) continue;
    std::string params(row.botan_params);
    if (row.kind == KeyKind::rsa) {
      std::size_t bits = 3'072;
      if (rsa) {
        const auto [end, error] = std::from_chars(spec.data() + 4, spec.data() + spec.size(), bits);
        if (error != std::errc{} || end != spec.data() + spec.size()) break;
      }
      if (bits < limits.rsa_bits_least || bits > limits.rsa_bits || bits % 8 != 0) {
        return Error{Errc::weak_key, 0, {}, {}, "RSA " + std::to_string(bits)};
      }
      params = std::to_string(bits);
    }
    auto key = Botan::create_private_key(std::string(row.botan_name), system_random(), params);
    if (!key) {
      return Error{Errc::unsupported_algorithm, 0, {}, {},
                   std::string(row.text) + ": " + Botan::version_string() + " does not have it"};
    }
    return make_software_key(std::move(key), limits);
  }
  return Error{Errc::unsupported_algorithm, 0, {}, {},
               "no kind of key is called \"" + std::string(spec) + "\"; there are rsa:BITS, ec:P-256, ec:P-384, "
               "ec:P-521, ed25519, x25519, dh:2048, dh:3072, dh:4096, ml-dsa-44, -65, -87 and ml-kem-512, -768, -1024"};
}

Result<SecretOctets> pkcs8_of(const PrivateKey& key) {
  const auto* software = dynamic_cast<const SoftwareKey*>(&key);
  if (software == nullptr) {
    return Error{Errc::unsupported_algorithm, 0, {}, {}, "the private key cannot leave its token"};
  }
  return secret_of(Botan::PKCS8::BER_encode(software->key()));
}

SignatureScheme usual_scheme(const PublicKey& key) {
  switch (key.kind()) {
    case KeyKind::ec_p256: return {SignatureKind::ecdsa, Hash::sha256, 0};
    case KeyKind::ec_p384: return {SignatureKind::ecdsa, Hash::sha384, 0};
    case KeyKind::ec_p521: return {SignatureKind::ecdsa, Hash::sha512, 0};
    case KeyKind::ed25519: return {SignatureKind::ed25519, Hash::sha512, 0};
    case KeyKind::dh: return {SignatureKind::discrete_log, Hash::sha256, 0};
    case KeyKind::ml_dsa_44: return {SignatureKind::ml_dsa_44, Hash::sha512, 0};
    case KeyKind::ml_dsa_65: return {SignatureKind::ml_dsa_65, Hash::sha512, 0};
    case KeyKind::ml_dsa_87: return {SignatureKind::ml_dsa_87, Hash::sha512, 0};
    default: {
      const Hash hash = key.bits() >= 7'680 ? Hash::sha384 : Hash::sha256;
      if (key.state().pss_only) return {SignatureKind::rsa_pss, hash, output_octets(hash)};
      return {SignatureKind::rsa_pkcs1, hash, 0};
    }
  }
}

}  // namespace cmcctl
