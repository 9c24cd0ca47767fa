#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/path.hpp>

#include "catch.hpp"
#include "vectors_dir.hpp"

namespace cmcctl {
namespace {

using Json = nlohmann::json;

// tests/vectors/paths/make_paths.py says what each of them is.
const Json& vectors() {
  static const Json json = Json::parse(std::ifstream(std::string(test::vectors_dir()) + "/paths/paths.json"));
  return json;
}

std::vector<std::uint8_t> octets_of(const Json& base64_text) {
  static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::uint8_t> octets;
  unsigned bits = 0;
  unsigned value = 0;
  for (const char c : base64_text.get_ref<const std::string&>()) {
    const std::size_t digit = digits.find(c);
    if (digit == std::string_view::npos) break;
    value = value << 6 | static_cast<unsigned>(digit);
    if (bits += 6; bits >= 8) octets.push_back(static_cast<std::uint8_t>(value >> (bits -= 8)));
  }
  return octets;
}

template <class T>
std::vector<T> load(const Json& labels, const Json& table) {
  std::vector<T> loaded;
  for (const Json& label : labels) {
    const auto der = octets_of(table.at(label.get<std::string>()));
    auto one = T::from_der(der);
    REQUIRE(one);
    loaded.push_back(*std::move(one));
  }
  return loaded;
}

Limits limits_of(const Json& row) {
  Limits limits;
  const Json changes = row.value("limits", Json::object());
  limits.path_signatures = changes.value("path_signatures", limits.path_signatures);
  limits.path_certificates = changes.value("path_certificates", limits.path_certificates);
  limits.name_comparisons = changes.value("name_comparisons", limits.name_comparisons);
  limits.rsa_bits_least = changes.value("rsa_bits_least", limits.rsa_bits_least);
  return limits;
}

Purpose purpose_of(const std::string& word) {
  return word == "signer"      ? Purpose::signer
         : word == "responder" ? Purpose::responder
         : word == "ra"        ? Purpose::ra
                               : Purpose::any;
}

struct Trust {
  explicit Trust(const Json& row)
      : anchors(load<X509Certificate>(row.at("anchors"), vectors().at("certificates"))),
        pool(load<X509Certificate>(row.at("pool"), vectors().at("certificates"))),
        crls(load<X509Crl>(row.value("crls", Json::array()), vectors().at("crls"))),
        options{row.at("time").get<std::int64_t>(), purpose_of(row.at("purpose")), anchors, pool, crls, false} {}

