#pragma once

#include <cstddef>

#include <cmcctl/crypto/secret.hpp>

namespace cmcctl {

/// Octets of the operating system's generator.
SecretOctets random_octets(std::size_t count);

}  // namespace cmcctl
