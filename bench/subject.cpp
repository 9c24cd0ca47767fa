#include "subject.hpp"

#include <array>

#include <cmcctl/codec/tlv.hpp>

namespace cmcctl::bench {
namespace {

using DecodeControl = Result<void> (*)(Decoder&, const TaggedAttribute&);

template <class T>
Result<void> decode_as(Decoder& decoder, const TaggedAttribute& control) {
  CMC_CHECK(decode_control<T>(decoder, control));
  return {};
}

struct ControlType {
  const TypeCodec& (*codec)();
  DecodeControl decode;
};

template <class... T>
constexpr std::array<ControlType, sizeof...(T)> control_types() {
  return {ControlType{&type_codec<T>, &decode_as<T>}...};
}

/// What decodes the value of each row of control_rows(), in their order.
const std::vector<DecodeControl>& decoders_of_rows() {
  static const std::vector<DecodeControl> decoders = [] {
    constexpr auto types =
        control_types<CMCUnsignedData, CmcAddAttributes, CMCStatusInfo, Identification, IdentityProof, DataReturn,
                      TransactionId, SenderNonce, RecipientNonce, AddExtensions, EncryptedPOP, DecryptedPOP,
                      LraPopWitness, GetCert, GetCRL, RevokeRequest, RegInfo, ResponseInfo, QueryPending, PopLinkRandom,
                      PopLinkWitness, CMCCertId, CMCStatusInfoV2, PublishTrustAnchors, AuthPublish, BatchRequests,
                      BatchResponses, CMCPublicationInfo, ModCertTemplate, ControlsProcessed, PopLinkWitnessV2,
                      IdentityProofV2, RaIdentityWitness, ChangeSubjectName, ResponseBody>();
    std::vector<DecodeControl> result;
    for (const ControlRow& row : control_rows()) {
      const auto type = std::ranges::find(types, row.codec, &ControlType::codec);
      result.push_back(type == types.end() ? nullptr : type->decode);
    }
    return result;
  }();
  return decoders;
}

/// An OCTET STRING with these contents; DataReturn is nothing more than that.
Result<Octets> encode_octet_string(Encoder& encoder, Octets content) { return encoder.encode(DataReturn{content}); }

}  // namespace

Result<void> Subject::decode(Octets message) {
  decoder.reset(message);
  CMC_TRY(content_info, decoder.decode<ContentInfo>(message));
  if (!content_info.content) return Error{Errc::missing_member, 0, "ContentInfo.content"};
  CMC_TRY(signed_data, decoder.decode<SignedData>(*content_info.content));

  content = std::monostate();
  const auto octets = content_octets(signed_data.encap_content_info);
  if (!octets) return {};
  static const auto pki_response = *oid_content("1.3.6.1.5.5.7.12.3");
  if (signed_data.encap_content_info.e_content_type.content == Octets(pki_response)) {
    CMC_TRY(content, decoder.decode<PKIResponse>(*octets));
  } else {
    CMC_TRY(content, decoder.decode<PKIData>(*octets));
  }
  return {};
}

Result<void> Subject::decode_requests() {
  const auto* pki_data = std::get_if<PKIData>(&content);
  if (pki_data == nullptr) return {};
  for (const TaggedRequest& request : pki_data->req_sequence) {
    if (const auto* tcr = std::get_if<TaggedCertificationRequest>(&request.choice)) {
      CMC_CHECK(decoder.decode(tcr->certification_request));
    } else if (const auto* crm = std::get_if<CertReqMsg>(&request.choice)) {
      CMC_CHECK(decoder.decode(crm->cert_req));
    }
  }
  return {};
}

Result<void> Subject::decode_all() {
  CMC_CHECK(decode_certificates());
  CMC_CHECK(decode_signers());
  if (const auto* response = std::get_if<PKIResponse>(&content)) return decode_controls(response->control_sequence);
  const auto* pki_data = std::get_if<PKIData>(&content);
  if (pki_data == nullptr) return {};
  CMC_CHECK(decode_controls(pki_data->control_sequence));
  for (const TaggedRequest& request : pki_data->req_sequence) CMC_CHECK(decode_request(request));
  return {};
}

Result<void> Subject::decode_certificates() {
  if (!signed_data.certificates) return {};
  for (const Any& choice : *signed_data.certificates) {
    if (choice.der[0] != tlv::sequence) continue;  // not an X.509 certificate
    CMC_TRY(const auto certificate, decoder.decode<Certificate>(choice));
    CMC_TRY(const auto tbs, decoder.decode(certificate.tbs_certificate));
    CMC_CHECK(decoder.decode(tbs.issuer));
    CMC_CHECK(decoder.decode(tbs.subject));
    CMC_CHECK(decoder.decode(tbs.subject_public_key_info));
  }
  return {};
}

Result<void> Subject::decode_signers() {
  for (const SignerInfo& signer : signed_data.signer_infos) {
    if (const auto* sid = std::get_if<IssuerAndSerialNumber>(&signer.sid.choice)) {
      CMC_CHECK(decoder.decode(sid->issuer));
    }
    if (signer.signed_attrs) CMC_CHECK(decoder.decode(*signer.signed_attrs));
  }
  return {};
}

Result<void> Subject::decode_request(const TaggedRequest& request) {
  if (const auto* tcr = std::get_if<TaggedCertificationRequest>(&request.choice)) {
    CMC_TRY(const auto pkcs10, decoder.decode(tcr->certification_request));
    CMC_TRY(const auto info, decoder.decode(pkcs10.certification_request_info));
    CMC_CHECK(decoder.decode(info.subject));
    CMC_CHECK(decoder.decode(info.subject_pk_info));
  } else if (const auto* crm = std::get_if<CertReqMsg>(&request.choice)) {
    CMC_CHECK(decoder.decode(crm->cert_req));
  }
  return {};
}

Result<void> Subject::decode_controls(const List<TaggedAttribute>& controls) {
  const auto& decoders = decoders_of_rows();
  for (const TaggedAttribute& control : controls) {
    const ControlRow* row = control_row(control.attr_type);
    if (row == nullptr) continue;
    const DecodeControl decode_value = decoders[static_cast<std::size_t>(row - control_rows().data())];
    if (decode_value != nullptr) CMC_CHECK(decode_value(decoder, control));
  }
  return {};
}

Result<Octets> Subject::encode_content() {
  if (const auto* pki_data = std::get_if<PKIData>(&content)) return content_encoder_.encode(*pki_data);
  if (const auto* response = std::get_if<PKIResponse>(&content)) return content_encoder_.encode(*response);
  return Octets();
}

Result<Octets> Subject::encode() {
  SignedData outer = signed_data;
  if (outer.encap_content_info.e_content) {
    CMC_TRY(const Octets inner, encode_content());
    CMC_TRY(outer.encap_content_info.e_content->der, encode_octet_string(octet_string_encoder_, inner));
  }
  ContentInfo outermost = content_info;
  CMC_TRY(outermost.content->der, signed_data_encoder_.encode(outer));
  return content_info_encoder_.encode(outermost);
}

}  // namespace cmcctl::bench
