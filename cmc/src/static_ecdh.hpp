#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <cmcctl/cmc/pkcs10.hpp>

namespace cmcctl {

/// RFC 6955 section 6 over `message`.
struct StaticEcdhProof {
  std::string algorithm;            ///< dotted; its parameters are absent
  std::vector<std::uint8_t> value;  ///< DER of DhSigStatic
};
Result<StaticEcdhProof> prove_static_ecdh(const StaticEcdh& how, Octets message);

}  // namespace cmcctl
