#pragma once

#include <cmcctl/codec/cms.hpp>

#include "pkix.hpp"

CMC_MODULE_TYPE(ContentInfo)
CMC_MODULE_TYPE(IssuerAndSerialNumber)
CMC_MODULE_TYPE(SubjectKeyIdentifier)
CMC_MODULE_TYPE(SignerIdentifier)
CMC_MODULE_TYPE(SignedAttributes)
CMC_MODULE_TYPE(AuthAttributes)
CMC_MODULE_TYPE(SignerInfo)
CMC_MODULE_TYPE(EncapsulatedContentInfo)
CMC_MODULE_TYPE(SignedData)
CMC_MODULE_TYPE(OriginatorInfo)
CMC_MODULE_TYPE(RecipientIdentifier)
CMC_MODULE_TYPE(KeyTransRecipientInfo)
CMC_MODULE_TYPE(OriginatorPublicKey)
CMC_MODULE_TYPE(OriginatorIdentifierOrKey)
CMC_MODULE_TYPE(OtherKeyAttribute)
CMC_MODULE_TYPE(RecipientKeyIdentifier)
CMC_MODULE_TYPE(KeyAgreeRecipientIdentifier)
CMC_MODULE_TYPE(RecipientEncryptedKey)
CMC_MODULE_TYPE(KeyAgreeRecipientInfo)
CMC_MODULE_TYPE(KEKIdentifier)
CMC_MODULE_TYPE(KEKRecipientInfo)
CMC_MODULE_TYPE(PasswordRecipientInfo)
CMC_MODULE_TYPE(OtherRecipientInfo)
CMC_MODULE_TYPE(KEMRecipientInfo)
CMC_MODULE_TYPE(RecipientInfo)
CMC_MODULE_TYPE(EncryptedContentInfo)
CMC_MODULE_TYPE(EnvelopedData)
CMC_MODULE_TYPE(AuthEnvelopedData)
CMC_MODULE_TYPE(AuthenticatedData)
CMC_MODULE_TYPE(DigestedData)
CMC_MODULE_TYPE(EncryptedData)

