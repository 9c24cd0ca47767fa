#include "request_key.hpp"

#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/oids.hpp>

namespace cmcctl {
namespace {

std::optional<Octets> subject_key_identifier(const List<Extension>& extensions) {
  const auto oid = *oid_content(oids::subject_key_identifier);
  for (const Extension& extension : extensions) {
    if (extension.extn_id == Oid{oid}) return extension.extn_value;
  }
  return std::nullopt;
}

Result<std::optional<RequestKey>> key_of(Decoder& decoder, const TaggedCertificationRequest& tagged) {
  CMC_TRY(const auto request, decoder.decode<CertificationRequest>(tagged.certification_request));
  CMC_TRY(const auto info, decoder.decode<CertificationRequestInfo>(request.certification_request_info));
  CMC_TRY(const auto spki, decoder.decode<SubjectPublicKeyInfo>(info.subject_pk_info));
  RequestKey key{spki.subject_public_key.bytes};
  const auto oid = *oid_content(oids::extension_request);
  for (const Attribute& attribute : info.attributes.value_or(List<Attribute>())) {
    if (attribute.type != Oid{oid} || attribute.values.empty()) continue;
    CMC_TRY(const auto extensions, decoder.decode<Extensions>(attribute.values[0]));
    key.extn_value = subject_key_identifier(extensions.extensions);
  }
  return std::optional(key);
}

Result<std::optional<RequestKey>> key_of(Decoder& decoder, const CertReqMsg& message) {
  CMC_TRY(const auto request, decoder.decode<CertRequest>(message.cert_req));
  const CertTemplate& wanted = request.cert_template;
  if (!wanted.public_key) return std::optional<RequestKey>();
  CMC_TRY(const auto spki, decoder.decode<SubjectPublicKeyInfo>(*wanted.public_key));
  RequestKey key{spki.subject_public_key.bytes, std::nullopt, true};
  if (wanted.extensions) key.extn_value = subject_key_identifier(wanted.extensions->extensions);
  return std::optional(key);
}

Result<std::optional<RequestKey>> key_of(Decoder&, const OtherReqMsg&) { return std::optional<RequestKey>(); }

}  // namespace

std::optional<Octets> RequestKey::key_identifier() const {
  if (!extn_value) return std::nullopt;
  if (!tlv::is_one_element(*extn_value) || (*extn_value)[0] != tlv::octet_string) return extn_value;
  return tlv::first(*extn_value).content;
}

Result<std::optional<RequestKey>> request_key(Decoder& decoder, const TaggedRequest& request) {
  return std::visit([&](const auto& choice) { return key_of(decoder, choice); }, request.choice);
}

}  // namespace cmcctl
