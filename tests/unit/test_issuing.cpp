#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <cmcctl/cmc/names.hpp>
#include <cmcctl/codec/extensions.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/path.hpp>
#include <cmcctl/server/issuing.hpp>

#include "catch.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;
namespace fs = std::filesystem;

constexpr std::int64_t now = 1'780'272'000;  // 2026-06-01

template <class T>
T value(Result<T> result) {
  INFO((result ? std::string() : to_string(result.error())));
  REQUIRE(result);
  return *std::move(result);
}

// A CA in memory, and what it issues.
struct Ca {
  explicit Ca(const std::string& key = "ec:P-256")
      : store(value(Store::open(""))), issuer(value(Issuer::open(store, {key, "unit (a, b)"}, now))) {}

  Result<StoredCertificate> issue(const PublicKey& key, const Wish& wish = {}, const std::string& subject = "CN=me",
                                  std::string_view profile = "user") {
    const Bytes name = value(parse_name(subject));
    return issuer.issue({*find_profile(profile), name, key.spki(), wish, "me"}, now);
  }
  X509Certificate certificate(const PublicKey& key, const Wish& wish = {}, const std::string& subject = "CN=me",
                              std::string_view profile = "user") {
    return value(X509Certificate::from_der(value(issue(key, wish, subject, profile)).der));
  }

  Store store;
  Issuer issuer;
};

Wish wish_of(const std::string& usage) { return {{value(key_usage_extension(usage))}, false}; }

RequestedExtension host(const std::string& name) {
  const std::vector<Bytes> names{value(parse_general_name("dns:" + name))};
  return value(subject_alt_name_extension(names, false));
}

std::string usage_of(const X509Certificate& certificate) {
  const auto usage = certificate.extension_value<KeyUsage>("2.5.29.15");
  REQUIRE(usage);
  std::string bits;
  for (std::size_t bit = 0; bit < 9; ++bit) bits += usage->bits.bit(bit) ? '1' : '0';
  return bits;
}

int openssl(const std::string& arguments) { return std::system(("openssl " + arguments + " >/dev/null 2>&1").c_str()); }

TEST_CASE("an issued certificate has a valid path, until it is revoked") {
  for (const char* spec : {"ec:P-256", "rsa:2048", "ed25519"}) {
    INFO(spec);
    Ca ca(spec);
    const auto key = value(generate_private_key("ec:P-256"));
    const StoredCertificate issued = value(ca.issue(key->public_key()));
    const X509Certificate certificate = value(X509Certificate::from_der(issued.der));
    CHECK(name_text(ca.issuer.certificate().subject()) == "CN=TEST ONLY unit (a\\, b)");
    const std::vector<X509Certificate> anchors{ca.issuer.certificate()};
    const auto verdict = [&](const X509Certificate& whose) {
      const std::vector<X509Crl> crls{value(X509Crl::from_der(value(ca.issuer.crl(now)).der))};
      PathOptions options;
      options.time = now;
      options.anchors = anchors;
      options.crls = crls;
      return worst(validate_path(whose, options).checks);
    };
    CHECK(verdict(certificate) == Verdict::pass);
    CHECK(verdict(ca.issuer.exchange().certificate) == Verdict::pass);
    const std::int64_t first = value(ca.issuer.crl(now)).number;
    REQUIRE(ca.issuer.revoke(issued.serial_number, {now, CrlReason::certificateHold, now - 5}));
    CHECK(verdict(certificate) == Verdict::fail);
    CHECK(value(ca.issuer.crl(now)).number == first + 1);
    REQUIRE(ca.issuer.unhold(issued.serial_number));
    CHECK(verdict(certificate) == Verdict::pass);
  }
}

