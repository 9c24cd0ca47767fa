#pragma once

#include <optional>
#include <variant>

#include <cmcctl/codec/cms.hpp>
#include <cmcctl/codec/pkix.hpp>

/// Certificate Request Message Format: RFC 4211.
namespace cmcctl {

/// OptionalValidity ::= SEQUENCE { notBefore [0] Time OPTIONAL, notAfter [1] Time OPTIONAL }
struct OptionalValidity {
  std::optional<Time> not_before;
  std::optional<Time> not_after;
  friend bool operator==(const OptionalValidity&, const OptionalValidity&) = default;
};

/// RFC 4211 section 5. `public_key` keeps its tag [6].
struct CertTemplate {
  std::optional<Integer> version;
  std::optional<Integer> serial_number;
  std::optional<AlgorithmIdentifier> signing_alg;
  std::optional<Raw<Name>> issuer;
  std::optional<OptionalValidity> validity;
  std::optional<Raw<Name>> subject;
  std::optional<Raw<SubjectPublicKeyInfo>> public_key;
  std::optional<BitString> issuer_uid;
  std::optional<BitString> subject_uid;
  std::optional<Extensions> extensions;
  Source source;
  friend bool operator==(const CertTemplate&, const CertTemplate&) = default;
};

/// RFC 4211 section 5.
///
///   CertRequest ::= SEQUENCE { certReqId INTEGER, certTemplate CertTemplate, controls Controls OPTIONAL }
///
/// In CMC certReqId is the request's body part identifier; CRMF itself does not limit it.
struct CertRequest {
  Integer cert_req_id;
  CertTemplate cert_template;
  std::optional<List<AttributeTypeAndValue>> controls;
  friend bool operator==(const CertRequest&, const CertRequest&) = default;
};

/// RFC 4211 section 4.4.   PKMACValue ::= SEQUENCE { algId AlgorithmIdentifier, value BIT STRING }
struct PKMACValue {
  AlgorithmIdentifier alg_id;
  BitString value;
  friend bool operator==(const PKMACValue&, const PKMACValue&) = default;
};

/// RFC 4211 section 4.4: the parameters of PasswordBasedMac.
struct PBMParameter {
  Octets salt;
  AlgorithmIdentifier owf;
  Integer iteration_count;
  AlgorithmIdentifier mac;
  friend bool operator==(const PBMParameter&, const PBMParameter&) = default;
};

/// authInfo of POPOSigningKeyInput: CHOICE { sender [0] GeneralName, publicKeyMAC PKMACValue }
struct POPOSigningKeyAuthInfo {
  std::variant<GeneralName, PKMACValue> choice;
  friend bool operator==(const POPOSigningKeyAuthInfo&, const POPOSigningKeyAuthInfo&) = default;
};

/// RFC 4211 section 4.1.
struct POPOSigningKeyInput {
  POPOSigningKeyAuthInfo auth_info;
  Raw<SubjectPublicKeyInfo> public_key;
  friend bool operator==(const POPOSigningKeyInput&, const POPOSigningKeyInput&) = default;
};

/// RFC 4211 section 4.1. `poposk_input` keeps its tag [0].
struct POPOSigningKey {
  std::optional<Raw<POPOSigningKeyInput>> poposk_input;
  AlgorithmIdentifier algorithm_identifier;
  BitString signature;
  friend bool operator==(const POPOSigningKey&, const POPOSigningKey&) = default;
};

/// SubsequentMessage ::= INTEGER { encrCert (0), challengeResp (1) }
enum class SubsequentMessage : std::int64_t { encrCert = 0, challengeResp = 1 };

/// RFC 4211 section 4.2.
///
///   POPOPrivKey ::= CHOICE { thisMessage [0] BIT STRING, subsequentMessage [1] SubsequentMessage,
///       dhMAC [2] BIT STRING, agreeMAC [3] PKMACValue, encryptedKey [4] EnvelopedData }
struct POPOPrivKey {
  struct ThisMessage { BitString value; friend bool operator==(const ThisMessage&, const ThisMessage&) = default; };
  struct DhMac { BitString value; friend bool operator==(const DhMac&, const DhMac&) = default; };
  std::variant<ThisMessage, SubsequentMessage, DhMac, PKMACValue, EnvelopedData> choice;
  friend bool operator==(const POPOPrivKey&, const POPOPrivKey&) = default;
};

/// RFC 4211 section 4.
///
///   ProofOfPossession ::= CHOICE { raVerified [0] NULL, signature [1] POPOSigningKey,
///       keyEncipherment [2] POPOPrivKey, keyAgreement [3] POPOPrivKey }
struct ProofOfPossession {
  struct RaVerified { Null value; friend bool operator==(const RaVerified&, const RaVerified&) = default; };
  struct KeyEncipherment {
    POPOPrivKey value;
    friend bool operator==(const KeyEncipherment&, const KeyEncipherment&) = default;
  };
  struct KeyAgreement {
    POPOPrivKey value;
    friend bool operator==(const KeyAgreement&, const KeyAgreement&) = default;
  };
  std::variant<RaVerified, POPOSigningKey, KeyEncipherment, KeyAgreement> choice;
  Source source;
  friend bool operator==(const ProofOfPossession&, const ProofOfPossession&) = default;
};

/// RFC 4211 section 3.
///
///   CertReqMsg ::= SEQUENCE { certReq CertRequest, popo ProofOfPossession OPTIONAL,
///       regInfo SEQUENCE SIZE(1..MAX) OF AttributeTypeAndValue OPTIONAL }
struct CertReqMsg {
  Raw<CertRequest> cert_req;
  std::optional<ProofOfPossession> popo;
  std::optional<List<AttributeTypeAndValue>> reg_info;
  Source source;
  friend bool operator==(const CertReqMsg&, const CertReqMsg&) = default;
};

/// CertReqMessages ::= SEQUENCE SIZE (1..MAX) OF CertReqMsg
struct CertReqMessages {
  List<CertReqMsg> messages;
  friend bool operator==(const CertReqMessages&, const CertReqMessages&) = default;
};

/// RFC 4211 section 6.4: the deprecated form of an encrypted key.
struct EncryptedValue {
  std::optional<AlgorithmIdentifier> intended_alg;
  std::optional<AlgorithmIdentifier> symm_alg;
  std::optional<BitString> enc_symm_key;
  std::optional<AlgorithmIdentifier> key_alg;
  std::optional<Octets> value_hint;
  BitString enc_value;
  friend bool operator==(const EncryptedValue&, const EncryptedValue&) = default;
};

/// EncryptedKey ::= CHOICE { encryptedValue EncryptedValue, envelopedData [0] EnvelopedData }
struct EncryptedKey {
  std::variant<EncryptedValue, EnvelopedData> choice;
  friend bool operator==(const EncryptedKey&, const EncryptedKey&) = default;
};

/// RFC 4211 section 6.4.
///
///   PKIArchiveOptions ::= CHOICE { encryptedPrivKey [0] EncryptedKey, keyGenParameters [1] OCTET STRING,
///       archiveRemGenPrivKey [2] BOOLEAN }
struct PKIArchiveOptions {
  std::variant<EncryptedKey, Octets, bool> choice;
  friend bool operator==(const PKIArchiveOptions&, const PKIArchiveOptions&) = default;
};

/// SinglePubInfo ::= SEQUENCE { pubMethod INTEGER, pubLocation GeneralName OPTIONAL }
struct SinglePubInfo {
  std::int64_t pub_method = 0;  ///< 0 dontCare, 1 x500, 2 web, 3 ldap
  std::optional<GeneralName> pub_location;
  friend bool operator==(const SinglePubInfo&, const SinglePubInfo&) = default;
};

/// PKIPublicationInfo ::= SEQUENCE { action INTEGER, pubInfos SEQUENCE SIZE (1..MAX) OF SinglePubInfo OPTIONAL }
struct PKIPublicationInfo {
  std::int64_t action = 0;  ///< 0 dontPublish, 1 pleasePublish
  std::optional<List<SinglePubInfo>> pub_infos;
  friend bool operator==(const PKIPublicationInfo&, const PKIPublicationInfo&) = default;
};

/// CertId ::= SEQUENCE { issuer GeneralName, serialNumber INTEGER }
struct CertId {
  GeneralName issuer;
  Integer serial_number;
  friend bool operator==(const CertId&, const CertId&) = default;
};

}  // namespace cmcctl
