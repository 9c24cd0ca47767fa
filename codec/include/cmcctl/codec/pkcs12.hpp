#pragma once

#include <optional>

#include <cmcctl/codec/cms.hpp>

/// Files with keys and certificates: RFC 7292, and what encrypts keys by passwords.
namespace cmcctl {

/// RFC 7292 section 4.   DigestInfo ::= SEQUENCE { digestAlgorithm AlgorithmIdentifier, digest OCTET STRING }
struct DigestInfo {
  AlgorithmIdentifier digest_algorithm;
  Octets digest;
  friend bool operator==(const DigestInfo&, const DigestInfo&) = default;
};

/// RFC 7292 section 4. Absent iterations stand for 1.
///
///   MacData ::= SEQUENCE { mac DigestInfo, macSalt OCTET STRING, iterations INTEGER DEFAULT 1 }
struct MacData {
  DigestInfo mac;
  Octets mac_salt;
  std::optional<Integer> iterations;
  friend bool operator==(const MacData&, const MacData&) = default;
};

/// RFC 7292 section 4.   PFX ::= SEQUENCE { version INTEGER {v3(3)}, authSafe ContentInfo, macData MacData OPTIONAL }
struct PFX {
  Integer version;
  ContentInfo auth_safe;
  std::optional<MacData> mac_data;
  friend bool operator==(const PFX&, const PFX&) = default;
};

/// RFC 7292 section 4.1.   AuthenticatedSafe ::= SEQUENCE OF ContentInfo
struct AuthenticatedSafe {
  List<ContentInfo> contents;
  friend bool operator==(const AuthenticatedSafe&, const AuthenticatedSafe&) = default;
};

/// RFC 7292 section 4.2.
///
///   SafeBag ::= SEQUENCE { bagId OBJECT IDENTIFIER, bagValue [0] EXPLICIT ANY DEFINED BY bagId,
///       bagAttributes SET OF PKCS12Attribute OPTIONAL }
struct SafeBag {
  Oid bag_id;
  Any bag_value;
  std::optional<List<Attribute>> bag_attributes;
  friend bool operator==(const SafeBag&, const SafeBag&) = default;
};

/// RFC 7292 section 4.2.   SafeContents ::= SEQUENCE OF SafeBag
struct SafeContents {
  List<SafeBag> bags;
  friend bool operator==(const SafeContents&, const SafeContents&) = default;
};

/// RFC 7292 section 4.2.3.   CertBag ::= SEQUENCE { certId OBJECT IDENTIFIER, certValue [0] EXPLICIT ANY DEFINED BY certId }
struct CertBag {
  Oid cert_id;
  Any cert_value;
  friend bool operator==(const CertBag&, const CertBag&) = default;
};

/// RFC 7292 appendix C.   pkcs-12PbeParams ::= SEQUENCE { salt OCTET STRING, iterations INTEGER }
struct PKCS12PbeParams {
  Octets salt;
  Integer iterations;
  friend bool operator==(const PKCS12PbeParams&, const PKCS12PbeParams&) = default;
};

/// RFC 5958 section 3.
///
///   EncryptedPrivateKeyInfo ::= SEQUENCE { encryptionAlgorithm AlgorithmIdentifier, encryptedData OCTET STRING }
struct EncryptedPrivateKeyInfo {
  AlgorithmIdentifier encryption_algorithm;
  Octets encrypted_data;
  friend bool operator==(const EncryptedPrivateKeyInfo&, const EncryptedPrivateKeyInfo&) = default;
};

/// RFC 7914 section 7.
///
///   scrypt-params ::= SEQUENCE { salt OCTET STRING, costParameter INTEGER, blockSize INTEGER,
///       parallelizationParameter INTEGER, keyLength INTEGER OPTIONAL }
struct ScryptParams {
  Octets salt;
  Integer cost_parameter;
  Integer block_size;
  Integer parallelization_parameter;
  std::optional<Integer> key_length;
  friend bool operator==(const ScryptParams&, const ScryptParams&) = default;
};

}  // namespace cmcctl