TEST_CASE("OpenSSL verifies certificates and CRLs that are issued") {
  if (openssl("version") != 0) return;
  std::string name = (fs::temp_directory_path() / "cmcctl-issuing-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  const auto write = [&](const std::string& file, Octets der) {
    std::ofstream(name + "/" + file, std::ios::binary)
        .write(reinterpret_cast<const char*>(der.data()), static_cast<std::streamsize>(der.size()));
  };
  for (const char* spec : {"ec:P-384", "rsa:2048", "ed25519"}) {
    INFO(spec);
    Ca ca(spec);
    const auto key = value(generate_private_key("ed25519"));
    const Wish names{{host("a.example")}, true};
    const StoredCertificate issued = value(ca.issue(key->public_key(), names, "CN=me,O=Ex\\, ample", "server"));
    REQUIRE(ca.issuer.revoke(issued.serial_number, {now - 3'600, CrlReason::superseded, now - 7'200}));
    write("ca.der", ca.issuer.certificate().der());
    write("me.der", issued.der);
    write("crl.der", value(ca.issuer.crl(now)).der);
    const std::string time = " -attime " + std::to_string(now) + " -x509_strict -CAfile " + name + "/ca.pem ";
    CHECK(openssl("x509 -inform DER -in " + name + "/ca.der -out " + name + "/ca.pem") == 0);
    CHECK(openssl("x509 -inform DER -in " + name + "/me.der -out " + name + "/me.pem") == 0);
    CHECK(openssl("crl -inform DER -in " + name + "/crl.der -CAfile " + name + "/ca.pem -out " + name + "/crl.pem") ==
          0);
    CHECK(openssl("verify" + time + "-purpose sslserver -verify_hostname a.example " + name + "/me.pem") == 0);
    CHECK(openssl("verify" + time + "-verify_hostname b.example " + name + "/me.pem") != 0);
    CHECK(openssl("verify" + time + "-crl_check -CRLfile " + name + "/crl.pem " + name + "/me.pem") != 0);
    REQUIRE(ca.issuer.unhold(issued.serial_number));
    write("crl.der", value(ca.issuer.crl(now)).der);
    CHECK(openssl("crl -inform DER -in " + name + "/crl.der -CAfile " + name + "/ca.pem -out " + name + "/crl.pem") ==
          0);
    CHECK(openssl("verify" + time + "-crl_check -CRLfile " + name + "/crl.pem " + name + "/me.pem") == 0);
  }
  fs::remove_all(name);
}

TEST_CASE("a revocation is in the next CRL, whatever was rolled back before") {
  Ca ca;
  const auto key = value(generate_private_key("ec:P-256"));
  const StoredCertificate issued = value(ca.issue(key->public_key()));
  const std::int64_t first = value(ca.issuer.crl(now)).number;
  REQUIRE(ca.issuer.revoke(issued.serial_number, {now, CrlReason::superseded, {}}));
  CHECK_FALSE(ca.store.at_once([&]() -> Result<void> {
    CMC_TRY([[maybe_unused]] const StoredCrl lost, ca.issuer.crl(now));
    return Error{Errc::store_failed, 0, {}, {}, "no"};
  }));
  const StoredCrl crl = value(ca.issuer.crl(now));
  CHECK(crl.number == first + 1);
  CHECK(value(value(X509Crl::from_der(crl.der)).find(Integer{issued.serial_number})).has_value());
}

TEST_CASE("the profile decides about the key usage") {
  Ca ca;
  const auto ec = value(generate_private_key("ec:P-256"));
  const auto rsa = value(generate_private_key("rsa:2048"));
  const auto x25519 = value(generate_private_key("x25519"));
  CHECK(usage_of(ca.certificate(ec->public_key())) == "100000000");
  CHECK(usage_of(ca.certificate(x25519->public_key())) == "000010000");
  CHECK(usage_of(ca.certificate(rsa->public_key(), wish_of("keyEncipherment"))) == "001000000");
  CHECK(usage_of(ca.certificate(ec->public_key(), wish_of("keyAgreement,keyCertSign"))) == "000010000");
  CHECK(usage_of(ca.certificate(rsa->public_key(), wish_of("digitalSignature,keyEncipherment,cRLSign"))) ==
        "101000000");
  CHECK(ca.issue(ec->public_key(), wish_of("keyCertSign")).error().code == Errc::not_encodable);
  CHECK(ca.issue(ec->public_key(), wish_of("keyEncipherment")).error().code == Errc::not_encodable);
  const Wish broken{{{"2.5.29.15", true, {0x05, 0x00}}}, false};
  CHECK_FALSE(ca.issue(ec->public_key(), broken));
  CHECK(value(ca.store.certificates(0, 100)).size() == 5);  // nothing of what was refused
}

