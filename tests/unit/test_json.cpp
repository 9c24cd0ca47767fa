#include "catch.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/input.hpp>
#include <cmcctl/codec/json.hpp>

#include "hex.hpp"
#include "schema.hpp"
#include "vectors_dir.hpp"

namespace fs = std::filesystem;
using namespace cmcctl;
using namespace cmcctl::test;

namespace {

const fs::path vectors = vectors_dir();

std::string written(const Bytes& bytes, std::string_view type = {}) {
  std::ostringstream out;
  const auto result = write_json(out, Octets(bytes), {}, {type, false});
  return result ? out.str() : to_string(result.error());
}

/// The octets in hexadecimal, or the error.
std::string read(const std::string& text, const Limits& limits = {}) {
  std::istringstream in(text);
  const auto message = read_json(in, limits);
  return message ? to_hex(Octets(message->bytes)) : message.error().detail + " | " + message.error().path;
}

struct Pair {
  std::string what;
  std::string type;
  std::string hex;
  std::string json;  // of the element, without the frame
};

const std::vector<Pair> both_ways{
    {"INTEGER", "", "020105", R"("INTEGER":5)"},
    {"negative INTEGER", "", "0201fb", R"("INTEGER":-5)"},
    {"INTEGER beyond 2^53", "", "0207200000 00000001", R"("INTEGER":"0x20000000000001")"},
    {"negative INTEGER beyond 2^53", "", "0208ff00000000000000", R"("INTEGER":"-0x0100000000000000")"},
    {"INTEGER with a leading zero", "", "020900ffffffffffffffff", R"("INTEGER":"0xffffffffffffffff")"},
    {"BOOLEAN", "", "0101ff", R"("BOOLEAN":true)"},
    {"BOOLEAN of BER", "", "010101", R"("BOOLEAN":1)"},
    {"NULL", "", "0500", R"("NULL":null)"},
    {"a name for an identifier", "", "06082b06010505070719", R"("OBJECT IDENTIFIER":"statusInfoV2")"},
    {"an identifier without a name", "", "06032a0304", R"("OBJECT IDENTIFIER":"1.2.3.4")"},
    {"OCTET STRING", "", "040200ff", R"("OCTET STRING":"00ff")"},
    {"BIT STRING", "", "030200a5", R"("BIT STRING":"a5")"},
    {"unused bits", "", "030204a0", R"("BIT STRING":{"hex":"a0","unused":4})"},
    {"unused bits that are not 0", "", "030204af", R"("BIT STRING":{"hex":"af","unused":4})"},
    {"text", "", "0c0568c3a96c6f", R"("UTF8String":"h\u00e9lo")"},
    {"text that is not UTF-8", "", "0c0268e9", R"("UTF8String":{"hex":"68e9"})"},
    {"BMPString", "", "1e040041e000", R"("BMPString":"A\ue000")"},
    {"UTCTime", "", "170d3236313132313033353234345a", R"("UTCTime":"2026-11-21T03:52:44Z")"},
    {"GeneralizedTime", "", "180f32303531313132313033353234345a", R"("GeneralizedTime":"2051-11-21T03:52:44Z")"},
    {"a date as nobody should write it", "", "170b323631313231303335325a", R"("UTCTime":"2611210352Z")"},
    {"SEQUENCE", "", "30050500020101", R"("SEQUENCE":[{"NULL":null},{"INTEGER":1}])"},
    {"context tag", "", "a0020500", R"("[0]":[{"NULL":null}])"},
    {"context tag, primitive", "", "8102abcd", R"("[1]":"abcd")"},
    {"a high tag number", "", "7f8148020500", R"("[APPLICATION 200]":[{"NULL":null}])"},
    {"indefinite length", "", "308005000000", R"("$length":"indefinite","SEQUENCE":[{"NULL":null}])"},
    {"a long length", "", "308200020500", R"("$length":2,"SEQUENCE":[{"NULL":null}])"},
    {"a type that is named", "AlgorithmIdentifier", "300d06096086480165030402010500",
     R"("AlgorithmIdentifier":{"algorithm":"SHA-256","parameters":{"NULL":null}})"},
    {"named numbers", "CMCStatus", "020102", R"("CMCStatus":"failed")"},
    {"named bits", "KeyUsage", "030205a0", R"("KeyUsage":["digitalSignature","keyEncipherment"])"},
    {"named bits, not as DER has them", "KeyUsage", "030204a0", R"("KeyUsage":{"hex":"a0","unused":4})"},
    {"a DEFAULT that is written out", "Extension", "300e0603551d0f01010004040302 0780",
     R"("Extension":{"extnID":"keyUsage","critical":false,"extnValue":{"KeyUsage":["digitalSignature"]},"$defaults":["critical"]})"},
    {"an extension of an unknown type", "Extension", "300a06022a0304043002 0500",
     R"("Extension":{"extnID":"1.2.3","extnValue":{"SEQUENCE":[{"NULL":null}]}})"},
    {"contents that are no element", "Extension", "300706022a03040130",
     R"("Extension":{"extnID":"1.2.3","extnValue":"30"})"},
    {"another type than OCTET STRING", "Extension", "300706022a03020105",
     R"("Extension":{"extnID":"1.2.3","extnValue":{"$bare":true,"INTEGER":5}})"},
    {"a missing member", "TaggedAttribute", "3007020101 06022a03",
     R"("TaggedAttribute":{"bodyPartID":1,"attrType":"1.2.3","$omit":["attrValues"]})"},
    {"a member too many", "TaggedAttribute", "300b020101 06022a03 3100 0500",
     R"("TaggedAttribute":{"bodyPartID":1,"attrType":"1.2.3","attrValues":[],"$extra":[{"NULL":null}]})"},
    {"a member of another type", "TaggedAttribute", "30090c0131 06022a03 3100",
     R"("TaggedAttribute":{"bodyPartID":{"UTF8String":"1"},"attrType":"1.2.3","attrValues":[]})"},
    {"a SET OF in another order", "TaggedAttribute", "300f020101 06022a03 3106020102020101",
     R"("TaggedAttribute":{"bodyPartID":1,"attrType":"1.2.3","attrValues":{"$order":"kept","$value":[{"INTEGER":2},{"INTEGER":1}]}})"},
    {"EXPLICIT tag of indefinite length", "ContentInfo", "300a06022a03a08005000000",
     R"("ContentInfo":{"contentType":"1.2.3","content":{"$outer":["indefinite"],"NULL":null}})"},
    {"a string in segments", "EncapsulatedContentInfo", "301306022a03a00d 240b 040201020402 0304 040105",
     R"("EncapsulatedContentInfo":{"eContentType":"1.2.3","eContent":{"$segments":2,"$value":"0102030405"},"$signed":"*"})"},
    {"an empty string without segments", "EncapsulatedContentInfo", "300806022a03a0022400",
     R"("EncapsulatedContentInfo":{"eContentType":"1.2.3","eContent":{"$segments":[],"$value":""},"$signed":"*"})"},
    {"untagged extendedFailInfo", "OtherStatusInfo", "300606022a030500",
     R"("OtherStatusInfo":{"extendedFailInfo":{"$tag":"SEQUENCE","failInfoOID":"1.2.3","failInfoValue":{"NULL":null}}})"},
};

std::string framed(const std::string& element) { return R"({"$cmcctl":1,)" + element + "}\n"; }

std::string without_fingerprint(std::string json) {
  const std::string_view name = R"("$signed":")";
  const std::size_t at = json.find(name);
  if (at != std::string::npos) json.replace(at + name.size(), 16, "*");
  return json;
}

}  // namespace

