#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/crypto/public_key.hpp>

/// The identifiers under which tokens keep keys (CKA_ID).
namespace cmcctl {

/// What NSS gives a key: SHA-1 of the RSA modulus without leading zeros, or of the EC point. Dogtag looks keys up by
/// this one. Of other kinds: SHA-1 of the public key's octets.
std::vector<std::uint8_t> nss_key_id(const PublicKey& key);

/// The identifier as Dogtag's tools print and read it: a signed integer in hexadecimal, "-25aa0a8a" for da55f576.
std::string dogtag_key_id(Octets id);

/// "da55f575...", "0xda55f575...", "da:55:f5:75..." and Dogtag's negative numbers, which stand for 20 octets. nullopt for
/// what is none of these, or longer than 64 octets.
std::optional<std::vector<std::uint8_t>> parse_key_id(std::string_view text);

}  // namespace cmcctl
