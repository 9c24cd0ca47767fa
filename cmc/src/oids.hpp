#pragma once

#include <string_view>

/// The object identifiers that the protocol itself looks for.
namespace cmcctl::oids {

inline constexpr std::string_view data = "1.2.840.113549.1.7.1";
inline constexpr std::string_view cct_pki_data = "1.3.6.1.5.5.7.12.2";
inline constexpr std::string_view cct_pki_response = "1.3.6.1.5.5.7.12.3";
inline constexpr std::string_view extension_request = "1.2.840.113549.1.9.14";
inline constexpr std::string_view subject_key_identifier = "2.5.29.14";

}  // namespace cmcctl::oids
