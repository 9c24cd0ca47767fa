#include "catch.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/der_text.hpp>
#include <cmcctl/codec/names.hpp>

#include "hex.hpp"
#include "vectors_dir.hpp"

namespace fs = std::filesystem;
using namespace cmcctl;
using namespace cmcctl::test;

namespace {

const fs::path vectors = vectors_dir();

std::string written(const Bytes& bytes, const Limits& limits = {}) {
  std::ostringstream out;
  write_der_text(out, Octets(bytes), limits);
  return out.str();
}

/// The bytes in hexadecimal, or the error.
std::string read(std::string_view text, const Limits& limits = {}) {
  const auto bytes = read_der_text(text, limits);
  return bytes ? to_hex(Octets(*bytes)) : bytes.error().detail;
}

Bytes file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  return files;
}

// No CHECK for each: there are thousands of them.
bool comes_back(const Bytes& bytes) {
  const auto again = read_der_text(written(bytes));
  return again && *again == bytes;
}

struct Pair {
  std::string text;  // without the newline at its end
  std::string hex;
};

}  // namespace

TEST_CASE("DER text and bytes, both ways") {
  const std::vector<Pair> pairs{
      {"INTEGER { 5 }", "020105"},
      {"INTEGER { -129 }", "0202ff7f"},
      {"INTEGER { 9223372036854775807 }", "02087fffffffffffffff"},
      {"INTEGER { `008000000000000000` }", "0209008000000000000000"},
      {"INTEGER { `0005` }", "02020005"},
      {"INTEGER {}", "0200"},
      {"ENUMERATED { 1 }", "0a0101"},
      {"BOOLEAN { TRUE }", "0101ff"},
      {"BOOLEAN { FALSE }", "010100"},
      {"BOOLEAN { `01` }", "010101"},
      {"NULL {}", "0500"},
      {"NULL { `00` }", "050100"},
      {"OBJECT_IDENTIFIER { 1.2.840.113549.1.7.2 }  # id-signedData", "06092a864886f70d010702"},
      {"OBJECT_IDENTIFIER { 2.999.1 }", "0603883701"},
      {"OBJECT_IDENTIFIER { `2a80` }", "06022a80"},
      {"OBJECT_IDENTIFIER { `2a8001` }", "06032a8001"},
      {"OBJECT_IDENTIFIER { `2affffffffffffffffffff7f` }", "060c2affffffffffffffffffff7f"},
      {"RELATIVE_OID { `0801` }", "0d020801"},
      {"UTF8String { \"a \\\"b\\\" \\\\ {}#` gr\xC3\xBCn\" }", "0c126120226222205c207b7d2360206772c3bc6e"},
      {"UTF8String { \"one\\u{0A}two\" }", "0c076f6e650a74776f"},
      {"UTF8String { \"\\\\u{0A}x\" }", "0c075c757b30417d78"},
      {"UTF8String { \"gr\xC3\xBC\\x{FC}n!\" }", "0c076772c3bcfc6e21"},
      {"UTF8String { `000102` }", "0c03000102"},
      {"UTF8String {}", "0c00"},
      {"PrintableString { \"DE\" }", "13024445"},
      {"UTCTime { \"261121035244Z\" }", "170d3236313132313033353234345a"},
      {"GeneralizedTime { \"20261121035244Z\" }", "180f32303236313132313033353234345a"},
      {"BMPString { `004100fc0022000a` }  # A\xC3\xBC\"\\u{0A}", "1e08004100fc0022000a"},
      {"OCTET_STRING { `00ff` }", "040200ff"},
      {"OCTET_STRING { \"octets\" }", "04066f6374657473"},
      {"BIT_STRING { `0307f8` }", "03030307f8"},
      {"REAL { `03` }", "090103"},
      // tags
      {"[0] {}", "a000"},
      {"[30 PRIMITIVE] { \"a.example\" }", "9e09612e6578616d706c65"},
      {"[31] {}", "bf1f00"},
      {"[18446744073709551615 PRIMITIVE] {}", "9f81ffffffffffffffff7f00"},
      {"[APPLICATION 3] {}", "6300"},
      {"[PRIVATE 1 PRIMITIVE] { `00` }", "c10100"},
      {"[UNIVERSAL 15 PRIMITIVE] {}", "0f00"},
      {"[UNIVERSAL 31 PRIMITIVE] {}", "1f1f00"},
      {"[SEQUENCE PRIMITIVE] {}", "1000"},
      {"[INTEGER CONSTRUCTED] {}", "2200"},
      // modifiers
      {"indefinite [0] {}", "a0800000"},
      {"long-form:1 NULL {}", "058100"},
      {"long-form:9 INTEGER { 1 }", "028900000000000000000101"},
      {"adjust-length:1 SEQUENCE {}", "3001"},
      {"long-form:2 adjust-length:1 SEQUENCE {}", "30820001"},
      {"adjust-length:65533 OCTET_STRING { `0000` }", "0482ffff0000"},
      {"long-tag:1 INTEGER { 1 }", "1f020101"},
      {"long-tag:3 [5] {}", "bf80800500"},
      {"long-tag:2 indefinite [31] {}", "bf801f800000"},
      // no elements
      {"", ""},
      {"`00`", "00"},
      {"`0000`", "0000"},
      {"\"hello, world\"", "68656c6c6f2c20776f726c64"},
      {"`3080`", "3080"},
      {"`bfff`", "bfff"},
      {"`0085`", "0085"},
  };
  for (const auto& [text, bytes] : pairs) {
    INFO(text);
    CHECK(written(hex(bytes)) == (text.empty() ? "" : text + "\n"));
    CHECK(read(text) == bytes);
  }
}

