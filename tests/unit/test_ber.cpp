#include "ber.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "hex.hpp"
#include "processor_time.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl::test {
namespace {

/// One normalisation with everything that it needs.
struct Run {
  explicit Run(Bytes input, const Limits& limits = {}) : bytes(std::move(input)) {
    map.reset(Octets(bytes));
    result = normalise_ber(Octets(bytes), limits, 0, arena, map, scan);
  }
  std::string text() const {
    if (scan.outcome == Scan::Outcome::der) return to_hex(result.der);
    return std::string(error_info(scan.code).name) + " @" + std::to_string(scan.offset);
  }
  std::size_t count(BerForm form) const { return result.notes.notes[static_cast<std::size_t>(form)].count; }

  Bytes bytes;
  Arena arena;
  SourceMap map;
  Scan scan;
  Normalised result;
};

std::string normalised(std::string_view input) { return Run(hex(input)).text(); }

double seconds(const Bytes& input) {
  const double start = processor_seconds();
  const Run run(input);
  return processor_seconds() - start;
}

// All elements of DER bytes, in the order of their starts.
void collect(Octets bytes, std::vector<tlv::Element>& out) {
  for (tlv::Cursor cursor(bytes); !cursor.at_end();) {
    const tlv::Element element = cursor.next();
    out.push_back(element);
    if (tlv::is_constructed(element.id)) collect(element.content, out);
  }
}

}  // namespace

TEST_CASE("BER becomes the DER of the same value") {
  struct Row {
    const char* about;
    const char* ber;
    const char* der;
  };
  static constexpr Row rows[]{
      {"DER stays as it is", "30060101ff020101", "30060101ff020101"},
      {"indefinite length", "3080 020101 0000", "3003020101"},
      {"indefinite and empty", "30800000", "3000"},
      {"indefinite in indefinite", "3080 3180 0500 0000 0000", "300431020500"},
      {"indefinite in definite", "3008 3180 0500 0000 0500", "3006 3102 0500 0500"},
      {"definite in indefinite", "a080 3004 0500 0500 0000", "a006300405000500"},
      {"sibling after indefinite", "3080 3080 0000 0500 0000", "300430000500"},
      {"long length", "308105 0101ff 0500", "30050101ff0500"},
      {"long length with zeros", "30840000000 2 0500", "30020500"},
      {"TRUE", "010101", "0101ff"},
      {"unused bits", "030203ff", "030203f8"},
      {"OCTET STRING in segments", "2407 040161 0402 6263", "0403616263"},
      {"in indefinite segments", "2480 040161 040162 0000", "04026162"},
      {"segments in segments", "2480 2405 0403616263 2480 040164 0000 0000", "040461626364"},
      {"without segments", "2400", "0400"},
      {"an empty segment", "2405 0400 040161", "040161"},
      {"UTF8String of OCTET STRINGs", "2c06 040161 040162", "0c026162"},
      {"UTF8String of UTF8Strings", "2c06 0c0161 0c0162", "0c026162"},
      {"BIT STRING in segments", "2309 0302 00aa 0303 04bbc0", "0304 04aabbc0"},
      {"BIT STRING, nested segments", "2380 2304 030200aa 0302 00bb 0000", "030300aabb"},
      {"BIT STRING without segments", "2300", "030100"},
      {"BIT STRING, empty segment last", "2307 0302 00aa 0301 00", "030200aa"},
      {"high tag number", "bf1f80 0500 0000", "bf1f020500"},
      {"content of an OCTET STRING is not looked into", "3080 0404 30800000 0000", "30060404 30800000"},
      {"SET keeps its order", "3180 020102 020101 0000", "3106020102020101"},
  };
  for (const Row& row : rows) {
    INFO(row.about << ": " << row.ber);
    const Run run(hex(row.ber));
    CHECK(run.text() == to_hex(Octets(hex(row.der))));
    CHECK(scan_der(run.result.der, Limits{}).outcome == Scan::Outcome::der);
  }
}

