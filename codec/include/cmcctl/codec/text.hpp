#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/codec/pkix.hpp>

/// Bytes of a message as text for people.
namespace cmcctl {

/// The one way for text of a message to a terminal, a log or an error. What could move the cursor, hide or reorder
/// text comes out as \u{XXXX}: control characters, bidi marks, zero-width and invisible characters. Octets that are
/// not UTF-8 come out as \x{XX}, and a backslash in front of u{ or x{ as \u{5C}, so that nothing else looks like an
/// escape. More than `limit` characters are cut: "… (123 characters)". The result is UTF-8 without control characters.
std::string escape(std::string_view text, std::size_t limit = Limits{}.text);

/// The characters of a string type as UTF-8, not yet escaped, by its universal tag number: BMPString is UTF-16,
/// UniversalString UTF-32, TeletexString taken as Latin-1, the others as they are, so that `escape` shows the very
/// octets that are not UTF-8. A broken unit of UTF-16 or UTF-32 becomes U+FFFD.
std::string string_value(std::uint8_t tag_number, Octets content);

std::string hex(Octets octets);                                ///< "a41c9e77"
std::string hex_spaced(Octets octets, std::size_t group = 2);  ///< "a41c 9e77"; `group` octets together
std::string base64(Octets octets);                             ///< without line breaks

/// RFC 4514 text of a Name, last RDN first: "CN=a,O=b,C=DE". A type without a known name is dotted and has its value as
/// #hex. Empty for the empty name, "(unreadable name)" for what is none. Takes any bytes; not escaped for a terminal.
std::string name_text(Octets name);

/// "2026-11-21T03:52:44Z", or "(no date: …)".
std::string time_text(const Time& time);

/// "DNS:example.org", "email:…", "URI:…", "IP:192.0.2.1", "IP:2001:db8::/ffff:ffff::", "dir:CN=a", "RID:1.2.3",
/// "other:1.3.6.1.4.1.311.20.2.3 user@example.org", "edi:assigner/party", "x400:(9 octets)". Not escaped for a
/// terminal.
std::string general_name_text(const GeneralName& name);

}  // namespace cmcctl
