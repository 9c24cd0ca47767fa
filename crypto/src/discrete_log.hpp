#pragma once

#include <vector>

#include <botan/pk_keys.h>

#include <cmcctl/crypto/public_key.hpp>
#include <cmcctl/crypto/signature_scheme.hpp>

/// RFC 6955 section 5: signatures of DH keys, which are those of DSA but for the hash value: it is made as long as the
/// order q of the group. `bad_algorithm` for a hash that is longer than q.
namespace cmcctl {

/// Whether the group is a group at all, GroupTests tells.
Result<bool> verify_discrete_log(const PublicKey& key, Hash hash, Octets message, Octets signature);

Result<std::vector<std::uint8_t>> sign_discrete_log(const PublicKey& key, const Botan::Private_Key& own, Hash hash,
                                                    Octets message);

/// `bad_algorithm` for these signatures: they are for certification requests, and for nothing else that is signed.
Result<void> check_signs_messages(const SignatureScheme& scheme);

}  // namespace cmcctl