TEST_CASE("contents that are elements are shown as such") {
  const std::vector<Pair> pairs{
      {"SEQUENCE {\n  INTEGER { 1 }\n  SET {\n    NULL {}\n  }\n}", "300702010131020500"},
      {"OCTET_STRING {\n  SEQUENCE {\n    NULL {}\n  }\n  BOOLEAN { TRUE }\n}", "040730020500 0101ff"},
      {"BIT_STRING {\n  `00`\n  SEQUENCE {}\n}", "0303003000"},
      {"OCTET_STRING {\n  OCTET_STRING {\n    NULL {}\n  }\n}", "040404020500"},
      {"indefinite [OCTET_STRING CONSTRUCTED] {\n  OCTET_STRING { `01` }\n}", "24800401010000"},
      {"OCTET_STRING {\n  indefinite SEQUENCE {\n    NULL {}\n  }\n}", "0406308005000000"},
      // not exactly elements, or not what their tags call for
      {"OCTET_STRING { `050000` }", "0403050000"},
      {"OCTET_STRING { `020105ff` }", "0404020105ff"},
      {"OCTET_STRING { `050100` }", "0403050100"},
      {"OCTET_STRING { `1000` }", "04021000"},
      {"OCTET_STRING { `30800500` }", "040430800500"},
      {"OCTET_STRING { `3001` }", "04023001"},
      {"BIT_STRING { `013000` }", "0303013000"},
      {"BIT_STRING { `00` }", "030100"},
      // elements, and then something else
      {"SEQUENCE {\n  NULL {}\n  `ff`\n}", "30030500ff"},
      {"SEQUENCE {}\n`00`", "300000"},
      {"SEQUENCE {\n  adjust-length:3 INTEGER { 1 }\n}", "3003020401"},
      {"`3080`\nNULL {}", "30800500"},
      {"SEQUENCE {\n  `3080`\n  NULL {}\n}\nNULL {}", "3004308005000500"},
      {"indefinite SEQUENCE {\n  indefinite SET {}\n}", "3080318000000000"},
      {"`3080`\nindefinite SET {}", "308031800000"},
      {"`6f04`\n", "6f04"},
  };
  for (const auto& [text, bytes] : pairs) {
    INFO(text);
    CHECK(written(hex(bytes)) == text + (text.ends_with('\n') ? "" : "\n"));
    CHECK(read(text) == to_hex(Octets(hex(bytes))));
  }
}

TEST_CASE("long octets are broken into lines") {
  const std::string line(64, 'a');
  CHECK(written(element(4, Bytes(32, 0xAA))) == "OCTET_STRING { `" + line + "` }\n");
  CHECK(written(element(4, Bytes(33, 0xAA))) == "OCTET_STRING {\n  `" + line + "`\n  `aa`\n}\n");
}

