#pragma once

#include <vector>

#include <cmcctl/crypto/path.hpp>

namespace cmcctl {

/// The checks of RFC 5280 section 6.1 over a chain whose names and signatures fit; the certificate first, the anchor
/// last.
std::vector<Check> validate_chain(const std::vector<X509Certificate>& path, const PathOptions& options,
                                  const Limits& limits);

}  // namespace cmcctl