namespace cmcctl {

template <>
struct Wire<ContentInfo>
    : Sequence<asn_DEF_ContentInfo, &ContentInfo::content_type, &ContentInfo::content> {};

template <>
struct Wire<IssuerAndSerialNumber>
    : Sequence<asn_DEF_IssuerAndSerialNumber, &IssuerAndSerialNumber::issuer,
               &IssuerAndSerialNumber::serial_number> {};

template <>
struct Wire<SubjectKeyIdentifier> : Alias<asn_DEF_SubjectKeyIdentifier, &SubjectKeyIdentifier::value> {};

template <>
struct Wire<SignerIdentifier> : Choice<asn_DEF_SignerIdentifier, &SignerIdentifier::choice> {};

template <>
struct Wire<SignedAttributes> : Alias<asn_DEF_SignedAttributes, &SignedAttributes::attributes> {};

template <>
struct Wire<AuthAttributes> : Alias<asn_DEF_AuthAttributes, &AuthAttributes::attributes> {};

template <>
struct Wire<SignerInfo>
    : Sequence<asn_DEF_SignerInfo, &SignerInfo::version, &SignerInfo::sid, &SignerInfo::digest_algorithm,
               &SignerInfo::signed_attrs, &SignerInfo::signature_algorithm, &SignerInfo::signature,
               &SignerInfo::unsigned_attrs> {};

template <>
struct Wire<EncapsulatedContentInfo>
    : Sequence<asn_DEF_EncapsulatedContentInfo, &EncapsulatedContentInfo::e_content_type,
               &EncapsulatedContentInfo::e_content> {};

template <>
struct Wire<SignedData>
    : Sequence<asn_DEF_SignedData, &SignedData::version, &SignedData::digest_algorithms,
               &SignedData::encap_content_info, &SignedData::certificates, &SignedData::crls,
               &SignedData::signer_infos> {};

template <>
struct Wire<OriginatorInfo>
    : Sequence<asn_DEF_OriginatorInfo, &OriginatorInfo::certs, &OriginatorInfo::crls> {};

template <>
struct Wire<RecipientIdentifier> : Choice<asn_DEF_RecipientIdentifier, &RecipientIdentifier::choice> {};

template <>
struct Wire<KeyTransRecipientInfo>
    : Sequence<asn_DEF_KeyTransRecipientInfo, &KeyTransRecipientInfo::version, &KeyTransRecipientInfo::rid,
               &KeyTransRecipientInfo::key_encryption_algorithm, &KeyTransRecipientInfo::encrypted_key> {};

template <>
struct Wire<OriginatorPublicKey>
    : Sequence<asn_DEF_OriginatorPublicKey, &OriginatorPublicKey::algorithm, &OriginatorPublicKey::public_key> {};

template <>
struct Wire<OriginatorIdentifierOrKey> : Choice<asn_DEF_OriginatorIdentifierOrKey, &OriginatorIdentifierOrKey::choice> {};

template <>
struct Wire<OtherKeyAttribute>
    : Sequence<asn_DEF_OtherKeyAttribute, &OtherKeyAttribute::key_attr_id, &OtherKeyAttribute::key_attr> {};

template <>
struct Wire<RecipientKeyIdentifier>
    : Sequence<asn_DEF_RecipientKeyIdentifier, &RecipientKeyIdentifier::subject_key_identifier,
               &RecipientKeyIdentifier::date, &RecipientKeyIdentifier::other> {};

template <>
struct Wire<KeyAgreeRecipientIdentifier> : Choice<asn_DEF_KeyAgreeRecipientIdentifier, &KeyAgreeRecipientIdentifier::choice> {};

template <>
struct Wire<RecipientEncryptedKey>
    : Sequence<asn_DEF_RecipientEncryptedKey, &RecipientEncryptedKey::rid,
               &RecipientEncryptedKey::encrypted_key> {};

template <>
struct Wire<KeyAgreeRecipientInfo>
    : Sequence<asn_DEF_KeyAgreeRecipientInfo, &KeyAgreeRecipientInfo::version,
               &KeyAgreeRecipientInfo::originator, &KeyAgreeRecipientInfo::ukm,
               &KeyAgreeRecipientInfo::key_encryption_algorithm,
               &KeyAgreeRecipientInfo::recipient_encrypted_keys> {};

template <>
struct Wire<KEKIdentifier>
    : Sequence<asn_DEF_KEKIdentifier, &KEKIdentifier::key_identifier, &KEKIdentifier::date,
               &KEKIdentifier::other> {};

template <>
struct Wire<KEKRecipientInfo>
    : Sequence<asn_DEF_KEKRecipientInfo, &KEKRecipientInfo::version, &KEKRecipientInfo::kekid,
               &KEKRecipientInfo::key_encryption_algorithm, &KEKRecipientInfo::encrypted_key> {};

template <>
struct Wire<PasswordRecipientInfo>
    : Sequence<asn_DEF_PasswordRecipientInfo, &PasswordRecipientInfo::version,
               &PasswordRecipientInfo::key_derivation_algorithm,
               &PasswordRecipientInfo::key_encryption_algorithm, &PasswordRecipientInfo::encrypted_key> {};

template <>
struct Wire<OtherRecipientInfo>
    : Sequence<asn_DEF_OtherRecipientInfo, &OtherRecipientInfo::ori_type, &OtherRecipientInfo::ori_value> {};

template <>
struct Wire<KEMRecipientInfo>
    : Sequence<asn_DEF_KEMRecipientInfo, &KEMRecipientInfo::version, &KEMRecipientInfo::rid,
               &KEMRecipientInfo::kem, &KEMRecipientInfo::kemct, &KEMRecipientInfo::kdf,
               &KEMRecipientInfo::kek_length, &KEMRecipientInfo::ukm, &KEMRecipientInfo::wrap,
               &KEMRecipientInfo::encrypted_key> {};

template <>
struct Wire<RecipientInfo> : Choice<asn_DEF_RecipientInfo, &RecipientInfo::choice> {};

template <>
struct Wire<EncryptedContentInfo>
    : Sequence<asn_DEF_EncryptedContentInfo, &EncryptedContentInfo::content_type,
               &EncryptedContentInfo::content_encryption_algorithm, &EncryptedContentInfo::encrypted_content> {};

template <>
struct Wire<EnvelopedData>
    : Sequence<asn_DEF_EnvelopedData, &EnvelopedData::version, &EnvelopedData::originator_info,
               &EnvelopedData::recipient_infos, &EnvelopedData::encrypted_content_info,
               &EnvelopedData::unprotected_attrs> {};

template <>
struct Wire<AuthEnvelopedData>
    : Sequence<asn_DEF_AuthEnvelopedData, &AuthEnvelopedData::version, &AuthEnvelopedData::originator_info,
               &AuthEnvelopedData::recipient_infos, &AuthEnvelopedData::auth_encrypted_content_info,
               &AuthEnvelopedData::auth_attrs, &AuthEnvelopedData::mac, &AuthEnvelopedData::unauth_attrs> {};

template <>
struct Wire<AuthenticatedData>
    : Sequence<asn_DEF_AuthenticatedData, &AuthenticatedData::version, &AuthenticatedData::originator_info,
               &AuthenticatedData::recipient_infos, &AuthenticatedData::mac_algorithm,
               &AuthenticatedData::digest_algorithm, &AuthenticatedData::encap_content_info,
               &AuthenticatedData::auth_attrs, &AuthenticatedData::mac, &AuthenticatedData::unauth_attrs> {};

template <>
struct Wire<DigestedData>
    : Sequence<asn_DEF_DigestedData, &DigestedData::version, &DigestedData::digest_algorithm,
               &DigestedData::encap_content_info, &DigestedData::digest> {};

template <>
struct Wire<EncryptedData>
    : Sequence<asn_DEF_EncryptedData, &EncryptedData::version, &EncryptedData::encrypted_content_info,
               &EncryptedData::unprotected_attrs> {};

}  // namespace cmcctl
