#pragma once

#include <cmcctl/codec/controls.hpp>

#include "cmc.hpp"

CMC_MODULE_TYPE(UTF8String)
CMC_MODULE_TYPE(INTEGER)
CMC_MODULE_TYPE(CMCFailInfo)
CMC_MODULE_TYPE(PendInfo)
CMC_MODULE_TYPE(ExtendedFailInfo)
CMC_MODULE_TYPE(StatusOtherInfo)
CMC_MODULE_TYPE(OtherStatusInfo)
CMC_MODULE_TYPE(CMCStatusInfo)
CMC_MODULE_TYPE(CMCStatusInfoV2)
CMC_MODULE_TYPE(BodyPartID)
CMC_MODULE_TYPE(IdentityProofV2)
CMC_MODULE_TYPE(PopLinkWitnessV2)
CMC_MODULE_TYPE(EncryptedPOP)
CMC_MODULE_TYPE(DecryptedPOP)
CMC_MODULE_TYPE(LraPopWitness)
CMC_MODULE_TYPE(AddExtensions)
CMC_MODULE_TYPE(ModCertTemplate)
CMC_MODULE_TYPE(ChangeSubjectName)
CMC_MODULE_TYPE(GetCert)
CMC_MODULE_TYPE(GetCRL)
CMC_MODULE_TYPE(RevokeRequest)
CMC_MODULE_TYPE(PublishTrustAnchors)
CMC_MODULE_TYPE(CMCPublicationInfo)
CMC_MODULE_TYPE(ControlsProcessed)
CMC_MODULE_TYPE(CMCUnsignedData)
CMC_MODULE_TYPE(CmcAddAttributes)

