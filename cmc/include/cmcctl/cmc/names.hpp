#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <cmcctl/codec/octets.hpp>
#include <cmcctl/codec/result.hpp>

/// Names from text: the way back of `name_text` and `general_name_text`. What cannot be a name is refused with
/// `not_encodable`; the detail says which part it was and what would do.
namespace cmcctl {

/// Which string type takes what RFC 5280 leaves to the writer.
enum class NameStrings : std::uint8_t {
  utf8,       ///< UTF8String, as RFC 5280 section 4.1.2.4 wants it
  printable,  ///< PrintableString where its characters suffice, as older software has it
};

/// The DER of a Name from RFC 4514 text, the most specific RDN first: "CN=me,O=Example\, Inc.,C=DE". Attributes go by
/// the names of `find_oid_by_name` or by dotted OID ("OID.1.2.3", too); "#" and hexadecimal is the DER of a value;
/// "+" joins the attributes of one RDN. Country and serialNumber are PrintableString, DC and emailAddress IA5String.
/// Holds every value to the upper bounds of RFC 5280 appendix A.1. The empty text is the empty Name.
Result<std::vector<std::uint8_t>> parse_name(std::string_view text, NameStrings strings = NameStrings::utf8);

/// Whether two Names in DER read the same: the string types may differ.
bool same_name(Octets a, Octets b);

/// The DER of a GeneralName (RFC 5280 section 4.2.1.6):
///
///     dns:www.example.org  dns:*.example.org   email:me@example.org   uri:https://example.org/a
///     ip:192.0.2.1  ip:2001:db8::1             dir:CN=me,O=Example    rid:1.2.3
///     upn:me@example.org (Microsoft's)         other:1.2.3=0c0161     (type-id, and the value's DER in hexadecimal)
///
/// Hosts are ASCII: internationalized names are given as A-labels ("xn--...").
Result<std::vector<std::uint8_t>> parse_general_name(std::string_view text);

}  // namespace cmcctl
