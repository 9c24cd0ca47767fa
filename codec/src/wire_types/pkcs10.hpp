#pragma once

#include <cmcctl/codec/pkcs10.hpp>

#include "pkix.hpp"

CMC_MODULE_TYPE(CertificationRequestInfo)
CMC_MODULE_TYPE(CertificationRequest)

namespace cmcctl {

template <>
struct Wire<CertificationRequestInfo>
    : Sequence<asn_DEF_CertificationRequestInfo, &CertificationRequestInfo::version,
               &CertificationRequestInfo::subject, &CertificationRequestInfo::subject_pk_info,
               &CertificationRequestInfo::attributes> {};

template <>
struct Wire<CertificationRequest>
    : Sequence<asn_DEF_CertificationRequest, &CertificationRequest::certification_request_info,
               &CertificationRequest::signature_algorithm, &CertificationRequest::signature> {};

}  // namespace cmcctl
