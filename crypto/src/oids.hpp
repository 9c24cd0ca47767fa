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
inline constexpr std::string_view no_signature = "1.3.6.1.5.5.7.6.2";

}  // namespace cmcctl::oids
