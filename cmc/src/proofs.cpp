#include <cmcctl/cmc/proofs.hpp>

#include <array>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/crypto/kdf.hpp>
#include <cmcctl/crypto/mac.hpp>

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

SecretOctets joined(const SharedSecret& shared, bool with_identification) {
  SecretOctets text = secret_copy(shared.secret);
  if (with_identification && shared.identification) {
    text.insert(text.end(), shared.identification->begin(), shared.identification->end());
  }
  return text;
}

SecretOctets proof_key(Hash hash, const SharedSecret& shared) {
  return secret_taken(digest(hash, joined(shared, true)));
}

SecretOctets link_text(const SharedSecret& shared, LinkKey key) {
  return joined(shared, key == LinkKey::secret_and_identification);
}

SecretOctets link_key(Hash hash, const SharedSecret& shared, LinkKey key) {
  return secret_taken(digest(hash, link_text(shared, key)));
}

OwnedAlgorithm hash_algorithm(Hash hash) { return {oid_of(hash), OwnedAlgorithm::Parameters::absent}; }

// Both kinds of values are two algorithms and a MAC.
template <class T>
Bytes value_of(Hash first, Hash mac, Octets witness) {
  const OwnedAlgorithm first_algorithm = hash_algorithm(first);
  const OwnedAlgorithm mac_algorithm = hmac_algorithm(mac);
  return *encode(T{first_algorithm.view(), mac_algorithm.view(), witness});
}

// Without an identification both keys are the same, and the first is the answer.
constexpr std::array link_keys{LinkKey::secret, LinkKey::secret_and_identification};

}  // namespace

Bytes identity_proof(const SharedSecret& shared, Octets req_sequence) {
  return der_octet_string(hmac(Hash::sha1, proof_key(Hash::sha1, shared), req_sequence));
}

bool check_identity_proof(const SharedSecret& shared, Octets req_sequence, const IdentityProof& proof) {
  return equal_in_constant_time(hmac(Hash::sha1, proof_key(Hash::sha1, shared), req_sequence), proof.value);
}

Bytes identity_proof_v2(const SharedSecret& shared, Octets req_sequence, Hash hash, Hash mac) {
  return value_of<IdentityProofV2>(hash, mac, hmac(mac, proof_key(hash, shared), req_sequence));
}

Result<bool> check_identity_proof(const SharedSecret& shared, Octets req_sequence, const IdentityProofV2& proof) {
  CMC_TRY(const Hash hash, hash_of(proof.proof_alg_id));
  CMC_TRY(const Hash mac, hmac_hash_of(proof.mac_alg_id));
  return equal_in_constant_time(hmac(mac, proof_key(hash, shared), req_sequence), proof.witness);
}

Bytes pop_link_witness(const SharedSecret& shared, Octets random, LinkKey key) {
  return der_octet_string(hmac(Hash::sha1, link_key(Hash::sha1, shared, key), random));
}

Bytes pop_link_witness_v2(const SharedSecret& shared, Octets random, LinkKey key, Hash key_gen, Hash mac) {
  return value_of<PopLinkWitnessV2>(key_gen, mac, hmac(mac, link_key(key_gen, shared, key), random));
}

std::optional<LinkKey> check_pop_link(const SharedSecret& shared, Octets random, const PopLinkWitness& witness) {
  for (const LinkKey key : link_keys) {
    if (equal_in_constant_time(hmac(Hash::sha1, link_key(Hash::sha1, shared, key), random), witness.value)) return key;
  }
  return std::nullopt;
}

Result<std::optional<LinkKey>> check_pop_link(Decoder& decoder, const SharedSecret& shared, Octets random,
                                              const PopLinkWitnessV2& witness, const Limits& limits) {
  CMC_TRY(const Hash mac, hmac_hash_of(witness.mac_algorithm));
  const auto hash = hash_of(witness.key_gen_algorithm);
  std::optional<Pbkdf2> pbkdf2_parameters;
  if (!hash) {
    CMC_TRY(pbkdf2_parameters, pbkdf2_of(decoder, witness.key_gen_algorithm, limits));
  }
  for (const LinkKey key : link_keys) {
    SecretOctets derived;
    if (hash) {
      derived = link_key(*hash, shared, key);
    } else {
      const Pbkdf2& how = *pbkdf2_parameters;
      CMC_TRY(derived, pbkdf2(how.prf, link_text(shared, key), how.salt, how.iterations,
                              how.key_octets.value_or(output_octets(mac))));
    }
    if (equal_in_constant_time(hmac(mac, derived, random), witness.witness)) return std::optional(key);
  }
  return std::optional<LinkKey>();
}

}  // namespace cmcctl
