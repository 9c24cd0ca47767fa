#pragma once

#include <string>
#include <vector>

#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/check.hpp>

#include "part_index.hpp"

namespace cmcctl {

/// RFC 10002 section 6.3.3, the check "existing certificate": subject and subjectAltName of a request are those of the
/// certificate that signs the message. `skipped` where other names are asked for, which makes it no renewal.
class ExistingCertificate {
 public:
  explicit ExistingCertificate(const X509Certificate& signer);

  Check check(Decoder& decoder, const RequestPart& request) const;

 private:
  Octets subject_;
  std::string subject_text_;
  Result<std::vector<std::vector<std::uint8_t>>> names_;  // GeneralNames in DER, sorted: their order has no meaning
};

}  // namespace cmcctl
