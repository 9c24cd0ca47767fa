#pragma once

#include <cstdint>
#include <vector>

#include <cmcctl/crypto/signature_scheme.hpp>

namespace cmcctl {

/// RFC 8017 section 9.1.1, EMSA-PSS-ENCODE with a fresh salt, as long as the modulus: for tokens that only exponentiate.
/// `bad_algorithm` where the modulus is too short for hash and salt.
Result<std::vector<std::uint8_t>> pss_encoding(const SignatureScheme& scheme, std::size_t modulus_bits, Octets message);

}  // namespace cmcctl
