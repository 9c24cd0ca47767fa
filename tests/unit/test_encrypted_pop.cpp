#include <numeric>

#include <cmcctl/cmc/encrypted_pop.hpp>
#include <cmcctl/cmc/shared_token.hpp>
#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/crypto/content_cipher.hpp>
#include <cmcctl/crypto/mac.hpp>

#include "catch.hpp"
#include "hex.hpp"

namespace cmcctl::test {
namespace {

Bytes counted(std::size_t count) {
  Bytes bytes(count);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  return bytes;
}

const Bytes challenge = counted(64);
const Bytes session = counted(16);
const Bytes iv(16, 0x01);
const Bytes empty_sequence{0x30, 0x00};

// Computed with Python's hashlib, hmac and OpenSSL's AES.
const Bytes ciphertext = hex(
    "c6a13b37878f5b826f4f8162a1c8d87935d9dcdb829fec3352e7bf10b84be4a57b30464605f02a094c0af7ad984f61fc"
    "d88434a5591dbc8fd9630812d3a27b87");
const Bytes the_pop = hex("969924c5ef0316fe2a8833356a6d4926925c3b7ea62ee6efc585c1fcbde8a858");

DecryptedPOP answer_with(const OwnedAlgorithm& algorithm, Octets value) {
  return {BodyPartID(1), algorithm.view(), value};
}

}  // namespace

TEST_CASE("Dogtag's challenges are whole blocks without padding") {
  const Bytes first_iv = counted(16);
  const CipherSpec spec{ContentCipher::aes_128_cbc, first_iv, 0};
  CHECK(*encrypt_blocks(spec, session, challenge) == ciphertext);
  CHECK(Octets(*decrypt_blocks(spec, session, ciphertext)) == Octets(challenge));
  CHECK(decrypt_blocks(spec, session, Octets(ciphertext).from(1)).error().code == Errc::decryption_failed);
  CHECK(decrypt_blocks(spec, Octets(session).from(1), ciphertext).error().code == Errc::decryption_failed);
  CHECK(decrypt_blocks(spec, session, {}).error().code == Errc::decryption_failed);
}

TEST_CASE("the server's end of a challenge knows the value of either form") {
  const OwnedAlgorithm rfc = hmac_algorithm(Hash::sha256);
  const OwnedAlgorithm dogtag = algorithm_of(CipherSpec{ContentCipher::aes_128_cbc, iv, 0});
  for (const OwnedAlgorithm* algorithm : {&rfc, &dogtag}) {
    CHECK(*check_decrypted_pop(answer_with(*algorithm, the_pop), empty_sequence, challenge));
    CHECK_FALSE(*check_decrypted_pop(answer_with(*algorithm, Octets(the_pop).from(1)), empty_sequence, challenge));
    CHECK_FALSE(*check_decrypted_pop(answer_with(*algorithm, the_pop), iv, challenge));
  }
  const OwnedAlgorithm other(oid_of(Hash::sha256), OwnedAlgorithm::Parameters::absent);
  CHECK(check_decrypted_pop(answer_with(other, the_pop), empty_sequence, challenge).error().code ==
        Errc::unsupported_algorithm);
}

TEST_CASE("only the first 64 octets of a POP Proof Value count") {
  const OwnedAlgorithm mac = hmac_algorithm(Hash::sha256);
  const Bytes longer = challenge + Bytes{0xAA, 0xBB};
  CHECK(*check_decrypted_pop(answer_with(mac, the_pop), empty_sequence, longer));
  CHECK_FALSE(*check_decrypted_pop(answer_with(mac, the_pop), empty_sequence, Octets(longer).from(1)));
}

TEST_CASE("a shared token is opened with the key it is for, however its session key is wrapped") {
  const auto key = *generate_private_key("rsa:2048");
  const auto other = *generate_private_key("rsa:2048");
  const Octets secret(std::string_view("Secret.123"));
  for (const bool oaep : {false, true}) {
    const auto token = *make_shared_token(key->public_key(), secret, oaep);
    Decoder decoder;
    CHECK(Octets(*open_shared_token(decoder, token, *key)) == secret);
    CHECK(open_shared_token(decoder, token, *other).error().code == Errc::decryption_failed);
    Bytes broken = token;
    broken.back() ^= 1;
    const auto opened = open_shared_token(decoder, broken, *key);
    CHECK((!opened || Octets(*opened) != secret));
  }
  CHECK(make_shared_token(key->public_key(), {}, false).error().code == Errc::bad_string);
  CHECK(make_shared_token(key->public_key(), Octets(hex("ff")), false).error().code == Errc::bad_string);
  CHECK(make_shared_token((*generate_private_key("ec:P-256"))->public_key(), secret, false).error().code ==
        Errc::bad_algorithm);
}

TEST_CASE("the passphrase of Dogtag's token has this form") {
  const CipherSpec spec{ContentCipher::aes_128_cbc, iv, 0};
  const auto passphrase = decrypt(spec, session, hex("30b2c5316303c8d52cc666709d74fcd9"));
  CHECK(Octets(*passphrase).chars() == "Secret.123");
}

TEST_CASE("what is no shared token is refused") {
  const auto key = *generate_private_key("rsa:2048");
  for (const Bytes& bytes : {Bytes{}, asn1("30{}"), asn1("30{04{00}}"), asn1("30{04{00}04{00}04{00}}"), asn1("04{00}"),
                             asn1("30{0201000400}"), Bytes{0x30, 0x05}}) {
    Decoder decoder;
    CHECK_FALSE(open_shared_token(decoder, bytes, *key).ok());
  }
}

}  // namespace cmcctl::test
