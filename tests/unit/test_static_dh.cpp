#include <cmcctl/cmc/crmf.hpp>
#include <cmcctl/cmc/names.hpp>
#include <cmcctl/cmc/pkcs10.hpp>
#include <cmcctl/codec/decoder.hpp>
#include <cmcctl/codec/message.hpp>
#include <cmcctl/codec/pkcs10.hpp>
#include <cmcctl/crypto/sign.hpp>
#include <cmcctl/crypto/verify.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "catch.hpp"
#include "hex.hpp"
#include "vectors_dir.hpp"

namespace cmcctl::test {
namespace {

// A certificate for the key: nothing looks at its signature.
Bytes certificate_for(const PrivateKey& key, const std::string& serial) {
  const Bytes algorithm = element(0x30, hex("06082a8648ce3d040302"));
  const Bytes time = element(0x17, hex("3236303130313030303030305a"));
  const Octets spki = key.public_key().spki();
  const Bytes tbs =
      element(0x30, hex("a003020102") + hex(serial) + algorithm + *parse_name("CN=Test CA") +
                        element(0x30, time + time) + *parse_name("CN=Recipient") + Bytes(spki.begin(), spki.end()));
  return element(0x30, tbs + algorithm + hex("03020000"));
}

struct Parties {
  explicit Parties(const std::string& spec = "ec:P-256")
      : key(*generate_private_key(spec)),
        recipient(*generate_private_key(spec)),
        certificate(certificate_for(*recipient, "02012a")) {}

  std::unique_ptr<PrivateKey> key;
  std::unique_ptr<PrivateKey> recipient;
  Bytes certificate;

