#pragma once

#include <optional>
#include <variant>

#include <cmcctl/codec/pkix.hpp>

/// Values of the extensions of certificates and CRLs: RFC 5280 sections 4.2 and 5.2.
namespace cmcctl {

/// AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0] OCTET STRING OPTIONAL,
///     authorityCertIssuer [1] GeneralNames OPTIONAL, authorityCertSerialNumber [2] INTEGER OPTIONAL }
struct AuthorityKeyIdentifier {
  std::optional<Octets> key_identifier;
  std::optional<GeneralNames> authority_cert_issuer;
  std::optional<Integer> authority_cert_serial_number;
  friend bool operator==(const AuthorityKeyIdentifier&, const AuthorityKeyIdentifier&) = default;
};

/// KeyUsage ::= BIT STRING
struct KeyUsage {
  BitString bits;
  enum Bit : std::size_t {
    digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment, keyAgreement, keyCertSign, cRLSign,
    encipherOnly, decipherOnly
  };
  friend bool operator==(const KeyUsage&, const KeyUsage&) = default;
};

/// ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId
struct ExtKeyUsageSyntax {
  List<Oid> purposes;
  friend bool operator==(const ExtKeyUsageSyntax&, const ExtKeyUsageSyntax&) = default;
};

/// BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }
struct BasicConstraints {
  DefaultBool<false> ca;
  std::optional<Integer> path_len_constraint;
  friend bool operator==(const BasicConstraints&, const BasicConstraints&) = default;
};

/// GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] INTEGER DEFAULT 0, maximum [1] INTEGER OPTIONAL }
struct GeneralSubtree {
  GeneralName base;
  std::optional<Integer> minimum;
  std::optional<Integer> maximum;
  friend bool operator==(const GeneralSubtree&, const GeneralSubtree&) = default;
};

/// NameConstraints ::= SEQUENCE { permittedSubtrees [0] OPTIONAL, excludedSubtrees [1] OPTIONAL }
struct NameConstraints {
  std::optional<List<GeneralSubtree>> permitted_subtrees;
  std::optional<List<GeneralSubtree>> excluded_subtrees;
  friend bool operator==(const NameConstraints&, const NameConstraints&) = default;
};

/// PolicyInformation ::= SEQUENCE { policyIdentifier OBJECT IDENTIFIER, policyQualifiers SEQUENCE OF … OPTIONAL }
struct PolicyQualifierInfo {
  Oid policy_qualifier_id;
  Any qualifier;
  friend bool operator==(const PolicyQualifierInfo&, const PolicyQualifierInfo&) = default;
};
struct PolicyInformation {
  Oid policy_identifier;
  std::optional<List<PolicyQualifierInfo>> policy_qualifiers;
  friend bool operator==(const PolicyInformation&, const PolicyInformation&) = default;
};

/// CertificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation
struct CertificatePolicies {
  List<PolicyInformation> policies;
  friend bool operator==(const CertificatePolicies&, const CertificatePolicies&) = default;
};

/// PolicyMapping ::= SEQUENCE { issuerDomainPolicy, subjectDomainPolicy OBJECT IDENTIFIER }
struct PolicyMapping {
  Oid issuer_domain_policy;
  Oid subject_domain_policy;
  friend bool operator==(const PolicyMapping&, const PolicyMapping&) = default;
};
struct PolicyMappings {
  List<PolicyMapping> mappings;
  friend bool operator==(const PolicyMappings&, const PolicyMappings&) = default;
};

/// PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0], inhibitPolicyMapping [1] INTEGER (0..MAX) OPTIONAL }
struct PolicyConstraints {
  std::optional<Integer> require_explicit_policy;
  std::optional<Integer> inhibit_policy_mapping;
  friend bool operator==(const PolicyConstraints&, const PolicyConstraints&) = default;
};

/// DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] }
struct DistributionPointName {
  std::variant<GeneralNames, RelativeDistinguishedName> choice;
  friend bool operator==(const DistributionPointName&, const DistributionPointName&) = default;
};

/// DistributionPoint ::= SEQUENCE { distributionPoint [0], reasons [1] BIT STRING, cRLIssuer [2] GeneralNames }
struct DistributionPoint {
  std::optional<DistributionPointName> distribution_point;
  std::optional<BitString> reasons;
  std::optional<GeneralNames> crl_issuer;
  friend bool operator==(const DistributionPoint&, const DistributionPoint&) = default;
};
struct CRLDistributionPoints {
  List<DistributionPoint> points;
  friend bool operator==(const CRLDistributionPoints&, const CRLDistributionPoints&) = default;
};

/// IssuingDistributionPoint ::= SEQUENCE { distributionPoint [0], onlyContainsUserCerts [1], onlyContainsCACerts [2],
///     onlySomeReasons [3], indirectCRL [4], onlyContainsAttributeCerts [5] }
struct IssuingDistributionPoint {
  std::optional<DistributionPointName> distribution_point;
  DefaultBool<false> only_contains_user_certs;
  DefaultBool<false> only_contains_ca_certs;
  std::optional<BitString> only_some_reasons;
  DefaultBool<false> indirect_crl;
  DefaultBool<false> only_contains_attribute_certs;
  friend bool operator==(const IssuingDistributionPoint&, const IssuingDistributionPoint&) = default;
};

/// One entry of RevokedCertificates: SEQUENCE { userCertificate INTEGER, revocationDate Time, crlEntryExtensions }
struct RevokedCertificate {
  Integer user_certificate;
  Time revocation_date;
  std::optional<Extensions> crl_entry_extensions;
  friend bool operator==(const RevokedCertificate&, const RevokedCertificate&) = default;
};

}  // namespace cmcctl