TEST_CASE("what people write reads, too") {
  const std::vector<Pair> pairs{
      {"", ""},
      {" \t\r\n# nothing but a remark", ""},
      {"\xEF\xBB\xBFNULL{}", "0500"},
      {"SEQUENCE{INTEGER{1}INTEGER{2}}", "3006020101020102"},
      {"SEQUENCE { `02` `01` 5 } # } {", "3003020105"},
      {"`30 82\n0a 0B`", "30820a0b"},
      {"``", ""},
      {"5 -1 256 TRUE FALSE 2.5.4.3 \"a\"", "05ff0100ff0055040361"},
      {"OBJECT_IDENTIFIER { id-signedData }", "06092a864886f70d010702"},
      {"OBJECT_IDENTIFIER { signeddata }", "06092a864886f70d010702"},
      {"[8 PRIMITIVE] { SHA-512/256 }",
       "88096086480165030402"
       "06"},
      {"[0] { 1 }", "a00101"},
      {"[ 0 ] {}", "a000"},
      {"[0 CONSTRUCTED] {}", "a000"},
      {"[UNIVERSAL 2 PRIMITIVE] { 1 }", "020101"},
      {"[INTEGER] { 1 }", "020101"},
      {"[UNIVERSAL 0 PRIMITIVE] {}", "0000"},
      {"adjust-length:-1 INTEGER { 300 }", "0201012c"},
      {"adjust-length:-1 long-form:2 SEQUENCE { `00` }", "3082000000"},
      {"adjust-length:9223372036854775807 NULL {}", "05887fffffffffffffff"},
      {"long-form:127 NULL {}", "05ff" + std::string(254, '0')},
      {"indefinite OCTET_STRING { `01` }", "0480010000"},
      {"long-tag:16 NULL {}", "1f8080808080808080808080808080800500"},
      {"\"\\x{ff}\\u{20AC}\\u{1F600}\\\\\\\"\t\"", "ffe282acf09f98805c2209"},
  };
  for (const auto& [text, bytes] : pairs) {
    INFO(text);
    CHECK(read(text) == bytes);
  }
}

TEST_CASE("every name of an OID reads as its number") {
  for (const OidEntry& entry : oid_entries()) {
    INFO(entry.name);
    CHECK(read(entry.name) == read(entry.dotted));
  }
}

