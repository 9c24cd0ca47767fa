#include <cmcctl/cmc/crmf.hpp>
#include <cmcctl/cmc/names.hpp>
#include <cmcctl/cmc/pkcs10.hpp>
#include <cmcctl/codec/decoder.hpp>
#include <cmcctl/codec/message.hpp>
#include <cmcctl/codec/pkcs10.hpp>
#include <cmcctl/crypto/verify.hpp>

#include <algorithm>
#include <memory>
#include <string>

#include "catch.hpp"
#include "hex.hpp"

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
  std::unique_ptr<PrivateKey> key = *generate_private_key("ec:P-256");
  std::unique_ptr<PrivateKey> recipient = *generate_private_key("ec:P-256");
  Bytes certificate = certificate_for(*recipient, "02012a");

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

// The first `from` in `bytes` as `to`, which is as long.
Bytes replaced(Bytes bytes, const Bytes& from, const Bytes& to) {
  const auto found = std::search(bytes.begin(), bytes.end(), from.begin(), from.end());
  REQUIRE(found != bytes.end());
  std::copy(to.begin(), to.end(), found);
  return bytes;
}

}  // namespace

TEST_CASE("the recipient of a static ECDH proof finds it right") {
  const Parties parties;
  const std::vector<RecipientKeys::Pair> with{{parties.recipient.get(), parties.certificate}};
  for (const Hash hash : {Hash::sha224, Hash::sha256, Hash::sha384, Hash::sha512}) {
    const Check check = possession(parties.pkcs10(hash), with);
    CHECK(check.verdict == Verdict::pass);
    CHECK(holds(check.text, "HMAC with " + std::string(to_string(hash)) + " with EC P-256, for CN=Recipient"));
  }
  CHECK(possession(parties.crmf(), with).verdict == Verdict::pass);
}

TEST_CASE("the recipient's certificate may be among the others, and the right one is taken") {
  const Parties parties;
  const std::vector<RecipientKeys::Pair> bare{{parties.recipient.get(), {}}};
  const Check without = possession(parties.pkcs10(), bare);
  CHECK(without.verdict == Verdict::unknown);
  CHECK(holds(without.text, "certificate 42 of CN=Test CA"));
  CHECK(holds(without.hint, "--cert"));
  const std::vector<X509Certificate> renewed{
      *X509Certificate::from_der(certificate_for(*parties.recipient, "02012b")),
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
}

}  // namespace cmcctl::test