  Bytes pkcs10(Hash hash = Hash::sha256) const {
    return *make_pkcs10({*parse_name("CN=me")}, StaticEcdh{key.get(), certificate, hash});
  }
  Bytes crmf() const {
    CertRequestOptions options;
    options.subject = *parse_name("CN=me");
    return *make_cert_req_messages(
        std::vector<Bytes>{*make_cert_req_msg(options, PopAgreeMac{StaticEcdh{key.get(), certificate}})});
  }
};

Check possession(const Bytes& request, const std::vector<RecipientKeys::Pair>& pairs,
                 std::span<const X509Certificate> certificates = {}) {
  Decoder decoder;
  const auto message = open_message(decoder, Octets(request));
  REQUIRE(message);
  VerifyOptions options;
  options.keys.pairs = pairs;
  options.certificates = certificates;
  const VerifyReport report = verify_message(decoder, *message, options);
  REQUIRE(report.parts.size() == 1);
  REQUIRE(report.parts[0].checks.size() == 1);
  return report.parts[0].checks[0];
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// PKCS #10 with SHA-1 and a DH key of 1024 bits.
Bytes rfc_6955_example() {
  std::ifstream file(std::string(vectors_dir()) + "/collected/rfc6955-discrete-log.der", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The first `from` in `bytes` as `to`, which is as long.
Bytes replaced(Bytes bytes, const Bytes& from, const Bytes& to) {
  const auto found = std::search(bytes.begin(), bytes.end(), from.begin(), from.end());
  REQUIRE(found != bytes.end());
  std::copy(to.begin(), to.end(), found);
  return bytes;
}

}  // namespace

TEST_CASE("the recipient of a static DH proof finds it right") {
  for (const std::string spec : {"ec:P-256", "dh:2048"}) {
    const Parties parties(spec);
    const std::string text = parties.key->public_key().text();
    const std::vector<RecipientKeys::Pair> with{{parties.recipient.get(), parties.certificate}};
    for (const Hash hash : {Hash::sha224, Hash::sha256, Hash::sha384, Hash::sha512}) {
      const Check check = possession(parties.pkcs10(hash), with);
      CHECK(check.verdict == Verdict::pass);
      CHECK(holds(check.text, "HMAC with " + std::string(to_string(hash)) + " with " + text + ", for CN=Recipient"));
    }
    CHECK(possession(parties.crmf(), with).verdict == Verdict::pass);
    CHECK(possession(parties.pkcs10(), {}).verdict == Verdict::unknown);
  }
}

TEST_CASE("DH keys are of the size that RSA keys have, agree in one group only, and with its elements only") {
  const auto key = *generate_private_key("dh:2048");
  CHECK(key->public_key().text() == "DH 2048");
  CHECK(PublicKey::from_spki(key->public_key().spki())->bits() == 2048);
  Limits large;
  large.rsa_bits_least = 3072;
  CHECK(PublicKey::from_spki(key->public_key().spki(), large).error().code == Errc::weak_key);
  CHECK(private_key_from_pkcs8(*pkcs8_of(*key)).ok());
  const auto peer = *generate_private_key("dh:2048");
  CHECK(*key->agree(peer->public_key().subject_public_key()) == *peer->agree(key->public_key().subject_public_key()));
  CHECK(key->agree(peer->public_key().subject_public_key())->size() == 256);
  CHECK(key->public_key().is_of_group(peer->public_key()));
  const auto larger = *generate_private_key("dh:3072");
  CHECK_FALSE(key->public_key().is_of_group(larger->public_key()));
  for (const Bytes& number : {hex(""), hex("020100"), hex("020101"), hex("0201ff"), hex("0500"), hex("02"),
                              element(0x02, Bytes(257, 0x7f))}) {
    CHECK_FALSE(key->agree(number));
  }
  const Parties parties("dh:2048");
  const Bytes other = certificate_for(*larger, "02012a");
  CHECK_FALSE(make_pkcs10({*parse_name("CN=me")}, StaticEcdh{parties.key.get(), other}));
}

TEST_CASE("DomainParameters that are none are refused before anything is computed") {
  const auto key = *generate_private_key("dh:2048");
  const Octets good = key->public_key().spki();
  const auto spki = [&](const Bytes& parameters) {
    return element(0x30, element(0x30, hex("06072a8648ce3e0201") + parameters) + hex("0304000201 05"));
  };
  const Bytes p = element(0x02, hex("00") + Bytes(255, 0xff) + hex("ff"));
  const Bytes even = element(0x02, hex("00") + Bytes(255, 0xff) + hex("fe"));
  for (const Bytes& parameters :
       {hex(""), hex("0500"), hex("3000"), element(0x30, p), element(0x30, p + hex("020102")),
        element(0x30, p + hex("020102 0500")), element(0x30, p + hex("0201ff 020103")),
        element(0x30, even + hex("020102 020103")), element(0x30, hex("020103") + p + hex("020103"))}) {
    CHECK(PublicKey::from_spki(spki(parameters)).error().code == Errc::bad_key);
  }
  CHECK(PublicKey::from_spki(spki(element(0x30, hex("020117 020102 02010b")))).error().code == Errc::weak_key);
  CHECK(PublicKey::from_spki(good).ok());
}

TEST_CASE("the recipient's certificate may be among the others, and the right one is taken") {
  const Parties parties;
  const std::vector<RecipientKeys::Pair> bare{{parties.recipient.get(), {}}};
  const Check without = possession(parties.pkcs10(), bare);
  CHECK(without.verdict == Verdict::unknown);
  CHECK(holds(without.text, "certificate 42 of CN=Test CA"));
  CHECK(holds(without.hint, "--cert"));
  const std::vector<X509Certificate> renewed{*X509Certificate::from_der(certificate_for(*parties.recipient, "02012b")),
                                             *X509Certificate::from_der(parties.certificate)};
  CHECK(possession(parties.pkcs10(), bare, renewed).verdict == Verdict::pass);
  CHECK(possession(parties.pkcs10(), bare, std::span(renewed).first(1)).verdict == Verdict::unknown);
  CHECK(possession(parties.pkcs10(), {}).verdict == Verdict::unknown);
}

TEST_CASE("a static ECDH proof that was changed, or is another's, fails") {
  const Parties parties;
  const std::vector<RecipientKeys::Pair> with{{parties.recipient.get(), parties.certificate}};
  for (const Bytes& request : {parties.pkcs10(), parties.crmf()}) {
    const Check changed = possession(replaced(request, hex("0c026d65"), hex("0c026d66")), with);
    CHECK(changed.verdict == Verdict::fail);
    CHECK(holds(changed.text, "not made with its own key"));
    Bytes other_mac = request;
    other_mac.back() ^= 1;
    CHECK(possession(other_mac, with).verdict == Verdict::fail);
  }
  // The names and number are right, and the certificate is for another key.
  const Parties others;
  const std::vector<RecipientKeys::Pair> impostor{{others.recipient.get(), others.certificate}};
  CHECK(possession(parties.pkcs10(), impostor).verdict == Verdict::fail);
  const auto p384 = *generate_private_key("ec:P-384");
  const Bytes on_p384 = certificate_for(*p384, "02012a");
  const Check curve = possession(parties.pkcs10(), {{p384.get(), on_p384}});
  CHECK(curve.verdict == Verdict::fail);
  CHECK(holds(curve.text, "curve"));
}

TEST_CASE("a static ECDH proof of another form than RFC 6955 has is refused by name") {
  const Parties parties;
  const std::vector<RecipientKeys::Pair> with{{parties.recipient.get(), parties.certificate}};
  const auto request = *decode<CertificationRequest>(parties.pkcs10());
  const Octets signed_part = request->certification_request_info.der;
  const Bytes info(signed_part.begin(), signed_part.end());
  const auto with_value = [&](const Bytes& algorithm_der, const Bytes& value) {
    return element(0x30, info + algorithm_der + element(0x03, hex("00") + value));
  };
  const Bytes algorithm = hex("300a06082b0601050507061a");
  const Bytes with_null = hex("300c06082b0601050507061a0500");
  const Check parameters = possession(with_value(with_null, element(0x30, hex("040101"))), with);
  CHECK(parameters.verdict == Verdict::fail);
  CHECK(parameters.rule == "CMC-6955-4-01");
  for (const Bytes& value : {hex(""), hex("0500"), hex("3000"), hex("30020500"), hex("3003040101") + hex("00"),
                             element(0x30, hex("040101 040101")), element(0x30, hex("3000 040101"))}) {
    const Check check = possession(with_value(algorithm, value), with);
    CHECK(check.verdict == Verdict::fail);
    CHECK(holds(check.text, "DhSigStatic"));
  }
  // Nobody named: every certificate of the key that was given is tried, and none has made this MAC.
  CHECK(holds(possession(with_value(algorithm, element(0x30, hex("040101"))), with).text, "not made"));
  CHECK(holds(possession(with_value(algorithm, element(0x30, hex("040101"))), {}).text, "does not name"));
  const auto p384 = *generate_private_key("ec:P-384");
  const Bytes on_p384 = certificate_for(*p384, "02012a");
  const Check elsewhere = possession(with_value(algorithm, element(0x30, hex("040101"))), {{p384.get(), on_p384}});
  CHECK(elsewhere.verdict == Verdict::unknown);
}

// RFC 6955 section 5

TEST_CASE("the discrete logarithm signature of RFC 6955's example verifies, where SHA-1 and its size are allowed") {
  const Bytes request = rfc_6955_example();
  CHECK(holds(possession(request, {}).text, "DH 1024, allowed are"));
  Decoder decoder({.rsa_bits_least = 1024});
  const auto message = open_message(decoder, Octets(request));
  REQUIRE(message);
  VerifyOptions options;
  CHECK(holds(verify_message(decoder, *message, options).parts[0].checks[0].text, "SHA-1"));
  options.allow_sha1 = true;
  const VerifyReport report = verify_message(decoder, *message, options);
  CHECK(report.verdict == Verdict::pass);
  CHECK(report.parts[0].checks[0].text == "dhPop-sha1 with DH 1024");
}

TEST_CASE("a key for DH signs certification requests, and nothing else") {
  const auto key = *generate_private_key("dh:2048");
  const Bytes name = *parse_name("CN=me");
  const SignatureScheme usual = usual_scheme(key->public_key());
  for (const Hash hash : {Hash::sha224, Hash::sha256, Hash::sha384, Hash::sha512}) {
    SignatureScheme scheme = usual;
    scheme.hash = hash;
    const OwnSignature proof{key.get(), scheme};
    const Bytes request = *make_pkcs10({name}, proof);
    CHECK(possession(request, {}).verdict == Verdict::pass);
    CHECK(possession(replaced(request, hex("0c026d65"), hex("0c026d66")), {}).verdict == Verdict::fail);
  }
  CertRequestOptions options;
  options.subject = name;
  const Bytes crmf = *make_cert_req_messages(
      std::vector<Bytes>{*make_cert_req_msg(options, PopSignature{key.get(), usual})});
  CHECK(possession(crmf, {}).verdict == Verdict::pass);
  const Signer signer{key.get(), usual, {}, key->public_key().key_identifier()};
  CHECK(make_signed_data("1.2.840.113549.1.7.1", Octets(name), {&signer, 1}).error().code == Errc::bad_algorithm);
}

TEST_CASE("of a group that is none, and of too many groups, no signature passes") {
  const Bytes request = rfc_6955_example();
  const auto p = hex("9484e0456c7f6951");
  Decoder decoder({.rsa_bits_least = 1024});
  VerifyOptions options;
  options.allow_sha1 = true;
  const Bytes no_prime = replaced(request, p, hex("9484e0456c7f6953"));
  const auto message = open_message(decoder, Octets(no_prime));
  REQUIRE(message);
  const Check check = verify_message(decoder, *message, options).parts[0].checks[0];
  CHECK(check.verdict == Verdict::fail);
  CHECK(holds(check.text, "no primes"));
  const auto large = *generate_private_key("dh:4096");
  const Bytes other = *make_pkcs10({*parse_name("CN=me")}, OwnSignature{large.get(), usual_scheme(large->public_key())});
  CHECK(possession(other, {}).verdict == Verdict::pass);  // RFC 7919's
  const auto altered = replaced(other, hex("ffffffffffffffffadf85458"), hex("ffffffffffffffffadf85459"));
  const Check unknown = possession(altered, {});
  CHECK(unknown.verdict == Verdict::unknown);
  CHECK(holds(unknown.text, "takes too long"));
}

}  // namespace cmcctl::test
