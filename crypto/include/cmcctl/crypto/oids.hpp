#pragma once

#include <string_view>

#include <cmcctl/codec/values.hpp>

/// Object identifiers that the code itself looks for; codec/names.hpp knows what all are called.
namespace cmcctl::oids {

/// Whether this is the identifier. Makes neither's form of the other: verification asks it a hundred times a message.
bool is(const Oid& oid, std::string_view dotted);

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
inline constexpr std::string_view extension_request = "1.2.840.113549.1.9.14";
inline constexpr std::string_view cct_pki_data = "1.3.6.1.5.5.7.12.2";
inline constexpr std::string_view cct_pki_response = "1.3.6.1.5.5.7.12.3";
inline constexpr std::string_view pki_archive_options = "1.3.6.1.5.5.7.5.1.4";
inline constexpr std::string_view no_signature = "1.3.6.1.5.5.7.6.2";

// extensions: RFC 5280 section 4.2 and 5.2
inline constexpr std::string_view subject_key_identifier = "2.5.29.14";
inline constexpr std::string_view key_usage = "2.5.29.15";
inline constexpr std::string_view subject_alt_name = "2.5.29.17";
inline constexpr std::string_view basic_constraints = "2.5.29.19";
inline constexpr std::string_view delta_crl_indicator = "2.5.29.27";
inline constexpr std::string_view issuing_distribution_point = "2.5.29.28";
inline constexpr std::string_view name_constraints = "2.5.29.30";
inline constexpr std::string_view crl_distribution_points = "2.5.29.31";
inline constexpr std::string_view certificate_policies = "2.5.29.32";
inline constexpr std::string_view policy_mappings = "2.5.29.33";
inline constexpr std::string_view authority_key_identifier = "2.5.29.35";
inline constexpr std::string_view policy_constraints = "2.5.29.36";
inline constexpr std::string_view ext_key_usage = "2.5.29.37";
inline constexpr std::string_view any_ext_key_usage = "2.5.29.37.0";
inline constexpr std::string_view inhibit_any_policy = "2.5.29.54";
inline constexpr std::string_view any_policy = "2.5.29.32.0";

// attributes of names: RFC 4519
inline constexpr std::string_view common_name = "2.5.4.3";
inline constexpr std::string_view user_id = "0.9.2342.19200300.100.1.1";

// purposes: RFC 10002 section 9.1
inline constexpr std::string_view kp_cmc_ca = "1.3.6.1.5.5.7.3.27";
inline constexpr std::string_view kp_cmc_ra = "1.3.6.1.5.5.7.3.28";

}  // namespace cmcctl::oids
