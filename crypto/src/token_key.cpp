#include "token_key.hpp"

#include <algorithm>
#include <array>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/pkcs12.hpp>
#include <cmcctl/crypto/random.hpp>

#include "ecdsa_signature.hpp"
#include "padding.hpp"
#include "pss_encoding.hpp"
#include "public_key_state.hpp"
#include "token_errors.hpp"

namespace cmcctl {
namespace {

// How tokens name a hash function, alone and in combinations.
struct TokenHash {
  Hash hash;
  CK_MECHANISM_TYPE alone;
  CK_RSA_PKCS_MGF_TYPE mgf;
  CK_MECHANISM_TYPE rsa_pkcs1;
  CK_MECHANISM_TYPE rsa_pss;
  CK_MECHANISM_TYPE ecdsa;
};

constexpr std::array hashes{
    TokenHash{Hash::sha1, CKM_SHA_1, CKG_MGF1_SHA1, CKM_SHA1_RSA_PKCS, CKM_SHA1_RSA_PKCS_PSS, CKM_ECDSA_SHA1},
    TokenHash{Hash::sha224, CKM_SHA224, CKG_MGF1_SHA224, CKM_SHA224_RSA_PKCS, CKM_SHA224_RSA_PKCS_PSS, CKM_ECDSA_SHA224},
    TokenHash{Hash::sha256, CKM_SHA256, CKG_MGF1_SHA256, CKM_SHA256_RSA_PKCS, CKM_SHA256_RSA_PKCS_PSS, CKM_ECDSA_SHA256},
    TokenHash{Hash::sha384, CKM_SHA384, CKG_MGF1_SHA384, CKM_SHA384_RSA_PKCS, CKM_SHA384_RSA_PKCS_PSS, CKM_ECDSA_SHA384},
    TokenHash{Hash::sha512, CKM_SHA512, CKG_MGF1_SHA512, CKM_SHA512_RSA_PKCS, CKM_SHA512_RSA_PKCS_PSS, CKM_ECDSA_SHA512},
};

const TokenHash& token_hash(Hash hash) { return hashes[static_cast<std::size_t>(hash)]; }

// Whether another mechanism may do what this one did not.
bool is_missing(CK_RV rv) {
  return rv == CKR_MECHANISM_INVALID || rv == CKR_MECHANISM_PARAM_INVALID || rv == CKR_FUNCTION_NOT_SUPPORTED ||
         rv == CKR_ARGUMENTS_BAD || rv == CKR_KEY_FUNCTION_NOT_PERMITTED;
}

// Whether the ciphertext, and not the token, is at fault.
bool is_bad_ciphertext(CK_RV rv) {
  return rv == CKR_ENCRYPTED_DATA_INVALID || rv == CKR_ENCRYPTED_DATA_LEN_RANGE || rv == CKR_DATA_INVALID ||
         rv == CKR_DATA_LEN_RANGE || rv == CKR_WRAPPED_KEY_INVALID || rv == CKR_WRAPPED_KEY_LEN_RANGE ||
         rv == CKR_GENERAL_ERROR || rv == CKR_FUNCTION_FAILED || rv == CKR_DEVICE_ERROR || rv == CKR_BUFFER_TOO_SMALL;
}

std::vector<std::uint8_t> digest_info(Hash hash, Octets message) {
  const auto value = digest(hash, message);
  const OwnedAlgorithm algorithm(oid_of(hash), OwnedAlgorithm::Parameters::null);
  return *encode(DigestInfo{algorithm.view(), value});
}

Error failed() { return {Errc::decryption_failed, 0, {}, {}, {}}; }

class TokenKey final : public PrivateKey {
 public:
  TokenKey(std::shared_ptr<Token::State> token, CK_OBJECT_HANDLE handle, PublicKey public_key)
      : token_(std::move(token)), handle_(handle), public_key_(std::move(public_key)),
        wants_pin_each_time_(token_->flag(handle, CKA_ALWAYS_AUTHENTICATE)) {}