TEST_CASE("of what a request asks for, names alone come into the certificate, when they are the requester's") {
  Ca ca;
  const auto key = value(generate_private_key("ec:P-256"));
  const Wish wish{
      {host("a.example"), value(basic_constraints_extension("ca")), value(ext_key_usage_extension("codeSigning"))},
      false};
  Wish allowed = wish;
  allowed.alt_names_allowed = true;
  const X509Certificate without = ca.certificate(key->public_key(), wish);
  CHECK(without.extension("2.5.29.17") == nullptr);
  CHECK_FALSE(without.is_ca());
  CHECK_FALSE(without.has_purpose("1.3.6.1.5.5.7.3.3"));
  CHECK(without.has_purpose("1.3.6.1.5.5.7.3.2"));
  const X509Certificate with = ca.certificate(key->public_key(), allowed);
  REQUIRE(with.extension("2.5.29.17") != nullptr);
  CHECK_FALSE(with.extension("2.5.29.17")->critical);
  CHECK(ca.certificate(key->public_key(), allowed, "").extension("2.5.29.17")->critical);
  CHECK(ca.certificate(key->public_key(), {}, "CN=ra", "ra").has_purpose("1.3.6.1.5.5.7.3.28"));
}

TEST_CASE("profiles are known by Dogtag's names, too") {
  CHECK(find_profile("caFullCMCUserCert") == find_profile("user"));
  CHECK(find_profile("caCMCserverCert") == find_profile("server"));
  CHECK(find_profile("ra")->ra_only);
  CHECK(find_profile("caCMCcaCert") == nullptr);
  CHECK(find_profile("") == nullptr);
}

TEST_CASE("a CA is the same one when its store is opened again") {
  Store store = value(Store::open(""));
  Issuer first = value(Issuer::open(store, {"ec:P-256", "same"}, now));
  Issuer second = value(Issuer::open(store, {"rsa:2048", "other"}, now + 100));
  CHECK(first.certificate() == second.certificate());
  CHECK(first.exchange().certificate == second.exchange().certificate);
  Store other = value(Store::open(""));
  Issuer mine = value(Issuer::open_with(
      other, {value(private_key_from_pkcs8(value(pkcs8_of(*first.signing().key)))), first.certificate()}, now));
  CHECK(mine.certificate() == first.certificate());
  Ca stranger;
  const auto refused = Issuer::open_with(store, {std::move(stranger.issuer.signing())}, now);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::store_failed);
}

TEST_CASE("serial numbers are those of RFC 5280") {
  const auto key = value(generate_private_key("ec:P-256"));
  const Bytes name = value(parse_name("CN=x"));
  const auto with = [&](Bytes serial, std::int64_t not_after) {
    return issue_certificate({serial, name, name, now, not_after, key->public_key().spki()}, *key,
                             usual_scheme(key->public_key()))
        .ok();
  };
  CHECK(with({1}, now));
  CHECK(with(Bytes(20, 0x7F), 253'402'300'799));
  CHECK_FALSE(with({}, now));
  CHECK_FALSE(with({0}, now));
  CHECK_FALSE(with({0x80}, now));
  CHECK_FALSE(with({0, 1}, now));
  CHECK_FALSE(with(Bytes(21, 0x7F), now));
  CHECK_FALSE(with({1}, 253'402'300'800));
}

}  // namespace
}  // namespace cmcctl
