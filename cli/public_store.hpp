#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <cmcctl/crypto/certificate.hpp>

#include "reading.hpp"

namespace cmcctl::cli {

/// The file of trusted certificates that programs of this system use (SSL_CERT_FILE, else the distribution's), when it
/// trusts this certificate; `others` (DER) may stand between. Empty when it does not, or when there is none.
std::string trusting_store(const X509Certificate& certificate, std::span<const std::vector<std::uint8_t>> others, Io& io,
                           const ReadOptions& reading);

}  // namespace cmcctl::cli