  const PublicKey& public_key() const override { return public_key_; }

  std::vector<std::uint8_t> id() const {
    const SecretOctets id = token_->attribute(handle_, CKA_ID).value_or(SecretOctets());
    return {id.begin(), id.end()};
  }

  Result<std::vector<std::uint8_t>> sign(const SignatureScheme& scheme, Octets message) override {
    CMC_TRY(const std::string padding, padding_for(public_key_.state(), scheme));
    switch (scheme.kind) {
      case SignatureKind::rsa_pkcs1: return sign_pkcs1(scheme.hash, message);
      case SignatureKind::rsa_pss: return sign_pss(scheme, message);
      case SignatureKind::ecdsa: return sign_ecdsa(scheme.hash, message);
      case SignatureKind::ed25519: return sign_with({CKM_EDDSA, nullptr, 0}, message).result("a signature");
      default:
        return Error{Errc::unsupported_algorithm, 0, {}, {}, to_string(scheme) + " in a token"};
    }
  }

  Result<std::vector<std::uint8_t>> sign_prepared(Octets input) override {
    if (is_ec(public_key_.kind())) return sign_digest(input);
    if (public_key_.kind() != KeyKind::rsa) return cannot("sign what is prepared elsewhere");
    if (input.size() != modulus_octets()) {
      return Error{Errc::bad_algorithm, 0, {}, {}, "a block that is not as long as the RSA modulus"};
    }
    return sign_with({CKM_RSA_X_509, nullptr, 0}, input).result("a signature with CKM_RSA_X_509");
  }

  Result<SecretOctets> decrypt_pkcs1(Octets ciphertext, std::size_t octets) override {
    if (public_key_.kind() != KeyKind::rsa) return cannot("decrypt");
    if (ciphertext.size() != modulus_octets()) return random_octets(octets);
    CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
    SecretOctets random = random_octets(octets);  // before, so that it takes its time in any case
    auto decrypted = decrypt_with(mechanism, ciphertext);
    if (decrypted.rv != CKR_OK && !is_bad_ciphertext(decrypted.rv)) return token_error("decryption", decrypted.rv);
    if (decrypted.rv != CKR_OK || decrypted.octets.size() != octets) return random;
    return std::move(decrypted.octets);
  }

  Result<SecretOctets> decrypt_oaep(const PublicKey::Oaep& oaep, Octets ciphertext) override {
    if (public_key_.kind() != KeyKind::rsa) return cannot("decrypt");
    CK_RSA_PKCS_OAEP_PARAMS parameters{};
    parameters.hashAlg = token_hash(oaep.hash).alone;
    parameters.mgf = token_hash(oaep.mgf).mgf;
    parameters.source = CKZ_DATA_SPECIFIED;
    CK_MECHANISM mechanism{CKM_RSA_PKCS_OAEP, &parameters, sizeof parameters};
    auto decrypted = decrypt_with(mechanism, ciphertext);
    if (decrypted.rv == CKR_OK) return std::move(decrypted.octets);
    if (is_bad_ciphertext(decrypted.rv)) return failed();
    return token_error("decryption with OAEP and " + std::string(to_string(oaep.hash)), decrypted.rv);
  }

  Result<SecretOctets> agree(Octets peer_point) override {
    if (!is_ec(public_key_.kind())) return cannot("agree on a secret");
    auto agreed = derive(peer_point);
    if (agreed.rv == CKR_MECHANISM_PARAM_INVALID || agreed.rv == CKR_ARGUMENTS_BAD) {
      agreed = derive(der_octet_string(peer_point));  // some tokens want it as CKA_EC_POINT has it
    }
    if (agreed.rv != CKR_OK) return token_error("key agreement", agreed.rv);
    return std::move(agreed.octets);
  }

  Result<SecretOctets> decapsulate(Octets) override { return cannot("decapsulate"); }

 private:
  struct Outcome {
    CK_RV rv = CKR_OK;
    SecretOctets octets{};

