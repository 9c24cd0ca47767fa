#pragma once

#include <string>
#include <string_view>

#include <cmcctl/codec/octets.hpp>

namespace cmcctl {

/// One block of RFC 7468: lines of 64 digits between "-----BEGIN CERTIFICATE-----" and its END. Not for secrets, of which
/// it leaves copies in memory.
std::string pem_text(std::string_view label, Octets der);

}  // namespace cmcctl
