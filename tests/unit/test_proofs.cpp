#include <cmcctl/cmc/proofs.hpp>
#include <cmcctl/codec/decoder.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/crypto/kdf.hpp>
#include <cmcctl/crypto/mac.hpp>

#include "catch.hpp"
#include "hex.hpp"

namespace cmcctl::test {
namespace {

const SharedSecret shared{Octets(std::string_view("Secret.123")), Octets(std::string_view("testuser"))};
const std::vector<std::uint8_t> empty_sequence{0x30, 0x00};

}  // namespace

TEST_CASE("identity proofs have the values that independent code computed") {
  // Values of Dogtag's formulas, computed with Python's hmac.
  struct Row {
    Hash hash;
    Hash mac;
    std::string_view witness;
  };
  for (const Row& row : {
           Row{Hash::sha256, Hash::sha256, "e562de80fa6f228c8ed94b58fe216c54bd105a4622a0da27334c4b334eb220d9"},
           Row{Hash::sha512, Hash::sha256, "794d6ea85ddbf5b7b20f4fc1e63d15d326ec440a3cdfbc61f970acf8e7335e62"},
           Row{Hash::sha512, Hash::sha512,
               "1d3cd8921cc5801ac48fbc540e6a67a5fd34eee9e3468862dd45fa9f5e7ec9f67b85bfec5ca9d49649c11776cb242a68e54c3ac"
               "01"
               "53b83243f8c4dbd2f873b53"},
       }) {
    Decoder decoder;
    const auto der = identity_proof_v2(shared, empty_sequence, row.hash, row.mac);
    const auto proof = *decoder.decode<IdentityProofV2>(Octets(der));
    CHECK(proof.witness == Octets(hex(row.witness)));
    CHECK(*check_identity_proof(shared, empty_sequence, proof));
    CHECK_FALSE(*check_identity_proof({shared.secret, {}}, empty_sequence, proof));
    CHECK_FALSE(*check_identity_proof({*shared.identification, shared.secret}, empty_sequence, proof));
  }
}

TEST_CASE("identity proof, first version: HMAC-SHA1 keyed with the SHA-1 of the secret") {
  Decoder decoder;
  const auto der = identity_proof({shared.secret, {}}, empty_sequence);
  const auto proof = *decoder.decode<IdentityProof>(Octets(der));
  const auto key = digest(Hash::sha1, shared.secret);
  CHECK(proof.value == Octets(hmac(Hash::sha1, key, empty_sequence)));
  CHECK(check_identity_proof({shared.secret, {}}, empty_sequence, proof));
  CHECK_FALSE(check_identity_proof(shared, empty_sequence, proof));
}

TEST_CASE("a POP link witness tells with which key it was made") {
  Decoder decoder;
  const std::vector<std::uint8_t> random(pop_link_random_octets, 0x5A);
  for (const LinkKey key : {LinkKey::secret, LinkKey::secret_and_identification}) {
    const auto v1 = pop_link_witness(shared, random, key);
    CHECK(check_pop_link(shared, random, *decoder.decode<PopLinkWitness>(Octets(v1))) == key);
    const auto v2 = pop_link_witness_v2(shared, random, key, Hash::sha384, Hash::sha512);
    const auto witness = *decoder.decode<PopLinkWitnessV2>(Octets(v2));
    CHECK(*check_pop_link(decoder, shared, random, witness) == key);
    CHECK(*check_pop_link(decoder, {*shared.identification, {}}, random, witness) == std::nullopt);
    CHECK(*check_pop_link(decoder, shared, Octets(random).from(1), witness) == std::nullopt);
  }
}

TEST_CASE("a POP link witness may derive its key with PBKDF2") {
  Decoder decoder;
  const std::vector<std::uint8_t> random(pop_link_random_octets, 0x5A);
  const auto salt = hex("0102030405060708");
  const OwnedAlgorithm key_gen = algorithm_of(Pbkdf2{Hash::sha256, salt, 1000, 32});
  const OwnedAlgorithm mac = hmac_algorithm(Hash::sha256);
  const auto key = *pbkdf2(Hash::sha256, shared.secret, salt, 1000, 32);
  const auto value = hmac(Hash::sha256, key, random);
  const PopLinkWitnessV2 witness{key_gen.view(), mac.view(), value};
  CHECK(*check_pop_link(decoder, shared, random, witness) == LinkKey::secret);

  const OwnedAlgorithm endless = algorithm_of(Pbkdf2{Hash::sha256, salt, 2'000'000'000, 32});
  const auto refused = check_pop_link(decoder, shared, random, PopLinkWitnessV2{endless.view(), mac.view(), value});
  CHECK(refused.error().code == Errc::limit_exceeded);
}

}  // namespace cmcctl::test
