#include <cmcctl/cmc/full_message.hpp>

#include <optional>
#include <string>

#include <cmcctl/codec/cmc.hpp>
#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/crypto/authenticated.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "part_index.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::string_view oid_of(FullContent kind) {
  return kind == FullContent::pki_data ? oids::cct_pki_data : oids::cct_pki_response;
}

/// The sid of a message signed with `key`: the Subject Key Identifier of the request for it.
Result<Bytes> identifier_in_request(Octets pki_data, const PublicKey& key, RequestKeyId id) {
  Decoder decoder;
  CMC_TRY(const auto data, decoder.decode<PKIData>(pki_data));
  bool found = false;
  for (const TaggedRequest& request : data.req_sequence) {
    RequestPart wanted = request_part(decoder, request);
    if (subject_public_key(decoder, wanted) != key.subject_public_key()) continue;
    found = true;
    if (wanted.key_identifier.empty()) continue;
    const bool crmf = std::holds_alternative<CertReqMsg>(request.choice);
    return std::move(crmf && id == RequestKeyId::dogtag ? wanted.key_identifier_value : wanted.key_identifier);
  }
  if (found) {
    return Error{Errc::not_encodable, 0, "SignerInfo.sid", "CMC-5272-3.2-06",
                 "the request for this key has no Subject Key Identifier extension, which RFC 10002 section 3.2 wants "
                 "when its key signs the message; make the request with one"};
  }
  return Error{Errc::no_key, 0, {}, {}, "no request in the message is for this key (" + key.text() + ")"};
}

}  // namespace

Result<Bytes> sign_full(FullContent kind, Octets content, std::span<const Signer> signers,
                        const SignedDataOptions& options) {
  return make_signed_data(oid_of(kind), content, signers, options);
}

Result<Bytes> self_sign_full(Octets pki_data, PrivateKey& key, const SignatureScheme& scheme,
                             const SignedDataOptions& options, RequestKeyId id) {
  CMC_TRY(const Bytes identifier, identifier_in_request(pki_data, key.public_key(), id));
  const Signer signer{&key, scheme, {}, identifier};
  return sign_full(FullContent::pki_data, pki_data, {&signer, 1}, options);
}

Result<Bytes> no_signature_full(Octets pki_data, const SignedDataOptions& options) {
  Decoder decoder;
  CMC_TRY(const auto data, decoder.decode<PKIData>(pki_data));
  RequestPart first;
  if (!data.req_sequence.empty()) first = request_part(decoder, data.req_sequence[0]);
  const auto key = subject_public_key(decoder, first);
  if (!key) {
    return Error{Errc::no_key,
                 0,
                 {},
                 {},
                 "id-alg-noSignature (RFC 10002 appendix C.1) names the key of a request, and the first part of "
                 "reqSequence has none"};
  }
  const Bytes identifier = first.key_identifier.empty() ? digest(Hash::sha1, *key) : first.key_identifier;
  const Signer signer{nullptr, {}, {}, identifier};
  return sign_full(FullContent::pki_data, pki_data, {&signer, 1}, options);
}

SecretOctets mac_full_password(const SharedSecret& shared) {
  SecretOctets password;
  if (shared.identification) password = secret_copy(*shared.identification);
  password.insert(password.end(), shared.secret.begin(), shared.secret.end());
  return password;
}

Result<Bytes> mac_full(FullContent kind, Octets content, const SharedSecret& shared, Hash hash,
                       std::size_t iterations) {
  const SecretOctets password = mac_full_password(shared);
  const Recipient recipient = PasswordRecipient{password, iterations};
  return make_authenticated(oid_of(kind), content, {&recipient, 1}, hash);
}

Result<Bytes> data_full(Octets content) {
  const Bytes type = *oid_content(oids::data);
  const Bytes octets = der_octet_string(content);
  return encode(ContentInfo{Oid{type}, Any{octets}, {}});
}

Result<Bytes> encrypt_full(Octets message, std::span<const Recipient> recipients, ContentCipher cipher) {
  Decoder decoder;
  CMC_TRY(const auto info, decoder.decode<ContentInfo>(message));
  if (!info.content) return Error{Errc::missing_member, 0, "ContentInfo.content", {}, {}};
  const std::string type = to_string(info.content_type);
  const Octets content = decoder.original(info.content->der);
  return is_aead(cipher) ? make_auth_enveloped(type, content, recipients, cipher)
                         : make_enveloped(type, content, recipients, cipher);
}

}  // namespace cmcctl
