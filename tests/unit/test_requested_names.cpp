#include <cmcctl/cmc/names.hpp>
#include <cmcctl/codec/decoder.hpp>
#include <cmcctl/codec/pkix.hpp>
#include <cmcctl/codec/text.hpp>

#include <iterator>
#include <random>

#include "catch.hpp"
#include "hex.hpp"

namespace cmcctl::test {
namespace {

std::string round_trip(std::string_view text) {
  const auto name = parse_name(text);
  return name ? name_text(*name) : to_string(name.error());
}

std::string refusal(std::string_view text) {
  const auto name = parse_name(text);
  return name ? "taken as " + to_hex(*name) : name.error().detail;
}

std::string general(std::string_view text) {
  const auto der = parse_general_name(text);
  if (!der) return "refused: " + der.error().detail;
  Decoder decoder;
  const auto name = decoder.decode<GeneralName>(Octets(*der));
  return name ? general_name_text(*name) : to_string(name.error());
}

}  // namespace

TEST_CASE("a name's text becomes DER, the last RDN first") {
  CHECK(Octets(*parse_name("CN=me,C=DE")) == Octets(hex("301a310b3009060355040613024445310b300906035504030c026d65")));
  CHECK(Octets(*parse_name("")) == Octets(hex("3000")));
  CHECK(Octets(*parse_name("CN=me", NameStrings::printable)) == Octets(hex("300d310b300906035504031302"
                                                                           "6d65")));
  CHECK(Octets(*parse_name("CN=m_e", NameStrings::printable)) == Octets(hex("300e310c300a06035504030c03"
                                                                            "6d5f65")));
}

TEST_CASE("names come back as they were written") {
  for (const std::string_view text : {
           "CN=me,O=Example\\, Inc.,C=DE",
           "UID=jsmith,CN=John Smith,O=EXAMPLE",
           "CN=a\\+b\\\"\\;\\<\\>\\\\,OU=x=y",
           "CN=\\ edge\\ ,O=\\#1",
           "DC=example,DC=org",
           "emailAddress=me@example.org,CN=M\xC3\xBCller",
           "1.2.3.4=#0c0161",
       }) {
    CHECK(round_trip(text) == text);
  }
  CHECK(round_trip(" cn = me , OID.2.5.4.10 = Example ") == "CN=me,O=Example");
  CHECK(round_trip("CN=\\4d\\c3\\bc\\,") == "CN=M\xC3\xBC\\,");
  CHECK(round_trip("CN=a\\20") == "CN=a\\ ");
}

TEST_CASE("the attributes of one RDN stand in DER's order") {
  CHECK(*parse_name("CN=b+UID=a") == *parse_name("UID=a+CN=b"));
  CHECK(round_trip("UID=a+CN=b,O=c") == "CN=b+UID=a,O=c");
  CHECK(refusal("CN=a+CN=b").find("twice") != std::string::npos);
}

TEST_CASE("values beyond an upper bound of RFC 5280 are refused by its name") {
  CHECK(round_trip("CN=" + std::string(64, 'a')) == "CN=" + std::string(64, 'a'));
  CHECK(refusal("CN=" + std::string(65, 'a')).find("ub-common-name") != std::string::npos);
  std::string umlauts = "CN=";
  for (int i = 0; i < 64; ++i) umlauts += "\xC3\xBC";
  CHECK(round_trip(umlauts) == umlauts);
  CHECK(refusal("OU=" + std::string(65, 'a')).find("ub-organizational-unit-name") != std::string::npos);
  CHECK(refusal("C=DEU").find("ISO 3166") != std::string::npos);
  CHECK(refusal("CN=").find("empty") != std::string::npos);
}

TEST_CASE("what is no name is refused with what to write") {
  CHECK(refusal("/CN=me/O=x").find("CN=me,O=Example") != std::string::npos);
  CHECK(refusal("me").find("TYPE=value") != std::string::npos);
  CHECK(refusal("CN=me,").find("TYPE=value") != std::string::npos);
  CHECK(refusal("CN=a, b=c").find("no attribute is called b") != std::string::npos);
  CHECK(refusal("SHA-256=a").find("no attribute is called") != std::string::npos);
  CHECK(refusal("CN=a;O=b").find("\\;") != std::string::npos);
  CHECK(refusal("CN=\"a\"").find("\\\"") != std::string::npos);
  CHECK(refusal("CN=a\\x").find("backslash") != std::string::npos);
  CHECK(refusal("CN=a\\").find("backslash") != std::string::npos);
  CHECK(refusal("CN=\\ff").find("UTF-8") != std::string::npos);
  CHECK(refusal("C=D_").find("PrintableString") != std::string::npos);
  CHECK(refusal("DC=m\xC3\xBCller").find("A-label") != std::string::npos);
  CHECK(refusal("CN=#0c02").find("DER") != std::string::npos);
  CHECK(refusal("CN=#2403040161").find("DER") != std::string::npos);
  CHECK(refusal("CN=#xyz").find("hexadecimal") != std::string::npos);
  CHECK(refusal("postalAddress=a").find("#hex") != std::string::npos);
}

TEST_CASE("whatever is taken as a name comes back as the same name") {
  std::mt19937 random(4514);
  const std::string_view pieces[]{"CN",
                                  "O",
                                  "DC",
                                  "C",
                                  "=",
                                  "=",
                                  "=",
                                  ",",
                                  "+",
                                  "\\",
                                  "\\,",
                                  "\\20",
                                  "\\c3\\bc",
                                  " ",
                                  "a",
                                  "DE",
                                  "\"",
                                  ";",
                                  "\xC3\xBC",
                                  "\xC3",
                                  "OID.1.2.3",
                                  "\\#",
                                  std::string_view("\0", 1)};
  std::size_t taken = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = "CN=";
    for (auto count = random() % 9; count != 0; --count) text += pieces[random() % std::size(pieces)];
    const auto name = parse_name(text);
    if (!name) continue;
    ++taken;
    INFO(text);
    const auto again = parse_name(name_text(*name));
    REQUIRE(again.ok());
    CHECK(*again == *name);
  }
  CHECK(taken > 1'000);
}

TEST_CASE("general names of every kind come back as they were written") {
  for (const std::string_view text : {
           "DNS:www.example.org",
           "DNS:*.example.org",
           "DNS:xn--mller-kva.example",
           "email:me@example.org",
           "URI:https://example.org/a?b#c",
           "URI:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
           "IP:192.0.2.1",
           "IP:2001:db8::1",
           "dir:CN=me,O=Example",
           "RID:1.2.3",
       }) {
    CHECK(general(text) == text);
  }
  CHECK(general("dns:a") == "DNS:a");
  CHECK(general("upn:me@example.org") == "other:1.3.6.1.4.1.311.20.2.3 me@example.org");
  CHECK(general("other:1.2.3=0c0161") == "other:1.2.3 a");
}

TEST_CASE("general names that RFC 5280 does not allow are refused") {
  for (const std::string_view text : {
           "www.example.org",
           "dns:",
           "dns:a..b",
           "dns:a.",
           "dns:-a",
           "dns:a b",
           "dns:*",
           "dns:a.*.b",
           "dns:a_b",
           "ip:192.0.2.256",
           "ip:192.0.2.0/24",
           "ip:fe80::1%eth0",
           "email:me",
           "email:@a",
           "email:Me <me@example.org>",
           "email:me@a..b",
           "uri:/path",
           "uri:http:",
           "uri:1a:b",
           "uri:http://a/ b",
           "dir:me",
           "rid:no such",
           "upn:",
           "other:1.2.3",
           "other:1.2.3=0c",
           "other:zz=0c0161",
           "",
       }) {
    INFO(text);
    CHECK(general(text).find("refused: ") == 0);
  }
  for (const std::string_view text : {"dns:m\xC3\xBCller.example", "email:me@m\xC3\xBCller.example"}) {
    CHECK(general(text).find("A-label") != std::string::npos);
  }
  CHECK(general("dns:" + std::string(64, 'a')).find("refused: ") == 0);
}

}  // namespace cmcctl::test