TEST_CASE("every kind of value has its JSON, and comes back from it", "[json]") {
  for (const Pair& pair : both_ways) {
    INFO(pair.what);
    const Bytes bytes = hex(pair.hex);
    const std::string json = written(bytes, pair.type);
    CHECK(without_fingerprint(json) == framed(pair.json));
    CHECK(read(json) == to_hex(Octets(bytes)));
  }
}

TEST_CASE("every message of the vectors comes back from its JSON octet by octet", "[json]") {
  std::size_t messages = 0;
  for (const auto& entry : fs::recursive_directory_iterator(vectors)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string file{std::istreambuf_iterator<char>(in), {}};
    const auto blocks = read_blocks(Octets(file), Limits{});
    if (!blocks) continue;
    for (const InputBlock& block : *blocks) {
      std::stringstream json;
      if (!write_json(json, Octets(block.bytes))) continue;
      const auto again = read_json(json);
      INFO(entry.path().string());
      REQUIRE(again);
      CHECK(again->bytes == block.bytes);
      CHECK(again->remarks.empty());
      ++messages;
    }
  }
  CHECK(messages > 300);
}

TEST_CASE("what can only be one thing may be left out", "[json]") {
  const struct {
    std::string json;
    std::string hex;
  } rows[]{
      {R"({"PKIData":{}})", "30083000300030003000"},
      {R"({"PKIResponse":{}})", "3006300030003000"},
      {R"({"TaggedAttribute":{"attrType":"senderNonce","attrValues":["00ff"]}})",
       "3013020101"
       "06082b06010505070706"
       "3104040200ff"},
      {R"({"SignedData":{"encapContentInfo":{"eContentType":"id-data"}}})",
       "3014020101 3100 300b06092a864886f70d010701 3100"},
      {R"({"ContentInfo":{"content":{"SignedData":{"encapContentInfo":{"eContent":{"PKIData":{}}}}}}})",
       "303006092a864886f70d010702a0233021020103310030183016"
       "06082b06010505070c02a00a0408"
       "30083000300030003000"
       "3100"},
      {R"({"Attribute":{"type":"1.2.3","values":[{"INTEGER":2},{"INTEGER":1}]}})", "300c06022a033106020101020102"},
      {R"({"AttributeTypeAndValue":{"type":"CN","value":"a"}})",
       "30080603550403"
       "0c0161"},
      {R"({"AttributeTypeAndValue":{"type":"C","value":"DE"}})",
       "30090603550406"
       "13024445"},
      {R"({"Extension":{"extnID":"1.2.3","critical":false,"extnValue":"00"}})", "300706022a03040100"},
      {R"({"SignerInfo":{"sid":{"subjectKeyIdentifier":"aa"},"digestAlgorithm":"SHA-256","signatureAlgorithm":"sha256WithRSAEncryption","signature":"00"}})",
       "3025020103 8001aa 300b0609608648016503040201 300d06092a864886f70d01010b0500 040100"},
      {R"({"Validity":{"notBefore":"2026-11-21T00:00:00Z","notAfter":"2051-01-01T00:00:00Z"}})",
       "3020"
       "170d3236313132313030303030305a"
       "180f32303531303130313030303030305a"},
  };
  for (const auto& row : rows) {
    INFO(row.json);
    // What surrounds bodies of changing size is checked by the scan of the second reading.
    const std::string found = read(row.json);
    const std::string wanted = to_hex(Octets(hex(row.hex)));
    if (row.json.starts_with(R"({"ContentInfo")")) {
      const auto bytes = hex(found);
      CHECK(written(bytes).find("id-cct-PKIData") != std::string::npos);
      CHECK(written(bytes).find(R"("version":3)") != std::string::npos);
    } else {
      CHECK(found == wanted);
    }
  }
}

