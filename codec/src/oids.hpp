#pragma once

#include <string_view>

/// The object identifiers of CMS and PKCS #9 that the code itself looks for. What is only named or opened by a table
/// stands in that table (names.cpp, open_types.cpp).
namespace cmcctl::oids {

// content types: RFC 5652, RFC 5083; RFC 10002 for the last two
inline constexpr std::string_view id_data = "1.2.840.113549.1.7.1";
inline constexpr std::string_view id_signed_data = "1.2.840.113549.1.7.2";
inline constexpr std::string_view id_enveloped_data = "1.2.840.113549.1.7.3";
inline constexpr std::string_view id_digested_data = "1.2.840.113549.1.7.5";
inline constexpr std::string_view id_encrypted_data = "1.2.840.113549.1.7.6";
inline constexpr std::string_view id_ct_auth_data = "1.2.840.113549.1.9.16.1.2";
inline constexpr std::string_view id_ct_auth_enveloped_data = "1.2.840.113549.1.9.16.1.23";
inline constexpr std::string_view id_cct_pki_data = "1.3.6.1.5.5.7.12.2";
inline constexpr std::string_view id_cct_pki_response = "1.3.6.1.5.5.7.12.3";

// attributes: RFC 5652, RFC 2985; RFC 10002 for the last one
inline constexpr std::string_view id_content_type = "1.2.840.113549.1.9.3";
inline constexpr std::string_view id_message_digest = "1.2.840.113549.1.9.4";
inline constexpr std::string_view id_signing_time = "1.2.840.113549.1.9.5";
inline constexpr std::string_view id_extension_request = "1.2.840.113549.1.9.14";
inline constexpr std::string_view id_aa_cmc_unsigned_data = "1.2.840.113549.1.9.16.2.34";

// RFC 9629
inline constexpr std::string_view id_ori_kem = "1.2.840.113549.1.9.16.13.3";

}  // namespace cmcctl::oids
