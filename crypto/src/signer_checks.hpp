#pragma once

#include <optional>
#include <vector>

#include <cmcctl/codec/cms.hpp>
#include <cmcctl/crypto/check.hpp>
#include <cmcctl/crypto/public_key.hpp>

namespace cmcctl {

/// What a SignerInfo claims to have signed.
struct SignedContent {
  Oid type;
  std::optional<Octets> octets;  ///< absent: detached, and not at hand
};

/// The checks "algorithm", "signed attributes", "digest" and "signature" of one SignerInfo (RFC 5652 section 5.4 and
/// 5.6). `key` is null when the signer's key is not known: `signature` is then unknown, as with one that is refused.
std::vector<Check> check_signer(Decoder& decoder, const SignerInfo& signer, const SignedContent& content,
                                const Result<PublicKey>* key, bool allow_sha1);

/// The content that digests and signatures cover: of PKCS #7's form, where no OCTET STRING is, without tag and length
/// (RFC 5652 section 5.2.1).
SignedContent signed_content(const EncapsulatedContentInfo& content);

}  // namespace cmcctl