    Result<std::vector<std::uint8_t>> result(std::string_view what) const {
      if (rv != CKR_OK) return token_error(what, rv);
      return std::vector<std::uint8_t>(octets.begin(), octets.end());
    }
  };

  Error cannot(std::string_view what) const {
    return {Errc::unsupported_algorithm, 0, {}, {},
            "a key of the kind " + public_key_.text() + " in a token does not " + std::string(what)};
  }

  std::size_t modulus_octets() const { return (public_key_.bits() + 7) / 8; }
  CK_FUNCTION_LIST& functions() const { return token_->functions(); }

  CK_RV authenticate() {
    if (!wants_pin_each_time_) return CKR_OK;
    return token_->give_pin(CKU_CONTEXT_SPECIFIC) ? CKR_OK : CKR_PIN_INCORRECT;
  }

  Outcome sign_with(CK_MECHANISM mechanism, Octets input) {
    const std::lock_guard alone(token_->operation);
    CK_RV rv = functions().C_SignInit(token_->session, &mechanism, handle_);
    if (rv == CKR_OK) rv = authenticate();
    if (rv != CKR_OK) return {rv};
    CK_ULONG size = 2'048;  // more than any signature: asking for the size first would leave the operation open
    Outcome outcome{CKR_OK, SecretOctets(size)};
    outcome.rv = functions().C_Sign(token_->session, const_cast<CK_BYTE*>(input.data()), input.size(), outcome.octets.data(), &size);
    outcome.octets.resize(outcome.rv == CKR_OK ? std::min<std::size_t>(size, 2'048) : 0);
    return outcome;
  }

  Result<std::vector<std::uint8_t>> sign_pkcs1(Hash hash, Octets message) {
    auto signature = sign_with({token_hash(hash).rsa_pkcs1, nullptr, 0}, message);
    if (is_missing(signature.rv)) signature = sign_with({CKM_RSA_PKCS, nullptr, 0}, digest_info(hash, message));
    return signature.result("a signature");
  }

  Result<std::vector<std::uint8_t>> sign_pss(const SignatureScheme& scheme, Octets message) {
    const TokenHash& row = token_hash(scheme.hash);
    CK_RSA_PKCS_PSS_PARAMS parameters{row.alone, row.mgf, scheme.salt_octets};
    auto signature = sign_with({row.rsa_pss, &parameters, sizeof parameters}, message);
    if (is_missing(signature.rv)) {
      signature = sign_with({CKM_RSA_PKCS_PSS, &parameters, sizeof parameters}, digest(scheme.hash, message));
    }
    if (is_missing(signature.rv)) {
      CMC_TRY(const auto encoded, pss_encoding(scheme, public_key_.bits(), message));
      signature = sign_with({CKM_RSA_X_509, nullptr, 0}, encoded);
    }
    return signature.result("a signature with RSASSA-PSS");
  }

  Result<std::vector<std::uint8_t>> sign_ecdsa(Hash hash, Octets message) {
    auto signature = sign_with({token_hash(hash).ecdsa, nullptr, 0}, message);
    if (is_missing(signature.rv)) return sign_digest(digest(hash, message));
    return ecdsa_signature(signature);
  }

  // FIPS 186-4 section 6.4: of a longer digest the leftmost bits. Tokens differ in what they do with the others.
  Result<std::vector<std::uint8_t>> sign_digest(Octets digest) {
    const std::size_t octets = std::min(digest.size(), (public_key_.bits() + 7) / 8);
    return ecdsa_signature(sign_with({CKM_ECDSA, nullptr, 0}, digest.sub(0, octets)));
  }

  Result<std::vector<std::uint8_t>> ecdsa_signature(const Outcome& signature) const {
    CMC_TRY(const auto concatenated, signature.result("a signature"));
    if (concatenated.empty() || concatenated.size() != 2 * ((public_key_.bits() + 7) / 8)) {
      return token_error("a signature", CKR_SIGNATURE_LEN_RANGE);
    }
    return der_from_concatenated(concatenated);
  }

  // Keys that may only unwrap give the same octets as the value of a secret key.
  Outcome decrypt_with(CK_MECHANISM& mechanism, Octets ciphertext) {
    const std::lock_guard alone(token_->operation);
    CK_RV rv = functions().C_DecryptInit(token_->session, &mechanism, handle_);
    if (rv == CKR_KEY_FUNCTION_NOT_PERMITTED) return unwrap_with(mechanism, ciphertext);
    if (rv == CKR_OK) rv = authenticate();
    if (rv != CKR_OK) return {rv};
    CK_ULONG size = modulus_octets();
    Outcome outcome{CKR_OK, SecretOctets(size)};
    outcome.rv = functions().C_Decrypt(token_->session, const_cast<CK_BYTE*>(ciphertext.data()), ciphertext.size(),
                                       outcome.octets.data(), &size);
    outcome.octets.resize(outcome.rv == CKR_OK ? std::min<std::size_t>(size, modulus_octets()) : 0);
    return outcome;
  }

  Outcome unwrap_with(CK_MECHANISM& mechanism, Octets ciphertext) {
    Template wanted = secret_key();
    CK_OBJECT_HANDLE secret = CK_INVALID_HANDLE;
    const CK_RV rv = functions().C_UnwrapKey(token_->session, &mechanism, handle_, const_cast<CK_BYTE*>(ciphertext.data()),
                                             ciphertext.size(), wanted.data(), wanted.size(), &secret);
    return rv == CKR_OK ? value_of(secret) : Outcome{rv};
  }

  Outcome derive(Octets peer_point) {
    CK_ECDH1_DERIVE_PARAMS parameters{};
    parameters.kdf = CKD_NULL;
    parameters.ulPublicDataLen = peer_point.size();
    parameters.pPublicData = const_cast<CK_BYTE*>(peer_point.data());
    CK_MECHANISM mechanism{CKM_ECDH1_DERIVE, &parameters, sizeof parameters};
    Template wanted = secret_key();
    wanted.add_number(CKA_VALUE_LEN, (public_key_.bits() + 7) / 8);
    CK_OBJECT_HANDLE secret = CK_INVALID_HANDLE;
    const std::lock_guard alone(token_->operation);
    const CK_RV rv =
        functions().C_DeriveKey(token_->session, &mechanism, handle_, wanted.data(), wanted.size(), &secret);
    return rv == CKR_OK ? value_of(secret) : Outcome{rv};
  }

  static Template secret_key() {
    Template wanted;
    wanted.add_number(CKA_CLASS, CKO_SECRET_KEY).add_number(CKA_KEY_TYPE, CKK_GENERIC_SECRET);
    wanted.add_bool(CKA_TOKEN, false).add_bool(CKA_SENSITIVE, false).add_bool(CKA_EXTRACTABLE, true);
    return wanted;
  }

  Outcome value_of(CK_OBJECT_HANDLE secret) {
    auto value = token_->attribute(secret, CKA_VALUE);
    functions().C_DestroyObject(token_->session, secret);
    if (!value) return {CKR_ATTRIBUTE_SENSITIVE};
    return {CKR_OK, *std::move(value)};
  }

  std::shared_ptr<Token::State> token_;
  CK_OBJECT_HANDLE handle_;
  PublicKey public_key_;
  bool wants_pin_each_time_;
};

}  // namespace

Result<std::unique_ptr<PrivateKey>> make_token_key(const std::shared_ptr<Token::State>& token, CK_OBJECT_HANDLE handle) {
  CMC_TRY(PublicKey public_key, token->public_key(handle));
  return std::unique_ptr<PrivateKey>(std::make_unique<TokenKey>(token, handle, std::move(public_key)));
}

std::vector<std::uint8_t> token_key_id(const PrivateKey& key) {
  const auto* const in_token = dynamic_cast<const TokenKey*>(&key);
  return in_token == nullptr ? std::vector<std::uint8_t>() : in_token->id();
}

}  // namespace cmcctl
