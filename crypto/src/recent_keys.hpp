#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include "public_key_state.hpp"

namespace cmcctl {

/// The RSA keys that this thread used last. Botan 2 spends ten times a verification on the setup of a modulus, and
/// the same anchors, CAs and agents sign message after message, each with another request's key in it.
class RecentKeys {
 public:
  static RecentKeys& of_this_thread();

  /// The key of these very octets, loaded under the same limits, or null.
  std::shared_ptr<const PublicKey::State> find(Octets spki, const Limits& limits);
  void keep(std::shared_ptr<const PublicKey::State> state, const Limits& limits);

 private:
  struct Entry {
    std::shared_ptr<const PublicKey::State> state;
    std::size_t bits_least = 0;
    std::size_t bits_most = 0;
  };
  std::array<Entry, 32> entries_;  // the last used first
};

}  // namespace cmcctl
