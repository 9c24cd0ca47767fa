#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <cmcctl/codec/octets.hpp>

/// ECDSA-Sig-Value, as certificates carry it, and r and s side by side, as Botan and tokens have it.
namespace cmcctl {

/// r || s, each of `field_octets`. nullopt for what is not DER, for zero, negative and larger numbers.
std::optional<std::vector<std::uint8_t>> concatenated_from_der(Octets der, std::size_t field_octets);

/// The other way. The two halves are of equal length.
std::vector<std::uint8_t> der_from_concatenated(Octets r_and_s);

}  // namespace cmcctl
