#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <cmcctl/cmc/proofs.hpp>
#include <cmcctl/crypto/envelope.hpp>
#include <cmcctl/crypto/sign.hpp>

/// PKIData and PKIResponse inside CMS: Full PKI Requests and Responses (RFC 10002 sections 3.2 and 4.2). All of these
/// give a ContentInfo in DER.
namespace cmcctl {

enum class FullContent : std::uint8_t {
  pki_data,      ///< id-cct-PKIData
  pki_response,  ///< id-cct-PKIResponse
};

/// What the sid of a message is that is signed with the key of a request in it.
enum class RequestKeyId : std::uint8_t {
  extension,  ///< the SubjectKeyIdentifier of the request
  dogtag,     ///< of a CRMF request all of extnValue, undecoded: what Dogtag's CA compares with
};

/// SignedData by the holders of certified keys. `signers` may be empty: section 6.11 has such an unsigned request for a
/// revocation by shared secret, section 3.2.1.3.4 such a response of a server that cannot sign.
Result<std::vector<std::uint8_t>> sign_full(FullContent kind, Octets content, std::span<const Signer> signers,
                                            const SignedDataOptions& options = {});

/// SignedData with the key of a signature request in `pki_data`. Section 3.2: one SignerInfo, whose
/// subjectKeyIdentifier is the Subject Key Identifier extension of that request. `no_key` when no request has this key,
/// `not_encodable` when the request lacks the extension.
Result<std::vector<std::uint8_t>> self_sign_full(Octets pki_data, PrivateKey& key, const SignatureScheme& scheme,
                                                 const SignedDataOptions& options = {},
                                                 RequestKeyId id = RequestKeyId::extension);

/// SignedData with id-alg-noSignature (appendix C.1) for the key of the first request, which cannot sign. The sid is
/// its Subject Key Identifier extension, or the SHA-1 of the key without one. `no_key` without a request.
Result<std::vector<std::uint8_t>> no_signature_full(Octets pki_data, const SignedDataOptions& options = {});

/// Section 3.2: the identification, if there is one, and then the secret (identity proofs have it the other way round).
SecretOctets mac_full_password(const SharedSecret& shared);

/// AuthenticatedData whose one recipient is this password.
Result<std::vector<std::uint8_t>> mac_full(FullContent kind, Octets content, const SharedSecret& shared,
                                           Hash hash = Hash::sha256, std::size_t iterations = 600'000);

/// ContentInfo with id-data around the content: neither a signature nor a MAC. RFC 10002 has no such message; Dogtag
/// sends and reads it for revocations by shared secret.
Result<std::vector<std::uint8_t>> data_full(Octets content);

/// Section 5: the message (a ContentInfo) inside EnvelopedData, or AuthEnvelopedData for an AES-GCM cipher.
Result<std::vector<std::uint8_t>> encrypt_full(Octets message, std::span<const Recipient> recipients,
                                               ContentCipher cipher = ContentCipher::aes_256_cbc);

}  // namespace cmcctl
