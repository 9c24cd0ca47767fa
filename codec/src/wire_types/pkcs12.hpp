#pragma once

#include <cmcctl/codec/pkcs12.hpp>

#include "cms.hpp"

CMC_MODULE_TYPE(DigestInfo)
CMC_MODULE_TYPE(MacData)
CMC_MODULE_TYPE(PFX)
CMC_MODULE_TYPE(AuthenticatedSafe)
CMC_MODULE_TYPE(SafeBag)
CMC_MODULE_TYPE(SafeContents)
CMC_MODULE_TYPE(CertBag)
CMC_MODULE_TYPE(Pkcs_12PbeParams)
CMC_MODULE_TYPE(EncryptedPrivateKeyInfo)
CMC_MODULE_TYPE(Scrypt_params)

namespace cmcctl {

template <>
struct Wire<DigestInfo> : Sequence<asn_DEF_DigestInfo, &DigestInfo::digest_algorithm, &DigestInfo::digest> {};

template <>
struct Wire<MacData> : Sequence<asn_DEF_MacData, &MacData::mac, &MacData::mac_salt, &MacData::iterations> {};

template <>
struct Wire<PFX> : Sequence<asn_DEF_PFX, &PFX::version, &PFX::auth_safe, &PFX::mac_data> {};

template <>
struct Wire<AuthenticatedSafe> : Alias<asn_DEF_AuthenticatedSafe, &AuthenticatedSafe::contents> {};

template <>
struct Wire<SafeBag> : Sequence<asn_DEF_SafeBag, &SafeBag::bag_id, &SafeBag::bag_value, &SafeBag::bag_attributes> {};

template <>
struct Wire<SafeContents> : Alias<asn_DEF_SafeContents, &SafeContents::bags> {};

template <>
struct Wire<CertBag> : Sequence<asn_DEF_CertBag, &CertBag::cert_id, &CertBag::cert_value> {};

template <>
struct Wire<PKCS12PbeParams>
    : Sequence<asn_DEF_Pkcs_12PbeParams, &PKCS12PbeParams::salt, &PKCS12PbeParams::iterations> {};

template <>
struct Wire<EncryptedPrivateKeyInfo>
    : Sequence<asn_DEF_EncryptedPrivateKeyInfo, &EncryptedPrivateKeyInfo::encryption_algorithm,
               &EncryptedPrivateKeyInfo::encrypted_data> {};

template <>
struct Wire<ScryptParams>
    : Sequence<asn_DEF_Scrypt_params, &ScryptParams::salt, &ScryptParams::cost_parameter, &ScryptParams::block_size,
               &ScryptParams::parallelization_parameter, &ScryptParams::key_length> {};

}  // namespace cmcctl
