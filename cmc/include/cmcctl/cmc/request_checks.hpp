#pragma once

#include <functional>
#include <optional>
#include <vector>

#include <cmcctl/codec/message.hpp>
#include <cmcctl/crypto/verify.hpp>

/// What a request proves beyond its signatures.
namespace cmcctl {

/// What the user lends.
struct RequestCheckOptions {
  std::optional<Octets> secret{};          ///< shared with the requester, UTF-8
  std::optional<Octets> identification{};  ///< whose secret it is; absent: the message's word is taken
  /// In place of `secret`, where parts of a message may be from several: the secret of an Identification control. Its
  /// octets live as long as the check.
  std::function<std::optional<Octets>(std::optional<Octets> identification)> find_secret{};
  std::optional<Octets> proof_value{};     ///< POP Proof Value of the challenge that a decryptedPOP answers
};

/// Adds to the parts of `verify_message` (its option `more`) what RFC 10002 wants of every PKIData in the message:
///
///   identityProof, identityProofV2, identification (section 6.2), POP link of every request (6.3.1) or its subject
///   (6.3.2) or the names of the certificate that signs (6.3.3), decryptedPOP (6.7), lraPOPWitness (6.8),
///   trustedAnchors (6.15), authData (6.16), raIdentityWitness (6.20), the passphrase of revokeRequest (6.11), and
///   that references lead to body parts of the right kind.
///
/// What an RA has seen to counts only where the RA's signature, path and id-kp-cmcRA were verified. Whoever signed with
/// the key of a request is known once an identity proof passes.
void check_request(Decoder& decoder, const Message& message, const RequestCheckOptions& options,
                   std::vector<VerifiedPart>& parts);

}  // namespace cmcctl
