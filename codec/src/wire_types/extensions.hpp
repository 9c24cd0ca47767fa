#pragma once

#include <cmcctl/codec/extensions.hpp>

#include "pkix.hpp"

CMC_MODULE_TYPE(AuthorityKeyIdentifier)
CMC_MODULE_TYPE(KeyUsage)
CMC_MODULE_TYPE(ExtKeyUsageSyntax)
CMC_MODULE_TYPE(BasicConstraints)
CMC_MODULE_TYPE(GeneralSubtree)
CMC_MODULE_TYPE(NameConstraints)
CMC_MODULE_TYPE(PolicyQualifierInfo)
CMC_MODULE_TYPE(PolicyInformation)
CMC_MODULE_TYPE(CertificatePolicies)
CMC_MODULE_TYPE(PolicyMapping)
CMC_MODULE_TYPE(PolicyMappings)
CMC_MODULE_TYPE(PolicyConstraints)
CMC_MODULE_TYPE(DistributionPointName)
CMC_MODULE_TYPE(DistributionPoint)
CMC_MODULE_TYPE(CRLDistributionPoints)
CMC_MODULE_TYPE(IssuingDistributionPoint)
CMC_MODULE_TYPE(RevokedCertificate)

namespace cmcctl {

template <>
struct Wire<AuthorityKeyIdentifier>
    : Sequence<asn_DEF_AuthorityKeyIdentifier, &AuthorityKeyIdentifier::key_identifier,
               &AuthorityKeyIdentifier::authority_cert_issuer, &AuthorityKeyIdentifier::authority_cert_serial_number> {};

template <>
struct Wire<KeyUsage> : Alias<asn_DEF_KeyUsage, &KeyUsage::bits> {};

template <>
struct Wire<ExtKeyUsageSyntax> : Alias<asn_DEF_ExtKeyUsageSyntax, &ExtKeyUsageSyntax::purposes> {};

template <>
struct Wire<BasicConstraints>
    : Sequence<asn_DEF_BasicConstraints, &BasicConstraints::ca, &BasicConstraints::path_len_constraint> {};

template <>
struct Wire<GeneralSubtree>
    : Sequence<asn_DEF_GeneralSubtree, &GeneralSubtree::base, &GeneralSubtree::minimum, &GeneralSubtree::maximum> {};

template <>
struct Wire<NameConstraints>
    : Sequence<asn_DEF_NameConstraints, &NameConstraints::permitted_subtrees, &NameConstraints::excluded_subtrees> {};

template <>
struct Wire<PolicyQualifierInfo>
    : Sequence<asn_DEF_PolicyQualifierInfo, &PolicyQualifierInfo::policy_qualifier_id, &PolicyQualifierInfo::qualifier> {};

template <>
struct Wire<PolicyInformation>
    : Sequence<asn_DEF_PolicyInformation, &PolicyInformation::policy_identifier, &PolicyInformation::policy_qualifiers> {};

template <>
struct Wire<CertificatePolicies> : Alias<asn_DEF_CertificatePolicies, &CertificatePolicies::policies> {};

template <>
struct Wire<PolicyMapping>
    : Sequence<asn_DEF_PolicyMapping, &PolicyMapping::issuer_domain_policy, &PolicyMapping::subject_domain_policy> {};

template <>
struct Wire<PolicyMappings> : Alias<asn_DEF_PolicyMappings, &PolicyMappings::mappings> {};

template <>
struct Wire<PolicyConstraints>
    : Sequence<asn_DEF_PolicyConstraints, &PolicyConstraints::require_explicit_policy,
               &PolicyConstraints::inhibit_policy_mapping> {};

template <>
struct Wire<DistributionPointName> : Choice<asn_DEF_DistributionPointName, &DistributionPointName::choice> {};

template <>
struct Wire<DistributionPoint>
    : Sequence<asn_DEF_DistributionPoint, &DistributionPoint::distribution_point, &DistributionPoint::reasons,
               &DistributionPoint::crl_issuer> {};

template <>
struct Wire<CRLDistributionPoints> : Alias<asn_DEF_CRLDistributionPoints, &CRLDistributionPoints::points> {};

template <>
struct Wire<IssuingDistributionPoint>
    : Sequence<asn_DEF_IssuingDistributionPoint, &IssuingDistributionPoint::distribution_point,
               &IssuingDistributionPoint::only_contains_user_certs,
               &IssuingDistributionPoint::only_contains_ca_certs, &IssuingDistributionPoint::only_some_reasons,
               &IssuingDistributionPoint::indirect_crl, &IssuingDistributionPoint::only_contains_attribute_certs> {};

template <>
struct Wire<RevokedCertificate>
    : Sequence<asn_DEF_RevokedCertificate, &RevokedCertificate::user_certificate,
               &RevokedCertificate::revocation_date, &RevokedCertificate::crl_entry_extensions> {};

}  // namespace cmcctl
