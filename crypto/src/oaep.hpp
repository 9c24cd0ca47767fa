#pragma once

#include <cmcctl/codec/pkix.hpp>
#include <cmcctl/crypto/public_key.hpp>

/// id-RSAES-OAEP with RSAES-OAEP-params (RFC 4055 section 4.1).
namespace cmcctl {

/// `bad_algorithm` for missing or other parameters, `unsupported_algorithm` for a label that is not empty.
Result<PublicKey::Oaep> oaep_of(Decoder& decoder, const AlgorithmIdentifier& algorithm);

OwnedAlgorithm oaep_algorithm(const PublicKey::Oaep& oaep);

}  // namespace cmcctl
