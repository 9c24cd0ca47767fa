#include "possession_statement.hpp"

#include <cmcctl/codec/cms.hpp>
#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/certificate.hpp>

namespace cmcctl {

Result<std::vector<std::uint8_t>> possession_statement(const StatementOfPossession& how) {
  CMC_TRY(const X509Certificate certificate, X509Certificate::from_der(how.certificate));
  const auto& key = certificate.public_key();
  if (!key || !key->is_same(how.signer->public_key())) {
    return Error{
        Errc::bad_algorithm, 0, {}, {}, "the certificate that vouches has another key than its signer (RFC 9883)"};
  }
  CMC_TRY(std::vector<std::uint8_t> content,
          encode(IssuerAndSerialNumber{certificate.tbs().issuer, certificate.tbs().serial_number, {}}));
  if (how.with_certificate) content.insert(content.end(), how.certificate.begin(), how.certificate.end());
  return der_element(tlv::sequence, content);
}

}  // namespace cmcctl
