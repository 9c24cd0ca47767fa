#pragma once

#include <vector>

#include <cmcctl/crypto/path.hpp>

namespace cmcctl {

/// The check "revocation" over a path: RFC 5280 section 6.3 with the lists at hand. The anchor is not looked up.
Check check_revocation(const std::vector<X509Certificate>& path, const PathOptions& options);

}  // namespace cmcctl
