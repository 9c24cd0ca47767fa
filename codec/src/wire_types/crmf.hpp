#pragma once

#include <cmcctl/codec/crmf.hpp>

#include "cms.hpp"
#include "pkix.hpp"

CMC_MODULE_TYPE(OptionalValidity)
CMC_MODULE_TYPE(CertTemplate)
CMC_MODULE_TYPE(CertRequest)
CMC_MODULE_TYPE(PKMACValue)
CMC_MODULE_TYPE(PBMParameter)
CMC_MODULE_TYPE(POPOSigningKeyAuthInfo)
CMC_MODULE_TYPE(POPOSigningKeyInput)
CMC_MODULE_TYPE(POPOSigningKey)
CMC_MODULE_TYPE(BIT_STRING)
CMC_MODULE_TYPE(POPOPrivKey)
CMC_MODULE_TYPE(NULL)
CMC_MODULE_TYPE(ProofOfPossession)
CMC_MODULE_TYPE(CertReqMsg)
CMC_MODULE_TYPE(CertReqMessages)
CMC_MODULE_TYPE(EncryptedValue)
CMC_MODULE_TYPE(CRMFEncryptedKey)
CMC_MODULE_TYPE(PKIArchiveOptions)
CMC_MODULE_TYPE(SinglePubInfo)
CMC_MODULE_TYPE(PKIPublicationInfo)
CMC_MODULE_TYPE(CertId)

namespace cmcctl {

template <>
struct Wire<OptionalValidity>
    : Sequence<asn_DEF_OptionalValidity, &OptionalValidity::not_before, &OptionalValidity::not_after> {};

template <>
struct Wire<CertTemplate>
    : Sequence<asn_DEF_CertTemplate, &CertTemplate::version, &CertTemplate::serial_number,
               &CertTemplate::signing_alg, &CertTemplate::issuer, &CertTemplate::validity,
               &CertTemplate::subject, &CertTemplate::public_key, &CertTemplate::issuer_uid,
               &CertTemplate::subject_uid, &CertTemplate::extensions> {};

template <>
struct Wire<CertRequest>
    : Sequence<asn_DEF_CertRequest, &CertRequest::cert_req_id, &CertRequest::cert_template,
               &CertRequest::controls> {};

template <>
struct Wire<PKMACValue>
    : Sequence<asn_DEF_PKMACValue, &PKMACValue::alg_id, &PKMACValue::value> {};

template <>
struct Wire<PBMParameter>
    : Sequence<asn_DEF_PBMParameter, &PBMParameter::salt, &PBMParameter::owf, &PBMParameter::iteration_count,
               &PBMParameter::mac> {};

template <>
struct Wire<POPOSigningKeyAuthInfo> : Choice<asn_DEF_POPOSigningKeyAuthInfo, &POPOSigningKeyAuthInfo::choice> {};

template <>
struct Wire<POPOSigningKeyInput>
    : Sequence<asn_DEF_POPOSigningKeyInput, &POPOSigningKeyInput::auth_info, &POPOSigningKeyInput::public_key> {};

template <>
struct Wire<POPOSigningKey>
    : Sequence<asn_DEF_POPOSigningKey, &POPOSigningKey::poposk_input, &POPOSigningKey::algorithm_identifier,
               &POPOSigningKey::signature> {};

template <>
struct Wire<POPOPrivKey::ThisMessage> : Alias<asn_DEF_BIT_STRING, &POPOPrivKey::ThisMessage::value> {};

template <>
struct Wire<POPOPrivKey::DhMac> : Alias<asn_DEF_BIT_STRING, &POPOPrivKey::DhMac::value> {};

template <>
struct Wire<POPOPrivKey> : Choice<asn_DEF_POPOPrivKey, &POPOPrivKey::choice> {};

template <>
struct Wire<ProofOfPossession::RaVerified> : Alias<asn_DEF_NULL, &ProofOfPossession::RaVerified::value> {};

template <>
struct Wire<ProofOfPossession::KeyEncipherment> : Alias<asn_DEF_POPOPrivKey, &ProofOfPossession::KeyEncipherment::value> {};

template <>
struct Wire<ProofOfPossession::KeyAgreement> : Alias<asn_DEF_POPOPrivKey, &ProofOfPossession::KeyAgreement::value> {};

template <>
struct Wire<ProofOfPossession> : Choice<asn_DEF_ProofOfPossession, &ProofOfPossession::choice> {};

template <>
struct Wire<CertReqMsg>
    : Sequence<asn_DEF_CertReqMsg, &CertReqMsg::cert_req, &CertReqMsg::popo, &CertReqMsg::reg_info> {};

template <>
struct Wire<CertReqMessages> : Alias<asn_DEF_CertReqMessages, &CertReqMessages::messages> {};

template <>
struct Wire<EncryptedValue>
    : Sequence<asn_DEF_EncryptedValue, &EncryptedValue::intended_alg, &EncryptedValue::symm_alg,
               &EncryptedValue::enc_symm_key, &EncryptedValue::key_alg, &EncryptedValue::value_hint,
               &EncryptedValue::enc_value> {};

template <>
struct Wire<EncryptedKey> : Choice<asn_DEF_CRMFEncryptedKey, &EncryptedKey::choice> {};

template <>
struct Wire<PKIArchiveOptions> : Choice<asn_DEF_PKIArchiveOptions, &PKIArchiveOptions::choice> {};

template <>
struct Wire<SinglePubInfo>
    : Sequence<asn_DEF_SinglePubInfo, &SinglePubInfo::pub_method, &SinglePubInfo::pub_location> {};

template <>
struct Wire<PKIPublicationInfo>
    : Sequence<asn_DEF_PKIPublicationInfo, &PKIPublicationInfo::action, &PKIPublicationInfo::pub_infos> {};

template <>
struct Wire<CertId>
    : Sequence<asn_DEF_CertId, &CertId::issuer, &CertId::serial_number> {};

}  // namespace cmcctl