  std::vector<X509Certificate> anchors;
  std::vector<X509Certificate> pool;
  std::vector<X509Crl> crls;
  PathOptions options;
};

PathResult validate(const Json& row) {
  const Limits limits = limits_of(row);
  const auto leaf =
      X509Certificate::from_der(octets_of(vectors().at("certificates").at(row.at("leaf").get<std::string>())), limits);
  REQUIRE(leaf);
  const Trust trust(row);
  return validate_path(*leaf, trust.options, limits);
}

const Json& row_named(std::string_view name) {
  for (const Json& row : vectors().at("rows")) {
    if (row.at("name") == name) return row;
  }
  throw std::runtime_error("no row is called " + std::string(name));
}

std::vector<std::string> names_with(const std::vector<Check>& checks, Verdict verdict) {
  std::vector<std::string> names;
  for (const Check& check : checks) {
    if (check.verdict == verdict) names.emplace_back(check.name);
  }
  return names;
}

std::string text_of(const PathResult& result, std::string_view name) {
  for (const Check& check : result.checks) {
    if (check.name == name) return check.text;
  }
  return "";
}

}  // namespace

TEST_CASE("a certificate that is asked for ever keeps to its memory", "[path]") {
  constexpr std::string_view certificate_policies = "2.5.29.32";
  Limits tight;
  tight.arena_base = 16u << 10;
  std::size_t asked = 0;
  for (const Json& base64_text : vectors().at("certificates")) {
    const auto certificate = X509Certificate::from_der(octets_of(base64_text), tight);
    if (!certificate || certificate->extension(certificate_policies) == nullptr) continue;
    const auto first = certificate->extension_value<CertificatePolicies>(certificate_policies);
    if (!first) continue;
    ++asked;
    bool same = true;
    for (int i = 0; i < 10'000 && same; ++i) {
      same = certificate->extension_value<CertificatePolicies>(certificate_policies) == first;
    }
    CHECK(same);
  }
  CHECK(asked > 0);
}

TEST_CASE("each path of the vectors has its verdicts") {
  for (const Json& row : vectors().at("rows")) {
    DYNAMIC_SECTION(row.at("name").get<std::string>()) {
      const PathResult result = validate(row);
      for (const Check& check : result.checks) INFO(std::string(check.name) << ": " << check.text);
      CHECK(names_with(result.checks, Verdict::fail) == row.at("fails").get<std::vector<std::string>>());
      CHECK(names_with(result.checks, Verdict::unknown) == row.at("unknown").get<std::vector<std::string>>());
      if (worst(result.checks) == Verdict::pass) {
        const Trust trust(row);
        CHECK(std::ranges::find(trust.anchors, result.path.back()) != trust.anchors.end());
        for (std::size_t i = 0; i + 1 < result.path.size(); ++i)
          CHECK(result.path[i].issuer() == result.path[i + 1].subject());
      } else {
        for (const Check& check : result.checks) {
          if (check.verdict == Verdict::fail) CHECK_FALSE(check.text.empty());
        }
      }
    }
  }
}

TEST_CASE("a refusal says what is wrong and with whom") {
  const auto says = [](std::string_view row, std::string_view check, std::string_view words) {
    const std::string text = text_of(validate(row_named(row)), check);
    INFO(row << ": " << text);
    CHECK(text.find(words) != std::string::npos);
  };
  says("the leaf is too old", "time", "CN=leaf: not valid after 2026-11-20T00:00:00Z");
  says("the CA is not valid yet", "time", "CN=sub: not valid before 2026-11-22T00:00:00Z");
  says("sha1 in the leaf's signature", "path", "SHA-1");
  says("md5 in the leaf's signature", "path", "md5WithRSAEncryption");
  says("id-alg-noSignature", "path", "id-alg-noSignature");
  says("RSA 512 in the leaf", "key strength", "RSA 512");
  says("RSA 512 in the CA", "path", "RSA 512");
  says("two signature algorithms", "path", "two signature algorithms differ");
  says("the CA between is missing", "path", "CN=sub");
  says("an extension twice", "extensions", "2.5.29.37");
  says("an unknown critical extension in the CA", "extensions", "CN=sub: the critical extension 1.3.6.1.4.1.99999.77");
  says("dNSName: excluded", "names", "a.example.com");
  says("pathLen 1, two CAs below", "usage",
       "CN=root: its pathLenConstraint allows 1 CA certificates below, there are 2");
  says("CRL: revoked", "revocation", "CN=leaf: revoked on 2026-06-01T00:00:00Z, keyCompromise");
  says("CRL: on hold", "revocation", "certificateHold");
  says("CRL: too old", "revocation", "2026-11-20");
  says("CRL: a delta", "revocation", "delta");
  says("9 certificates in the path", "path", "path_certificates");
  says("twelve issuers of one name, one signature too few", "path", "path_signatures");
  says("one name more than allowed", "names", "name_comparisons");
}

TEST_CASE("what has been tried is reported where it came furthest") {
  const PathResult result = validate(row_named("a loop of two"));
  CHECK(result.path.size() == 3);
  REQUIRE(result.checks.size() == 1);
  CHECK(result.checks[0].name == "path");
}

TEST_CASE("SHA-1 in a path can be allowed") {
  const Json& row = row_named("sha1 in the leaf's signature");
  Trust trust(row);
  trust.options.allow_sha1 = true;
  const auto leaf = load<X509Certificate>(Json::array({row.at("leaf")}), vectors().at("certificates"));
  CHECK(worst(validate_path(leaf.front(), trust.options).checks) == Verdict::pass);
}

TEST_CASE("revocation is skipped without a CRL") {
  const PathResult result = validate(row_named("one CA between"));
  CHECK(result.checks.back().name == "revocation");
  CHECK(result.checks.back().verdict == Verdict::skipped);
}

}  // namespace cmcctl
