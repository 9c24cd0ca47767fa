#include "scan.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "hex.hpp"

namespace cmcctl::test {
namespace {

using Outcome = Scan::Outcome;

std::string describe(const Scan& scan) {
  if (scan.outcome == Outcome::der) return "der";
  if (scan.outcome == Outcome::ber) return "ber";
  return std::string(error_info(scan.code).name) + " @" + std::to_string(scan.offset);
}

std::string look(const Bytes& bytes, const Limits& limits = {}) { return describe(scan_der(Octets(bytes), limits)); }

struct Row {
  const char* about;
  const char* input;
  const char* expected;
};

}  // namespace

TEST_CASE("the scan tells DER, BER and neither apart") {
  static constexpr Row rows[]{
      // elements
      {"nothing", "", "empty_input @0"},
      {"one octet", "30", "truncated @0"},
      {"an empty SEQUENCE", "3000", "der"},
      {"a NULL", "0500", "der"},
      {"two levels", "30053003020101", "der"},
      {"siblings", "300602010102017f", "der"},
      {"a second element", "05000500", "trailing_data @2"},
      {"one octet too many", "300000", "trailing_data @2"},
      // lengths
      {"longer than the input", "300502010a", "truncated @0"},
      {"longer than the parent, which ends the input", "3003020401", "truncated @2"},
      {"longer than the parent", "30073003020401 0500", "bad_length @4"},
      {"child without room", "300102", "truncated @2"},
      {"child fills its parent", "30080206010203040506", "der"},
      {"long form for a short length", "30810302010a", "ber"},
      {"long form with a leading zero", "3082000302010a", "ber"},
      {"reserved length FF", "30ff00", "bad_length @0"},
      {"126 length octets", "30fe00", "truncated @0"},
      {"9 length octets", "3089010000000000000000", "bad_length @0"},
      {"9 length octets, padded", "30890000000000000000020500", "ber"},
      {"8 length octets, 2^63", "30888000000000000000", "truncated @0"},
      {"8 length octets, 2^64-1", "3088ffffffffffffffff", "truncated @0"},
      {"4 length octets, 2^32-1", "3084ffffffff", "truncated @0"},
      {"4 length octets, 2^31-1", "30847fffffff", "truncated @0"},
      {"cut inside the length", "308201", "truncated @0"},
      {"indefinite", "30800000", "ber"},
      {"indefinite primitive", "04800000", "bad_indefinite @0"},
      {"indefinite NULL", "0580", "bad_indefinite @0"},
      // tags
      {"end-of-contents as an element", "0000", "bad_tag @0"},
      {"end-of-contents inside", "30020000", "bad_tag @2"},
      {"primitive SEQUENCE", "1000", "bad_tag @0"},
      {"primitive SET", "1100", "bad_tag @0"},
      {"primitive EXTERNAL", "0800", "bad_tag @0"},
      {"constructed INTEGER", "2203020101", "bad_tag @0"},
      {"constructed BOOLEAN", "21030101ff", "bad_tag @0"},
      {"constructed NULL", "2500", "bad_tag @0"},
      {"constructed OBJECT IDENTIFIER", "26030601 2a", "bad_tag @0"},
      {"constructed ENUMERATED", "2a030a0101", "bad_tag @0"},
      {"constructed OCTET STRING", "2403040141", "ber"},
      {"constructed BIT STRING", "230403020041", "ber"},
      {"constructed UTF8String", "2c030c0141", "ber"},
      {"constructed UTCTime", "3700", "ber"},
      {"context, primitive and constructed", "3004 8000 a000", "der"},
      {"application and private", "3004 4000 e000", "der"},
      {"high tag number", "bf1f00", "der"},
      {"high tag number of four octets", "9fffffff7f00", "der"},
      {"high tag number of five octets", "9f81808080 0000", "bad_tag @0"},
      {"high tag number padded", "9f801f00", "bad_tag @0"},
      {"low number in the long form", "9f1e00", "bad_tag @0"},
      {"high tag number without end", "9fff", "truncated @0"},
      {"high tag number without length", "9f1f", "truncated @0"},
      // BOOLEAN
      {"FALSE", "010100", "der"},
      {"TRUE", "0101ff", "der"},
      {"TRUE of BER", "010101", "ber"},
      {"BOOLEAN without contents", "0100", "bad_boolean @0"},
      {"BOOLEAN of two octets", "0102ffff", "bad_boolean @0"},
      // INTEGER
      {"INTEGER without contents", "0200", "bad_integer @0"},
      {"padded with 00", "0202007f", "bad_integer @0"},
      {"padded with FF", "0202ff80", "bad_integer @0"},
      {"00 needed for the sign", "02020080", "der"},
      {"FF needed for the sign", "0202ff7f", "der"},
      {"a zero", "020100", "der"},
      {"ENUMERATED padded", "0a020001", "bad_integer @0"},
      {"ENUMERATED without contents", "0a00", "bad_integer @0"},
      // BIT STRING
      {"empty BIT STRING", "030100", "der"},
      {"BIT STRING without contents", "0300", "bad_bit_string @0"},
      {"8 unused bits", "03020800", "bad_bit_string @0"},
      {"255 unused bits", "0302ff00", "bad_bit_string @0"},
      {"unused bits in an empty string", "030101", "bad_bit_string @0"},
      {"unused bits that are not 0", "030201ff", "ber"},
      {"unused bits that are 0", "030207 80", "der"},
      // NULL
      {"NULL with contents", "050100", "bad_null @0"},
      // OBJECT IDENTIFIER
      {"OID without contents", "0600", "bad_oid @0"},
      {"OID cut", "06022a86", "bad_oid @0"},
      {"OID with a padded arc", "06032a8001", "bad_oid @0"},
      {"OID with a padded first arc", "06028001", "bad_oid @0"},
      {"OID of one octet", "06012a", "der"},
      // strings are not looked into
      {"UTF8String that is not UTF-8", "0c01ff", "der"},
      {"CHARACTER STRING", "3d00", "der"},
      {"CHARACTER STRING in primitive form", "1d00", "bad_tag @0"},
      {"OCTET STRING that is an element", "04023000", "der"},
      // offsets
      {"third member is wrong", "3009 0500 0500 0203000001", "bad_integer @6"},
      {"wrong in the second of two SEQUENCEs", "30083002050030020100", "bad_boolean @8"},
  };
  for (const Row& row : rows) {
    INFO(row.about << ": " << row.input);
    CHECK(look(hex(row.input)) == row.expected);
  }
}

TEST_CASE("the scan counts elements and measures the first") {
  const Bytes bytes = hex("300930020500 3003020101");
  const Scan scan = scan_der(Octets(bytes), Limits{});
  CHECK(scan.outcome == Outcome::der);
  CHECK(scan.nodes == 5);
}

TEST_CASE("a message of exactly message_octets is read, one octet more is not") {
  Limits limits;
  limits.message_octets = 100;
  CHECK(look(element(0x04, Bytes(98)), limits) == "der");
  const Bytes over = element(0x04, Bytes(99));
  CHECK(look(over, limits) == "limit_exceeded @0");
  CHECK(scan_der(Octets(over), limits).detail.find("limit message_octets") != std::string::npos);
}

TEST_CASE("elements nest as deep as limit depth") {
  for (const std::size_t depth : {std::size_t{1}, std::size_t{2}, std::size_t{32}, std::size_t{64}, std::size_t{512}}) {
    Limits limits;
    limits.depth = depth;
    INFO(depth);
    CHECK(look(nested(0x30, depth - 1, hex("0500")), limits) == "der");
    const Bytes over = nested(0x30, depth, hex("0500"));
    const Scan scan = scan_der(Octets(over), limits);
    CHECK(scan.outcome == Outcome::refused);
    CHECK(scan.code == Errc::limit_exceeded);
    CHECK(scan.detail.find("limit depth") != std::string::npos);
  }
}

TEST_CASE("levels around the bytes count towards limit depth") {
  const Bytes bytes = nested(0x30, 3, hex("0500"));
  Limits limits;
  limits.depth = 10;
  CHECK(describe(scan_der(Octets(bytes), limits, 6)) == "der");
  CHECK(scan_der(Octets(bytes), limits, 7).code == Errc::limit_exceeded);
}

TEST_CASE("a message may have as many elements as limit nodes") {
  Limits limits;
  limits.nodes = 11;
  CHECK(look(element(0x30, repeat(hex("0500"), 10)), limits) == "der");
  const Bytes over = element(0x30, repeat(hex("0500"), 11));
  const Scan scan = scan_der(Octets(over), limits);
  CHECK(scan.code == Errc::limit_exceeded);
  CHECK(scan.detail.find("limit nodes") != std::string::npos);
  CHECK(scan.offset == 2 + 20);
}

TEST_CASE("an OBJECT IDENTIFIER may have limit oid_octets") {
  const Limits limits;
  CHECK(look(element(0x06, Bytes(64, 0x01)), limits) == "der");
  const Bytes over = element(0x06, Bytes(65, 0x01));
  const Scan scan = scan_der(Octets(over), limits);
  CHECK(scan.code == Errc::limit_exceeded);
  CHECK(scan.detail.find("limit oid_octets") != std::string::npos);
}

TEST_CASE("an arc may be 2^63-1, and is never cut to fit") {
  CHECK(look(hex("060a 2b ffffffffffffffff7f")) == "der");
  const Bytes over = hex("060b 2b 81808080808080808000");  // 2^63
  const Scan scan = scan_der(Octets(over), Limits{});
  CHECK(scan.code == Errc::limit_exceeded);
  CHECK(scan.detail.find("arc") != std::string::npos);
}

TEST_CASE("the names of tags are those of the standard") {
  CHECK(tag_name(0x30) == "SEQUENCE");
  CHECK(tag_name(0x31) == "SET");
  CHECK(tag_name(0x0c) == "UTF8String");
  CHECK(tag_name(0x24) == "OCTET STRING (constructed)");
  CHECK(tag_name(0xa0) == "[0]");
  CHECK(tag_name(0x81) == "[1]");
  CHECK(tag_name(0x43) == "[APPLICATION 3]");
  CHECK(tag_name(0xfe) == "[PRIVATE 30]");
  CHECK(tag_name(0xbf) == "[31 or above]");
}

}  // namespace cmcctl::test
