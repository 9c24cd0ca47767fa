#pragma once

#include <string_view>

/// Object identifiers that the code itself looks for.
namespace cmcctl::oids {

inline constexpr std::string_view data = "1.2.840.113549.1.7.1";
inline constexpr std::string_view signed_data = "1.2.840.113549.1.7.2";
inline constexpr std::string_view content_type = "1.2.840.113549.1.9.3";
inline constexpr std::string_view message_digest = "1.2.840.113549.1.9.4";
inline constexpr std::string_view signing_time = "1.2.840.113549.1.9.5";
inline constexpr std::string_view algorithm_protection = "1.2.840.113549.1.9.52";
inline constexpr std::string_view enveloped_data = "1.2.840.113549.1.7.3";
inline constexpr std::string_view auth_enveloped_data = "1.2.840.113549.1.9.16.1.23";
inline constexpr std::string_view authenticated_data = "1.2.840.113549.1.9.16.1.2";
inline constexpr std::string_view pbkdf2 = "1.2.840.113549.1.5.12";
inline constexpr std::string_view pbmac1 = "1.2.840.113549.1.5.14";
inline constexpr std::string_view password_based_mac = "1.2.840.113533.7.66.13";
inline constexpr std::string_view rsa_encryption = "1.2.840.113549.1.1.1";
inline constexpr std::string_view rsaes_oaep = "1.2.840.113549.1.1.7";
inline constexpr std::string_view mgf1 = "1.2.840.113549.1.1.8";
inline constexpr std::string_view p_specified = "1.2.840.113549.1.1.9";
inline constexpr std::string_view ec_public_key = "1.2.840.10045.2.1";
inline constexpr std::string_view pwri_kek = "1.2.840.113549.1.9.16.3.9";
inline constexpr std::string_view ori_kem = "1.2.840.113549.1.9.16.13.3";
inline constexpr std::string_view no_signature = "1.3.6.1.5.5.7.6.2";

}  // namespace cmcctl::oids
