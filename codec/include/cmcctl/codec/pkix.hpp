#pragma once

#include <optional>
#include <variant>

#include <cmcctl/codec/decoder.hpp>
#include <cmcctl/codec/values.hpp>

/// The parts of RFC 5280 that the other messages are made of.
namespace cmcctl {

/// AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY DEFINED BY algorithm OPTIONAL }
struct AlgorithmIdentifier {
  Oid algorithm;
  std::optional<Any> parameters;
  Source source;
  friend bool operator==(const AlgorithmIdentifier&, const AlgorithmIdentifier&) = default;
};

/// Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, values SET OF AttributeValue }
struct Attribute {
  Oid type;
  List<Any> values;
  Source source;
  friend bool operator==(const Attribute&, const Attribute&) = default;
};

/// AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY DEFINED BY type }
struct AttributeTypeAndValue {
  Oid type;
  Any value;
  Source source;
  friend bool operator==(const AttributeTypeAndValue&, const AttributeTypeAndValue&) = default;
};

/// RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
struct RelativeDistinguishedName {
  List<AttributeTypeAndValue> attributes;
  friend bool operator==(const RelativeDistinguishedName&, const RelativeDistinguishedName&) = default;
};

/// Name ::= CHOICE { rdnSequence SEQUENCE OF RelativeDistinguishedName }, the first RDN first. Inside other types a
/// name is a Raw<Name>: names are compared byte by byte.
struct Name {
  List<RelativeDistinguishedName> rdn_sequence;
  friend bool operator==(const Name&, const Name&) = default;
};

/// Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
struct Extension {
  Oid extn_id;
  DefaultBool<false> critical;
  Octets extn_value;  ///< contents of the OCTET STRING: normally the DER of the value
  Source source;
  friend bool operator==(const Extension&, const Extension&) = default;
};

/// Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension
struct Extensions {
  List<Extension> extensions;
  friend bool operator==(const Extensions&, const Extensions&) = default;
};

/// AnotherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY DEFINED BY type-id }
struct AnotherName {
  Oid type_id;
  Any value;
  friend bool operator==(const AnotherName&, const AnotherName&) = default;
};

struct ORAddress {};     ///< X.400 address: kept, never looked into

/// DirectoryString ::= CHOICE { teletexString, printableString, universalString, utf8String, bmpString }
struct DirectoryString {
  struct Teletex { Octets bytes; friend bool operator==(const Teletex&, const Teletex&) = default; };
  struct Printable { Octets bytes; friend bool operator==(const Printable&, const Printable&) = default; };
  struct Universal { Octets bytes; friend bool operator==(const Universal&, const Universal&) = default; };
  struct Bmp { Octets bytes; friend bool operator==(const Bmp&, const Bmp&) = default; };
  std::variant<Teletex, Printable, Universal, Utf8String, Bmp> choice;
  friend bool operator==(const DirectoryString&, const DirectoryString&) = default;
};

/// EDIPartyName ::= SEQUENCE { nameAssigner [0] DirectoryString OPTIONAL, partyName [1] DirectoryString }
struct EDIPartyName {
  std::optional<DirectoryString> name_assigner;
  DirectoryString party_name;
  friend bool operator==(const EDIPartyName&, const EDIPartyName&) = default;
};

/// GeneralName ::= CHOICE { otherName [0], rfc822Name [1], dNSName [2], x400Address [3], directoryName [4],
///     ediPartyName [5], uniformResourceIdentifier [6], iPAddress [7], registeredID [8] }
struct GeneralName {
  struct Rfc822Name { Octets value; friend bool operator==(const Rfc822Name&, const Rfc822Name&) = default; };
  struct DNSName { Octets value; friend bool operator==(const DNSName&, const DNSName&) = default; };
  struct Uri { Octets value; friend bool operator==(const Uri&, const Uri&) = default; };
  struct IPAddress { Octets value; friend bool operator==(const IPAddress&, const IPAddress&) = default; };
  std::variant<AnotherName, Rfc822Name, DNSName, Raw<ORAddress>, Raw<Name>, EDIPartyName, Uri, IPAddress, Oid> choice;
  friend bool operator==(const GeneralName&, const GeneralName&) = default;
};

/// GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName
struct GeneralNames {
  List<GeneralName> names;
  friend bool operator==(const GeneralNames&, const GeneralNames&) = default;
};

/// SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }
struct SubjectPublicKeyInfo {
  AlgorithmIdentifier algorithm;
  BitString subject_public_key;
  friend bool operator==(const SubjectPublicKeyInfo&, const SubjectPublicKeyInfo&) = default;
};

/// Validity ::= SEQUENCE { notBefore Time, notAfter Time }
struct Validity {
  Time not_before;
  Time not_after;
  friend bool operator==(const Validity&, const Validity&) = default;
};

/// RFC 5280 section 4.1.2.
struct TBSCertificate {
  std::optional<Integer> version;
  Integer serial_number;
  AlgorithmIdentifier signature;
  Raw<Name> issuer;
  Validity validity;
  Raw<Name> subject;
  Raw<SubjectPublicKeyInfo> subject_public_key_info;
  std::optional<BitString> issuer_unique_id;
  std::optional<BitString> subject_unique_id;
  std::optional<Extensions> extensions;
  friend bool operator==(const TBSCertificate&, const TBSCertificate&) = default;
};

/// RFC 5280 section 4.1. Decoding promises only that the three parts are there; the signed part is decoded on demand.
struct Certificate {
  Raw<TBSCertificate> tbs_certificate;
  AlgorithmIdentifier signature_algorithm;
  BitString signature;
  Source source;
  friend bool operator==(const Certificate&, const Certificate&) = default;
};

struct RevokedCertificates {};  ///< SEQUENCE OF SEQUENCE { userCertificate, revocationDate, crlEntryExtensions OPTIONAL }

/// RFC 5280 section 5.1.2.
struct TBSCertList {
  std::optional<Integer> version;
  AlgorithmIdentifier signature;
  Raw<Name> issuer;
  Time this_update;
  std::optional<Time> next_update;
  std::optional<Raw<RevokedCertificates>> revoked_certificates;
  std::optional<Extensions> crl_extensions;
  friend bool operator==(const TBSCertList&, const TBSCertList&) = default;
};

/// RFC 5280 section 5.1.
struct CertificateList {
  Raw<TBSCertList> tbs_cert_list;
  AlgorithmIdentifier signature_algorithm;
  BitString signature;
  Source source;
  friend bool operator==(const CertificateList&, const CertificateList&) = default;
};

}  // namespace cmcctl
