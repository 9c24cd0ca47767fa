#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cmcctl {

/// The content octets of an INTEGER from how people write serial numbers: "1234", "0x04d2", "04:D2". nullopt for what
/// is none of these, or longer than 64 octets.
std::optional<std::vector<std::uint8_t>> parse_serial_number(std::string_view text);

}  // namespace cmcctl
