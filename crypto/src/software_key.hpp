#pragma once

#include <memory>

#include <cmcctl/crypto/private_key.hpp>

#include "botan.hpp"

namespace cmcctl {

/// Botan's key as ours, looked over like every other.
Result<std::unique_ptr<PrivateKey>> make_software_key(std::unique_ptr<Botan::Private_Key> key, const Limits& limits);

}  // namespace cmcctl
