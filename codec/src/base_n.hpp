#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <cmcctl/codec/result.hpp>

namespace cmcctl {

/// Base64 with white space anywhere, either alphabet, and padding or not. `offset` is where the text stands in the
/// file, for errors.
Result<std::vector<std::uint8_t>> decode_base64(std::string_view text, std::size_t offset);

/// Pairs of hexadecimal digits with white space, colons, commas or "0x" between them.
Result<std::vector<std::uint8_t>> decode_hex(std::string_view text, std::size_t offset);

bool is_base64_text(std::string_view text);
bool is_hex_text(std::string_view text);

/// The same of a longer text, but for one character in fifty: it is damaged, and the decoder says where.
bool is_nearly_base64_text(std::string_view text);
bool is_nearly_hex_text(std::string_view text);

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }

}  // namespace cmcctl
