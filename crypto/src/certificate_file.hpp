#pragma once

#include <cstdint>
#include <vector>

#include "key_file.hpp"

namespace cmcctl {

/// The DER of the certificates and CRLs in a file, in its order.
struct CertificateFile {
  std::vector<std::vector<std::uint8_t>> certificates;
  std::vector<std::vector<std::uint8_t>> crls;
};

/// Certificates, CRLs, SignedData (PKCS #7) in any form of `read_blocks`, any number of blocks, and PKCS #12. Blocks
/// of PEM that are something else, such as keys, are passed over.
Result<CertificateFile> certificates_from_file(Octets bytes, const PasswordAsker& ask, const Limits& limits);

}  // namespace cmcctl
