#pragma once

#include <cstdint>
#include <iosfwd>
#include <string_view>
#include <vector>

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/codec/octets.hpp>
#include <cmcctl/codec/result.hpp>

/// DER text: a form that can be read and edited, and that can express any bytes. docs/der-text.md has the grammar.
namespace cmcctl {

/// Writes any bytes as DER text, be they DER, BER, cut off or no encoding at all. What lies deeper than Limits::depth,
/// and what comes after Limits::nodes elements, is written as mere octets. The text is UTF-8 without control
/// characters other than the newline. Takes linear time.
void write_der_text(std::ostream& out, Octets bytes, const Limits& limits = {});

/// The bytes that DER text stands for; what write_der_text wrote with the same limits reads as the very bytes it was
/// written from. Refuses text with `bad_der_text`, and with `limit_exceeded` elements deeper than Limits::depth and
/// more bytes than Limits::message_octets. The Error's offset counts in the text, and its detail begins with the place:
/// "line 3, column 7: ". Takes linear time.
Result<std::vector<std::uint8_t>> read_der_text(std::string_view text, const Limits& limits = {});

}  // namespace cmcctl
