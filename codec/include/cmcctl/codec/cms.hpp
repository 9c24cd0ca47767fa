#pragma once

#include <optional>
#include <variant>

#include <cmcctl/codec/pkix.hpp>
#include <cmcctl/codec/values.hpp>

/// Cryptographic Message Syntax: RFC 5652, with RFC 5083 (AuthEnvelopedData) and RFC 9629 (KEMRecipientInfo).
namespace cmcctl {

/// RFC 5652 section 3.
///
///   ContentInfo ::= SEQUENCE { contentType ContentType, content [0] EXPLICIT ANY DEFINED BY contentType }
struct ContentInfo {
  Oid content_type;
  std::optional<Any> content;  ///< absent in some peers' messages
  Source source;
  friend bool operator==(const ContentInfo&, const ContentInfo&) = default;
};

/// RFC 5652 section 10.2.4.   IssuerAndSerialNumber ::= SEQUENCE { issuer Name, serialNumber INTEGER }
struct IssuerAndSerialNumber {
  Raw<Name> issuer;
  Integer serial_number;
  Source source;
  friend bool operator==(const IssuerAndSerialNumber&, const IssuerAndSerialNumber&) = default;
};

/// SubjectKeyIdentifier ::= OCTET STRING
struct SubjectKeyIdentifier {
  Octets value;
  Source source;
  friend bool operator==(const SubjectKeyIdentifier&, const SubjectKeyIdentifier&) = default;
};

/// RFC 5652 section 5.3.
///
///   SignerIdentifier ::= CHOICE {
///       issuerAndSerialNumber IssuerAndSerialNumber,
///       subjectKeyIdentifier [0] SubjectKeyIdentifier }
struct SignerIdentifier {
  std::variant<IssuerAndSerialNumber, SubjectKeyIdentifier> choice;
  friend bool operator==(const SignerIdentifier&, const SignerIdentifier&) = default;
};

/// SignedAttributes ::= SET SIZE (1..MAX) OF Attribute
struct SignedAttributes {
  List<Attribute> attributes;
  friend bool operator==(const SignedAttributes&, const SignedAttributes&) = default;
};

/// AuthAttributes ::= SET SIZE (1..MAX) OF Attribute
struct AuthAttributes {
  List<Attribute> attributes;
  friend bool operator==(const AuthAttributes&, const AuthAttributes&) = default;
};

/// RFC 5652 section 5.3. `signed_attrs` are the bytes as they came, with their [0]: the signature covers them with
/// the tag of a SET instead.
struct SignerInfo {
  Integer version;
  SignerIdentifier sid;
  AlgorithmIdentifier digest_algorithm;
  std::optional<Raw<SignedAttributes>> signed_attrs;
  AlgorithmIdentifier signature_algorithm;
  Octets signature;
  std::optional<List<Attribute>> unsigned_attrs;
  Source source;
  friend bool operator==(const SignerInfo&, const SignerInfo&) = default;
};

/// RFC 5652 section 5.2.
///
///   EncapsulatedContentInfo ::= SEQUENCE { eContentType ContentType, eContent [0] EXPLICIT OCTET STRING OPTIONAL }
///
/// `e_content` is the element inside the [0]: an OCTET STRING, but PKCS #7 writers put the content itself there.
/// content_octets() reads both.
struct EncapsulatedContentInfo {
  Oid e_content_type;
  std::optional<Any> e_content;
  Source source;
  friend bool operator==(const EncapsulatedContentInfo&, const EncapsulatedContentInfo&) = default;
};

/// What is signed, MACed or shown: the contents of the OCTET STRING in eContent, or the whole element where the
/// OCTET STRING is missing. nullopt without eContent.
std::optional<Octets> content_octets(const EncapsulatedContentInfo& content);

/// RFC 5652 section 5.1. Certificates and CRLs stay elements: CertificateChoices and RevocationInfoChoice.
struct SignedData {
  Integer version;
  List<AlgorithmIdentifier> digest_algorithms;
  EncapsulatedContentInfo encap_content_info;
  std::optional<List<Any>> certificates;
  std::optional<List<Any>> crls;
  List<SignerInfo> signer_infos;
  Source source;
  friend bool operator==(const SignedData&, const SignedData&) = default;
};

/// OriginatorInfo ::= SEQUENCE { certs [0] CertificateSet OPTIONAL, crls [1] RevocationInfoChoices OPTIONAL }
struct OriginatorInfo {
  std::optional<List<Any>> certs;
  std::optional<List<Any>> crls;
  friend bool operator==(const OriginatorInfo&, const OriginatorInfo&) = default;
};

/// RecipientIdentifier ::= CHOICE { issuerAndSerialNumber, subjectKeyIdentifier [0] }
struct RecipientIdentifier {
  std::variant<IssuerAndSerialNumber, SubjectKeyIdentifier> choice;
  friend bool operator==(const RecipientIdentifier&, const RecipientIdentifier&) = default;
};

/// RFC 5652 section 6.2.1.
struct KeyTransRecipientInfo {
  Integer version;
  RecipientIdentifier rid;
  AlgorithmIdentifier key_encryption_algorithm;
  Octets encrypted_key;
  friend bool operator==(const KeyTransRecipientInfo&, const KeyTransRecipientInfo&) = default;
};

/// OriginatorPublicKey ::= SEQUENCE { algorithm AlgorithmIdentifier, publicKey BIT STRING }
struct OriginatorPublicKey {
  AlgorithmIdentifier algorithm;
  BitString public_key;
  friend bool operator==(const OriginatorPublicKey&, const OriginatorPublicKey&) = default;
};

/// OriginatorIdentifierOrKey ::= CHOICE { issuerAndSerialNumber, subjectKeyIdentifier [0], originatorKey [1] }
struct OriginatorIdentifierOrKey {
  std::variant<IssuerAndSerialNumber, SubjectKeyIdentifier, OriginatorPublicKey> choice;
  friend bool operator==(const OriginatorIdentifierOrKey&, const OriginatorIdentifierOrKey&) = default;
};

/// OtherKeyAttribute ::= SEQUENCE { keyAttrId OBJECT IDENTIFIER, keyAttr ANY DEFINED BY keyAttrId OPTIONAL }
struct OtherKeyAttribute {
  Oid key_attr_id;
  std::optional<Any> key_attr;
  friend bool operator==(const OtherKeyAttribute&, const OtherKeyAttribute&) = default;
};

/// RecipientKeyIdentifier ::= SEQUENCE { subjectKeyIdentifier, date GeneralizedTime OPTIONAL, other OPTIONAL }
struct RecipientKeyIdentifier {
  SubjectKeyIdentifier subject_key_identifier;
  std::optional<Time> date;
  std::optional<OtherKeyAttribute> other;
  friend bool operator==(const RecipientKeyIdentifier&, const RecipientKeyIdentifier&) = default;
};

/// KeyAgreeRecipientIdentifier ::= CHOICE { issuerAndSerialNumber, rKeyId [0] RecipientKeyIdentifier }
struct KeyAgreeRecipientIdentifier {
  std::variant<IssuerAndSerialNumber, RecipientKeyIdentifier> choice;
  friend bool operator==(const KeyAgreeRecipientIdentifier&, const KeyAgreeRecipientIdentifier&) = default;
};

/// RecipientEncryptedKey ::= SEQUENCE { rid KeyAgreeRecipientIdentifier, encryptedKey EncryptedKey }
struct RecipientEncryptedKey {
  KeyAgreeRecipientIdentifier rid;
  Octets encrypted_key;
  friend bool operator==(const RecipientEncryptedKey&, const RecipientEncryptedKey&) = default;
};

/// RFC 5652 section 6.2.2.
struct KeyAgreeRecipientInfo {
  Integer version;
  OriginatorIdentifierOrKey originator;
  std::optional<Octets> ukm;
  AlgorithmIdentifier key_encryption_algorithm;
  List<RecipientEncryptedKey> recipient_encrypted_keys;
  friend bool operator==(const KeyAgreeRecipientInfo&, const KeyAgreeRecipientInfo&) = default;
};

/// KEKIdentifier ::= SEQUENCE { keyIdentifier OCTET STRING, date OPTIONAL, other OPTIONAL }
struct KEKIdentifier {
  Octets key_identifier;
  std::optional<Time> date;
  std::optional<OtherKeyAttribute> other;
  friend bool operator==(const KEKIdentifier&, const KEKIdentifier&) = default;
};

/// RFC 5652 section 6.2.3.
struct KEKRecipientInfo {
  Integer version;
  KEKIdentifier kekid;
  AlgorithmIdentifier key_encryption_algorithm;
  Octets encrypted_key;
  friend bool operator==(const KEKRecipientInfo&, const KEKRecipientInfo&) = default;
};

/// RFC 5652 section 6.2.4.
struct PasswordRecipientInfo {
  Integer version;
  std::optional<AlgorithmIdentifier> key_derivation_algorithm;
  AlgorithmIdentifier key_encryption_algorithm;
  Octets encrypted_key;
  friend bool operator==(const PasswordRecipientInfo&, const PasswordRecipientInfo&) = default;
};

/// RFC 5652 section 6.2.5. id-ori-kem holds a KEMRecipientInfo.
struct OtherRecipientInfo {
  Oid ori_type;
  Any ori_value;
  friend bool operator==(const OtherRecipientInfo&, const OtherRecipientInfo&) = default;
};

/// RFC 9629 section 3.
struct KEMRecipientInfo {
  Integer version;
  RecipientIdentifier rid;
  AlgorithmIdentifier kem;
  Octets kemct;
  AlgorithmIdentifier kdf;
  Integer kek_length;
  std::optional<Octets> ukm;
  AlgorithmIdentifier wrap;
  Octets encrypted_key;
  friend bool operator==(const KEMRecipientInfo&, const KEMRecipientInfo&) = default;
};

/// RecipientInfo ::= CHOICE { ktri, kari [1], kekri [2], pwri [3], ori [4] }
struct RecipientInfo {
  std::variant<KeyTransRecipientInfo, KeyAgreeRecipientInfo, KEKRecipientInfo, PasswordRecipientInfo,
               OtherRecipientInfo>
      choice;
  Source source;
  friend bool operator==(const RecipientInfo&, const RecipientInfo&) = default;
};

/// EncryptedContentInfo ::= SEQUENCE {
///     contentType, contentEncryptionAlgorithm AlgorithmIdentifier, encryptedContent [0] OCTET STRING OPTIONAL }
struct EncryptedContentInfo {
  Oid content_type;
  AlgorithmIdentifier content_encryption_algorithm;
  std::optional<Octets> encrypted_content;
  friend bool operator==(const EncryptedContentInfo&, const EncryptedContentInfo&) = default;
};

/// RFC 5652 section 6.1.
struct EnvelopedData {
  Integer version;
  std::optional<OriginatorInfo> originator_info;
  List<RecipientInfo> recipient_infos;
  EncryptedContentInfo encrypted_content_info;
  std::optional<List<Attribute>> unprotected_attrs;
  Source source;
  friend bool operator==(const EnvelopedData&, const EnvelopedData&) = default;
};

/// RFC 5083 section 2.1. `auth_attrs` are the bytes as they came, with their [1].
struct AuthEnvelopedData {
  Integer version;
  std::optional<OriginatorInfo> originator_info;
  List<RecipientInfo> recipient_infos;
  EncryptedContentInfo auth_encrypted_content_info;
  std::optional<Raw<AuthAttributes>> auth_attrs;
  Octets mac;
  std::optional<List<Attribute>> unauth_attrs;
  Source source;
  friend bool operator==(const AuthEnvelopedData&, const AuthEnvelopedData&) = default;
};

/// RFC 5652 section 9.1. `auth_attrs` are the bytes as they came, with their [2].
struct AuthenticatedData {
  Integer version;
  std::optional<OriginatorInfo> originator_info;
  List<RecipientInfo> recipient_infos;
  AlgorithmIdentifier mac_algorithm;
  std::optional<AlgorithmIdentifier> digest_algorithm;
  EncapsulatedContentInfo encap_content_info;
  std::optional<Raw<AuthAttributes>> auth_attrs;
  Octets mac;
  std::optional<List<Attribute>> unauth_attrs;
  Source source;
  friend bool operator==(const AuthenticatedData&, const AuthenticatedData&) = default;
};

/// RFC 5652 section 7.
struct DigestedData {
  Integer version;
  AlgorithmIdentifier digest_algorithm;
  EncapsulatedContentInfo encap_content_info;
  Octets digest;
  friend bool operator==(const DigestedData&, const DigestedData&) = default;
};

/// RFC 5652 section 8.
struct EncryptedData {
  Integer version;
  EncryptedContentInfo encrypted_content_info;
  std::optional<List<Attribute>> unprotected_attrs;
  friend bool operator==(const EncryptedData&, const EncryptedData&) = default;
};

}  // namespace cmcctl
