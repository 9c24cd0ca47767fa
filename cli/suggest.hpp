#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cmcctl::cli {

/// Up to three of `names` that `word` may have been meant for, nearest first; case does not matter.
std::vector<std::string> nearest(std::string_view word, std::span<const std::string> names);

/// "; did you mean 'a' or 'b'?", or nothing without names.
std::string did_you_mean(std::span<const std::string> names);

}  // namespace cmcctl::cli
