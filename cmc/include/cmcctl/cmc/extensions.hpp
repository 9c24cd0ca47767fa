#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/octets.hpp>
#include <cmcctl/codec/result.hpp>

/// Extensions that a request asks for, from words. What cannot be one is refused with `not_encodable`.
namespace cmcctl {

/// RFC 5280 section 4.1.   Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
struct RequestedExtension {
  std::string oid;  ///< dotted
  bool critical = false;
  std::vector<std::uint8_t> value{};  ///< DER
  friend bool operator==(const RequestedExtension&, const RequestedExtension&) = default;
};

/// RFC 5280 section 4.2.1.3, critical: "digitalSignature,keyEncipherment". contentCommitment is nonRepudiation.
Result<RequestedExtension> key_usage_extension(std::string_view words);

/// RFC 5280 section 4.2.1.12: "clientAuth,emailProtection", or dotted OIDs.
Result<RequestedExtension> ext_key_usage_extension(std::string_view words);

/// RFC 5280 section 4.2.1.6: GeneralNames of these, each the DER of a GeneralName. Critical where the subject is empty.
Result<RequestedExtension> subject_alt_name_extension(std::span<const std::vector<std::uint8_t>> names, bool critical);

/// RFC 5280 section 4.2.1.2.
RequestedExtension subject_key_identifier_extension(Octets identifier);

/// RFC 5280 section 4.2.1.1, with the key identifier alone.
Result<RequestedExtension> authority_key_identifier_extension(Octets issuer_key_identifier);

/// RFC 5280 section 4.2.1.9, critical: "ca", "ca,pathlen:0" or "end-entity".
Result<RequestedExtension> basic_constraints_extension(std::string_view words);

/// Any other: "OID=hexadecimal" or "OID=hexadecimal,critical", the DER of the value. Known extensions go by name, too.
Result<RequestedExtension> extension_from_text(std::string_view text);

/// The DER of Extensions. Refuses a type that stands there twice, and an empty list.
Result<std::vector<std::uint8_t>> encode_extensions(std::span<const RequestedExtension> extensions);

}  // namespace cmcctl
