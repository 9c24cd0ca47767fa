#pragma once

#include <string>

#include <cmcctl/crypto/public_key.hpp>

/// Botan's names of paddings.
namespace cmcctl {

/// `bad_algorithm` when the scheme is not one for this key.
Result<std::string> padding_for(const PublicKey::State& key, const SignatureScheme& scheme);

std::string oaep_padding(const PublicKey::Oaep& oaep);

}  // namespace cmcctl
