#pragma once

#include <cmcctl/codec/pkix.hpp>

#include "../wire.hpp"

CMC_MODULE_TYPE(AlgorithmIdentifier)
CMC_MODULE_TYPE(Attribute)
CMC_MODULE_TYPE(AttributeTypeAndValue)
CMC_MODULE_TYPE(RelativeDistinguishedName)
CMC_MODULE_TYPE(Name)
CMC_MODULE_TYPE(RDNSequence)
CMC_MODULE_TYPE(Extension)
CMC_MODULE_TYPE(Extensions)
CMC_MODULE_TYPE(AnotherName)
CMC_MODULE_TYPE(DirectoryString)
CMC_MODULE_TYPE(TeletexString)
CMC_MODULE_TYPE(PrintableString)
CMC_MODULE_TYPE(UniversalString)
CMC_MODULE_TYPE(BMPString)
CMC_MODULE_TYPE(IA5String)
CMC_MODULE_TYPE(OCTET_STRING)
CMC_MODULE_TYPE(EDIPartyName)
CMC_MODULE_TYPE(GeneralName)
CMC_MODULE_TYPE(GeneralNames)
CMC_MODULE_TYPE(SubjectPublicKeyInfo)
CMC_MODULE_TYPE(Validity)
CMC_MODULE_TYPE(TBSCertificate)
CMC_MODULE_TYPE(Certificate)
CMC_MODULE_TYPE(TBSCertList)
CMC_MODULE_TYPE(CertificateList)

namespace cmcctl {

template <>
struct Wire<AlgorithmIdentifier>
    : Sequence<asn_DEF_AlgorithmIdentifier, &AlgorithmIdentifier::algorithm, &AlgorithmIdentifier::parameters> {};

template <>
struct Wire<Attribute> : Sequence<asn_DEF_Attribute, &Attribute::type, &Attribute::values> {};

void note_no_string(Reader& reader, Octets value);

template <>
struct Wire<AttributeTypeAndValue>
    : Sequence<asn_DEF_AttributeTypeAndValue, &AttributeTypeAndValue::type, &AttributeTypeAndValue::value> {
  static bool read(Reader& reader, const schema::Type& type, const tlv::Element& element, AttributeTypeAndValue& out) {
    if (!Sequence::read(reader, type, element, out)) return false;
    note_no_string(reader, out.value.der);
    return true;
  }
};

template <>
struct Wire<RelativeDistinguishedName>
    : Alias<asn_DEF_RelativeDistinguishedName, &RelativeDistinguishedName::attributes> {};

template <>
struct Wire<Name> : Alias<asn_DEF_RDNSequence, &Name::rdn_sequence> {};

template <>
struct Wire<Extension> : Sequence<asn_DEF_Extension, &Extension::extn_id, &Extension::critical, &Extension::extn_value> {
};

template <>
struct Wire<Extensions> : Alias<asn_DEF_Extensions, &Extensions::extensions> {};

template <>
struct Wire<AnotherName> : Sequence<asn_DEF_AnotherName, &AnotherName::type_id, &AnotherName::value> {};

template <>
struct Wire<DirectoryString::Teletex> : Alias<asn_DEF_TeletexString, &DirectoryString::Teletex::bytes> {};
template <>
struct Wire<DirectoryString::Printable> : Alias<asn_DEF_PrintableString, &DirectoryString::Printable::bytes> {};
template <>
struct Wire<DirectoryString::Universal> : Alias<asn_DEF_UniversalString, &DirectoryString::Universal::bytes> {};
template <>
struct Wire<DirectoryString::Bmp> : Alias<asn_DEF_BMPString, &DirectoryString::Bmp::bytes> {};
template <>
struct Wire<DirectoryString> : Choice<asn_DEF_DirectoryString, &DirectoryString::choice> {};

template <>
struct Wire<EDIPartyName> : Sequence<asn_DEF_EDIPartyName, &EDIPartyName::name_assigner, &EDIPartyName::party_name> {};

template <>
struct Wire<GeneralName::Rfc822Name> : Alias<asn_DEF_IA5String, &GeneralName::Rfc822Name::value> {};
template <>
struct Wire<GeneralName::DNSName> : Alias<asn_DEF_IA5String, &GeneralName::DNSName::value> {};
template <>
struct Wire<GeneralName::Uri> : Alias<asn_DEF_IA5String, &GeneralName::Uri::value> {};
template <>
struct Wire<GeneralName::IPAddress> : Alias<asn_DEF_OCTET_STRING, &GeneralName::IPAddress::value> {};
template <>
struct Wire<GeneralName> : Choice<asn_DEF_GeneralName, &GeneralName::choice> {};

template <>
struct Wire<GeneralNames> : Alias<asn_DEF_GeneralNames, &GeneralNames::names> {};

template <>
struct Wire<SubjectPublicKeyInfo>
    : Sequence<asn_DEF_SubjectPublicKeyInfo, &SubjectPublicKeyInfo::algorithm,
               &SubjectPublicKeyInfo::subject_public_key> {};

template <>
struct Wire<Validity> : Sequence<asn_DEF_Validity, &Validity::not_before, &Validity::not_after> {};

template <>
struct Wire<TBSCertificate>
    : Sequence<asn_DEF_TBSCertificate, &TBSCertificate::version, &TBSCertificate::serial_number,
               &TBSCertificate::signature, &TBSCertificate::issuer, &TBSCertificate::validity,
               &TBSCertificate::subject, &TBSCertificate::subject_public_key_info, &TBSCertificate::issuer_unique_id,
               &TBSCertificate::subject_unique_id, &TBSCertificate::extensions> {};

template <>
struct Wire<Certificate> : Sequence<asn_DEF_Certificate, &Certificate::tbs_certificate,
                                    &Certificate::signature_algorithm, &Certificate::signature> {};

template <>
struct Wire<TBSCertList>
    : Sequence<asn_DEF_TBSCertList, &TBSCertList::version, &TBSCertList::signature, &TBSCertList::issuer,
               &TBSCertList::this_update, &TBSCertList::next_update, &TBSCertList::revoked_certificates,
               &TBSCertList::crl_extensions> {};

template <>
struct Wire<CertificateList> : Sequence<asn_DEF_CertificateList, &CertificateList::tbs_cert_list,
                                        &CertificateList::signature_algorithm, &CertificateList::signature> {};

}  // namespace cmcctl
