#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/result.hpp>

/// What the readers of names, extensions and attributes share.
namespace cmcctl {

/// `not_encodable` with this detail.
Error not_from_text(std::string detail);

/// The dotted OID that `word` is, or the name of one whose kind (`OidEntry::kind`) ends with `kind`; empty when it is
/// neither. An empty `kind` takes all.
std::string oid_from_text(std::string_view word, std::string_view kind);

/// One element in DER from hexadecimal.
Result<std::vector<std::uint8_t>> element_from_hex(std::string_view hex, std::string_view what);

std::string_view without_blanks(std::string_view text);
bool is_ascii(std::string_view text);  ///< without control characters
bool is_printable_string(std::string_view text);

}  // namespace cmcctl
