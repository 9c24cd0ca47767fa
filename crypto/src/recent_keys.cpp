#include "recent_keys.hpp"

#include <algorithm>

namespace cmcctl {

RecentKeys& RecentKeys::of_this_thread() {
  thread_local RecentKeys keys;
  return keys;
}

std::shared_ptr<const PublicKey::State> RecentKeys::find(Octets spki, const Limits& limits) {
  const auto found = std::ranges::find_if(entries_, [&](const Entry& entry) {
    const bool same_limits = entry.bits_least == limits.rsa_bits_least && entry.bits_most == limits.rsa_bits;
    return entry.state && same_limits && Octets(entry.state->spki) == spki;
  });
  if (found == entries_.end()) return nullptr;
  std::rotate(entries_.begin(), found, found + 1);
  return entries_.front().state;
}

void RecentKeys::keep(std::shared_ptr<const PublicKey::State> state, const Limits& limits) {
  entries_.back() = {std::move(state), limits.rsa_bits_least, limits.rsa_bits};
  std::rotate(entries_.begin(), entries_.end() - 1, entries_.end());
}

}  // namespace cmcctl
