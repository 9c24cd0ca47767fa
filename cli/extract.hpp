#pragma once

#include <string>
#include <vector>

#include <cmcctl/codec/message.hpp>

#include "piece.hpp"

namespace cmcctl::cli {

/// What can be taken out of a message.
enum class Part : std::uint8_t { certs, csr, crl, econtent, requests };

/// All parts of one kind at every level of nesting, in their order, certificates and CRLs without duplicates. Each has
/// the bytes as they came: signatures over them verify as before.
std::vector<Piece> extract(Decoder& decoder, const Message& message, Part part);

/// "a Full PKI Request with 1 PKCS #10, 2 certificates"
std::string holdings(Decoder& decoder, const Message& message);

/// Simple PKI Response (RFC 10002 section 4.1): certs-only SignedData with these certificates, as DER.
Result<Piece> certs_only(const std::vector<Piece>& certificates);

}  // namespace cmcctl::cli
