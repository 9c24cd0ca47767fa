#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <cmcctl/codec/octets.hpp>

namespace cmcctl::cli {

/// No line of our text output is wider.
inline constexpr std::size_t text_width = 100;

std::string to_lower(std::string_view text);

/// "4F:2A:01", as people write serial numbers.
std::string serial_text(Octets serial);

/// `first` and then `text`, broken at blanks into lines of at most `text_width` columns. `first` is filled up to
/// `indent`, where every line of `text` begins. Ends with a newline.
std::string wrapped(std::string_view first, std::size_t indent, std::string_view text);

}  // namespace cmcctl::cli