TEST_CASE("the version of a CMS structure follows from what is in it", "[json]") {
  const std::string id_data = R"("encapContentInfo":{"eContentType":"id-data"})";
  const std::string encrypted =
      R"("encryptedContentInfo":{"contentType":"id-data","contentEncryptionAlgorithm":"1.2.3"})";
  const std::string key = R"("keyEncryptionAlgorithm":"1.2.3","encryptedKey":"00")";
  const auto enveloped = [&](const std::string& recipient) {
    return R"({"EnvelopedData":{"recipientInfos":[)" + recipient + "]," + encrypted + "}}";
  };
  const struct {
    std::string json;
    std::string hex;
  } rows[]{
      // RFC 5652 section 5.1: what certificates and crls hold, then the signers, then the content.
      {R"({"SignedData":{"certificates":[{"[3]":[]}],)" + id_data + "}}",
       "3018 020105 3100 300b06092a864886f70d010701 a002a300 3100"},
      {R"({"SignedData":{"crls":[{"[1]":[]}],)" + id_data + "}}",
       "3018 020105 3100 300b06092a864886f70d010701 a102a100 3100"},
      {R"({"SignedData":{"certificates":[{"[2]":[]}],)" + id_data + "}}",
       "3018 020104 3100 300b06092a864886f70d010701 a002a200 3100"},
      {R"({"SignedData":{"certificates":[{"[1]":[]}],)" + id_data + "}}",
       "3018 020103 3100 300b06092a864886f70d010701 a002a100 3100"},
      {R"({"SignedData":{"signerInfos":[{"sid":{"subjectKeyIdentifier":"aa"},"digestAlgorithm":"1.2.3",)"
       R"("signatureAlgorithm":"1.2.4","signature":"00"}],)" +
           id_data + "}}",
       "3031 020103 3106300406022a03 300b06092a864886f70d010701"
       "3117 3015 020103 8001aa 300406022a03 300406022a04 040100"},
      {R"({"SignedData":{"encapContentInfo":{"eContentType":"id-cct-PKIData"}}})",
       "3013 020103 3100 300a06082b06010505070c02 3100"},
      // RFC 5652 section 6.1: the recipients, and their own versions of sections 6.2.1 to 6.2.4.
      {enveloped(R"({"ktri":{"rid":{"subjectKeyIdentifier":"aa"},)" + key + "}}"),
       "3029 020102 3111 300f 020102 8001aa 300406022a03 040100 301106092a864886f70d010701300406022a03"},
      {enveloped(R"({"kari":{"originator":{"subjectKeyIdentifier":"aa"},"keyEncryptionAlgorithm":"1.2.3",)"
                 R"("recipientEncryptedKeys":[]}})"),
       "302a 020102 3112 a110 020103 a0038001aa 300406022a03 3000 301106092a864886f70d010701300406022a03"},
      {enveloped(R"({"kekri":{"kekid":{"keyIdentifier":"aa"},)" + key + "}}"),
       "302b 020102 3113 a211 020104 30030401aa 300406022a03 040100 301106092a864886f70d010701300406022a03"},
      {enveloped(R"({"pwri":{)" + key + "}}"),
       "3026 020103 310e a30c 020100 300406022a03 040100 301106092a864886f70d010701300406022a03"},
      {enveloped(""), "3018 020100 3100 301106092a864886f70d010701300406022a03"},
      // RFC 5652 section 7
      {R"({"DigestedData":{"digestAlgorithm":"1.2.3","digest":"00",)" + id_data + "}}",
       "3019 020100 300406022a03 300b06092a864886f70d010701 040100"},
      {R"({"DigestedData":{"digestAlgorithm":"1.2.3","digest":"00","encapContentInfo":{"eContentType":"id-cct-PKIData"}}})",
       "3018 020102 300406022a03 300a06082b06010505070c02 040100"},
      // RFC 5652 section 8
      {R"({"EncryptedData":{)" + encrypted + "}}", "3016 020100 301106092a864886f70d010701300406022a03"},
      {R"({"EncryptedData":{"unprotectedAttrs":[{"type":"1.2.3","values":[]}],)" + encrypted + "}}",
       "3020 020102 301106092a864886f70d010701300406022a03 a108 300606022a033100"},
  };
  for (const auto& row : rows) {
    INFO(row.json);
    CHECK(read(row.json) == to_hex(Octets(hex(row.hex))));
  }
}