namespace cmcctl {

template <>
struct Wire<PendInfo> : Sequence<asn_DEF_PendInfo, &PendInfo::pend_token, &PendInfo::pend_time> {};

template <>
struct Wire<ExtendedFailInfo>
    : Sequence<asn_DEF_ExtendedFailInfo, &ExtendedFailInfo::fail_info_oid, &ExtendedFailInfo::fail_info_value> {};

template <>
struct Wire<CMCStatusInfo::OtherInfo> : Choice<asn_DEF_StatusOtherInfo, &CMCStatusInfo::OtherInfo::choice> {};

template <>
struct Wire<CMCStatusInfo> : Sequence<asn_DEF_CMCStatusInfo, &CMCStatusInfo::cmc_status, &CMCStatusInfo::body_list,
                                      &CMCStatusInfo::status_string, &CMCStatusInfo::other_info> {};

/// The untagged SEQUENCE is a PendInfo or, in RFC 5272's edition, an ExtendedFailInfo: its first member tells.
template <>
struct Wire<CMCStatusInfoV2::OtherInfo> : Choice<asn_DEF_OtherStatusInfo, &CMCStatusInfoV2::OtherInfo::choice> {
  static bool read(Reader& reader, const schema::Type& type, const tlv::Element& element,
                   CMCStatusInfoV2::OtherInfo& out) {
    if (element.id != tlv::sequence) return Choice::read(reader, type, element, out);
    const bool extended = !element.content.empty() && element.content[0] == tlv::oid;
    if (!extended) return Wire<PendInfo>::read(reader, Wire<PendInfo>::type(), element, out.choice.emplace<1>()) ||
                          reader.step_back("pendInfo");
    reader.note(Severity::warning, "CMC-10002-6.1.1-01", "extendedFailInfo without its tag [1], as in RFC 5272",
                element.whole);
    return Wire<ExtendedFailInfo>::read(reader, Wire<ExtendedFailInfo>::type(), element, out.choice.emplace<2>()) ||
           reader.step_back("extendedFailInfo");
  }
  static bool write(Writer& writer, const schema::Type& type, const CMCStatusInfoV2::OtherInfo& value) {
    const auto* pending = std::get_if<PendInfo>(&value.choice);
    if (pending == nullptr) return Choice::write(writer, type, value);
    return write_member(writer, Wire<PendInfo>::type().self, *pending);
  }
};

template <>
struct Wire<CMCStatusInfoV2>
    : Sequence<asn_DEF_CMCStatusInfoV2, &CMCStatusInfoV2::cmc_status, &CMCStatusInfoV2::body_list,
               &CMCStatusInfoV2::status_string, &CMCStatusInfoV2::other_info> {};

template <>
struct Wire<Identification> : Alias<asn_DEF_UTF8String, &Identification::value> {};
template <>
struct Wire<IdentityProof> : Alias<asn_DEF_OCTET_STRING, &IdentityProof::value> {};
template <>
struct Wire<DataReturn> : Alias<asn_DEF_OCTET_STRING, &DataReturn::value> {};
template <>
struct Wire<TransactionId> : Alias<asn_DEF_INTEGER, &TransactionId::value> {};
template <>
struct Wire<SenderNonce> : Alias<asn_DEF_OCTET_STRING, &SenderNonce::value> {};
template <>
struct Wire<RecipientNonce> : Alias<asn_DEF_OCTET_STRING, &RecipientNonce::value> {};
template <>
struct Wire<RegInfo> : Alias<asn_DEF_OCTET_STRING, &RegInfo::value> {};
template <>
struct Wire<ResponseInfo> : Alias<asn_DEF_OCTET_STRING, &ResponseInfo::value> {};
template <>
struct Wire<QueryPending> : Alias<asn_DEF_OCTET_STRING, &QueryPending::value> {};
template <>
struct Wire<PopLinkRandom> : Alias<asn_DEF_OCTET_STRING, &PopLinkRandom::value> {};
template <>
struct Wire<PopLinkWitness> : Alias<asn_DEF_OCTET_STRING, &PopLinkWitness::value> {};
template <>
struct Wire<AuthPublish> : Alias<asn_DEF_BodyPartID, &AuthPublish::value> {};
template <>
struct Wire<BatchRequests> : Alias<asn_DEF_BodyPartList, &BatchRequests::value> {};
template <>
struct Wire<BatchResponses> : Alias<asn_DEF_BodyPartList, &BatchResponses::value> {};
template <>
struct Wire<RaIdentityWitness> : Alias<asn_DEF_BodyPartPath, &RaIdentityWitness::value> {};
template <>
struct Wire<ResponseBody> : Alias<asn_DEF_BodyPartPath, &ResponseBody::value> {};

template <>
struct Wire<IdentityProofV2> : Sequence<asn_DEF_IdentityProofV2, &IdentityProofV2::proof_alg_id,
                                        &IdentityProofV2::mac_alg_id, &IdentityProofV2::witness> {};

template <>
struct Wire<PopLinkWitnessV2> : Sequence<asn_DEF_PopLinkWitnessV2, &PopLinkWitnessV2::key_gen_algorithm,
                                         &PopLinkWitnessV2::mac_algorithm, &PopLinkWitnessV2::witness> {};

template <>
struct Wire<EncryptedPOP> : Sequence<asn_DEF_EncryptedPOP, &EncryptedPOP::request, &EncryptedPOP::cms,
                                     &EncryptedPOP::the_pop_alg_id, &EncryptedPOP::witness_alg_id,
                                     &EncryptedPOP::witness> {};

template <>
struct Wire<DecryptedPOP> : Sequence<asn_DEF_DecryptedPOP, &DecryptedPOP::body_part_id,
                                     &DecryptedPOP::the_pop_alg_id, &DecryptedPOP::the_pop> {};

template <>
struct Wire<LraPopWitness>
    : Sequence<asn_DEF_LraPopWitness, &LraPopWitness::pki_data_bodyid, &LraPopWitness::body_ids> {};

template <>
struct Wire<AddExtensions> : Sequence<asn_DEF_AddExtensions, &AddExtensions::pki_data_reference,
                                      &AddExtensions::cert_references, &AddExtensions::extensions> {};

template <>
struct Wire<ModCertTemplate> : Sequence<asn_DEF_ModCertTemplate, &ModCertTemplate::pki_data_reference,
                                        &ModCertTemplate::cert_references, &ModCertTemplate::replace,
                                        &ModCertTemplate::cert_template> {};

/// The module has a list of ANY: both members of RFC 6402's edition may be an untagged SEQUENCE.
template <>
struct Wire<ChangeSubjectName> {
  static const schema::Type& type() {
    static const schema::Type& instance = schema::of(asn_DEF_ChangeSubjectName);
    return instance;
  }
  static bool read(Reader& reader, const schema::Type& type, const tlv::Element& element, ChangeSubjectName& out);
  static bool write(Writer& writer, const schema::Type& type, const ChangeSubjectName& value);
};

/// The module has ANY for issuerName: some peers send a bare Name.
template <>
struct Wire<GetCert> {
  static const schema::Type& type() {
    static const schema::Type& instance = schema::of(asn_DEF_GetCert);
    return instance;
  }
  static bool read(Reader& reader, const schema::Type& type, const tlv::Element& element, GetCert& out);
  static bool write(Writer& writer, const schema::Type& type, const GetCert& value);
};

template <>
struct Wire<GetCRL> : Sequence<asn_DEF_GetCRL, &GetCRL::issuer_name, &GetCRL::crl_name, &GetCRL::time,
                               &GetCRL::reasons> {};

template <>
struct Wire<RevokeRequest> : Sequence<asn_DEF_RevokeRequest, &RevokeRequest::issuer_name,
                                      &RevokeRequest::serial_number, &RevokeRequest::reason,
                                      &RevokeRequest::invalidity_date, &RevokeRequest::passphrase,
                                      &RevokeRequest::comment> {};

/// Dogtag puts another SEQUENCE around the Name.
template <>
struct Wire<CMCCertId> : Alias<asn_DEF_IssuerAndSerialNumber, &CMCCertId::value> {
  static bool read(Reader& reader, const schema::Type& type, const tlv::Element& element, CMCCertId& out);
};

template <>
struct Wire<PublishTrustAnchors> : Sequence<asn_DEF_PublishTrustAnchors, &PublishTrustAnchors::seq_number,
                                            &PublishTrustAnchors::hash_algorithm,
                                            &PublishTrustAnchors::anchor_hashes> {};

template <>
struct Wire<CMCPublicationInfo> : Sequence<asn_DEF_CMCPublicationInfo, &CMCPublicationInfo::hash_alg,
                                           &CMCPublicationInfo::cert_hashes, &CMCPublicationInfo::pub_info> {};

template <>
struct Wire<ControlsProcessed> : Sequence<asn_DEF_ControlsProcessed, &ControlsProcessed::body_list> {};

template <>
struct Wire<CMCUnsignedData> : Sequence<asn_DEF_CMCUnsignedData, &CMCUnsignedData::body_part_path,
                                        &CMCUnsignedData::identifier, &CMCUnsignedData::content> {};

template <>
struct Wire<CmcAddAttributes> : Sequence<asn_DEF_CmcAddAttributes, &CmcAddAttributes::pki_data_reference,
                                         &CmcAddAttributes::cert_references, &CmcAddAttributes::attributes> {};

}  // namespace cmcctl
