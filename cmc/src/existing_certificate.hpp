#pragma once

#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/check.hpp>

#include "part_index.hpp"

namespace cmcctl {

/// RFC 10002 section 6.3.3, the check "existing certificate": subject and subjectAltName of a request are those of the
/// certificate that signs the message. `skipped` where other names are asked for, which makes it no renewal.
Check check_existing_certificate(Decoder& decoder, const RequestPart& request, const X509Certificate& signer);

}  // namespace cmcctl
