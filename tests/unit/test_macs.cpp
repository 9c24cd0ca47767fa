#include <cmcctl/crypto/kdf.hpp>
#include <cmcctl/crypto/mac.hpp>

#include <string_view>

#include "catch.hpp"
#include "hex.hpp"

namespace cmcctl::test {
namespace {

const Bytes salt = hex("000102030405060708090a0b0c0d0e0f");
const Bytes secret = hex("736563726574");     // "secret"
const Bytes message = hex("6d657373616765");  // "message"

std::string derived(Hash prf, std::string_view password, std::string_view salt_text, std::size_t iterations,
                    std::size_t octets) {
  return to_hex(*pbkdf2(prf, Octets(password), Octets(salt_text), iterations, octets));
}

std::string mac_text(const OwnedAlgorithm& algorithm) {
  Decoder decoder;
  const auto mac = compute_mac(decoder, algorithm.view(), secret, message);
  return mac ? to_hex(*mac) : std::string(error_info(mac.error().code).name) + ": " + mac.error().detail;
}

OwnedAlgorithm with_parameters(std::string_view dotted, std::string_view parameters) {
  return {dotted, asn1(parameters)};
}

constexpr std::string_view id_pbmac1 = "1.2.840.113549.1.5.14";
constexpr std::string_view id_pbm = "1.2.840.113533.7.66.13";

// PBMParameter with this salt and iterationCount, SHA-256 and hmacWithSHA256.
OwnedAlgorithm pbm(const std::string& salt_hex, const std::string& count) {
  return with_parameters(
      id_pbm, "30{04{" + salt_hex + "} 30{06{608648016503040201}} 02{" + count + "} 30{06{2a864886f70d0209} 0500}}");
}

// PBMAC1-params with PBKDF2 (this salt, count and what follows), hmacWithSHA256.
OwnedAlgorithm pbmac1(const std::string& salt_hex, const std::string& count, const std::string& rest = "020120") {
  return with_parameters(id_pbmac1, "30{30{06{2a864886f70d01050c} 30{04{" + salt_hex + "} 02{" + count + "}" + rest +
                                        "}} 30{06{2a864886f70d0209}}}");
}

}  // namespace

TEST_CASE("PBKDF2: the vectors of RFC 6070 and RFC 7914") {
  using namespace std::string_view_literals;
  CHECK(derived(Hash::sha1, "password", "salt", 1, 20) == "0c60c80f961f0e71f3a9b524af6012062fe037a6");
  CHECK(derived(Hash::sha1, "password", "salt", 4096, 20) == "4b007901b765489abead49d926f721d065a429c1");
  CHECK(derived(Hash::sha1, "passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096, 25) ==
        "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038");
  CHECK(derived(Hash::sha1, "pass\0word"sv, "sa\0lt"sv, 4096, 16) == "56fa6aa75548099dcc37d7f03425e0c3");
  CHECK(derived(Hash::sha256, "passwd", "salt", 1, 64) ==
        "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
        "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783");
}

TEST_CASE("HKDF: the vectors of RFC 5869, appendix A.1 and A.3") {
  const Bytes ikm(22, 0x0b);
  CHECK(to_hex(hkdf(Hash::sha256, ikm, hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"), 42)) ==
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  CHECK(to_hex(hkdf(Hash::sha256, ikm, {}, {}, 42)) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST_CASE("the X9.63 KDF: NIST's first SHA-256 vector, and one with two blocks from hashlib") {
  CHECK(to_hex(x963_kdf(Hash::sha256, hex("96c05619d56c328ab95fe84b18264b08725b85e33fd34f08"), {}, 16)) ==
        "443024c3dae66b95e6f5670601558f71");
  CHECK(to_hex(x963_kdf(Hash::sha256, secret, hex("696e666f"), 40)) ==
        "f312a5bfd0bd31fe0dbc3294c9d76622484c74525422f51ef9a1001f50ac7b9766ad7cfa2539adb2");
}

TEST_CASE("HMAC: RFC 4231 test cases 2 and 6, and a key beyond 4096 octets") {
  CHECK(to_hex(hmac(Hash::sha256, hex("4a656665"), hex("7768617420646f2079612077616e7420666f72206e6f7468696e673f"))) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(to_hex(hmac(Hash::sha256, Bytes(131, 0xaa),
                    hex("54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b65"
                        "79204669727374"))) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(hmac(Hash::sha256, Bytes(5000, 1), message) ==
        hmac(Hash::sha256, digest(Hash::sha256, Bytes(5000, 1)), message));
}

TEST_CASE("PasswordBasedMac and PBMAC1: computed with Python's hashlib and hmac") {
  CHECK(mac_text(password_based_mac_algorithm(Hash::sha256, salt, 500)) ==
        "7fca30bf0c51fe5c624bd69832f16b46f20b49683cddd8aef91dcdfd4e78fd0b");
  CHECK(mac_text(password_based_mac_algorithm(Hash::sha1, salt, 100)) == "c57b82e9dfdfb818adce3b4938e5e7b5da533143");
  CHECK(mac_text(pbmac1_algorithm(Hash::sha256, salt, 2048)) ==
        "fa96e5c8cb19a21e706b3e35da1eb09a9950cb3411a02cb264bffa41def90ee9");
  CHECK(mac_text(pbmac1(to_hex(salt), "0800", "020120 30{06{2a864886f70d0209}}")) ==
        "fa96e5c8cb19a21e706b3e35da1eb09a9950cb3411a02cb264bffa41def90ee9");  // no NULL
}

TEST_CASE("a MAC is compared whole") {
  Decoder decoder;
  const OwnedAlgorithm algorithm = hmac_algorithm(Hash::sha256);
  SecretOctets mac = hmac(Hash::sha256, secret, message);
  CHECK(*check_mac(decoder, algorithm.view(), secret, message, mac));
  CHECK_FALSE(*check_mac(decoder, algorithm.view(), secret, message, Octets(mac).from(1)));
  CHECK_FALSE(*check_mac(decoder, algorithm.view(), secret, message, {}));
  mac.back() ^= 1;
  CHECK_FALSE(*check_mac(decoder, algorithm.view(), secret, message, mac));
}

TEST_CASE("iteration counts and salts of MACs are held to the limits, which the error names") {
  const std::string good = to_hex(salt);
  CHECK(mac_text(pbm(good, "64")).size() == 64);      // 100
  CHECK(mac_text(pbm(good, "0186a0")).size() == 64);  // 100,000
  CHECK(mac_text(pbm("0001020304050607", "64")).size() == 64);
  CHECK(mac_text(pbm(std::string(128, '7'), "64")).size() == 64);
  for (const std::string count : {"63", "00", "01", "ff", "0186a1", "008000000000000000", "010000000000000001"}) {
    CHECK(mac_text(pbm(good, count)).starts_with("limit_exceeded: PasswordBasedMac with "));
    CHECK(mac_text(pbm(good, count)).ends_with("(limit pbm_iterations)"));
  }
  for (const std::string count : {"00", "ff", "00989681", "7fffffffffffffff", "010000000000000001"}) {
    CHECK(mac_text(pbmac1(good, count)).starts_with("limit_exceeded: PBKDF2 with "));
    CHECK(mac_text(pbmac1(good, count)).ends_with("(limit pbkdf2_iterations)"));
  }
  for (const std::string& bad : {std::string("00010203040506"), std::string(130, '7')}) {
    CHECK(mac_text(pbm(bad, "64")).ends_with("(limit salt_octets)"));
    CHECK(mac_text(pbmac1(bad, "64")).ends_with("(limit salt_octets)"));
  }
}

TEST_CASE("parameters of MACs that do not fit are refused") {
  const std::string good = to_hex(salt);
  CHECK(mac_text({id_pbm, OwnedAlgorithm::Parameters::absent}).starts_with("bad_algorithm"));
  CHECK(mac_text({id_pbm, OwnedAlgorithm::Parameters::null}).starts_with("bad_algorithm"));
  CHECK(mac_text({id_pbmac1, OwnedAlgorithm::Parameters::absent}).starts_with("bad_algorithm"));
  CHECK(mac_text(with_parameters(id_pbmac1, "0401 00")).starts_with("bad_algorithm"));
  CHECK(mac_text(with_parameters("1.2.840.113549.2.9", "020100")).starts_with("bad_algorithm"));
  CHECK(mac_text({"1.2.840.113549.2.5", OwnedAlgorithm::Parameters::null}).starts_with("unsupported_algorithm"));
  for (const std::string length : {"020100", "020141", "0201ff", "02080100000000000000"}) {
    CHECK(mac_text(pbmac1(good, "64", length)).starts_with("bad_algorithm"));
  }
}

}  // namespace cmcctl::test
