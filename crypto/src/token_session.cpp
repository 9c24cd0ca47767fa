#include "token_session.hpp"

#include <algorithm>

#include <cmcctl/codec/algorithms.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/owned_algorithm.hpp>

#include "key_rows.hpp"
#include "token_errors.hpp"

namespace cmcctl {
namespace {

constexpr CK_ULONG attribute_octets = 1u << 20;
constexpr std::size_t most_objects = 10'000;

Error no_public_key() {
  return {Errc::bad_key, 0, {}, {}, "the token does not show the public key; put its certificate into the token"};
}

std::vector<std::uint8_t> spki_of(const AlgorithmIdentifier& algorithm, Octets bits) {
  auto der = encode(SubjectPublicKeyInfo{algorithm, BitString{bits, 0}});
  return der ? *std::move(der) : std::vector<std::uint8_t>();
}

std::vector<std::uint8_t> unsigned_content(Octets number) {
  while (!number.empty() && number[0] == 0) number = number.from(1);
  std::vector<std::uint8_t> content;
  if (number.empty() || number[0] >= 0x80) content.push_back(0);
  content.insert(content.end(), number.begin(), number.end());
  return content;
}

std::vector<std::uint8_t> rsa_spki(Octets modulus, Octets exponent) {
  const auto n = unsigned_content(modulus);
  const auto e = unsigned_content(exponent);
  const auto bits = encode(RSAPublicKey{Integer{n}, Integer{e}});
  const OwnedAlgorithm rsa(row_of(KeyKind::rsa).oid, OwnedAlgorithm::Parameters::null);
  return bits ? spki_of(rsa.view(), *bits) : std::vector<std::uint8_t>();
}

// CKA_EC_POINT is an OCTET STRING in DER; some tokens give its contents.
Octets point_of(Octets value) {
  constexpr std::uint8_t uncompressed = 0x04;
  const bool wrapped = value.size() > 2 && value[0] == tlv::octet_string && tlv::is_one_element(value);
  if (!wrapped) return value;
  const Octets content = tlv::first(value).content;
  const bool odd_point = content.size() % 2 == 1 && content[0] == uncompressed;
  return odd_point || value.size() % 2 == 0 ? content : value;
}

std::vector<std::uint8_t> ec_spki(Octets parameters, Octets point) {
  const OwnedAlgorithm ec(row_of(KeyKind::ec_p256).oid, std::vector<std::uint8_t>(parameters.begin(), parameters.end()));
  return spki_of(ec.view(), point);
}

std::vector<std::uint8_t> edwards_spki(Octets point) {
  const OwnedAlgorithm ed25519(row_of(KeyKind::ed25519).oid, OwnedAlgorithm::Parameters::absent);
  return spki_of(ed25519.view(), point);
}

// CK_TOKEN_INFO has its texts filled up with blanks.
template <std::size_t size>
std::string trimmed(const unsigned char (&text)[size]) {
  std::string_view view(reinterpret_cast<const char*>(text), size);
  view = view.substr(0, view.find('\0'));
  return std::string(view.substr(0, view.find_last_not_of(' ') + 1));
}

std::string pin_state(CK_FLAGS flags) {
  if ((flags & CKF_USER_PIN_LOCKED) != 0) return "the PIN is locked";
  if ((flags & CKF_USER_PIN_FINAL_TRY) != 0) return "one try is left before the PIN is locked";
  if ((flags & CKF_USER_PIN_COUNT_LOW) != 0) return "a wrong PIN was given before; few tries are left";
  return {};
}

}  // namespace

Template& Template::add(CK_ATTRIBUTE_TYPE type, Octets value) {
  auto& kept = values_.emplace_back(value.begin(), value.end());
  attributes_.push_back({type, kept.data(), kept.size()});
  return *this;
}

Template& Template::add_number(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  return add(type, Octets(reinterpret_cast<const std::uint8_t*>(&value), sizeof value));
}

Template& Template::add_bool(CK_ATTRIBUTE_TYPE type, bool value) {
  const CK_BBOOL octet = value ? CK_TRUE : CK_FALSE;
  return add(type, Octets(&octet, 1));
}

std::optional<SlotToken> token_in(const TokenModule& module, CK_SLOT_ID slot) {
  CK_TOKEN_INFO raw{};
  if (module.functions().C_GetTokenInfo(slot, &raw) != CKR_OK) return std::nullopt;
  if ((raw.flags & CKF_TOKEN_INITIALIZED) == 0) return std::nullopt;
  SlotToken token;
  token.info = {trimmed(raw.label), trimmed(raw.manufacturerID), trimmed(raw.model), trimmed(raw.serialNumber), module.name(),
                (raw.flags & CKF_LOGIN_REQUIRED) != 0, (raw.flags & CKF_WRITE_PROTECTED) != 0, pin_state(raw.flags)};
  token.has_pin_pad = (raw.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
  return token;
}

Token::State::~State() {
  if (session != CK_INVALID_HANDLE) functions().C_CloseSession(session);
}

std::vector<CK_OBJECT_HANDLE> Token::State::find(Template& wanted) const {
  std::vector<CK_OBJECT_HANDLE> found;
  if (functions().C_FindObjectsInit(session, wanted.data(), wanted.size()) != CKR_OK) return found;
  CK_OBJECT_HANDLE some[64];
  CK_ULONG count = 0;
  while (found.size() < most_objects && functions().C_FindObjects(session, some, 64, &count) == CKR_OK && count != 0) {
    found.insert(found.end(), some, some + std::min<CK_ULONG>(count, 64));
  }
  functions().C_FindObjectsFinal(session);
  return found;
}

std::vector<CK_OBJECT_HANDLE> Token::State::find(CK_OBJECT_CLASS object_class, std::string_view label, Octets id) const {
  Template wanted;
  wanted.add_number(CKA_CLASS, object_class).add_bool(CKA_TOKEN, true);
  if (!label.empty()) wanted.add(CKA_LABEL, Octets(label));
  if (!id.empty()) wanted.add(CKA_ID, id);
  return find(wanted);
}

std::optional<SecretOctets> Token::State::attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
  CK_ATTRIBUTE wanted{type, nullptr, 0};
  if (functions().C_GetAttributeValue(session, object, &wanted, 1) != CKR_OK) return std::nullopt;
  if (wanted.ulValueLen > attribute_octets) return std::nullopt;  // CK_UNAVAILABLE_INFORMATION, too
  SecretOctets value(wanted.ulValueLen);
  if (value.empty()) return value;
  wanted.pValue = value.data();
  if (functions().C_GetAttributeValue(session, object, &wanted, 1) != CKR_OK || wanted.ulValueLen > value.size()) {
    return std::nullopt;
  }
  value.resize(wanted.ulValueLen);
  return value;
}

std::optional<CK_ULONG> Token::State::number(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
  const auto value = attribute(object, type);
  CK_ULONG number = 0;
  if (!value || value->size() != sizeof number) return std::nullopt;
  std::memcpy(&number, value->data(), sizeof number);
  return number;
}

bool Token::State::flag(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
  const auto value = attribute(object, type);
  return value && value->size() == 1 && value->front() == CK_TRUE;
}

Result<PublicKey> Token::State::public_key(CK_OBJECT_HANDLE object) const {
  if (number(object, CKA_CLASS) == CK_ULONG{CKO_CERTIFICATE}) {
    const auto der = attribute(object, CKA_VALUE);
    if (!der) return no_public_key();
    CMC_TRY(const auto certificate, X509Certificate::from_der(*der, limits));
    return certificate.public_key();
  }
  const auto kind = number(object, CKA_KEY_TYPE);
  if (kind == CK_ULONG{CKK_RSA}) {
    const auto modulus = attribute(object, CKA_MODULUS);
    const auto exponent = attribute(object, CKA_PUBLIC_EXPONENT);
    if (modulus && exponent) return PublicKey::from_spki(rsa_spki(*modulus, *exponent), limits);
  } else if (kind == CK_ULONG{CKK_EC} || kind == CK_ULONG{CKK_EC_EDWARDS}) {
    const auto parameters = attribute(object, CKA_EC_PARAMS);
    const auto point = attribute(object, CKA_EC_POINT);
    if (parameters && point && !point->empty()) {
      const Octets raw = point_of(*point);
      return PublicKey::from_spki(kind == CK_ULONG{CKK_EC} ? ec_spki(*parameters, raw) : edwards_spki(raw), limits);
    }
  } else {
    return Error{Errc::unsupported_algorithm, 0, {}, {}, "a kind of key in the token that is neither RSA nor EC"};
  }
  if (number(object, CKA_CLASS) != CK_ULONG{CKO_PRIVATE_KEY}) return no_public_key();
  const auto id = attribute(object, CKA_ID);
  if (!id || id->empty()) return no_public_key();
  for (const CK_OBJECT_CLASS other : {CK_OBJECT_CLASS{CKO_PUBLIC_KEY}, CK_OBJECT_CLASS{CKO_CERTIFICATE}}) {
    const auto found = find(other, {}, *id);
    if (!found.empty()) return public_key(found.front());
  }
  return no_public_key();
}

Result<void> Token::State::give_pin(CK_USER_TYPE user) {
  if (!has_pin_pad && !pin_given) {
    if (!pin) {
      return Error{Errc::wrong_password, 0, {}, {}, "the token " + info.label + " wants its PIN"};
    }
    CMC_TRY(pin_given, pin->get("PIN of the token " + info.label));
  }
  const CK_RV rv = has_pin_pad ? functions().C_Login(session, user, nullptr, 0)
                               : functions().C_Login(session, user, pin_given->data(), pin_given->size());
  if (rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN) return {};
  Error error = token_error("the token " + info.label, rv);
  if (rv == CKR_PIN_INCORRECT || rv == CKR_PIN_INVALID || rv == CKR_PIN_LEN_RANGE) error.code = Errc::wrong_password;
  const auto now = token_in(*module, slot);
  if (now && !now->info.pin_state.empty()) error.detail += "; " + now->info.pin_state;
  return error;
}

}  // namespace cmcctl
