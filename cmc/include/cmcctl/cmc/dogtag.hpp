#pragma once

#include <cstdint>
#include <vector>

#include <cmcctl/codec/cms.hpp>

/// Values of controls as Dogtag writes and reads them, and RFC 10002 does not have them. DER.
namespace cmcctl {

/// getCert: SEQUENCE { issuerName Name, serialNumber INTEGER }, without the tag of a GeneralName.
std::vector<std::uint8_t> dogtag_get_cert(const IssuerAndSerialNumber& which);

/// confirmCertAcceptance: SEQUENCE { SEQUENCE { Name }, serialNumber INTEGER }.
std::vector<std::uint8_t> dogtag_cert_id(const IssuerAndSerialNumber& which);

}  // namespace cmcctl
