#pragma once

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/crypto/recipients.hpp>

/// Contents with a MAC whose key only the recipients have.
namespace cmcctl {

/// RFC 5652 section 9.1.
///
///   AuthenticatedData ::= SEQUENCE { version CMSVersion, originatorInfo [0] OPTIONAL, recipientInfos RecipientInfos,
///       macAlgorithm MessageAuthenticationCodeAlgorithm, digestAlgorithm [1] OPTIONAL,
///       encapContentInfo EncapsulatedContentInfo, authAttrs [2] OPTIONAL, mac MessageAuthenticationCode,
///       unauthAttrs [3] OPTIONAL }
///
/// The checks "authenticated attributes", "digest" and "mac" say whether the content is the originator's. The
/// attributes must be there when the content is not id-data, must name its type and its digest once, and a content
/// without them must not itself be such attributes. A key that cannot be had and a MAC that is wrong are the same
/// failed "mac". An Error only as with `open_enveloped`.
Result<OpenedContent> open_authenticated(Decoder& decoder, const AuthenticatedData& message, const RecipientKeys& keys,
                                         const Limits& limits = {});

/// A ContentInfo with AuthenticatedData in DER: HMAC with `hash`, which is also the digest of the authenticated
/// attributes; they are there unless the content is id-data.
Result<std::vector<std::uint8_t>> make_authenticated(std::string_view content_type, Octets content,
                                                     std::span<const Recipient> recipients, Hash hash = Hash::sha256);

}  // namespace cmcctl
