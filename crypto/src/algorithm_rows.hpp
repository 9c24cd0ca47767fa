#pragma once

#include <string>
#include <string_view>

#include <cmcctl/codec/pkix.hpp>

/// What the tables of algorithms share.
namespace cmcctl {

bool absent_or_null(const AlgorithmIdentifier& algorithm);

/// `unsupported_algorithm`: "the signature algorithm md5WithRSAEncryption".
Error unsupported(const AlgorithmIdentifier& algorithm, std::string_view what);

/// `bad_algorithm`: "the parameters of ecdsa-with-SHA256 should be absent".
Error bad_parameters(const AlgorithmIdentifier& algorithm, std::string_view wanted);

/// "sha256WithRSAEncryption", or dotted.
std::string algorithm_name(const AlgorithmIdentifier& algorithm);
std::string algorithm_name(std::string_view dotted);

}  // namespace cmcctl
