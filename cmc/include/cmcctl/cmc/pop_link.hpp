#pragma once

#include <cstdint>
#include <vector>

#include <cmcctl/cmc/proofs.hpp>
#include <cmcctl/crypto/private_key.hpp>

namespace cmcctl {

/// Which witnesses a request gets.
struct PopLinkOptions {
  bool v1 = false;
  bool v2 = true;
  LinkKey key = LinkKey::secret;
  Hash key_gen = Hash::sha256;
  Hash mac = Hash::sha256;
};

/// The request (a PKCS #10 or a CertReqMsg) with POP link witnesses over `random`, RFC 10002 section 6.3.1.1: as
/// attributes of a PKCS #10, as controls of a CertRequest. What signs the changed part is computed anew with `key` and
/// the algorithm that is there; a CertReqMsg without a signature over its CertRequest needs none. Witnesses that are
/// there are replaced.
///
/// `no_key` when the key is missing or not that of the request, `not_encodable` for a proof of possession that is a MAC
/// over the CertRequest (RFC 4211 section 4.3).
Result<std::vector<std::uint8_t>> add_pop_link(Octets request, PrivateKey* key, const SharedSecret& shared,
                                               Octets random, const PopLinkOptions& options = {});

}  // namespace cmcctl
