#pragma once

#include <variant>

#include <cmcctl/codec/cms.hpp>
#include <cmcctl/codec/crmf.hpp>
#include <cmcctl/codec/pkcs10.hpp>

/// Certificate Management over CMS: the messages of RFC 10002 section 3.2.1 and 4.2.1.
namespace cmcctl {

/// RFC 10002 section 3.2.1.1: one control.
///
///   TaggedAttribute ::= SEQUENCE { bodyPartID BodyPartID, attrType OBJECT IDENTIFIER, attrValues SET OF AttributeValue }
///
/// Decoding promises that bodyPartID is in range; not that it is unique in the message, nor that the values are of the
/// type that attrType calls for (see control_row in controls.hpp).
struct TaggedAttribute {
  BodyPartID body_part_id;
  Oid attr_type;
  List<Any> attr_values;
  Source source;
  friend bool operator==(const TaggedAttribute&, const TaggedAttribute&) = default;
};

/// RFC 10002 section 3.2.1.2.1.
struct TaggedCertificationRequest {
  BodyPartID body_part_id;
  Raw<CertificationRequest> certification_request;
  friend bool operator==(const TaggedCertificationRequest&, const TaggedCertificationRequest&) = default;
};

/// RFC 10002 section 3.2.1.2.3: a request of a kind that is defined elsewhere.
struct OtherReqMsg {
  BodyPartID body_part_id;
  Oid request_message_type;
  Any request_message_value;
  friend bool operator==(const OtherReqMsg&, const OtherReqMsg&) = default;
};

/// RFC 10002 section 3.2.1.2.
///
///   TaggedRequest ::= CHOICE { tcr [0] TaggedCertificationRequest, crm [1] CertReqMsg, orm [2] SEQUENCE {...} }
struct TaggedRequest {
  std::variant<TaggedCertificationRequest, CertReqMsg, OtherReqMsg> choice;
  Source source;
  friend bool operator==(const TaggedRequest&, const TaggedRequest&) = default;
};

/// RFC 10002 section 3.2.1.3.   TaggedContentInfo ::= SEQUENCE { bodyPartID BodyPartID, contentInfo ContentInfo }
struct TaggedContentInfo {
  BodyPartID body_part_id;
  ContentInfo content_info;
  Source source;
  friend bool operator==(const TaggedContentInfo&, const TaggedContentInfo&) = default;
};

/// RFC 10002 section 3.2.1.4.
struct OtherMsg {
  BodyPartID body_part_id;
  Oid other_msg_type;
  Any other_msg_value;
  Source source;
  friend bool operator==(const OtherMsg&, const OtherMsg&) = default;
};

/// RFC 10002 section 3.2.1: the content of a Full PKI Request. The lists keep their own bytes in `source`:
/// an identity proof is a MAC over those of reqSequence.
struct PKIData {
  List<TaggedAttribute> control_sequence;
  List<TaggedRequest> req_sequence;
  List<TaggedContentInfo> cms_sequence;
  List<OtherMsg> other_msg_sequence;
  Source source;
  friend bool operator==(const PKIData&, const PKIData&) = default;
};

/// RFC 10002 section 4.2.1: the content of a Full PKI Response.
struct PKIResponse {
  List<TaggedAttribute> control_sequence;
  List<TaggedContentInfo> cms_sequence;
  List<OtherMsg> other_msg_sequence;
  Source source;
  friend bool operator==(const PKIResponse&, const PKIResponse&) = default;
};

/// RFC 10002 section 3.2.2.   BodyPartPath ::= SEQUENCE SIZE (1..MAX) OF BodyPartID
struct BodyPartPath {
  List<BodyPartID> ids;
  friend bool operator==(const BodyPartPath&, const BodyPartPath&) = default;
};

/// BodyPartList ::= SEQUENCE SIZE (1..MAX) OF BodyPartID
struct BodyPartList {
  List<BodyPartID> ids;
  friend bool operator==(const BodyPartList&, const BodyPartList&) = default;
};

/// BodyPartReference ::= CHOICE { bodyPartID BodyPartID, bodyPartPath BodyPartPath }
struct BodyPartReference {
  std::variant<BodyPartID, BodyPartPath> choice;
  friend bool operator==(const BodyPartReference&, const BodyPartReference&) = default;
};

}  // namespace cmcctl
