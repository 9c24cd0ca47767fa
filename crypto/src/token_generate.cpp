#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/key_id.hpp>

#include <array>
#include <charconv>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/tlv.hpp>

#include "key_rows.hpp"
#include "token_errors.hpp"
#include "token_key.hpp"

namespace cmcctl {
namespace {

struct KeyPair {
  CK_OBJECT_HANDLE public_key = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE private_key = CK_INVALID_HANDLE;
};

// What the public half of a new key is to be, and what makes it.
struct NewKey {
  CK_MECHANISM_TYPE mechanism = 0;
  Template public_half{};
  bool decrypts = false;
};

Result<NewKey> new_key(std::string_view spec, const Limits& limits) {
  NewKey key;
  if (spec.starts_with("rsa")) {
    std::size_t bits = 3'072;
    const std::string_view digits = spec.size() > 4 ? spec.substr(4) : "3072";
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error == std::errc{} && end == digits.data() + digits.size() && (spec == "rsa" || spec[3] == ':')) {
      if (bits < limits.rsa_bits_least || bits > limits.rsa_bits || bits % 8 != 0) {
        return Error{Errc::weak_key, 0, {}, {}, "RSA " + std::to_string(bits)};
      }
      static constexpr std::uint8_t f4[]{0x01, 0x00, 0x01};
      key.mechanism = CKM_RSA_PKCS_KEY_PAIR_GEN;
      key.public_half.add_number(CKA_MODULUS_BITS, bits).add(CKA_PUBLIC_EXPONENT, Octets(f4)).add_bool(CKA_ENCRYPT, true);
      key.decrypts = true;
      return key;
    }
  }
  for (const KeyRow& row : key_rows()) {
    if (row.spec != spec || !is_ec(row.kind)) continue;
    key.mechanism = CKM_EC_KEY_PAIR_GEN;
    key.public_half.add(CKA_EC_PARAMS, der_oid(row.curve));
    return key;
  }
  return Error{Errc::unsupported_algorithm, 0, {}, {},
               "tokens make rsa:BITS, ec:P-256, ec:P-384 and ec:P-521, not \"" + std::string(spec) + "\""};
}

Template private_half(const NewKey& key, const std::string& label) {
  Template half;
  half.add_bool(CKA_TOKEN, true).add_bool(CKA_PRIVATE, true).add_bool(CKA_SENSITIVE, true).add_bool(CKA_EXTRACTABLE, false);
  half.add_bool(CKA_SIGN, true).add(CKA_LABEL, Octets(std::string_view(label)));
  half.add_bool(key.decrypts ? CKA_DECRYPT : CKA_DERIVE, true);
  return half;
}

}  // namespace

Result<std::unique_ptr<PrivateKey>> Token::generate(std::string_view spec, const std::string& label) {
  CMC_TRY(NewKey key, new_key(spec, state_->limits));
  CMC_CHECK(log_in());
  key.public_half.add_bool(CKA_TOKEN, true).add_bool(CKA_VERIFY, true).add(CKA_LABEL, Octets(std::string_view(label)));
  Template secret = private_half(key, label);
  CK_MECHANISM mechanism{key.mechanism, nullptr, 0};
  KeyPair pair;
  CK_FUNCTION_LIST& functions = state_->functions();
  const CK_RV made = functions.C_GenerateKeyPair(state_->session, &mechanism, key.public_half.data(), key.public_half.size(),
                                                 secret.data(), secret.size(), &pair.public_key, &pair.private_key);
  if (made != CKR_OK) return token_error("a new key in the token " + info().label, made);
  CMC_TRY(const PublicKey public_key, state_->public_key(pair.public_key));
  Template id;
  id.add(CKA_ID, nss_key_id(public_key));
  for (const CK_OBJECT_HANDLE half : {pair.public_key, pair.private_key}) {
    const CK_RV named = functions.C_SetAttributeValue(state_->session, half, id.data(), id.size());
    if (named != CKR_OK) return token_error("the CKA_ID of the new key", named);
  }
  return make_token_key(state_, pair.private_key);
}

Result<void> Token::import_certificate(Octets der, const std::string& label) {
  CMC_TRY(const X509Certificate certificate, X509Certificate::from_der(der, state_->limits));
  const auto& public_key = certificate.public_key();
  if (!public_key) return public_key.error();
  CMC_CHECK(log_in());
  std::vector<std::uint8_t> id = nss_key_id(*public_key);
  if (const auto key = find_key(*public_key)) {
    if (auto own = token_key_id(**key); !own.empty()) id = std::move(own);
  }
  const Octets serial = certificate.tbs().serial_number.content;
  Template object;
  object.add_number(CKA_CLASS, CKO_CERTIFICATE).add_number(CKA_CERTIFICATE_TYPE, CKC_X_509).add_bool(CKA_TOKEN, true);
  object.add(CKA_SUBJECT, certificate.subject()).add(CKA_ISSUER, certificate.issuer());
  object.add(CKA_SERIAL_NUMBER, der_element(tlv::integer, serial)).add(CKA_VALUE, der).add(CKA_ID, id);
  object.add(CKA_LABEL, Octets(std::string_view(label)));
  CK_OBJECT_HANDLE handle = CK_INVALID_HANDLE;
  const CK_RV rv = state_->functions().C_CreateObject(state_->session, object.data(), object.size(), &handle);
  if (rv != CKR_OK) return token_error("the certificate does not go into the token " + info().label, rv);
  return {};
}

}  // namespace cmcctl