TEST_CASE("body parts without a bodyPartID get numbers that nobody has", "[json]") {
  const std::string json = R"({"PKIData":{"controlSequence":[
    {"bodyPartID":1,"attrType":"1.2.3","attrValues":[]},
    {"attrType":"1.2.3","attrValues":[]},
    {"attrType":"1.2.3","attrValues":[]}]}})";
  CHECK(read(json) ==
        "3029"
        "3021"
        "3009020101"
        "06022a033100"
        "3009020102"
        "06022a033100"
        "3009020103"
        "06022a033100"
        "300030003000");
  const std::string clash = R"({"PKIData":{"controlSequence":[
    {"attrType":"1.2.3","attrValues":[]},
    {"bodyPartID":1,"attrType":"1.2.3","attrValues":[]}]}})";
  CHECK(read(clash).find("has been given 1") != std::string::npos);
}

TEST_CASE("messages can be wrong on purpose", "[json]") {
  const struct {
    std::string json;
    std::string hex;
  } rows[]{
      {R"({"TaggedAttribute":{"$omit":["bodyPartID","attrType","attrValues"]}})", "3000"},
      {R"({"TaggedAttribute":{"bodyPartID":{"$raw":"ffff"},"attrType":"1.2.3","attrValues":[]}})",
       "3008ffff06022a033100"},
      {R"({"SEQUENCE":[],"$claims":200})", "3081c8"},
      {R"({"SEQUENCE":[{"INTEGER":{"$value":1,"$claims":9}}]})", "3003020901"},
      {R"({"INTEGER":{"$value":5,"$tag":"[3]"}})", "830105"},
      {R"({"INTEGER":{"$value":5,"$length":3}})", "028300000105"},
      {R"({"BOOLEAN":7})", "010107"},
      {R"({"PKIData":{"$length":"indefinite","$omit":["otherMsgSequence"]}})", "30803000300030000000"},
  };
  for (const auto& row : rows) {
    INFO(row.json);
    CHECK(read(row.json) == row.hex);
  }
}