TEST_CASE("what even BER does not allow is refused at its place") {
  struct Row {
    const char* about;
    const char* input;
    const char* expected;
  };
  static constexpr Row rows[]{
      {"no end-of-contents", "3080020101", "truncated @0"},
      {"half an end-of-contents", "308002010100", "bad_indefinite @5"},
      {"end-of-contents with a length", "3080020101000100", "bad_indefinite @5"},
      {"end-of-contents of the inner one only", "308030800000", "truncated @0"},
      {"end-of-contents in a definite one", "308030020000 0000", "bad_tag @4"},
      {"end-of-contents behind the parent's end", "3004 3080 0500 0000", "truncated @2"},
      {"bytes after the element", "308000000500", "trailing_data @4"},
      {"definite child beyond a definite parent", "3080 3002 0403 0000 0000", "bad_length @4"},
      {"definite child beyond the input", "3080 0409 0000", "truncated @2"},
      {"primitive of indefinite length", "308004800000", "bad_indefinite @2"},
      {"reserved length", "308004ff0000", "bad_length @2"},
      {"length above 2^64", "3080 0489010000000000000000 0000", "bad_length @2"},
      {"a segment of another type", "2403020101", "bad_string @2"},
      {"a UTF8String in an OCTET STRING", "24030c0161", "bad_string @2"},
      {"an OCTET STRING in a BIT STRING", "2303040161", "bad_string @2"},
      {"a tagged segment", "2403800161", "bad_string @2"},
      {"INTEGER padded", "3080 02020001 0000", "bad_integer @2"},
      {"INTEGER empty", "3080 0200 0000", "bad_integer @2"},
      {"BOOLEAN empty", "3080 0100 0000", "bad_boolean @2"},
      {"NULL with contents", "3080 050100 0000", "bad_null @2"},
      {"OID cut", "3080 060186 0000", "bad_oid @2"},
      {"BIT STRING with 8 unused bits", "3080 03020800 0000", "bad_bit_string @2"},
      {"constructed INTEGER", "3080 2203020101 0000", "bad_tag @2"},
      // Each segment but the last holds whole octets (X.690 section 8.6.4).
      {"unused bits before the last segment", "2308 030204f0 0302000f", "bad_bit_string @2"},
  };
  for (const Row& row : rows) {
    INFO(row.about << ": " << row.input);
    CHECK(normalised(row.input) == row.expected);
  }
}

TEST_CASE("the unused bits of a BIT STRING in segments become 0") {
  const Run run(hex("2308 030200aa 030203ff"));
  CHECK(run.text() == "030303aaf8");
  CHECK(run.count(BerForm::unused_bits) == 1);
}

// asn1c's decoder runs for ever on these two.
TEST_CASE("an end-of-contents of 00 01 is refused at once") {
  CHECK(normalised("a5800401410001") == "bad_indefinite @5");
  CHECK(normalised("3080020101a0800401410001") == "bad_indefinite @10");
}

TEST_CASE("each form of BER is counted, with its first place") {
  const Run run(hex("3080 3080 0000 308100 010101 2403040161 030201ff 0101 02 0000"));
  REQUIRE(run.scan.outcome == Scan::Outcome::der);
  CHECK(run.count(BerForm::indefinite_length) == 2);
  CHECK(run.count(BerForm::long_length) == 1);
  CHECK(run.count(BerForm::boolean_value) == 2);
  CHECK(run.count(BerForm::constructed_string) == 1);
  CHECK(run.count(BerForm::unused_bits) == 1);
  const auto first = [&](BerForm form) { return run.map.offset(run.result.notes.notes[static_cast<std::size_t>(form)].first); };
  CHECK(first(BerForm::indefinite_length) == 0);
  CHECK(first(BerForm::long_length) == 6);
  CHECK(first(BerForm::boolean_value) == 9);
  CHECK(first(BerForm::constructed_string) == 12);
  CHECK(first(BerForm::unused_bits) == 17);
}

