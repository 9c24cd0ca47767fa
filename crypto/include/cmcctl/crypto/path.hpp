#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/check.hpp>
#include <cmcctl/crypto/crl.hpp>

namespace cmcctl {

/// What the certificate at the end of a path is wanted for.
enum class Purpose : std::uint8_t {
  any,
  signer,     ///< keyUsage, if there, has digitalSignature or nonRepudiation
  responder,  ///< a signer that is a CA or has id-kp-cmcCA or id-kp-cmcRA (RFC 10002 section 9.1)
  ra,         ///< a signer with id-kp-cmcRA
};

struct PathOptions {
  std::int64_t time = 0;                      ///< seconds since 1970: when the path has to be valid
  Purpose purpose = Purpose::any;
  std::span<const X509Certificate> anchors{}; ///< what the user trusts; nothing else is trusted
  std::span<const X509Certificate> pool{};    ///< other certificates that may stand between
  std::span<const X509Crl> crls{};            ///< empty: revocation is skipped
  bool allow_sha1 = false;
};

struct PathResult {
  std::vector<X509Certificate> path;  ///< the certificate first, the anchor last; as far as it went
  std::vector<Check> checks;          ///< "path", "key strength", "time", "usage", "extensions", "names", "policies",
                                      ///< "revocation"; only "path" when none was found
};

/// Looks for a path from the certificate to an anchor and validates it (RFC 5280 section 6.1, with any-policy as the
/// initial policy set, and 6.3). Of several paths the first valid one counts, else the one that came furthest.
PathResult validate_path(const X509Certificate& certificate, const PathOptions& options, const Limits& limits = {});

}  // namespace cmcctl
