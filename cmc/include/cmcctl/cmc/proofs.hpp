#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/limits.hpp>
#include <cmcctl/crypto/digest.hpp>

/// Values that only who knows the shared secret can make: identity proofs and POP link witnesses. What makes one gives
/// the DER of the control's or attribute's value.
namespace cmcctl {

/// A secret that client and server share, and the name it goes by.
struct SharedSecret {
  Octets secret;                           ///< UTF-8, without tag and length
  std::optional<Octets> identification{};  ///< value of the Identification control of the message, if it has one
};

/// RFC 10002 section 6.2.2: HMAC-SHA1 over reqSequence "exactly as encoded, including the tag and length", keyed with
/// the SHA-1 of the secret; section 6.2.3 appends the identification to the secret.
std::vector<std::uint8_t> identity_proof(const SharedSecret& shared, Octets req_sequence);
bool check_identity_proof(const SharedSecret& shared, Octets req_sequence, const IdentityProof& proof);

/// RFC 10002 section 6.2.1.
///
///   IdentityProofV2 ::= SEQUENCE { proofAlgID AlgorithmIdentifier, macAlgId AlgorithmIdentifier, witness OCTET STRING
///   }
std::vector<std::uint8_t> identity_proof_v2(const SharedSecret& shared, Octets req_sequence, Hash hash = Hash::sha256,
                                            Hash mac = Hash::sha256);
/// `unsupported_algorithm` and `bad_algorithm` say that this cannot be found out.
Result<bool> check_identity_proof(const SharedSecret& shared, Octets req_sequence, const IdentityProofV2& proof);

/// What the key of a POP link witness is made of. RFC 10002 section 6.3.1.1 takes the secret alone; Dogtag appends the
/// identification, as section 6.2.3 has it for identity proofs.
enum class LinkKey : std::uint8_t { secret, secret_and_identification };

/// RFC 10002 section 6.3.1.2: HMAC-SHA1 over the octets of popLinkRandom, keyed with the SHA-1 of the secret.
std::vector<std::uint8_t> pop_link_witness(const SharedSecret& shared, Octets random, LinkKey key = LinkKey::secret);

/// RFC 10002 section 6.3.1.1.
///
///   PopLinkWitnessV2 ::= SEQUENCE { keyGenAlgorithm AlgorithmIdentifier, macAlgorithm AlgorithmIdentifier,
///       witness OCTET STRING }
std::vector<std::uint8_t> pop_link_witness_v2(const SharedSecret& shared, Octets random, LinkKey key = LinkKey::secret,
                                              Hash key_gen = Hash::sha256, Hash mac = Hash::sha256);

/// Which key the witness was made with; nullopt when it was neither. keyGenAlgorithm may be a hash function or
/// id-PBKDF2.
std::optional<LinkKey> check_pop_link(const SharedSecret& shared, Octets random, const PopLinkWitness& witness);
Result<std::optional<LinkKey>> check_pop_link(Decoder& decoder, const SharedSecret& shared, Octets random,
                                              const PopLinkWitnessV2& witness, const Limits& limits = {});

/// Octets of R in popLinkRandom: section 6.3.1.1 wants 512 bits.
inline constexpr std::size_t pop_link_random_octets = 64;

}  // namespace cmcctl
