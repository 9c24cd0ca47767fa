#include <cmcctl/codec/values.hpp>

#include <string>
#include <vector>

#include "catch.hpp"
#include "hex.hpp"

namespace cmcctl::test {
namespace {

std::string as_text(std::string_view content) {
  const Bytes bytes = hex(content);
  return to_string(Integer{Octets(bytes)});
}

std::string oid_text(std::string_view content) {
  const Bytes bytes = hex(content);
  return to_string(Oid{Octets(bytes)});
}

std::string oid_hex(std::string_view dotted) {
  const auto content = oid_content(dotted);
  return content ? to_hex(Octets(*content)) : "none";
}

std::string iso(std::string_view text, Time::Form form) {
  return to_iso8601(Time{Octets(text), form}).value_or("none");
}

std::string utc(std::string_view text) { return iso(text, Time::Form::utc); }
std::string generalized(std::string_view text) { return iso(text, Time::Form::generalized); }

}  // namespace

TEST_CASE("an INTEGER reads and prints with its sign and at any size") {
  CHECK(as_text("00") == "0");
  CHECK(as_text("7f") == "127");
  CHECK(as_text("80") == "-128");
  CHECK(as_text("ff") == "-1");
  CHECK(as_text("0080") == "128");
  CHECK(as_text("00ffffffff") == "4294967295");
  CHECK(as_text("7fffffffffffffff") == "9223372036854775807");
  CHECK(as_text("8000000000000000") == "-9223372036854775808");
  CHECK(as_text("008000000000000000") == "9223372036854775808");
  CHECK(as_text("ff7fffffffffffffff") == "-9223372036854775809");
  CHECK(as_text("010000000000000000") == "18446744073709551616");
  CHECK(as_text("ff0000000000000000") == "-18446744073709551616");
}

TEST_CASE("an INTEGER of more than 64 octets prints in hexadecimal") {
  const Bytes longest(64, 0x11);
  CHECK(to_string(Integer{Octets(longest)}).substr(0, 2) != "0x");
  const Bytes longer(65, 0x11);
  CHECK(to_string(Integer{Octets(longer)}) == "0x" + to_hex(Octets(longer)));
}

TEST_CASE("an INTEGER fits 64 bits up to 8 octets") {
  const Bytes most = hex("7fffffffffffffff");
  CHECK(Integer{Octets(most)}.to_int64() == INT64_MAX);
  const Bytes least = hex("8000000000000000");
  CHECK(Integer{Octets(least)}.to_int64() == INT64_MIN);
  const Bytes more = hex("008000000000000000");
  CHECK_FALSE(Integer{Octets(more)}.to_int64());
  CHECK_FALSE(Integer{}.to_int64());
  CHECK_FALSE(Integer{}.negative());
}

TEST_CASE("integer_content is the shortest two's complement") {
  const std::vector<std::pair<std::int64_t, std::string>> rows{
      {0, "00"},        {1, "01"},        {-1, "ff"},         {127, "7f"},
      {128, "0080"},    {-128, "80"},     {-129, "ff7f"},     {255, "00ff"},
      {256, "0100"},    {-256, "ff00"},   {4294967295, "00ffffffff"},
      {INT64_MAX, "7fffffffffffffff"},    {INT64_MIN, "8000000000000000"}};
  for (const auto& [number, content] : rows) {
    INFO(number);
    CHECK(to_hex(Octets(integer_content(number))) == content);
    const auto octets = integer_content(number);
    CHECK(Integer{Octets(octets)}.to_int64() == number);
  }
}

// RFC 10002 section 3.2.2: BodyPartID ::= INTEGER(0..4294967295)
TEST_CASE("a BodyPartID is a number from 0 to 4294967295") {
  const auto from = [](std::string_view content) {
    const Bytes bytes = hex(content);
    return BodyPartID::from(Integer{Octets(bytes)});
  };
  CHECK(from("00")->value() == 0);
  CHECK(from("00ffffffff")->value() == 4294967295u);
  for (const auto* refused : {"0100000000", "ff", "8000000000000000", "00ffffffffffffffff", "010000000000000000"}) {
    INFO(refused);
    const auto id = from(refused);
    REQUIRE_FALSE(id.ok());
    CHECK(id.error().code == Errc::value_out_of_range);
    CHECK(id.error().rule == "CMC-5272-3.2.2-01");
  }
}

TEST_CASE("an OBJECT IDENTIFIER prints as dotted numbers") {
  CHECK(oid_text("00") == "0.0");
  CHECK(oid_text("27") == "0.39");
  CHECK(oid_text("28") == "1.0");
  CHECK(oid_text("4f") == "1.39");
  CHECK(oid_text("50") == "2.0");
  CHECK(oid_text("8837") == "2.999");
  CHECK(oid_text("2b06010505070719") == "1.3.6.1.5.5.7.7.25");
  CHECK(oid_text("2a864886f70d010702") == "1.2.840.113549.1.7.2");
  CHECK(oid_text("2bffffffffffffffff7f") == "1.3.9223372036854775807");
}

// A decoder refuses such arcs; they must not alias another OBJECT IDENTIFIER when a caller makes them.
TEST_CASE("an arc beyond 2^64 prints as a question mark") {
  CHECK(oid_text("2b0601050507078280808080808080808019") == "1.3.6.1.5.5.7.7.?");
}

TEST_CASE("a dotted text becomes the contents of an OBJECT IDENTIFIER") {
  CHECK(oid_hex("0.0") == "00");
  CHECK(oid_hex("0.39") == "27");
  CHECK(oid_hex("1.39") == "4f");
  CHECK(oid_hex("2.0") == "50");
  CHECK(oid_hex("2.40") == "78");
  CHECK(oid_hex("2.999") == "8837");
  CHECK(oid_hex("1.3.6.1.5.5.7.7.25") == "2b06010505070719");
  CHECK(oid_hex("1.2.840.113549.1.7.2") == "2a864886f70d010702");
  CHECK(oid_hex("1.3.9223372036854775807") == "2bffffffffffffffff7f");
}

TEST_CASE("what is no dotted text has no contents") {
  for (const auto* text : {"", ".", "1", "1.", ".1", "1..2", "1.2.", "3.0", "0.40", "1.40", "1.-2", "1.+2", "1.2 ",
                           " 1.2", "1.2a", "a", "1.02", "01.2", "1.3.9223372036854775808", "1.3.18446744073709551616",
                           "2.9223372036854775800"}) {
    INFO(text);
    CHECK(oid_hex(text) == "none");
  }
}

TEST_CASE("a BIT STRING counts its bits from the first") {
  const Bytes bytes = hex("8040");
  const BitString bits{Octets(bytes), 6};
  CHECK(bits.bit(0));
  CHECK_FALSE(bits.bit(1));
  CHECK(bits.bit(9));
  CHECK_FALSE(bits.bit(16));
  CHECK_FALSE(bits.bit(1'000'000));
  CHECK_FALSE(BitString{}.bit(0));
}

TEST_CASE("a time prints as ISO 8601") {
  CHECK(utc("260721035244Z") == "2026-07-21T03:52:44Z");
  CHECK(utc("491231235959Z") == "2049-12-31T23:59:59Z");
  CHECK(utc("500101000000Z") == "1950-01-01T00:00:00Z");
  CHECK(utc("2607210352Z") == "2026-07-21T03:52Z");
  CHECK(utc("260721035244+0130") == "2026-07-21T03:52:44+01:30");
  CHECK(generalized("20260721035244Z") == "2026-07-21T03:52:44Z");
  CHECK(generalized("20260721035244.5Z") == "2026-07-21T03:52:44.5Z");
  CHECK(generalized("20260721035244,25Z") == "2026-07-21T03:52:44.25Z");
  CHECK(generalized("20260721035244-0800") == "2026-07-21T03:52:44-08:00");
  CHECK(generalized("20260721035244") == "2026-07-21T03:52:44");
  CHECK(generalized("202607210352") == "2026-07-21T03:52");
  CHECK(generalized("20260721035244+2359") == "2026-07-21T03:52:44+23:59");
  CHECK(generalized("99991231235959Z") == "9999-12-31T23:59:59Z");
  CHECK(generalized("20240229000000Z") == "2024-02-29T00:00:00Z");
  CHECK(generalized("20261231235960Z") == "2026-12-31T23:59:60Z");
}

TEST_CASE("what is no date prints as none") {
  for (const auto* text : {"", "Z", "2607210352", "260721035244", "261321035244Z", "260021035244Z", "260700035244Z",
                           "260732035244Z", "260721245244Z", "260721036044Z", "260721035261Z", "26072103524aZ",
                           "2607210352440Z", "260721035244z", "260721035244ZZ", "260721035244+130", "-60721035244Z",
                           "260721035244+2400", "260721035244.5Z"}) {
    INFO(text);
    CHECK(utc(text) == "none");
  }
  for (const auto* text : {"", "20261321035244Z", "20260732035244Z", "20260721245244Z", "2026072103524 Z", "20260231035244Z", "20250229000000Z", "20260431035244Z",
                           "20260721035244.Z", "20260721035244.", "20260721035244.5X", "20260721035244+01:30",
                           "202607210352445Z", "20260721035244.0000000000000000000000000000000000000000Z",
                           "20260721035244+9999", "20260721035244-0060"}) {
    INFO(text);
    CHECK(generalized(text) == "none");
  }
  CHECK(generalized(std::string_view("20260721035244\0Z", 16)) == "none");
}

TEST_CASE("UTF-8 is well-formed as RFC 3629 has it") {
  const auto valid = [](std::string_view text) {
    const Bytes bytes = hex(text);
    return is_valid_utf8(Octets(bytes));
  };
  for (const auto* good : {"", "00", "7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf", "f0908080",
                           "f48fbfbf", "41c3a941"}) {
    INFO(good);
    CHECK(valid(good));
  }
  for (const auto* bad : {"80", "bf", "c0af", "c1bf", "c2", "c241", "e08080", "e09fbf", "e0a0", "e0a041", "eda080",
                          "edbfbf", "f0808080", "f08fbfbf", "f09080", "f4908080", "f5808080", "f8888080", "fe", "ff",
                          "4180", "c2c280"}) {
    INFO(bad);
    CHECK_FALSE(valid(bad));
  }
}

}  // namespace cmcctl::test
