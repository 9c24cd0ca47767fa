#pragma once

#include <cmcctl/crypto/verify.hpp>

namespace cmcctl {

/// A MAC of RFC 6955 as PKCS #10 (in place of the signature) and CRMF (agreeMAC) carry it.
struct StaticDhProof {
  const AlgorithmIdentifier& algorithm;
  const BitString& value;  ///< DhSigStatic
  Octets message;          ///< what the MAC is over, as it came
};

/// The check "possession". Passes only where `options.keys` holds the recipient's private key, and its certificate is
/// with the key or in `options`.
Check check_static_dh(Decoder& decoder, const StaticDhProof& proof, const PublicKey& key, const VerifyOptions& options);

}  // namespace cmcctl