TEST_CASE("a part that was edited after it had been signed is told", "[json]") {
  const Bytes bytes = hex("300e06022a03a0080406 010203040506");
  std::string json = written(bytes, "EncapsulatedContentInfo");
  const auto remarks = [](const std::string& text) {
    std::istringstream in(text);
    const auto message = read_json(in);
    REQUIRE(message);
    return message->remarks;
  };
  CHECK(remarks(json).empty());
  json.replace(json.find("010203"), 6, "010204");
  REQUIRE(remarks(json).size() == 1);
  CHECK(remarks(json)[0].starts_with("EncapsulatedContentInfo.eContent: edited after it was signed"));
}

TEST_CASE("errors of the JSON tell line, column, path and what was expected", "[json]") {
  const struct {
    std::string json;
    std::string error;
  } rows[]{
      {"", "line 1, column 1: "},  // the words are nlohmann-json's, and differ between its versions
      {"[]", "line 1, column 1: expected an object: {\"ContentInfo\": …} | "},
      {"{}",
       "line 1, column 2: expected an object that names the type: {\"UTF8String\": …}, {\"SEQUENCE\": […]}, {\"[0]\": "
       "…}, found {} | "},
      {R"({"Nonsense": 1})", "line 1, column 2: no type and no tag is called \"Nonsense\" | Nonsense"},
      {"{\"ContentInfo\":\n {\"contentTyp\": 1}}",
       "line 2, column 3: ContentInfo has no member \"contentTyp\", only contentType content | ContentInfo.contentTyp"},
      {"{\"PKIData\": {\n \"controlSequence\": [{\n  \"bodyPartID\": \"x\"}]}}",
       "line 3, column 17: expected a number or \"0x…\" for BodyPartID | PKIData.controlSequence[0].bodyPartID"},
      {R"({"CMCStatus": "faild"})", "expected a number or \"0x…\", or one of success, failed"},
      {R"({"KeyUsage": ["signing"]})", "expected a bit of KeyUsage: digitalSignature"},
      {R"({"OCTET STRING": "abc"})", "expected hexadecimal for OCTET STRING"},
      {R"({"OBJECT IDENTIFIER": "1.2.x"})",
       "expected an OBJECT IDENTIFIER: dotted, or a name that cmcctl explain knows"},
      {R"({"PKIData": []})", "expected an object: PKIData, found an array"},
      {R"({"PKIData": {"reqSequence": {}}})", "expected an array"},
      {R"({"PKIData": {"reqSequence": [{"xyz": 1}]}})", "TaggedRequest has no member \"xyz\", only tcr crm orm"},
      {R"({"PKIData": {"reqSequence": [], "reqSequence": []}})", "\"reqSequence\" is given twice"},
      {R"({"ContentInfo": {"content": {"NULL": null}}})",
       "ContentInfo lacks contentType; to leave it out on purpose: \"$omit\": [\"contentType\"]"},
      {R"({"INTEGER": 1, "NULL": null})", "\"NULL\" beside another value"},
      {R"({"INTEGER": 1, "$nonsense": 1})", "there is no side note \"$nonsense\""},
      {R"({"$cmcctl": 2, "NULL": null})", "this version of the JSON is not known"},
      {R"({"SEQUENCE": {"$value": [], "$length": 1}, "$length": 2})",
       "side notes for one element stand in two objects"},
      {R"({"NULL": null} x)", "line 1, column 16: syntax error"},
  };
  for (const auto& row : rows) {
    INFO(row.json);
    INFO(read(row.json));
    CHECK(read(row.json).find(row.error) != std::string::npos);
  }
}

TEST_CASE("JSON stays within the limits", "[json]") {
  Limits limits;
  limits.depth = 4;
  std::string nested = R"({"NULL": null})";
  for (int i = 0; i < 40; ++i) nested = R"({"SEQUENCE": [)" + nested + "]}";
  CHECK(read(nested, limits).find("nested too deep") != std::string::npos);
  limits = {};
  limits.message_octets = 10;
  CHECK(read(R"({"OCTET STRING": "00112233445566778899"})", limits).find("limit message_octets") != std::string::npos);
}

TEST_CASE("what the JSON calls a type, a member and a tag can be told apart", "[json]") {
  for (const char* name :
       {"PKIData", "SignedData", "CertTemplate", "CMCStatusInfoV2", "EnvelopedData", "GeneralName"}) {
    const schema::Type* type = schema::find(name);
    REQUIRE(type != nullptr);
    CHECK((name[0] >= 'A' && name[0] <= 'Z'));
    for (const schema::Member& member : type->members) {
      if (!member.name.empty()) CHECK((member.name[0] >= 'a' && member.name[0] <= 'z'));
    }
  }
}
