#pragma once

#include "authority_names.hpp"
#include "authority_requester.hpp"

namespace cmcctl::authority {

/// A certificate that may be issued: everything about it is decided. It can be kept until somebody has approved it, or
/// until a challenge is answered.
struct Grant {
  std::string profile;
  std::string identity;  ///< of the user; may be empty
  Bytes subject;
  Bytes public_key;
  std::vector<RequestedExtension> extensions{};  ///< its subjectAltName is the requester's
  SecretOctets archived_key{};                   ///< PKCS #8; empty: nothing to archive
  Bytes request{};                               ///< the TaggedRequest as it came; empty for a Simple PKI Request
  Bytes transaction{};                           ///< transactionId of the message; may be empty
  Bytes tie{};                                   ///< of the requester

  std::string summary() const;  ///< "CN=me, EC P-256"; not escaped
};

SecretOctets encode_grant(const Grant& grant);
std::optional<Grant> decode_grant(Octets bytes);

/// Whether the key is one that is taken at all.
Objection check_key(Context& context, const Asked& asked);

/// What somebody gets of what is asked for, whose possession of the key is proven or will be: names, profile, and the
/// key to be archived (RFC 4211 section 6.4), which has to be that of the request. `linked` as in `settle_names`.
Ruling<Grant> grant_to(Context& context, Decoder& decoder, const Profile& profile, const Requester& who, bool linked,
                       Asked asked);

/// Whether the profile gives a certificate for this key with these wishes, and the key is nobody else's.
Objection check_grant(Context& context, const Profile& profile, const Grant& grant);

/// The new certificate, in the store.
Ruling<StoredCertificate> issue(Context& context, const Grant& grant);

}  // namespace cmcctl::authority
