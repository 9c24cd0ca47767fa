#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <cmcctl/codec/octets.hpp>

/// Single elements in DER, for the values of attributes.
namespace cmcctl {

std::vector<std::uint8_t> der_element(std::uint8_t tag, Octets content);
std::vector<std::uint8_t> der_octet_string(Octets content);
std::vector<std::uint8_t> der_oid(std::string_view dotted);
/// UTCTime through 2049, else GeneralizedTime (RFC 5652 section 11.3).
std::vector<std::uint8_t> der_time(std::int64_t seconds_since_1970);

}  // namespace cmcctl
