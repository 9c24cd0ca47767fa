#include "password_limits.hpp"

namespace cmcctl {

Result<std::size_t> iterations_within(const Integer& count, const IterationRange& range) {
  const auto number = count.to_int64();
  if (number && *number >= 0) {
    const auto iterations = static_cast<std::size_t>(*number);
    if (iterations >= range.least && iterations <= range.most) return iterations;
  }
  return Error{Errc::limit_exceeded,
               0,
               {},
               {},
               std::string(range.what) + " with " + to_string(count) + " iterations, allowed are " +
                   std::to_string(range.least) + " to " + std::to_string(range.most) + " (limit " +
                   std::string(range.limit) + ")"};
}

Result<void> check_salt(Octets salt, const Limits& limits) {
  constexpr std::size_t least = 8;
  if (salt.size() >= least && salt.size() <= limits.salt_octets) return {};
  return Error{Errc::limit_exceeded,
               0,
               {},
               {},
               "a salt of " + std::to_string(salt.size()) + " octets, allowed are " + std::to_string(least) + " to " +
                   std::to_string(limits.salt_octets) + " (limit salt_octets)"};
}

}  // namespace cmcctl
