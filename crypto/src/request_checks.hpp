#pragma once

#include <optional>
#include <string>
#include <vector>

#include <cmcctl/codec/message.hpp>
#include <cmcctl/crypto/verify.hpp>

namespace cmcctl {

/// The checks "possession" and, where there is one, "public key MAC" of one certification request.
struct RequestChecks {
  std::string name;
  std::string path;
  std::size_t offset = 0;
  std::vector<Check> checks;
};

/// All requests in a layer's content: PKCS #10 signatures (RFC 2986 section 4.2) and CRMF proofs (RFC 4211 section 4).
std::vector<RequestChecks> check_requests(Decoder& decoder, const Layer& layer, const VerifyOptions& options);

/// The key of the request that a signer names by its subjectKeyIdentifier extension or the key's own identifier: RFC
/// 10002 lets a request be signed with the key it is for.
struct RequestKey {
  std::string name;
  Result<PublicKey> key;
};
std::optional<RequestKey> key_of_request(Decoder& decoder, const Layer::Content& content, const SignerIdentifier& sid);

}  // namespace cmcctl