TEST_CASE("every element of the DER knows its place in the BER") {
  struct Row {
    const char* input;
    std::vector<std::size_t> offsets;  // of the elements, outside in, in their order
  };
  const std::vector<Row> rows{
      {"3080 020101 0500 0000", {0, 2, 5}},
      {"308109 3080 020101 0000 0500", {0, 3, 5, 10}},
      {"3080 2480 040161 2403040162 0000 020101 0000", {0, 2, 14}},
      {"3080 2380 03020061 03020062 0000 020101 0000", {0, 2, 14}},
      {"30800500 a08031800500 0000 0000 02820001 07 0000", {0, 2, 4, 6, 8, 14}},
      {"3008 0500 3080 0500 0000", {0, 2, 4, 6}},
  };
  for (const Row& row : rows) {
    INFO(row.input);
    const Run run(hex(row.input));
    REQUIRE(run.scan.outcome == Scan::Outcome::der);
    std::vector<tlv::Element> elements;
    collect(run.result.der, elements);
    std::vector<std::size_t> offsets;
    for (const tlv::Element& element : elements) offsets.push_back(run.map.offset(element.whole.data()));
    CHECK(offsets == row.offsets);
  }
}

TEST_CASE("every octet of joined segments knows its place") {
  const Run run(hex("2480 040161 2480 04026263 0000 0400 040164 0000"));
  REQUIRE(run.text() == "040461626364");
  const Octets content = tlv::first(run.result.der).content;
  CHECK(run.map.offset(content.data()) == 4);
  CHECK(run.map.offset(content.data() + 1) == 9);
  CHECK(run.map.offset(content.data() + 2) == 10);
  CHECK(run.map.offset(content.data() + 3) == 17);
  CHECK(to_hex(run.map.original(content.sub(1, 2))) == "6263");
}

TEST_CASE("octets of a joined BIT STRING know their place") {
  const Run run(hex("2309 030200aa 0303 04bbc0"));
  REQUIRE(run.text() == "030404aabbc0");
  const Octets content = tlv::first(run.result.der).content;
  CHECK(run.map.offset(content.data() + 1) == 5);
  CHECK(run.map.offset(content.data() + 2) == 9);
  CHECK(run.map.offset(content.data() + 3) == 10);
}

TEST_CASE("a normalisation of normalised bytes is followed back to the start") {
  // the outer layer is BER, and so is the element inside its OCTET STRING
  const Bytes input = hex("3080 2480 0404 3080 0101 0403 01 0000 0000 0000");
  Run run(input);
  REQUIRE(run.text() == "3009" "0407" "30800101010000");
  const Octets inner = tlv::first(tlv::first(run.result.der).content).content;
  Scan scan;
  const Normalised again = normalise_ber(inner, Limits{}, 0, run.arena, run.map, scan);
  REQUIRE(scan.outcome == Scan::Outcome::der);
  CHECK(to_hex(again.der) == "30030101ff");
  CHECK(run.map.offset(again.der.data()) == 6);      // the SEQUENCE
  CHECK(run.map.offset(again.der.data() + 2) == 8);  // the BOOLEAN
  CHECK(run.map.offset(again.der.data() + 4) == 12); // its contents, from the second segment
  CHECK(to_hex(run.map.original(again.der)) == "308001010403010000");
}

TEST_CASE("the original of an element is all of it") {
  struct Row {
    const char* input;
    std::vector<std::size_t> sizes;  // of the elements, outside in, in their order
  };
  const std::vector<Row> rows{
      {"2300", {2}},
      {"23800000", {4}},
      {"30800000", {4}},
      {"2400", {2}},
      {"308100", {3}},
      {"3080 2300 0000", {6, 2}},
      {"3080 048100 0000", {7, 3}},
      {"3080 bf1f8100 0000", {8, 4}},
      {"3080 020101 0500 0000", {9, 3, 2}},
      {"3004 3080 0000", {6, 4}},
      {"3080 3080 3080 0000 0000 0000", {12, 8, 4}},
      {"3080 3080 020101 0000 3080 0000 0101 01 0000", {18, 7, 3, 4, 3}},
      {"a080 3004 0500 0500 0000", {10, 6, 2, 2}},
      {"3080 2480 040161 2480 040162 0000 0400 0000 0500 0000", {22, 16, 2}},
      {"2309 0302 00aa 0303 00bbc0", {11}},
  };
  for (const Row& row : rows) {
    INFO(row.input);
    const Run run(hex(row.input));
    REQUIRE(run.scan.outcome == Scan::Outcome::der);
    std::vector<tlv::Element> elements;
    collect(run.result.der, elements);
    std::vector<std::size_t> sizes;
    for (const tlv::Element& element : elements) sizes.push_back(run.map.original(element.whole).size());
    CHECK(sizes == row.sizes);
    CHECK(run.map.original(run.result.der).data() == run.bytes.data());
  }
}

