#include "guesses.hpp"

#include <algorithm>

namespace cmcctl {
namespace {

constexpr std::int64_t most_wrong = 10;
constexpr std::int64_t forgotten_after = 60;  // seconds, each
constexpr std::size_t most_users = 1'000;

}  // namespace

std::int64_t Guesses::Wrong::left_at(std::int64_t now) const {
  return std::max<std::int64_t>(0, count - std::max<std::int64_t>(0, now - since) / forgotten_after);
}

void Guesses::add(std::string_view user, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  auto found = wrong_.find(user);
  if (found == wrong_.end()) {
    make_room(now);
    found = wrong_.emplace(std::string(user), Wrong{}).first;
  }
  found->second = {found->second.left_at(now) + 1, now};
}

bool Guesses::are_too_many(std::string_view user, std::int64_t now) const {
  const std::lock_guard lock(mutex_);
  const auto found = wrong_.find(user);
  return found != wrong_.end() && found->second.left_at(now) >= most_wrong;
}

void Guesses::make_room(std::int64_t now) {
  if (wrong_.size() < most_users) return;
  std::erase_if(wrong_, [now](const auto& entry) { return entry.second.left_at(now) == 0; });
  if (wrong_.size() < most_users) return;
  wrong_.erase(std::ranges::min_element(wrong_, {}, [](const auto& entry) { return entry.second.since; }));
}

}  // namespace cmcctl
