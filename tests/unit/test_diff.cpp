#include <cmcctl/codec/diff.hpp>

#include <string>
#include <vector>

#include "catch.hpp"
#include "hex.hpp"

namespace cmcctl::test {
namespace {

const char* const sender_nonce = "06{2b06010505070706}";
const char* const identification = "06{2b06010505070702}";
const char* const data_return = "06{2b06010505070704}";

/// "30{ 0201ID OID 31{VALUE} }"
std::string control(const std::string& id, const std::string& oid, const std::string& value) {
  return "30{0201" + id + oid + "31{" + value + "}}";
}

/// A PKCS #10 of version 0 with this subject and signature under this body part identifier, as a TaggedRequest.
std::string request(const std::string& id, const std::string& subject, const std::string& signature) {
  return "a0{0201" + id + "30{30{020100 30{31{30{0603550403 0c{" + subject + "}}}} 30{30{06032b6570} 030100} a0{}}" +
         "30{06032b6570} 03{00" + signature + "}}}";
}

Bytes pki_data(const std::string& controls, const std::string& requests = "") {
  return asn1("30{30{" + controls + "} 30{" + requests + "} 30{} 30{}}");
}

std::string line(const Difference& difference) {
  switch (difference.kind) {
    case Difference::Kind::changed:
      return difference.path + ": " + difference.a + " | " + difference.b;
    case Difference::Kind::only_in_a:
      return difference.path + ": only in A: " + difference.a;
    case Difference::Kind::only_in_b:
      return difference.path + ": only in B: " + difference.b;
  }
  return {};
}

struct Outcome {
  std::vector<std::string> lines;
  DiffSummary summary;
};

Outcome diff(const Bytes& a, const Bytes& b, const DiffOptions& options = {}, const Limits& limits = {}) {
  Decoder decoder_a(limits);
  Decoder decoder_b(limits);
  const auto message_a = open_message(decoder_a, Octets(a));
  const auto message_b = open_message(decoder_b, Octets(b));
  REQUIRE(message_a.ok());
  REQUIRE(message_b.ok());
  Outcome outcome;
  outcome.summary = diff_messages(decoder_a, *message_a, decoder_b, *message_b, options,
                                  [&](const Difference& difference) { outcome.lines.push_back(line(difference)); });
  REQUIRE(outcome.summary.differences == outcome.lines.size());
  return outcome;
}

using Lines = std::vector<std::string>;

const std::string nonce_control = control("01", sender_nonce, "04{0102}");
const std::string name_control = control("02", identification, "0c{616c696365}");

}  // namespace

TEST_CASE("a message does not differ from itself") {
  const Bytes message = pki_data(nonce_control + name_control, request("03", "61", "ff"));
  const Outcome outcome = diff(message, message);
  CHECK(outcome.lines.empty());
  CHECK(outcome.summary.notes.empty());
}

TEST_CASE("an inserted control is one difference") {
  const Bytes a = pki_data(name_control);
  const Bytes b = pki_data(nonce_control + name_control);
  CHECK(diff(a, b).lines == Lines{"PKIData.controlSequence[0]: only in B: senderNonce: 2 octets  0102"});
  CHECK(diff(b, a).lines == Lines{"PKIData.controlSequence[0]: only in A: senderNonce: 2 octets  0102"});
}

TEST_CASE("controls are compared by OID, not by place") {
  const Bytes a = pki_data(nonce_control + name_control);
  const Bytes b =
      pki_data(control("07", data_return, "0401ff") + control("01", sender_nonce, "04{0103}") + name_control);
  CHECK(diff(a, b).lines ==
        Lines{"PKIData.controlSequence[0].attrValues[0].OCTET STRING: 2 octets  0102 | 2 octets  0103",
              "PKIData.controlSequence[0]: only in B: dataReturn: 1 octet  ff"});
}

TEST_CASE("controls in another order are a difference") {
  CHECK(diff(pki_data(nonce_control + name_control), pki_data(name_control + nonce_control)).lines ==
        Lines{"PKIData.controlSequence: 2 elements | the same in another order"});
}

TEST_CASE("requests are compared by body part identifier") {
  const Bytes a = pki_data("", request("01", "61", "01") + request("02", "62", "02") + request("03", "63", "03"));
  const Bytes b = pki_data("", request("01", "61", "01") + request("03", "7a", "03"));
  CHECK(diff(a, b).lines ==
        Lines{"PKIData.reqSequence[1]: only in A: request, body part 2",
              "PKIData.reqSequence[2].tcr.certificationRequest.certificationRequestInfo.subject: CN=c | CN=z"});
}

TEST_CASE("a request with another body part identifier is compared with the one in its place") {
  const Bytes a = pki_data("", request("01", "61", "01") + request("02", "62", "02"));
  const Bytes b = pki_data("", request("01", "61", "01") + request("05", "62", "02"));
  CHECK(diff(a, b).lines == Lines{"PKIData.reqSequence[1].tcr.bodyPartID: 2 | 5"});
}

TEST_CASE("what is to be ignored is counted, not reported") {
  const Bytes a = pki_data(nonce_control, request("01", "61", "01"));
  const Bytes b = pki_data(control("01", sender_nonce, "04{0909}"), request("01", "61", "02"));
  CHECK(diff(a, b).lines.size() == 2);
  DiffOptions options;
  options.ignore_nonces = true;
  CHECK(diff(a, b, options).lines ==
        Lines{"PKIData.reqSequence[0].tcr.certificationRequest.signature: 1 octet  01 | 1 octet  02"});
  CHECK(diff(a, b, options).summary.ignored == 1);
  options.ignore_signatures = true;
  CHECK(diff(a, b, options).lines.empty());
  CHECK(diff(a, b, options).summary.ignored == 2);
  DiffOptions path;
  path.ignored_paths = {"PKIData.controlSequence", "PKIData.reqSequence[0].tcr.cert"};
  CHECK(diff(a, b, path).lines.size() == 1);  // a path ends where a step ends
}

TEST_CASE("one element alone can be compared") {
  const Bytes a = pki_data(nonce_control, request("01", "61", "01"));
  const Bytes b = pki_data(name_control, request("01", "62", "01"));
  DiffOptions options;
  options.only = "PKIData.reqSequence[0].tcr.bodyPartID";
  CHECK(diff(a, b, options).lines.empty());
  options.only = "PKIData.controlSequence[0].attrValues[0].OCTET STRING";
  CHECK(diff(a, b, options).lines == Lines{options.only + ": only in A: 2 octets  0102"});
}

TEST_CASE("BER and DER of one value differ in their encoding only") {
  const Bytes der = pki_data(nonce_control);
  Bytes ber = der;
  ber[1] = 0x80;
  const Outcome outcome = diff(der, ber + hex("0000"));
  CHECK(outcome.lines.empty());
  CHECK(outcome.summary.notes == Lines{"A is DER, B is BER: the values are compared"});
}

TEST_CASE("BER inside an OCTET STRING and a SET OF in another order are noted") {
  const auto with_content = [](const std::string& digests, const std::string& data) {
    return asn1("30{06{2a864886f70d010702} a0{30{020103 31{" + digests + "} 30{06{2b06010505070c02} a0{04{" + data +
                "}}} 31{}}}}");
  };
  const std::string one = "30{06{2b0e03021a}}";
  const std::string two = "30{06{608648016503040201}}";
  const Bytes a = with_content(one + two, "30{30{}30{}30{}30{}}");
  const Bytes b = with_content(two + one, "3080 30{}30{}30{}30{} 0000");
  const Outcome outcome = diff(a, b);
  CHECK(outcome.lines.empty());
  CHECK(outcome.summary.notes ==
        Lines{"A is DER, B is BER: the values are compared",
              "the same value in another encoding at ContentInfo.content.SignedData.encapContentInfo.eContent",
              "the same elements of a SET OF in another order at ContentInfo.content.SignedData.digestAlgorithms"});
}

TEST_CASE("a missing ContentInfo is a note") {
  const std::string signed_data = "30{020103 31{} 30{06{2b06010505070c02} a0{04{30{30{}30{}30{}30{}}}}} 31{}}";
  const Bytes bare = asn1(signed_data);
  const Bytes wrapped = asn1("30{06{2a864886f70d010702} a0{" + signed_data + "}}");
  for (const auto& outcome : {diff(bare, wrapped), diff(wrapped, bare)}) {
    CHECK(outcome.lines.empty());
    CHECK(outcome.summary.notes.size() == 1);
  }
}

TEST_CASE("values that look alike are told apart") {
  const std::string zeros(80, '0');
  const Bytes a = pki_data(control("01", sender_nonce, "04{" + zeros + "01}"));
  const Bytes b = pki_data(control("01", sender_nonce, "04{" + zeros + "02}"));
  const Outcome outcome = diff(a, b);
  REQUIRE(outcome.lines.size() == 1);
  CHECK(outcome.lines[0].ends_with("(another one from octet 40 on)"));
}

TEST_CASE("a BIT STRING without contents is shown as octets") {
  const auto message = [](const char* enc_symm_key) {
    return asn1("30{30{30{020101 30{} 30{30{06{2b0601050507050104} a0{30{82{" + std::string(enc_symm_key) +
                "} 03{0001}}}}}}}}");
  };
  const Outcome outcome = diff(message(""), message("0001"));
  REQUIRE(outcome.lines.size() == 1);
  CHECK(outcome.lines[0].ends_with(".encSymmKey: 0 octets | 2 octets  0001"));
}

TEST_CASE("a primitive in a list of SEQUENCEs has no key to be aligned by") {
  const Bytes a = asn1("30{06{2a864886f70d010702} a0{30{31{} 31{06{551d}}}}}");
  const Bytes b = asn1("30{06{2a864886f70d010702} a0{30{31{} 31{}}}}");
  CHECK(diff(a, b).lines ==
        Lines{"ContentInfo.content.SignedData.digestAlgorithms[0]: only in A: 2.5.29  id-ce"});
}

TEST_CASE("a passphrase is not shown") {
  const auto revocation = [](const std::string& passphrase) {
    return pki_data(control("01", "06{2b06010505070711}", "30{30{} 020105 0a0100" + passphrase + "}"));
  };
  const std::string secret = "04{7365637265742d31}";
  for (const auto& outcome : {diff(revocation(secret), revocation("04{7365637265742d32}")),
                              diff(revocation(secret), revocation("")), diff(revocation(""), revocation(secret))}) {
    REQUIRE(outcome.lines.size() == 1);
    CHECK(outcome.lines[0].find("7365") == std::string::npos);
    CHECK(outcome.lines[0].find("secret-") == std::string::npos);
    CHECK(outcome.lines[0].find("not shown") != std::string::npos);
  }
  const auto control_only = diff(revocation(secret), pki_data("")).lines;
  REQUIRE(control_only.size() == 1);
  CHECK(control_only[0].find("7365") == std::string::npos);
  CHECK(control_only[0].find("secret-") == std::string::npos);
}

TEST_CASE("messages of two kinds differ") {
  const Bytes certs_only = asn1("30{06{2a864886f70d010702} a0{30{020101 31{} 30{06{2a864886f70d010701}} 31{}}}}");
  CHECK(diff(pki_data(""), certs_only).lines == Lines{"PKIData: PKIData | ContentInfo"});
}

TEST_CASE("long lists are aligned in their order") {
  std::string before;
  std::string after;
  for (int i = 0; i < 200; ++i) {
    const std::string id{"0123456789abcdef"[i / 16], "0123456789abcdef"[i % 16]};
    const std::string number = "0202" + std::string("01") + id;
    const std::string one = "30{" + number + "06{2b06010505070704} 31{04{" + id + "}}}";
    if (i != 100) before += one;
    if (i != 50) after += one;
  }
  const auto lines = diff(pki_data(before), pki_data(after)).lines;
  CHECK(lines == Lines{"PKIData.controlSequence[50]: only in A: dataReturn: 1 octet  32",
                       "PKIData.controlSequence[99]: only in B: dataReturn: 1 octet  64"});
}

TEST_CASE("nesting beyond the limit is compared as octets") {
  const auto layers = [](const std::string& innermost) {
    std::string data = "30{30{" + innermost + "}30{}30{}30{}}";
    for (int i = 0; i < 3; ++i) {
      data = "30{30{}30{} 30{30{020101 30{06{2a864886f70d010702} a0{30{020103 31{} 30{06{2b06010505070c02} a0{04{" +
             data + "}}} 31{}}}}}} 30{}}";
    }
    return asn1(data);
  };
  const Bytes a = layers(control("01", data_return, "0401aa"));
  const Bytes b = layers(control("01", data_return, "0401bb"));
  const auto all = diff(a, b).lines;
  REQUIRE(all.size() == 1);
  CHECK(all[0].ends_with("controlSequence[0].attrValues[0].OCTET STRING: 1 octet  aa | 1 octet  bb"));
  Limits limits;
  limits.depth = 24;
  const auto cut = diff(a, b, {}, limits).lines;
  REQUIRE(cut.size() == 1);
  CHECK(cut[0].find("eContent: ") != std::string::npos);
}

}  // namespace cmcctl::test
