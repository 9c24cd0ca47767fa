#include <cmcctl/crypto/public_key.hpp>

#include <botan/pubkey.h>
#include <botan/rsa.h>
#include <botan/x509_key.h>

#include <cmcctl/codec/algorithms.hpp>
#include <cmcctl/codec/tlv.hpp>

#include "algorithm_rows.hpp"
#include "botan.hpp"
#include "dh_group.hpp"
#include "discrete_log.hpp"
#include "ecdsa_signature.hpp"
#include "key_rows.hpp"
#include "padding.hpp"
#include "public_key_state.hpp"
#include "recent_keys.hpp"

namespace cmcctl {
namespace {

constexpr std::string_view rsa_pss = "1.2.840.113549.1.1.10";

Error bad_key(std::string detail) { return {Errc::bad_key, 0, {}, {}, std::move(detail)}; }

Result<void> check_exponent(const Integer& exponent) {
  constexpr std::size_t octets_of_2_64 = 9;
  const bool odd = !exponent.content.empty() && (exponent.content.back() & 1) != 0;
  if (exponent.negative() || !odd || exponent.content.size() > octets_of_2_64 || exponent.to_int64() == 1) {
    return bad_key("the public exponent is not odd and from 3 to 2^64");
  }
  return {};
}

Result<std::size_t> modulus_bits(const Integer& modulus, const Limits& limits, std::string_view kind = "RSA") {
  if (modulus.negative() || modulus.content.empty()) return bad_key("the modulus is negative");
  const Octets octets = modulus.content[0] == 0 ? modulus.content.from(1) : modulus.content;
  if (octets.empty() || (octets.back() & 1) == 0) return bad_key("the modulus is even");
  std::size_t bits = octets.size() * 8;
  for (unsigned top = octets[0]; (top & 0x80) == 0; top <<= 1) --bits;
  if (bits < limits.rsa_bits_least || bits > limits.rsa_bits) {
    return Error{Errc::weak_key, 0, {}, {},
                 std::string(kind) + " " + std::to_string(bits) + ", allowed are " +
                     std::to_string(limits.rsa_bits_least) + " to " + std::to_string(limits.rsa_bits) +
                     " bits (limits rsa_bits_least and rsa_bits)"};
  }
  return bits;
}

Result<void> load_rsa(Decoder& decoder, PublicKey::State& state, const Limits& limits) {
  CMC_TRY(const auto rsa, decoder.decode<RSAPublicKey>(state.subject_public_key));
  CMC_TRY(state.bits, modulus_bits(rsa.modulus, limits));
  CMC_CHECK(check_exponent(rsa.public_exponent));
  state.key = std::make_unique<Botan::RSA_PublicKey>(big_integer(rsa.modulus.content),
                                                     big_integer(rsa.public_exponent.content));
  return {};
}

Result<void> check_group(PublicKey::State& state, const Limits& limits) {
  const auto group = domain_parameters(state.spki);
  if (!group || group->g.size() > group->p.size() || group->q.size() > group->p.size()) {
    return bad_key("a DH key without DomainParameters (RFC 3279 section 2.3.3)");
  }
  CMC_TRY(state.bits, modulus_bits(Integer{group->p}, limits, "DH"));
  return {};
}

Result<const KeyRow*> find_row(Decoder& decoder, const AlgorithmIdentifier& algorithm) {
  const std::string dotted = to_string(algorithm.algorithm);
  if (dotted == rsa_pss) return &row_of(KeyKind::rsa);
  std::string curve;
  if (dotted == row_of(KeyKind::ec_p256).oid) {
    if (!algorithm.parameters || algorithm.parameters->der[0] != tlv::oid) {
      return bad_key("an EC key without a named curve");
    }
    const Octets der = algorithm.parameters->der;
    CMC_TRY(const Any scanned, decoder.scan(der));
    curve = to_string(Oid{scanned.der.from(2)});  // an OID of limits.oid_octets has a length of one octet
  }
  for (const KeyRow& row : key_rows()) {
    if (row.oid == dotted && row.curve == curve) return &row;
  }
  if (!curve.empty()) return Error{Errc::unsupported_algorithm, 0, {}, {}, "the curve " + curve};
  return unsupported(algorithm, "the key algorithm");
}

// Botan looks over points and lengths itself.
Result<void> load_other(PublicKey::State& state) {
  state.key.reset();
  try {
    auto key = Botan::X509::load_key(state.spki);
    state.key = std::unique_ptr<Botan::Public_Key>(std::move(key));
  } catch (const Botan::Lookup_Error&) {
  } catch (const Botan::Not_Implemented&) {
  } catch (const std::exception& error) {
    const bool post_quantum = state.kind >= KeyKind::ml_dsa_44;
    if (!post_quantum || botan_3) return bad_key(std::string(row_of(state.kind).text) + " key does not load");
  }
  if (!state.key) {
    return Error{Errc::unsupported_algorithm, 0, {}, {},
                 std::string(row_of(state.kind).text) + ": " + Botan::version_string() + " does not have it"};
  }
  return {};
}

std::string signature_padding(const SignatureScheme& scheme) {
  const std::string hash(to_string(scheme.hash));
  switch (scheme.kind) {
    case SignatureKind::rsa_pkcs1:
      return "PKCS1v15(" + hash + ")";
    case SignatureKind::rsa_pss:
      return "PSS(" + hash + ",MGF1," + std::to_string(scheme.salt_octets) + ")";
    case SignatureKind::ecdsa:
      return "EMSA1(" + hash + ")";
    case SignatureKind::ed25519:
      return "Pure";
    default:
      return "";
  }
}

}  // namespace

Result<std::string> padding_for(const PublicKey::State& key, const SignatureScheme& scheme) {
  const bool fits = [&] {
    switch (scheme.kind) {
      case SignatureKind::rsa_pkcs1: return key.kind == KeyKind::rsa && !key.pss_only;
      case SignatureKind::rsa_pss: return key.kind == KeyKind::rsa;
      case SignatureKind::ecdsa: return is_ec(key.kind);
      case SignatureKind::ed25519: return key.kind == KeyKind::ed25519;
      case SignatureKind::discrete_log: return key.kind == KeyKind::dh;
      case SignatureKind::ml_dsa_44: return key.kind == KeyKind::ml_dsa_44;
      case SignatureKind::ml_dsa_65: return key.kind == KeyKind::ml_dsa_65;
      case SignatureKind::ml_dsa_87: return key.kind == KeyKind::ml_dsa_87;
    }
    return false;
  }();
  if (!fits) {
    return Error{Errc::bad_algorithm, 0, {}, {},
                 to_string(scheme) + " is no signature of a key of the kind " + std::string(row_of(key.kind).text) +
                     (key.pss_only ? "-PSS" : "")};
  }
  return signature_padding(scheme);
}

std::string oaep_padding(const PublicKey::Oaep& oaep) {
  return "OAEP(" + std::string(to_string(oaep.hash)) + ",MGF1(" + std::string(to_string(oaep.mgf)) + "))";
}

Result<PublicKey> PublicKey::from_spki(Octets spki, const Limits& limits) {
  RecentKeys& recent = RecentKeys::of_this_thread();
  if (auto known = recent.find(spki, limits)) return PublicKey(std::move(known));
  auto state = std::make_shared<State>();
  state->spki.assign(spki.begin(), spki.end());
  Decoder decoder(limits);
  auto info = decoder.decode<SubjectPublicKeyInfo>(Octets(state->spki));
  if (!info) return bad_key("SubjectPublicKeyInfo: " + to_string(info.error()));
  if (decoder.saw_ber()) return bad_key("SubjectPublicKeyInfo is not DER");
  if (info->subject_public_key.unused_bits != 0) return bad_key("the key is not a whole number of octets");
  state->subject_public_key = info->subject_public_key.bytes;
  CMC_TRY(const KeyRow* const row, find_row(decoder, info->algorithm));
  state->kind = row->kind;
  state->bits = row->bits;
  state->pss_only = to_string(info->algorithm.algorithm) == rsa_pss;
  if (row->kind == KeyKind::rsa) {
    CMC_CHECK(load_rsa(decoder, *state, limits));
    recent.keep(state, limits);
  } else {
    if (row->kind == KeyKind::dh) CMC_CHECK(check_group(*state, limits));
    CMC_CHECK(load_other(*state));
  }
  return PublicKey(std::move(state));
}

PublicKey::PublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
PublicKey::PublicKey(PublicKey&&) noexcept = default;
PublicKey& PublicKey::operator=(PublicKey&&) noexcept = default;
PublicKey::PublicKey(const PublicKey&) = default;
PublicKey& PublicKey::operator=(const PublicKey&) = default;
PublicKey::~PublicKey() = default;

KeyKind PublicKey::kind() const { return state_->kind; }
std::size_t PublicKey::bits() const { return state_->bits; }
Octets PublicKey::spki() const { return state_->spki; }
Octets PublicKey::subject_public_key() const { return state_->subject_public_key; }

std::string PublicKey::text() const {
  std::string text(row_of(kind()).text);
  if (kind() == KeyKind::rsa) text += (state_->pss_only ? "-PSS " : " ") + std::to_string(bits());
  if (kind() == KeyKind::dh) text += " " + std::to_string(bits());
  return text;
}

bool PublicKey::is_of_group(const PublicKey& other) const {
  if (kind() != other.kind()) return false;
  if (kind() != KeyKind::dh) return is_ec(kind());
  const auto own = *domain_parameters(spki());  // check_group has seen them
  const auto theirs = *domain_parameters(other.spki());
  return own.p == theirs.p && own.g == theirs.g;
}

std::vector<std::uint8_t> PublicKey::key_identifier() const { return digest(Hash::sha1, subject_public_key()); }

Result<bool> PublicKey::verify(const SignatureScheme& scheme, Octets message, Octets signature) const {
  CMC_TRY(const std::string padding, padding_for(*state_, scheme));
  if (scheme.kind == SignatureKind::discrete_log) return verify_discrete_log(*this, scheme.hash, message, signature);
  if (kind() == KeyKind::rsa && signature.size() != (bits() + 7) / 8) return false;
  std::vector<std::uint8_t> concatenated;
  if (is_ec(kind())) {
    auto r_and_s = concatenated_from_der(signature, (bits() + 7) / 8);
    if (!r_and_s) return false;
    concatenated = *std::move(r_and_s);
    signature = concatenated;
  }
  try {
    Botan::PK_Verifier verifier(*state_->key, padding);
    return verifier.verify_message(message.data(), message.size(), signature.data(), signature.size());
  } catch (const Botan::Lookup_Error& error) {
    return Error{Errc::unsupported_algorithm, 0, {}, {}, to_string(scheme)};
  } catch (const Botan::Exception&) {
    return false;  // s >= n and the like
  }
}

Result<std::vector<std::uint8_t>> PublicKey::encrypt(Octets secret, std::optional<Oaep> oaep) const {
  if (kind() != KeyKind::rsa) return Error{Errc::bad_algorithm, 0, {}, {}, text() + " does not encrypt"};
  try {
    const Botan::PK_Encryptor_EME encryptor(*state_->key, system_random(), oaep ? oaep_padding(*oaep) : "PKCS1v15");
    return encryptor.encrypt(secret.data(), secret.size(), system_random());
  } catch (const Botan::Exception& error) {
    return Error{Errc::bad_algorithm, 0, {}, {}, "the key is too short for this secret"};
  }
}

}  // namespace cmcctl
