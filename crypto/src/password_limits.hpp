#pragma once

#include <cstddef>
#include <string_view>

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/codec/result.hpp>
#include <cmcctl/codec/values.hpp>

/// What a message may ask for before a password is tried on it.
namespace cmcctl {

struct IterationRange {
  std::size_t least;
  std::size_t most;
  std::string_view what;   // "PBKDF2"
  std::string_view limit;  // "pbkdf2_iterations"
};

/// `limit_exceeded` with the limit's name.
Result<std::size_t> iterations_within(const Integer& count, const IterationRange& range);

/// 8 to Limits::salt_octets octets; likewise.
Result<void> check_salt(Octets salt, const Limits& limits);

}  // namespace cmcctl
