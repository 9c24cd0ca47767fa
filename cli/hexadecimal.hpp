#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cmcctl::cli {

/// The octets of "0a1b", "0a:1b" or "0a 1b", as people copy it; nullopt for none at all and for anything else.
std::optional<std::vector<std::uint8_t>> octets_of_typed_hex(std::string_view text);

}  // namespace cmcctl::cli
