#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace cmcctl {

/// Wrong secrets, by user. After ten of them not even the right one is believed, until there are fewer again: one is
/// forgotten each minute. Several threads may use it; nothing of it outlives the process.
class Guesses {
 public:
  void add(std::string_view user, std::int64_t now);
  bool are_too_many(std::string_view user, std::int64_t now) const;

 private:
  struct Wrong {
    std::int64_t count = 0;
    std::int64_t since = 0;  // when it was this many
    std::int64_t left_at(std::int64_t now) const;
  };
  void make_room(std::int64_t now);

  mutable std::mutex mutex_;
  std::map<std::string, Wrong, std::less<>> wrong_;
};

}  // namespace cmcctl