TEST_CASE("the original of an element is all of it, although its DER is as long") {
  const Run run(hex("3080") + element(0x04, Bytes(1'000)) + hex("0000"));
  REQUIRE(run.result.der.size() == run.bytes.size());
  CHECK(run.map.original(run.result.der) == Octets(run.bytes));
}

TEST_CASE("the original of part of an element is not all of it") {
  const Run run(hex("3080 3080 020101 0000 0000"));
  REQUIRE(run.text() == "30053003020101");
  CHECK(to_hex(run.map.original(run.result.der.sub(0, 2))) == "3080");
  CHECK(to_hex(run.map.original(run.result.der.from(4))) == "020101");
  CHECK(to_hex(run.map.original(run.result.der.from(2))) == "30800201010000");
}

TEST_CASE("bytes from nowhere have no place") {
  const Run run(hex("30800000"));
  const Bytes other = hex("3000");
  CHECK_FALSE(run.map.knows(other.data()));
  CHECK(run.map.offset(other.data()) == 0);
  CHECK(run.map.original(Octets(other)).data() == other.data());
}

TEST_CASE("the limits hold while BER is read") {
  Limits limits;
  limits.depth = 8;
  CHECK(Run(hex("308030803080308030803080308005000000000000000000000000000000"), limits).scan.outcome == Scan::Outcome::der);
  const Run deep(hex("308030803080308030803080308030800500"), limits);
  CHECK(deep.scan.code == Errc::limit_exceeded);
  CHECK(deep.scan.detail == "limit depth");

  limits = {};
  limits.nodes = 3;
  CHECK(Run(hex("3080050005000000"), limits).scan.outcome == Scan::Outcome::der);
  const Run wide(hex("30800500050005000000"), limits);
  CHECK(wide.scan.detail == "limit nodes");
  CHECK(wide.scan.offset == 6);

  limits = {};
  limits.message_octets = 4;
  CHECK(Run(hex("30800000"), limits).scan.outcome == Scan::Outcome::der);
  CHECK(Run(hex("308005000000"), limits).scan.detail == "limit message_octets");
}

TEST_CASE("a normalisation that has no memory is refused") {
  const Bytes input = hex("3080") + element(0x04, Bytes(100'000)) + hex("0000");
  Arena arena(1'000);
  SourceMap map;
  map.reset(Octets(input));
  Scan scan;
  normalise_ber(Octets(input), Limits{}, 0, arena, map, scan);
  CHECK(scan.code == Errc::limit_exceeded);
  CHECK(scan.detail == "limit arena");
}

// OpenSSL's and Botan's decoders need quadratic time for such input.
TEST_CASE("a megabyte of indefinite lengths takes linear time", "[time]") {
  constexpr std::size_t size = 1u << 20;
  const std::vector<Bytes> inputs{
      repeat(hex("3080"), size / 2),
      repeat(hex("a080"), size / 2),
      repeat(hex("2480"), size / 2),
      hex("3080") + repeat(hex("30800000"), size / 4) + hex("0000"),
      hex("3080") + repeat(hex("2480040161 0000"), size / 7) + hex("0000"),
      repeat(hex("3080"), 60) + repeat(hex("0500"), size / 2),
      repeat(hex("3080"), 60) + repeat(hex("30800000"), size / 4) + repeat(hex("0000"), 60),
      hex("2480") + repeat(hex("040161"), size / 3) + hex("0000"),
  };
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    INFO(i);
    CHECK(seconds(inputs[i]) < 2.0);  // far above what it takes, far below quadratic
  }
}

}  // namespace cmcctl::test
