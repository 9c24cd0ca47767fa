#pragma once

#include <string_view>

/// Object identifiers that the CA looks for.
namespace cmcctl::authority::oids {

inline constexpr std::string_view data = "1.2.840.113549.1.7.1";
inline constexpr std::string_view enveloped_data = "1.2.840.113549.1.7.3";
inline constexpr std::string_view auth_enveloped_data = "1.2.840.113549.1.9.16.1.23";
inline constexpr std::string_view signing_time = "1.2.840.113549.1.9.5";
inline constexpr std::string_view extension_request = "1.2.840.113549.1.9.14";
inline constexpr std::string_view no_signature = "1.3.6.1.5.5.7.6.2";
inline constexpr std::string_view pki_archive_options = "1.3.6.1.5.5.7.5.1.4";
inline constexpr std::string_view key_usage = "2.5.29.15";
inline constexpr std::string_view subject_alt_name = "2.5.29.17";
inline constexpr std::string_view common_name = "2.5.4.3";
inline constexpr std::string_view user_id = "0.9.2342.19200300.100.1.1";
inline constexpr std::string_view kp_cmc_ra = "1.3.6.1.5.5.7.3.28";

}  // namespace cmcctl::authority::oids