TEST_CASE("malformed DER text is refused at its place") {
  struct Refusal {
    std::string text;
    std::size_t offset;
    std::string detail;
  };
  const std::vector<Refusal> refusals{
      {"SEQUENCE {\n  INTEGER { 1 }\n", 27,
       "line 3, column 1: expected } for the { of line 1, column 10, found the end of the text"},
      {"NULL {} }", 8, "line 1, column 9: expected an element or a value, found }"},
      {"{", 0, "line 1, column 1: expected an element or a value, found {"},
      {"SET { ] }", 6, "line 1, column 7: expected an element, a value or }, found ]"},
      {"SET {\r\n  SEQENCE {} }", 9, "line 2, column 3: expected an element, a value or }, found SEQENCE"},
      {"SEQUENCE", 8, "line 1, column 9: expected { and the contents of the element, found the end of the text"},
      {"\"\xC3\xBC\" oops", 5, "line 1, column 5: expected an element or a value, found oops"},
      {"\x1B[2J", 0, "line 1, column 1: expected an element or a value, found \\u{1B}"},
      // values
      {"INTEGER { 9223372036854775808 }", 10,
       "line 1, column 11: expected a number of at most 64 bits; larger ones are written as octets: `0123ab`, found "
       "9223372036854775808"},
      {"3.1.2", 0, "line 1, column 1: expected an OBJECT IDENTIFIER, such as 1.2.840.113549.1.7.2, found 3.1.2"},
      {"1..2", 0, "line 1, column 1: expected an OBJECT IDENTIFIER, such as 1.2.840.113549.1.7.2, found 1..2"},
      {"-", 0, "line 1, column 1: expected an element or a value, found -"},
      {"true", 0, "line 1, column 1: expected an element or a value, found true"},
      {"\"abc\n\"", 4, "line 1, column 5: expected \" at the end of the string, found the end of the line"},
      {"\"abc", 4, "line 1, column 5: expected \" at the end of the string, found the end of the text"},
      {"`0g`", 2, "line 1, column 3: expected a hexadecimal digit or `, found g"},
      {"`012`", 4, "line 1, column 5: expected a second hexadecimal digit of the octet, found `"},
      {"\n `01", 5, "line 2, column 5: expected ` for the ` of line 2, column 2, found the end of the text"},
      // tags
      {"[", 1,
       "line 1, column 2: expected a tag number of at most 64 bits, a class or the name of a type, found the end of "
       "the text"},
      {"[x] {}", 1,
       "line 1, column 2: expected a tag number of at most 64 bits, a class or the name of a type, found x"},
      {"[-1] {}", 1,
       "line 1, column 2: expected a tag number of at most 64 bits, a class or the name of a type, found -1"},
      {"[PRIVATE] {}", 8,
       "line 1, column 9: expected a tag number of at most 64 bits, a class or the name of a type, found ]"},
      {"[18446744073709551616] {}", 1,
       "line 1, column 2: expected a tag number of at most 64 bits, a class or the name of a type, found "
       "18446744073709551616"},
      {"[0 IMPLICIT] {}", 3, "line 1, column 4: expected PRIMITIVE, CONSTRUCTED or ], found IMPLICIT"},
      {"[0 PRIMITIVE {}", 13, "line 1, column 14: expected PRIMITIVE, CONSTRUCTED or ], found {"},
      // modifiers
      {"indefinite 5", 11, "line 1, column 12: expected a tag, such as SEQUENCE or [0], found 5"},
      {"indefinite:1 SET {}", 0, "line 1, column 1: expected indefinite without a number, found indefinite:1"},
      {"indefinite indefinite SET {}", 11, "line 1, column 12: expected indefinite only once, found indefinite"},
      {"indefinite long-form:1 SET {}", 11,
       "line 1, column 12: expected a tag, as the length is indefinite, found long-form:1"},
      {"long-form:1 indefinite SET {}", 12,
       "line 1, column 13: expected a tag, as the length is definite, found indefinite"},
      {"long-form:1 long-form:1 SET {}", 12, "line 1, column 13: expected long-form only once, found long-form:1"},
      {"long-form SET {}", 0, "line 1, column 1: expected long-form:N with a number from 1 to 127, found long-form"},
      {"long-form:128 SET {}", 0,
       "line 1, column 1: expected long-form:N with a number from 1 to 127, found long-form:128"},
      {"long-tag:17 SET {}", 0, "line 1, column 1: expected long-tag:N with a number from 1 to 16, found long-tag:17"},
      {"long-tag:1 [128] {}", 11, "line 1, column 12: expected a tag number that fits in long-tag:1, found 128"},
      {"adjust-length:x SET {}", 0,
       "line 1, column 1: expected adjust-length:N with a number of at most 64 bits, such as -3, found "
       "adjust-length:x"},
      {"adjust-length:1 adjust-length:1 SET {}", 16,
       "line 1, column 17: expected adjust-length only once, found adjust-length:1"},
      {"SET {\n adjust-length:-2 SET { `00` } }", 7,
       "line 2, column 2: expected an adjust-length that leaves a length of 0 or more, found -2 to a length of 1"},
      {"adjust-length:-9223372036854775808 SET {}", 0,
       "line 1, column 1: expected an adjust-length that leaves a length of 0 or more, found -9223372036854775808 to a "
       "length of 0"},
      {"adjust-length:256 long-form:1 SET {}", 0,
       "line 1, column 1: expected a length that fits in long-form:1, found a length of 256"},
  };
  for (const auto& [text, offset, detail] : refusals) {
    INFO(text);
    const auto bytes = read_der_text(text);
    REQUIRE_FALSE(bytes);
    CHECK(bytes.error().code == Errc::bad_der_text);
    CHECK(bytes.error().offset == offset);
    CHECK(bytes.error().detail == detail);
  }
  for (const std::string escape :
       {"\\n", "\\x{f}", "\\x{fff}", "\\x{}", "\\u{110000}", "\\u{D800}", "\\u{1234567}", "\\u{zz}", "\\u{41", "\\"}) {
    INFO(escape);
    const auto bytes = read_der_text("\"a" + escape);
    REQUIRE_FALSE(bytes);
    CHECK(bytes.error().offset == 2);
    CHECK(bytes.error().detail ==
          "line 1, column 3: expected \\\\, \\\", \\x{HH} for an octet or \\u{HHHH} for a "
          "character, found another escape");
  }
}

