#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/limits.hpp>
#include <cmcctl/crypto/private_key.hpp>

/// Proof of possession of keys that cannot sign: RFC 10002 section 6.7.
///
/// The server encrypts a random POP Proof Value with the key of the request, and the client answers with a MAC that is
/// keyed with the first 64 octets of it, over the TaggedRequest.
namespace cmcctl {

/// Whose form a challenge has. Dogtag puts an AES-128-CBC algorithm into thePOPAlgID, whose IV is the one that counts,
/// names a dummy recipient, and means RSA OAEP even where it says rsaEncryption when its CA is set up so. Its MAC is
/// HMAC with SHA-256 and its plaintext is not padded.
enum class PopForm : std::uint8_t { rfc10002, dogtag };

struct PopChallengeOptions {
  PopForm form = PopForm::rfc10002;
  std::optional<PublicKey::Oaep> oaep{};  ///< RSA keys: absent is PKCS #1 v1.5; Dogtag's OAEP is with SHA-256
  Hash witness = Hash::sha256;            ///< of rfc10002
  Hash mac = Hash::sha256;                ///< of rfc10002
};

/// The control for the response, and what the server keeps.
struct PopChallenge {
  std::vector<std::uint8_t> encrypted_pop;  ///< DER
  SecretOctets proof_value;
};

/// RFC 10002 section 6.7.
///
///   EncryptedPOP ::= SEQUENCE { request TaggedRequest, cms ContentInfo, thePOPAlgID AlgorithmIdentifier,
///       witnessAlgID AlgorithmIdentifier, witness OCTET STRING }
///
/// `cms` is EnvelopedData with id-data for the key of the request, named by the request's subjectKeyIdentifier
/// extension, or by the empty Name and the request's body part identifier. `unsupported_algorithm` for keys that cannot
/// decrypt or agree, `bad_algorithm` in Dogtag's form for all but RSA, `missing_member` for a request without a key.
Result<PopChallenge> make_pop_challenge(Decoder& decoder, const TaggedRequest& request,
                                        const PopChallengeOptions& options = {});

/// The control for the next request.
struct PopAnswer {
  std::vector<std::uint8_t> decrypted_pop;  ///< DER
  PopForm form{};
};

/// RFC 10002 section 6.7.
///
///   DecryptedPOP ::= SEQUENCE { bodyPartID BodyPartID, thePOPAlgID AlgorithmIdentifier, thePOP OCTET STRING }
///
/// Finds out the form by itself. `body_part_id` is the request's in the next PKIData. `decryption_failed` when the value
/// cannot be decrypted or is not that of the witness: the client has to abort. `unsupported_algorithm`, `bad_algorithm`,
/// `limit_exceeded` and `no_key` for what stands in the challenge for all to read.
Result<PopAnswer> answer_pop_challenge(Decoder& decoder, const EncryptedPOP& challenge, PrivateKey& key,
                                       BodyPartID body_part_id, const Limits& limits = {});

/// The server's end: whether thePOP is that of its proof value, over the octets of the TaggedRequest as received.
Result<bool> check_decrypted_pop(const DecryptedPOP& answer, Octets tagged_request, Octets proof_value);

}  // namespace cmcctl
