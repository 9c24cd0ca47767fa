#pragma once

#include <optional>

#include <cmcctl/codec/pkix.hpp>

/// PKCS #10: RFC 2986.
namespace cmcctl {

/// RFC 2986 section 4.1.
///
///   CertificationRequestInfo ::= SEQUENCE {
///       version INTEGER { v1(0) }, subject Name, subjectPKInfo SubjectPublicKeyInfo, attributes [0] SET OF Attribute }
struct CertificationRequestInfo {
  Integer version;
  Raw<Name> subject;
  Raw<SubjectPublicKeyInfo> subject_pk_info;
  std::optional<List<Attribute>> attributes;  ///< always written, even when empty; some peers leave it out
  friend bool operator==(const CertificationRequestInfo&, const CertificationRequestInfo&) = default;
};

/// RFC 2986 section 4.2. Decoding promises only that the three parts are there; the signed part is decoded on demand.
struct CertificationRequest {
  Raw<CertificationRequestInfo> certification_request_info;
  AlgorithmIdentifier signature_algorithm;
  BitString signature;
  Source source;
  friend bool operator==(const CertificationRequest&, const CertificationRequest&) = default;
};

}  // namespace cmcctl
