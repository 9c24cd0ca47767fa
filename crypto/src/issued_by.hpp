#pragma once

#include <string>

#include <cmcctl/crypto/certificate.hpp>

namespace cmcctl {

/// Whether a signature of a certificate or CRL is by this key. nullopt: yes; else why not.
struct SignedStructure {
  Octets signed_octets;
  const AlgorithmIdentifier& outer;
  const AlgorithmIdentifier& inner;  ///< has to be the same
  const BitString& signature;
};
std::optional<std::string> signature_problem(const SignedStructure& structure, const X509Certificate& issuer,
                                             bool allow_sha1);

}  // namespace cmcctl
