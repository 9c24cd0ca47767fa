#pragma once

#include <cstddef>
#include <vector>

#include "node.hpp"

namespace cmcctl {

/// Which elements of two lists of one type belong together.
struct Alignment {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  std::vector<std::size_t> partner;  // of each element of A its index in B, or none
  std::vector<bool> paired;          // of each element of B
  bool reordered = false;            // of a SEQUENCE OF: what belongs together stands in another order
};

/// Pairs what has a key of its own (OID, body part identifier, issuer and serial number, signer) in both lists, then
/// what is equal, then the rest by its place. Takes time n log n.
Alignment align(const Node& list, const std::vector<Octets>& a, const std::vector<Octets>& b);

}  // namespace cmcctl
