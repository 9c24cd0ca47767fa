#pragma once

#include <cmcctl/codec/cmc.hpp>

#include "cms.hpp"
#include "crmf.hpp"
#include "pkcs10.hpp"

CMC_MODULE_TYPE(TaggedAttribute)
CMC_MODULE_TYPE(TaggedCertificationRequest)
CMC_MODULE_TYPE(OtherReqMsg)
CMC_MODULE_TYPE(TaggedRequest)
CMC_MODULE_TYPE(TaggedContentInfo)
CMC_MODULE_TYPE(OtherMsg)
CMC_MODULE_TYPE(PKIData)
CMC_MODULE_TYPE(PKIResponse)
CMC_MODULE_TYPE(BodyPartPath)
CMC_MODULE_TYPE(BodyPartList)
CMC_MODULE_TYPE(BodyPartReference)

namespace cmcctl {

template <>
struct Wire<TaggedAttribute>
    : Sequence<asn_DEF_TaggedAttribute, &TaggedAttribute::body_part_id, &TaggedAttribute::attr_type,
               &TaggedAttribute::attr_values> {};

template <>
struct Wire<TaggedCertificationRequest>
    : Sequence<asn_DEF_TaggedCertificationRequest, &TaggedCertificationRequest::body_part_id,
               &TaggedCertificationRequest::certification_request> {};

template <>
struct Wire<OtherReqMsg>
    : Sequence<asn_DEF_OtherReqMsg, &OtherReqMsg::body_part_id, &OtherReqMsg::request_message_type,
               &OtherReqMsg::request_message_value> {};

template <>
struct Wire<TaggedRequest> : Choice<asn_DEF_TaggedRequest, &TaggedRequest::choice> {};

template <>
struct Wire<TaggedContentInfo>
    : Sequence<asn_DEF_TaggedContentInfo, &TaggedContentInfo::body_part_id, &TaggedContentInfo::content_info> {};

template <>
struct Wire<OtherMsg>
    : Sequence<asn_DEF_OtherMsg, &OtherMsg::body_part_id, &OtherMsg::other_msg_type, &OtherMsg::other_msg_value> {};

template <>
struct Wire<PKIData>
    : Sequence<asn_DEF_PKIData, &PKIData::control_sequence, &PKIData::req_sequence, &PKIData::cms_sequence,
               &PKIData::other_msg_sequence> {};

template <>
struct Wire<PKIResponse>
    : Sequence<asn_DEF_PKIResponse, &PKIResponse::control_sequence, &PKIResponse::cms_sequence,
               &PKIResponse::other_msg_sequence> {};

template <>
struct Wire<BodyPartPath> : Alias<asn_DEF_BodyPartPath, &BodyPartPath::ids> {};

template <>
struct Wire<BodyPartList> : Alias<asn_DEF_BodyPartList, &BodyPartList::ids> {};

template <>
struct Wire<BodyPartReference> : Choice<asn_DEF_BodyPartReference, &BodyPartReference::choice> {};

}  // namespace cmcctl