TEST_CASE("every vector comes back from its DER text") {
  std::size_t count = 0;
  for (const fs::path& path : files_below(vectors)) {
    INFO(path.string());
    CHECK(comes_back(file(path)));
    ++count;
  }
  CHECK(count >= 800);
}

TEST_CASE("a message cut or changed anywhere comes back from its DER text") {
  const Bytes message = file(vectors / "collected" / "nss-pkcs7cnet-ber.der");
  for (std::size_t i = 0; i < message.size(); ++i) {
    INFO(i);
    if (!comes_back(Bytes(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(i)))) FAIL("cut");
    Bytes changed = message;
    changed[i] = static_cast<std::uint8_t>(changed[i] ^ (1u << i % 8));
    if (!comes_back(changed)) FAIL("changed");
  }
}

TEST_CASE("what is too deep or too much is written as octets") {
  Limits limits;
  limits.depth = 2;
  CHECK(written(hex("300430020500"), limits) == "SEQUENCE {\n  SEQUENCE {\n    `0500`\n  }\n}\n");
  CHECK(written(hex("30023000"), limits) == "SEQUENCE {\n  SEQUENCE {}\n}\n");
  CHECK(written(hex("040430020500"), limits) == "OCTET_STRING { `30020500` }\n");
  CHECK(written(hex("3080308030800000 00000000"), limits) == "`3080`\n`3080`\n`3080000000000000`\n");
  limits = {};
  limits.nodes = 2;
  CHECK(written(hex("0500050005000500"), limits) == "NULL {}\nNULL {}\n`05000500`\n");
}

TEST_CASE("depth without end is no danger") {
  for (const Bytes& part : {hex("3080"), hex("a080"), hex("2480"), hex("30847fffffff"), hex("3082")}) {
    CHECK(comes_back(repeat(part, 200'000)));
  }
  Limits limits;
  limits.depth = 1'000'000;
  CHECK_FALSE(written(repeat(hex("3080"), 200'000), limits).empty());
}

TEST_CASE("reading keeps the limits") {
  Limits limits;
  limits.depth = 2;
  CHECK(read("[0]{[1]{}}", limits) == "a002a100");
  auto bytes = read_der_text("[0]{[1]{\n[2]{}}}", limits);
  REQUIRE_FALSE(bytes);
  CHECK(bytes.error().code == Errc::limit_exceeded);
  CHECK(bytes.error().offset == 12);
  CHECK(bytes.error().detail == "line 2, column 4: limit depth");

  limits = {};
  limits.message_octets = 4;
  CHECK(read("SET { `0000` }", limits) == "31020000");
  for (const std::string text :
       {"`00` SET { `0000` }", "`00` `0000000000`", "`00` long-form:9 NULL {}", "`00` \"abcd\""}) {
    INFO(text);
    bytes = read_der_text(text, limits);
    REQUIRE_FALSE(bytes);
    CHECK(bytes.error().code == Errc::limit_exceeded);
    CHECK(bytes.error().detail.ends_with("limit message_octets"));
  }
}

TEST_CASE("the examples of docs/der-text.md are right") {
  std::ifstream in(vectors / ".." / ".." / "docs" / "der-text.md");
  REQUIRE(in);
  std::string fence;  // what stands behind the opening ```
  std::string block;
  std::string kind;
  std::string text;
  std::size_t count = 0;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("```")) {
      block += line + "\n";
      continue;
    }
    if (fence.starts_with("der-text")) {
      kind = fence;
      text = block;
    } else if (fence == "hex") {
      INFO(text);
      const Bytes bytes = hex(block);
      CHECK(read(text) == to_hex(Octets(bytes)));
      if (kind == "der-text") CHECK(written(bytes) == text);
      ++count;
    }
    fence = line.substr(3);
    block.clear();
  }
  CHECK(count == 5);
}
