#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include <cmcctl/codec/cmc.hpp>

/// The values of the CMC controls and attributes: RFC 10002 section 6 and 7, and the table that ties them to their
/// OBJECT IDENTIFIERs.
namespace cmcctl {

// --- Status: section 6.1 ------------------------------------------------------------------------------------------

/// RFC 10002 section 6.1.3. Numbers without a name are kept.
enum class CMCStatus : std::int64_t {
  success = 0,
  failed = 2,
  pending = 3,
  noSupport = 4,
  confirmRequired = 5,
  popRequired = 6,
  partial = 7,
};

/// RFC 10002 section 6.1.4. 1000 to 1999 are private; numbers without a name are kept.
enum class CMCFailInfo : std::int64_t {
  badAlg = 0,
  badMessageCheck = 1,
  badRequest = 2,
  badTime = 3,
  badCertId = 4,
  unsupportedExt = 5,
  mustArchiveKeys = 6,
  badIdentity = 7,
  popRequired = 8,
  popFailed = 9,
  noKeyReuse = 10,
  internalCAError = 11,
  tryLater = 12,
  authDataFail = 13,
};

/// PendInfo ::= SEQUENCE { pendToken OCTET STRING, pendTime GeneralizedTime }
struct PendInfo {
  Octets pend_token;
  Time pend_time;
  friend bool operator==(const PendInfo&, const PendInfo&) = default;
};

/// ExtendedFailInfo ::= SEQUENCE { failInfoOID OBJECT IDENTIFIER, failInfoValue ANY DEFINED BY failInfoOID }
struct ExtendedFailInfo {
  Oid fail_info_oid;
  Any fail_info_value;
  friend bool operator==(const ExtendedFailInfo&, const ExtendedFailInfo&) = default;
};

/// RFC 10002 section 6.1.2.
///
///   CMCStatusInfo ::= SEQUENCE { cMCStatus, bodyList SEQUENCE SIZE (1..MAX) OF BodyPartID,
///       statusString UTF8String OPTIONAL, otherInfo CHOICE { failInfo, pendInfo } OPTIONAL }
struct CMCStatusInfo {
  struct OtherInfo {
    std::variant<CMCFailInfo, PendInfo> choice;
    friend bool operator==(const OtherInfo&, const OtherInfo&) = default;
  };
  CMCStatus cmc_status{};
  List<BodyPartID> body_list;
  std::optional<Utf8String> status_string;
  std::optional<OtherInfo> other_info;
  friend bool operator==(const CMCStatusInfo&, const CMCStatusInfo&) = default;
};

/// RFC 10002 section 6.1.1.
///
///   CMCStatusInfoV2 ::= SEQUENCE { cMCStatus, bodyList SEQUENCE SIZE (1..MAX) OF BodyPartReference,
///       statusString UTF8String OPTIONAL,
///       otherInfo CHOICE { failInfo, pendInfo, extendedFailInfo [1] ExtendedFailInfo } OPTIONAL }
///
/// RFC 5272 has extendedFailInfo without its [1]: read, reported, and never written.
struct CMCStatusInfoV2 {
  struct OtherInfo {
    std::variant<CMCFailInfo, PendInfo, ExtendedFailInfo> choice;
    friend bool operator==(const OtherInfo&, const OtherInfo&) = default;
  };
  CMCStatus cmc_status{};
  List<BodyPartReference> body_list;
  std::optional<Utf8String> status_string;
  std::optional<OtherInfo> other_info;
  friend bool operator==(const CMCStatusInfoV2&, const CMCStatusInfoV2&) = default;
};

// --- Controls whose value is one string or number ------------------------------------------------------------------

#define CMC_SIMPLE_CONTROL(Type, Value)                    \
  struct Type {                                            \
    Value value;                                           \
    friend bool operator==(const Type&, const Type&) = default; \
  }

CMC_SIMPLE_CONTROL(Identification, Utf8String);  ///< section 6.2.3.  UTF8String
CMC_SIMPLE_CONTROL(IdentityProof, Octets);       ///< section 6.2.2.  OCTET STRING, 20 octets
CMC_SIMPLE_CONTROL(DataReturn, Octets);          ///< section 6.4.    OCTET STRING
CMC_SIMPLE_CONTROL(TransactionId, Integer);      ///< section 6.6.    INTEGER of any size
CMC_SIMPLE_CONTROL(SenderNonce, Octets);         ///< section 6.6.    OCTET STRING
CMC_SIMPLE_CONTROL(RecipientNonce, Octets);      ///< section 6.6.    OCTET STRING
CMC_SIMPLE_CONTROL(RegInfo, Octets);             ///< section 6.12.   OCTET STRING
CMC_SIMPLE_CONTROL(ResponseInfo, Octets);        ///< section 6.12.   OCTET STRING
CMC_SIMPLE_CONTROL(QueryPending, Octets);        ///< section 6.13.   OCTET STRING
CMC_SIMPLE_CONTROL(PopLinkRandom, Octets);       ///< section 6.3.1.3. OCTET STRING
CMC_SIMPLE_CONTROL(PopLinkWitness, Octets);      ///< section 6.3.1.2. OCTET STRING, 20 octets
CMC_SIMPLE_CONTROL(AuthPublish, BodyPartID);     ///< section 6.16.   BodyPartID
CMC_SIMPLE_CONTROL(BatchRequests, List<BodyPartID>);      ///< section 6.17.  BodyPartList
CMC_SIMPLE_CONTROL(BatchResponses, List<BodyPartID>);     ///< section 6.17.  BodyPartList
CMC_SIMPLE_CONTROL(RaIdentityWitness, List<BodyPartID>);  ///< section 6.20.  BodyPartPath
CMC_SIMPLE_CONTROL(ResponseBody, List<BodyPartID>);       ///< section 6.21.  BodyPartPath

#undef CMC_SIMPLE_CONTROL

// --- Proofs of identity and possession: sections 6.2, 6.3, 6.7, 6.8 --------------------------------------------------

/// IdentityProofV2 ::= SEQUENCE { proofAlgID AlgorithmIdentifier, macAlgId AlgorithmIdentifier, witness OCTET STRING }
struct IdentityProofV2 {
  AlgorithmIdentifier proof_alg_id;
  AlgorithmIdentifier mac_alg_id;
  Octets witness;
  friend bool operator==(const IdentityProofV2&, const IdentityProofV2&) = default;
};

/// PopLinkWitnessV2 ::= SEQUENCE { keyGenAlgorithm, macAlgorithm AlgorithmIdentifier, witness OCTET STRING }.
/// An attribute of the request, not a control of PKIData.
struct PopLinkWitnessV2 {
  AlgorithmIdentifier key_gen_algorithm;
  AlgorithmIdentifier mac_algorithm;
  Octets witness;
  friend bool operator==(const PopLinkWitnessV2&, const PopLinkWitnessV2&) = default;
};

/// EncryptedPOP ::= SEQUENCE { request TaggedRequest, cms ContentInfo, thePOPAlgID AlgorithmIdentifier,
///     witnessAlgID AlgorithmIdentifier, witness OCTET STRING }
struct EncryptedPOP {
  TaggedRequest request;
  ContentInfo cms;
  AlgorithmIdentifier the_pop_alg_id;
  AlgorithmIdentifier witness_alg_id;
  Octets witness;
  friend bool operator==(const EncryptedPOP&, const EncryptedPOP&) = default;
};

/// DecryptedPOP ::= SEQUENCE { bodyPartID BodyPartID, thePOPAlgID AlgorithmIdentifier, thePOP OCTET STRING }
struct DecryptedPOP {
  BodyPartID body_part_id;
  AlgorithmIdentifier the_pop_alg_id;
  Octets the_pop;
  friend bool operator==(const DecryptedPOP&, const DecryptedPOP&) = default;
};

/// LraPopWitness ::= SEQUENCE { pkiDataBodyid BodyPartID, bodyIds SEQUENCE OF BodyPartID }
struct LraPopWitness {
  BodyPartID pki_data_bodyid;
  List<BodyPartID> body_ids;
  friend bool operator==(const LraPopWitness&, const LraPopWitness&) = default;
};

// --- Changes to requests: sections 6.5 and 7 -------------------------------------------------------------------------

/// AddExtensions ::= SEQUENCE { pkiDataReference BodyPartID, certReferences SEQUENCE OF BodyPartID,
///     extensions SEQUENCE OF Extension }
struct AddExtensions {
  BodyPartID pki_data_reference;
  List<BodyPartID> cert_references;
  List<Extension> extensions;
  friend bool operator==(const AddExtensions&, const AddExtensions&) = default;
};

/// ModCertTemplate ::= SEQUENCE { pkiDataReference BodyPartPath, certReferences BodyPartList,
///     replace BOOLEAN DEFAULT TRUE, certTemplate CertTemplate }
struct ModCertTemplate {
  BodyPartPath pki_data_reference;
  BodyPartList cert_references;
  DefaultBool<true> replace;
  CertTemplate cert_template;
  friend bool operator==(const ModCertTemplate&, const ModCertTemplate&) = default;
};

/// ChangeSubjectName ::= SEQUENCE { subject Name OPTIONAL, subjectAlt [1] GeneralNames OPTIONAL }, one at least.
/// An attribute of the request. RFC 6402 has subjectAlt without its [1]: read, reported, and never written.
struct ChangeSubjectName {
  std::optional<Raw<Name>> subject;
  std::optional<GeneralNames> subject_alt;
  friend bool operator==(const ChangeSubjectName&, const ChangeSubjectName&) = default;
};

// --- Certificates and CRLs: sections 6.9 to 6.11, 6.14, 6.15, 6.18 -----------------------------------------------------

/// GetCert ::= SEQUENCE { issuerName GeneralName, serialNumber INTEGER }. A bare Name, as Dogtag writes, is read as a
/// directoryName and reported.
struct GetCert {
  GeneralName issuer_name;
  Integer serial_number;
  friend bool operator==(const GetCert&, const GetCert&) = default;
};

/// GetCRL ::= SEQUENCE { issuerName Name, cRLName GeneralName OPTIONAL, time GeneralizedTime OPTIONAL,
///     reasons ReasonFlags OPTIONAL }
struct GetCRL {
  Raw<Name> issuer_name;
  std::optional<GeneralName> crl_name;
  std::optional<Time> time;
  std::optional<BitString> reasons;
  friend bool operator==(const GetCRL&, const GetCRL&) = default;
};

/// RevokeRequest ::= SEQUENCE { issuerName Name, serialNumber INTEGER, reason CRLReason,
///     invalidityDate GeneralizedTime OPTIONAL, passphrase OCTET STRING OPTIONAL, comment UTF8String OPTIONAL }
///
/// The passphrase is a secret: it is never shown.
struct RevokeRequest {
  Raw<Name> issuer_name;
  Integer serial_number;
  std::int64_t reason = 0;  ///< CRLReason, RFC 5280 section 5.3.1
  std::optional<Time> invalidity_date;
  std::optional<Octets> passphrase;
  std::optional<Utf8String> comment;
  friend bool operator==(const RevokeRequest&, const RevokeRequest&) = default;
};

/// CMCCertId ::= IssuerAndSerialNumber: the value of confirmCertAcceptance.
struct CMCCertId {
  IssuerAndSerialNumber value;
  friend bool operator==(const CMCCertId&, const CMCCertId&) = default;
};

/// PublishTrustAnchors ::= SEQUENCE { seqNumber INTEGER, hashAlgorithm AlgorithmIdentifier,
///     anchorHashes SEQUENCE OF OCTET STRING }
struct PublishTrustAnchors {
  Integer seq_number;
  AlgorithmIdentifier hash_algorithm;
  List<Octets> anchor_hashes;
  friend bool operator==(const PublishTrustAnchors&, const PublishTrustAnchors&) = default;
};

/// CMCPublicationInfo ::= SEQUENCE { hashAlg AlgorithmIdentifier, certHashes SEQUENCE OF OCTET STRING,
///     pubInfo PKIPublicationInfo }
struct CMCPublicationInfo {
  AlgorithmIdentifier hash_alg;
  List<Octets> cert_hashes;
  PKIPublicationInfo pub_info;
  friend bool operator==(const CMCPublicationInfo&, const CMCPublicationInfo&) = default;
};

// --- Processing by several servers: sections 6.19, 3.2.3, and Microsoft's control ---------------------------------------

/// ControlsProcessed ::= SEQUENCE { bodyList SEQUENCE SIZE (1..MAX) OF BodyPartReference }
struct ControlsProcessed {
  List<BodyPartReference> body_list;
  friend bool operator==(const ControlsProcessed&, const ControlsProcessed&) = default;
};

/// RFC 10002 section 3.2.3, an unsigned attribute.
///
///   CMCUnsignedData ::= SEQUENCE { bodyPartPath BodyPartPath, identifier OBJECT IDENTIFIER, content ANY }
struct CMCUnsignedData {
  BodyPartPath body_part_path;
  Oid identifier;
  Any content;
  friend bool operator==(const CMCUnsignedData&, const CMCUnsignedData&) = default;
};

/// MS-WCCE section 2.2.2.7.10: szOID_CMC_ADD_ATTRIBUTES.
///
///   SEQUENCE { pkiDataReference BodyPartID, certReferences SEQUENCE OF BodyPartID, attributes SET OF Attribute }
struct CmcAddAttributes {
  BodyPartID pki_data_reference;
  List<BodyPartID> cert_references;
  List<Attribute> attributes;
  friend bool operator==(const CmcAddAttributes&, const CmcAddAttributes&) = default;
};

// --- The table ------------------------------------------------------------------------------------------------------

/// Where a control or attribute stands.
enum class Place : std::uint8_t {
  request,    ///< controlSequence of PKIData
  response,   ///< controlSequence of PKIResponse
  both,       ///< either
  attribute,  ///< attribute of a PKCS #10, or control of a CertRequest: not in controlSequence
  unsigned_attribute,
};

/// How often it may stand there.
enum class Count : std::uint8_t { once, many };

/// One control or attribute: everything generic (decoding, showing, checking, fuzzing, docs) goes through these rows.
struct ControlRow {
  std::string_view name;       ///< RFC word: "statusInfoV2"
  std::string_view oid;        ///< dotted
  std::string_view type;       ///< of the value, by its name in the modules
  std::string_view reference;  ///< RFC and section
  Place place;
  Count count;
  const TypeCodec& (*codec)();
};

/// All rows, in the order of their OIDs.
std::span<const ControlRow> control_rows();

/// The row of an attrType; nullptr for a control that no table knows.
const ControlRow* control_row(const Oid& type);
const ControlRow* control_row(std::string_view name);

/// Decodes the one value of a control as the type that `T` stands for. Refuses another number of values than one.
template <class T>
Result<T> decode_control(Decoder& decoder, const TaggedAttribute& control) {
  if (control.attr_values.size() != 1) {
    return Error{Errc::wrong_value_count, decoder.offset_of(control.source.bytes), "TaggedAttribute.attrValues",
                 "CMC-5272-3.2.1.1-02", std::to_string(control.attr_values.size()) + " values"};
  }
  return decoder.decode<T>(control.attr_values[0]);
}

}  // namespace cmcctl
