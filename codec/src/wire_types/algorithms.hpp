#pragma once

#include <cmcctl/codec/algorithms.hpp>

#include "pkix.hpp"

CMC_MODULE_TYPE(RSAPublicKey)
CMC_MODULE_TYPE(ECDSA_Sig_Value)
CMC_MODULE_TYPE(RSASSA_PSS_params)
CMC_MODULE_TYPE(RSAES_OAEP_params)
CMC_MODULE_TYPE(PBKDF2_salt)
CMC_MODULE_TYPE(PBKDF2_params)
CMC_MODULE_TYPE(PBES2_params)
CMC_MODULE_TYPE(PBMAC1_params)
CMC_MODULE_TYPE(GCMParameters)
CMC_MODULE_TYPE(ECC_CMS_SharedInfo)
CMC_MODULE_TYPE(CMSORIforKEMOtherInfo)

namespace cmcctl {

template <>
struct Wire<RSAPublicKey> : Sequence<asn_DEF_RSAPublicKey, &RSAPublicKey::modulus, &RSAPublicKey::public_exponent> {};

template <>
struct Wire<ECDSASigValue> : Sequence<asn_DEF_ECDSA_Sig_Value, &ECDSASigValue::r, &ECDSASigValue::s> {};

template <>
struct Wire<RSASSAPSSParams>
    : Sequence<asn_DEF_RSASSA_PSS_params, &RSASSAPSSParams::hash_algorithm, &RSASSAPSSParams::mask_gen_algorithm,
               &RSASSAPSSParams::salt_length, &RSASSAPSSParams::trailer_field> {};

template <>
struct Wire<RSAESOAEPParams>
    : Sequence<asn_DEF_RSAES_OAEP_params, &RSAESOAEPParams::hash_func, &RSAESOAEPParams::mask_gen_func,
               &RSAESOAEPParams::p_source_func> {};

template <>
struct Wire<PBKDF2Salt> : Choice<asn_DEF_PBKDF2_salt, &PBKDF2Salt::choice> {};

template <>
struct Wire<PBKDF2Params>
    : Sequence<asn_DEF_PBKDF2_params, &PBKDF2Params::salt, &PBKDF2Params::iteration_count, &PBKDF2Params::key_length,
               &PBKDF2Params::prf> {};

template <>
struct Wire<PBES2Params>
    : Sequence<asn_DEF_PBES2_params, &PBES2Params::key_derivation_func, &PBES2Params::encryption_scheme> {};

template <>
struct Wire<PBMAC1Params>
    : Sequence<asn_DEF_PBMAC1_params, &PBMAC1Params::key_derivation_func, &PBMAC1Params::message_auth_scheme> {};

template <>
struct Wire<GCMParameters>
    : Sequence<asn_DEF_GCMParameters, &GCMParameters::aes_nonce, &GCMParameters::aes_icv_len> {};

template <>
struct Wire<ECCCMSSharedInfo>
    : Sequence<asn_DEF_ECC_CMS_SharedInfo, &ECCCMSSharedInfo::key_info, &ECCCMSSharedInfo::entity_u_info,
               &ECCCMSSharedInfo::supp_pub_info> {};

template <>
struct Wire<CMSORIforKEMOtherInfo>
    : Sequence<asn_DEF_CMSORIforKEMOtherInfo, &CMSORIforKEMOtherInfo::wrap, &CMSORIforKEMOtherInfo::kek_length,
               &CMSORIforKEMOtherInfo::ukm> {};

}  // namespace cmcctl
