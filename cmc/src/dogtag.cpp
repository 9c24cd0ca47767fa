#include <cmcctl/cmc/dogtag.hpp>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes sequence_of(Octets issuer, const Integer& serial_number) {
  Bytes content(issuer.begin(), issuer.end());
  const Bytes number = der_element(tlv::integer, serial_number.content);
  content.insert(content.end(), number.begin(), number.end());
  return der_element(tlv::sequence, content);
}

}  // namespace

Bytes dogtag_get_cert(const IssuerAndSerialNumber& which) { return sequence_of(which.issuer.der, which.serial_number); }

Bytes dogtag_cert_id(const IssuerAndSerialNumber& which) {
  return sequence_of(der_element(tlv::sequence, which.issuer.der), which.serial_number);
}

}  // namespace cmcctl
