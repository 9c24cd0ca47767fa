#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <botan/dl_group.h>

#include <cmcctl/crypto/public_key.hpp>

/// The group that a Diffie-Hellman key brings along.
namespace cmcctl {

/// RFC 3279 section 2.3.3:  DomainParameters ::= SEQUENCE { p INTEGER, g INTEGER, q INTEGER, j INTEGER OPTIONAL,
///     validationParms OPTIONAL }
struct DomainParameters {
  Octets p, g, q;
  Octets whole;
};

/// Those in a SubjectPublicKeyInfo that decodes; nullopt when it has none.
std::optional<DomainParameters> domain_parameters(Octets spki);

/// That of a DH key. Botan throws for numbers that make no group.
Botan::DL_Group group_of(const PublicKey& key);

/// Whether p and q are primes and q divides p - 1. That takes as long as hundreds of signatures, so it is asked of few
/// groups, and of none that is larger than is usual; groups that everybody knows need no such test. One object for the
/// keys of one message.
class GroupTests {
 public:
  /// Nothing for a key whose signatures may be verified; else what is wrong with it, or why nobody knows.
  struct Problem {
    bool known = false;  ///< it is no such group
    std::string text;
  };
  std::optional<Problem> problem(const PublicKey& key);

 private:
  struct Tested {
    std::vector<std::uint8_t> parameters;
    bool good = false;
  };
  std::vector<Tested> tested_;
  std::size_t keys_ = 0;
};

}  // namespace cmcctl
