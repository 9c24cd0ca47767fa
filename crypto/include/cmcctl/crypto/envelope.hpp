#pragma once

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/crypto/content_cipher.hpp>
#include <cmcctl/crypto/recipients.hpp>

/// Encrypted contents.
namespace cmcctl {

/// RFC 5652 section 6.1.
///
///   EnvelopedData ::= SEQUENCE { version CMSVersion, originatorInfo [0] OPTIONAL, recipientInfos RecipientInfos,
///       encryptedContentInfo EncryptedContentInfo, unprotectedAttrs [1] OPTIONAL }
///
/// `no_key` when no RecipientInfo is for these keys, `unsupported_algorithm`, `bad_algorithm` and `limit_exceeded` for
/// what stands in the message for all to read. Everything that depends on a key is the one `decryption_failed`. CBC
/// does not authenticate: whoever can ask often enough whether this succeeds can decrypt. The check "authenticity" says
/// so.
Result<OpenedContent> open_enveloped(Decoder& decoder, const EnvelopedData& message, const RecipientKeys& keys,
                                     const Limits& limits = {});

/// RFC 5083 section 2.1.
///
///   AuthEnvelopedData ::= SEQUENCE { version CMSVersion, originatorInfo [0] OPTIONAL, recipientInfos RecipientInfos,
///       authEncryptedContentInfo EncryptedContentInfo, authAttrs [1] OPTIONAL, mac MessageAuthenticationCode,
///       unauthAttrs [2] OPTIONAL }
///
/// Likewise. Nothing is given out before the tag is checked.
Result<OpenedContent> open_enveloped(Decoder& decoder, const AuthEnvelopedData& message, const RecipientKeys& keys,
                                     const Limits& limits = {});

/// A ContentInfo with EnvelopedData in DER; `cipher` is an AES-CBC one. `content_type` is dotted; `content` are the
/// octets of that type: the whole SignedData, say. `not_encodable` without recipients.
Result<std::vector<std::uint8_t>> make_enveloped(std::string_view content_type, Octets content,
                                                 std::span<const Recipient> recipients,
                                                 ContentCipher cipher = ContentCipher::aes_256_cbc);

/// A ContentInfo with AuthEnvelopedData in DER; `cipher` is an AES-GCM one. A content-type attribute is authenticated
/// unless the content is id-data.
Result<std::vector<std::uint8_t>> make_auth_enveloped(std::string_view content_type, Octets content,
                                                      std::span<const Recipient> recipients,
                                                      ContentCipher cipher = ContentCipher::aes_256_gcm,
                                                      std::size_t tag_octets = 12);

}  // namespace cmcctl
