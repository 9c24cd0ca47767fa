#include <cmcctl/crypto/key_wrap.hpp>

#include <cmcctl/crypto/kdf.hpp>

#include "catch.hpp"
#include "hex.hpp"

namespace cmcctl::test {
namespace {

struct WrapVector {
  std::string_view kek;
  std::string_view key;
  std::string_view wrapped;
  bool padded;
};

// RFC 3394 sections 4.1, 4.3 and 4.6; RFC 5649 section 6.
constexpr WrapVector vectors[]{
    {"000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff",
     "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5", false},
    {"000102030405060708090a0b0c0d0e0f1011121314151617", "00112233445566778899aabbccddeeff",
     "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d", false},
    {"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
     "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
     "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21", false},
    {"5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8", "c37b7e6492584340bed12207808941155068f738",
     "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a", true},
    {"5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8", "466f7250617369", "afbeb0f07dfbf5419200f2ccb50bb24f", true},
};

// RFC 3211 section 3, the second example.
const Bytes password_kek = hex("6a8970bf68c92caea84a8df28510858607126380cc47ab2d");
const Bytes password_iv = hex("baf1ca7931213c4e");
const Bytes password_key = hex("8c637d887223a2f965b566eb014b0fa5d52300a3f7ea40fffc577203c71baf3b");
const Bytes password_wrapped = hex("c03c514abdb9e2c5aac038572b5e24553876b377aafb82eca5a9d73f8ab143d9ec74e6cad7db260c");

}  // namespace

TEST_CASE("AES key wrap: the vectors of RFC 3394 and RFC 5649") {
  for (const WrapVector& vector : vectors) {
    const Bytes kek = hex(vector.kek), key = hex(vector.key), wrapped = hex(vector.wrapped);
    const KeyWrap wrap{kek.size(), vector.padded};
    CHECK(to_hex(*wrap_key(wrap, kek, key)) == vector.wrapped);
    CHECK(to_hex(*unwrap_key(wrap, kek, wrapped)) == vector.key);
    CHECK(*key_wrap_of(algorithm_of(wrap).view()) == wrap);
    for (std::size_t i = 0; i < wrapped.size(); ++i) {
      Bytes changed = wrapped;
      changed[i] ^= 0x40;
      CHECK(unwrap_key(wrap, kek, changed).error().code == Errc::decryption_failed);
    }
    for (std::size_t size = 0; size < wrapped.size(); ++size) {
      CHECK(unwrap_key(wrap, kek, Octets(wrapped).sub(0, size)).error().code == Errc::decryption_failed);
    }
    CHECK(unwrap_key(wrap, Octets(kek).from(8), wrapped).error().code == Errc::decryption_failed);
  }
}

TEST_CASE("keys that AES key wrap does not take are refused before anything is computed") {
  CHECK(wrap_key({16, false}, Bytes(16), Bytes(15)).error().code == Errc::bad_algorithm);
  CHECK(wrap_key({16, false}, Bytes(16), Bytes(8)).error().code == Errc::bad_algorithm);
  CHECK(wrap_key({16, true}, Bytes(16), Bytes()).error().code == Errc::bad_algorithm);
  CHECK(wrap_key({32, false}, Bytes(16), Bytes(16)).error().code == Errc::bad_algorithm);
}

TEST_CASE("password wrap: RFC 3211 section 3") {
  const std::string_view passphrase = "All n-entities must communicate with other n-entities via n-1 entiteeheehees";
  CHECK(to_hex(*pbkdf2(Hash::sha1, Octets(passphrase), hex("1234567878563412"), 500, 24)) == to_hex(password_kek));
  const CipherSpec cbc{ContentCipher::des_ede3_cbc, password_iv, 0};
  CHECK(to_hex(*unwrap_password_key(cbc, password_kek, password_wrapped)) == to_hex(password_key));
}

TEST_CASE("password wrap: keys of all lengths come back, damaged ones do not") {
  const Bytes kek(32, 7), iv(16, 9);
  const CipherSpec cbc{ContentCipher::aes_256_cbc, iv, 0};
  for (std::size_t size = 3; size <= 255; ++size) {
    const Bytes key(size, static_cast<std::uint8_t>(size));
    const auto wrapped = wrap_password_key(cbc, kek, key);
    REQUIRE(wrapped);
    CHECK(wrapped->size() >= 32);
    CHECK(to_hex(*unwrap_password_key(cbc, kek, *wrapped)) == to_hex(key));
  }
  CHECK(wrap_password_key(cbc, kek, Bytes(2)).error().code == Errc::bad_algorithm);
  CHECK(wrap_password_key(cbc, kek, Bytes(256)).error().code == Errc::bad_algorithm);
  const Bytes wrapped = *wrap_password_key(cbc, kek, Bytes(16, 1));
  for (std::size_t size = 0; size < wrapped.size(); ++size) {
    CHECK(unwrap_password_key(cbc, kek, Octets(wrapped).sub(0, size)).error().code == Errc::decryption_failed);
  }
  CHECK(unwrap_password_key(cbc, Bytes(32, 8), wrapped).error().code == Errc::decryption_failed);
  CHECK(unwrap_password_key(cbc, Bytes(16, 7), wrapped).error().code == Errc::decryption_failed);
}

}  // namespace cmcctl::test
