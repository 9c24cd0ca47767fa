#include "recent_keys.hpp"

namespace cmcctl {

RecentKeys& RecentKeys::of_this_thread() {
  thread_local RecentKeys keys;
  return keys;
}

std::shared_ptr<const PublicKey::State> RecentKeys::find(Octets spki, const Limits& limits) const {
  for (const Entry& entry : entries_) {
    const bool same_limits = entry.bits_least == limits.rsa_bits_least && entry.bits_most == limits.rsa_bits;
    if (entry.state && same_limits && Octets(entry.state->spki) == spki) return entry.state;
  }
  return nullptr;
}

void RecentKeys::keep(std::shared_ptr<const PublicKey::State> state, const Limits& limits) {
  entries_[next_] = {std::move(state), limits.rsa_bits_least, limits.rsa_bits};
  next_ = (next_ + 1) % entries_.size();
}

}  // namespace cmcctl
