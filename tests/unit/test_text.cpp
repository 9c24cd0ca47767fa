#include "catch.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <cmcctl/codec/clock_time.hpp>
#include <cmcctl/codec/text.hpp>

#include "hex.hpp"

using namespace cmcctl;
using namespace cmcctl::test;
using namespace std::string_literals;

namespace {

// An AttributeTypeAndValue: content octets of the type, then the value.
std::string attribute(const std::string& type, const std::string& value) { return "30{06{" + type + "}" + value + "}"; }

std::string name_of(const std::string& rdns) { return name_text(Octets(asn1("30{" + rdns + "}"))); }

std::string cn(const std::string& value) { return name_of("31{" + attribute("550403", value) + "}"); }

template <class T>
GeneralName general(T value) {
  return {std::move(value)};
}

TEST_CASE("seconds since 1970 as text") {
  CHECK(generalized_time_text(0) == "19700101000000Z");
  CHECK(iso8601(1'795'233'164) == "2026-11-21T03:52:44Z");
  CHECK(iso8601(-1) == "1969-12-31T23:59:59Z");
  CHECK(generalized_time_text(253'402'300'799) == "99991231235959Z");
  CHECK(generalized_time_text(253'402'300'800).size() == 16);
  CHECK(iso8601(std::numeric_limits<std::int64_t>::max()).empty());
}

}  // namespace

TEST_CASE("escape leaves what is harmless as it is") {
  for (const std::string text :
       {"", "abc", "a\\b", "C:\\users", "\\u", "\\x41", "grün €", "日本", "\U0001F600", "…", "\\\\"}) {
    CHECK(escape(text) == text);
  }
}

TEST_CASE("escape shows what would act on a terminal or hide") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"\x1B[2J", "\\u{1B}[2J"},
      {"a\nb\tc\r", "a\\u{0A}b\\u{09}c\\u{0D}"},
      {"\0"s, "\\u{00}"},
      {"\x7F", "\\u{7F}"},
      {"\u0085\u009B", "\\u{85}\\u{9B}"},
      {"\u202Egpj.exe\u202C", "\\u{202E}gpj.exe\\u{202C}"},
      {"\u2066\u2069\u200E\u200F\u061C", "\\u{2066}\\u{2069}\\u{200E}\\u{200F}\\u{61C}"},
      {"\u2028\u2029\uFEFF", "\\u{2028}\\u{2029}\\u{FEFF}"},
      {"\u200B\u200C\u200D\u2060\u00AD\u034F", "\\u{200B}\\u{200C}\\u{200D}\\u{2060}\\u{AD}\\u{34F}"},
      {"\U000E0041\U000E007F", "\\u{E0041}\\u{E007F}"},
      {"\uFDD0\uFFFE\U0001FFFF\U0010FFFF", "\\u{FDD0}\\u{FFFE}\\u{1FFFF}\\u{10FFFF}"},
      {"\uE000", "\\u{E000}"},
      // not UTF-8: alone, cut, overlong, surrogate, too large
      {"\xFF", "\\x{FF}"},
      {"a\xE2\x82", "a\\x{E2}\\x{82}"},
      {"\xC0\xAF", "\\x{C0}\\x{AF}"},
      {"\xED\xA0\x80", "\\x{ED}\\x{A0}\\x{80}"},
      {"\xF4\x90\x80\x80", "\\x{F4}\\x{90}\\x{80}\\x{80}"},
      {"\x80g\xC3\xBC", "\\x{80}gü"},
      // what looks like an escape and is none
      {"\\u{1B}", "\\u{5C}u{1B}"},
      {"\\x{1B}", "\\u{5C}x{1B}"},
      {"\\\\u{1B}", "\\\\u{5C}u{1B}"},
      {"\\\x1B", "\\\\u{1B}"},
  };
  for (const auto& [text, escaped] : cases) CHECK(escape(text) == escaped);
}

TEST_CASE("escape cuts long text at a character") {
  CHECK(escape("abcdef", 6) == "abcdef");
  CHECK(escape("abcdefg", 6) == "abcdef… (7 characters)");
  CHECK(escape("äöü", 2) == "äö… (3 characters)");
  CHECK(escape("\n\n\n", 2) == "\\u{0A}\\u{0A}… (3 characters)");
  CHECK(escape("\xFF\xFE\xFD", 1) == "\\x{FF}… (3 characters)");
  CHECK(escape("abc", 0) == "… (3 characters)");
  CHECK(escape("", 0).empty());
  CHECK(escape(std::string(5'000, 'x')).size() == 4'096 + std::string("… (5000 characters)").size());
}

TEST_CASE("string types become UTF-8") {
  const std::vector<std::pair<std::pair<std::uint8_t, std::string>, std::string>> cases{
      {{12, "c3bc"}, "ü"},
      {{12, "ff"}, "\xFF"},  // for escape to show
      {{19, "41"}, "A"},
      {{22, "40"}, "@"},
      {{18, "31"}, "1"},
      {{26, "7e"}, "~"},
      {{20, "fc41"}, "üA"},
      {{30, "00fc20ac"}, "ü€"},
      {{30, "d83dde00"}, "\U0001F600"},
      {{30, "d83d0041"}, "\uFFFDA"},
      {{30, "de00"}, "\uFFFD"},
      {{30, "d83d"}, "\uFFFD"},
      {{30, "004100"}, "A\uFFFD"},
      {{28, "000000fc0001f600"}, "ü\U0001F600"},
      {{28, "0000d800"}, "\uFFFD"},
      {{28, "00110000"}, "\uFFFD"},
      {{28, "000000"}, "\uFFFD"},
      {{30, ""}, ""},
      {{28, ""}, ""},
      {{12, ""}, ""},
  };
  for (const auto& [input, text] : cases) {
    INFO(static_cast<int>(input.first) << ' ' << input.second);
    CHECK(string_value(input.first, Octets(hex(input.second))) == text);
  }
}

TEST_CASE("octets as hexadecimal and base64") {
  const Bytes octets = hex("a41c9e77ff");
  CHECK(cmcctl::hex(Octets(octets)) == "a41c9e77ff");
  CHECK(cmcctl::hex({}).empty());
  CHECK(hex_spaced(Octets(octets)) == "a41c 9e77 ff");
  CHECK(hex_spaced(Octets(octets), 1) == "a4 1c 9e 77 ff");
  CHECK(hex_spaced(Octets(octets), 0) == "a41c9e77ff");
  CHECK(hex_spaced({}).empty());
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [text, encoded] : cases)
    CHECK(base64(Octets(std::string_view(text))) == encoded);  // RFC 4648 section 10
  CHECK(base64(Octets(hex("fbefff"))) == "++//");
}

TEST_CASE("names are RFC 4514 text, the last RDN first") {
  const std::string c = "31{" + attribute("550406", "13{4445}") + "}";
  const std::string o = "31{" + attribute("55040a", "0c{62}") + "}";
  const std::string a = attribute("550403", "0c{61}");
  CHECK(name_of(c + o + "31{" + a + "}") == "CN=a,O=b,C=DE");
  CHECK(name_of("") == "");
  CHECK(name_of("31{" + a + attribute("55040b", "0c{62}") + "}" + c) == "C=DE,CN=a+OU=b");
  const std::vector<std::pair<std::string, std::string>> types{
      {"550407", "L"},
      {"550408", "ST"},
      {"550409", "STREET"},
      {"55040c", "title"},
      {"550404", "SN"},
      {"55042a", "GN"},
      {"55042b", "initials"},
      {"550405", "serialNumber"},
      {"0992268993f22c640101", "UID"},
      {"0992268993f22c640119", "DC"},
      {"2a864886f70d010901", "emailAddress"},
  };
  for (const auto& [type, name] : types) CHECK(name_of("31{" + attribute(type, "16{61}") + "}") == name + "=a");
}

TEST_CASE("values in names are escaped as RFC 4514 section 2.4 says") {
  CHECK(cn("0c{612c622b633b643c653e665c6722}") == "CN=a\\,b\\+c\\;d\\<e\\>f\\\\g\\\"");
  CHECK(cn("0c{20612062 20}") == "CN=\\ a b\\ ");
  CHECK(cn("0c{20}") == "CN=\\ ");
  CHECK(cn("0c{2361}") == "CN=\\#a");
  CHECK(cn("0c{6123}") == "CN=a#");
  CHECK(cn("0c{610062}") == "CN=a\\00b");
  CHECK(cn("0c{613d62}") == "CN=a=b");
  CHECK(cn("0c{}") == "CN=");
  CHECK(cn("1e{00fc}") == "CN=ü");
  CHECK(cn("14{fc}") == "CN=ü");
  CHECK(cn("0c{ff}") == "CN=\xFF");
}

TEST_CASE("what has no text in a name is hexadecimal") {
  CHECK(cn("0201 05") == "CN=#020105");
  CHECK(cn("30{0201 05}") == "CN=#3003020105");
  CHECK(name_of("31{" + attribute("2a03", "0c{61}") + "}") == "1.2.3=#0c0161");
  // known, but no type of an attribute: id-cmc-statusInfoV2
  CHECK(name_of("31{" + attribute("2b06010505070719", "0c{61}") + "}") == "1.3.6.1.5.5.7.7.25=#0c0161");
}

TEST_CASE("what is no name does not stop name_text") {
  for (const std::string text : {"", "30", "30ff", "3001", "0500", "300031", "30023100", "30033101 05", "3180",
                                 "30020500", "308030800000", "300a3108300606025504 0c01"}) {
    INFO(text);
    CHECK(name_text(Octets(hex(text))) == "(unreadable name)");
  }
  CHECK(name_text(Octets(hex("30800000"))).empty());  // BER
}

TEST_CASE("times are ISO 8601 or told apart") {
  const std::string utc = "261121035244Z";
  const std::string broken = "yesterday\n";
  CHECK(time_text({Octets(std::string_view(utc)), Time::Form::utc}) == "2026-11-21T03:52:44Z");
  CHECK(time_text({Octets(std::string_view(broken)), Time::Form::generalized}) == "(no date: yesterday\\u{0A})");
}

TEST_CASE("general names say of what kind they are") {
  const Bytes host = hex("6578616d706c652e6f7267");
  CHECK(general_name_text(general(GeneralName::DNSName{Octets(host)})) == "DNS:example.org");
  CHECK(general_name_text(general(GeneralName::Rfc822Name{Octets(host)})) == "email:example.org");
  CHECK(general_name_text(general(GeneralName::Uri{Octets(host)})) == "URI:example.org");
  const Bytes oid = hex("2a03");
  CHECK(general_name_text(general(Oid{Octets(oid)})) == "RID:1.2.3");
  const Bytes name = asn1("30{31{30{0603550403 0c{61}}}}");
  CHECK(general_name_text(general(Raw<Name>{Octets(name)})) == "dir:CN=a");
  CHECK(general_name_text(general(Raw<ORAddress>{Octets(name)})) == "x400:(14 octets)");
  const Bytes party = hex("70");
  EDIPartyName edi{{}, {DirectoryString::Printable{Octets(party)}}};
  CHECK(general_name_text(general(edi)) == "edi:p");
  const Bytes assigner = hex("0061");
  edi.name_assigner = DirectoryString{DirectoryString::Bmp{Octets(assigner)}};
  CHECK(general_name_text(general(edi)) == "edi:a/p");
}

TEST_CASE("addresses are written as RFC 5952 has them, masks behind them") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"c0000201", "192.0.2.1"},
      {"c0000200ffffff00", "192.0.2.0/255.255.255.0"},
      {"20010db8000000000000000000000001", "2001:db8::1"},
      {"00000000000000000000000000000000", "::"},
      {"00000000000000000000000000000001", "::1"},
      {"20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"},
      {"20010000000000010000000000000001", "2001:0:0:1::1"},
      {"20010db8000000000001000000000001", "2001:db8::1:0:0:1"},
      {"fe800000000000000000000000000000", "fe80::"},
      {"20010db8000000000000000000000000ffffffff000000000000000000000000", "2001:db8::/ffff:ffff::"},
      {"c00002", "#c00002"},
      {"", "#"},
  };
  for (const auto& [octets, text] : cases) {
    const Bytes bytes = hex(octets);
    CHECK(general_name_text(general(GeneralName::IPAddress{Octets(bytes)})) == "IP:" + text);
  }
}

TEST_CASE("other names show strings, whoever made them") {
  const Bytes upn = hex("2b060104018237140203");
  const auto text = [&](const std::string& value) {
    const Bytes bytes = asn1(value);
    return general_name_text(general(AnotherName{Oid{Octets(upn)}, Any{Octets(bytes)}}));
  };
  CHECK(text("0c{757365724078}") == "other:1.3.6.1.4.1.311.20.2.3 user@x");
  CHECK(text("1e{0075}") == "other:1.3.6.1.4.1.311.20.2.3 u");
  CHECK(text("0201 05") == "other:1.3.6.1.4.1.311.20.2.3 #020105");
  CHECK(text("") == "other:1.3.6.1.4.1.311.20.2.3 #");
  CHECK(text("0c05 61") == "other:1.3.6.1.4.1.311.20.2.3 #0c0561");  // cut off
}
