#include <cmcctl/codec/decoder.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/encoder.hpp>

#include "catch.hpp"
#include "hex.hpp"

namespace cmcctl::test {
namespace {

/// "unexpected_tag @12 PKIData.reqSequence[0] [CMC-...]"
std::string describe(const Error& error) {
  std::string text = std::string(error_info(error.code).name) + " @" + std::to_string(error.offset) + " " + error.path;
  if (!error.rule.empty()) text += " [" + std::string(error.rule) + "]";
  return text;
}

template <class T>
std::string refusal(const Bytes& bytes) {
  Decoder decoder;
  const auto value = decoder.decode<T>(Octets(bytes));
  return value.ok() ? "accepted" : describe(value.error());
}

/// The texts of what was noticed, one a line.
template <class T>
std::string oddities(const Bytes& bytes) {
  Decoder decoder;
  const auto value = decoder.decode<T>(Octets(bytes));
  if (!value.ok()) return describe(value.error());
  std::string text;
  for (const Oddity& oddity : decoder.oddities()) {
    text += std::string(oddity.rule) + " @" + std::to_string(oddity.offset) + "+" + std::to_string(oddity.length) + "\n";
  }
  return text;
}

const char* const signed_data_oid = "06{2a864886f70d010702}";
const char* const pki_data_oid = "06{2b06010505070c02}";

/// A SignedData of version 3 without signers around this content.
Bytes signed_message(const std::string& type, const std::string& econtent) {
  return asn1(std::string("30{") + signed_data_oid + "a0{30{020103 3100 30{" + type + "a0{" + econtent + "}} 3100}}}");
}

}  // namespace

TEST_CASE("an error three levels down inside an eContent names byte, path and rule") {
  // the BodyPartID of the first control is a UTF8String
  const Bytes message = signed_message(pki_data_oid, "04{30{ 30{30{ 0c0131 06022a03 3100 }} 3000 3000 3000 }}");
  Decoder decoder;
  const auto outer = decoder.decode<ContentInfo>(Octets(message));
  REQUIRE(outer.ok());
  const auto data = decoder.decode<SignedData>(*outer->content);
  REQUIRE(data.ok());
  const auto content = content_octets(data->encap_content_info);
  REQUIRE(content.has_value());
  const auto request = decoder.decode<PKIData>(*content);
  REQUIRE_FALSE(request.ok());
  const Error& error = request.error();
  CHECK(error.code == Errc::unexpected_tag);
  CHECK(error.path == "PKIData.controlSequence[0].bodyPartID");
  CHECK(error.rule == "CMC-5272-3.2.2-01");
  const Bytes wanted = hex("0c0131");
  const auto place = std::search(message.begin(), message.end(), wanted.begin(), wanted.end()) - message.begin();
  CHECK(error.offset == static_cast<std::size_t>(place));
  CHECK(error.detail == "expected INTEGER, found UTF8String");
  CHECK(to_string(error).find("byte " + std::to_string(place)) == 0);
}

TEST_CASE("the same error in a BER message names the byte of the file") {
  // indefinite lengths outside, eContent in two segments cut inside the control
  const Bytes message = hex("3080 0609 2a864886f70d010702 a080 3080 020103 3100 3080 0608 2b06010505070c02"
                            "a080 2480 0409 3013 300b 3009 0c0131 040c 06022a03 3100 3000 3000 3000 0000"
                            "0000 0000 3100 0000 0000 0000");
  Decoder decoder;
  const auto outer = decoder.decode<ContentInfo>(Octets(message));
  REQUIRE(outer.ok());
  const auto data = decoder.decode<SignedData>(*outer->content);
  REQUIRE(data.ok());
  const auto content = content_octets(data->encap_content_info);
  REQUIRE(content.has_value());
  CHECK(to_hex(*content) == "3013300b30090c013106022a033100300030003000");
  const auto request = decoder.decode<PKIData>(*content);
  REQUIRE_FALSE(request.ok());
  const Bytes wanted = hex("0c0131");
  const auto place = std::search(message.begin(), message.end(), wanted.begin(), wanted.end()) - message.begin();
  CHECK(request.error().offset == static_cast<std::size_t>(place));
  // a view of the second segment is traced to where it stood
  CHECK(decoder.offset_of(content->from(9)) == static_cast<std::size_t>(place) + 5);
  CHECK(to_hex(decoder.original(content->sub(9, 4))) == "06022a03");
}

TEST_CASE("structure errors say what is wrong where") {
  CHECK(refusal<PKIData>(asn1("30{3000 3000 3000 3000}")) == "accepted");
  CHECK(refusal<PKIData>(asn1("30{3000 3000 3000}")) ==
        "missing_member @0 PKIData.otherMsgSequence");
  CHECK(refusal<PKIData>(asn1("30{3000 3000 3000 3000 3000}")) == "unexpected_member @10 PKIData [CMC-5272-3.2.1-01]");
  CHECK(refusal<PKIData>(asn1("30{3000 3100 3000 3000}")) == "unexpected_tag @4 PKIData.reqSequence");
  CHECK(refusal<PKIData>(asn1("3000")) == "missing_member @0 PKIData.controlSequence");
  CHECK(refusal<PKIData>(hex("0c00")) == "unexpected_tag @0 PKIData [CMC-5272-3.2.1-01]");
  CHECK(refusal<PKIResponse>(asn1("30{3000 3000 3000 3000}")) ==
        "unexpected_member @8 PKIResponse [CMC-5272-4.2.1-01]");
  CHECK(refusal<TaggedRequest>(asn1("a3{020101}")) == "no_alternative @0 TaggedRequest");
  CHECK(refusal<TaggedRequest>(asn1("30{020101 3000}")) == "no_alternative @0 TaggedRequest");
  CHECK(refusal<PKIData>(asn1("30{3000 30{a3{020101}} 3000 3000}")) == "no_alternative @6 PKIData.reqSequence[0]");
}

// RFC 10002 section 3.2.2: BodyPartID ::= INTEGER(0..4294967295)
TEST_CASE("a BodyPartID out of range is refused where it stands") {
  const auto control = [](const char* id) { return asn1("30{" + std::string(id) + " 06022a03 3100}"); };
  CHECK(refusal<TaggedAttribute>(control("020100")) == "accepted");
  CHECK(refusal<TaggedAttribute>(control("020500ffffffff")) == "accepted");
  for (const auto* wrong : {"0201ff", "02050100000000", "020900ffffffffffffffff", "02080fffffffffffffff"}) {
    INFO(wrong);
    CHECK(refusal<TaggedAttribute>(control(wrong)) ==
          "value_out_of_range @2 TaggedAttribute.bodyPartID [CMC-5272-3.2.2-01]");
  }
}

TEST_CASE("a number that fits no machine word is refused where a number is needed") {
  CHECK(refusal<CMCStatusInfo>(asn1("30{ 0209010000000000000000 30{020101} }")) ==
        "value_out_of_range @2 CMCStatusInfo.cMCStatus");
}

// X.690 sections 11.7 and 11.8
TEST_CASE("a time in another form than DER's is noted") {
  const auto text = [](const std::string& characters) { return to_hex(Octets(std::string_view(characters))); };
  const struct {
    std::string time;
    bool der;
  } generalized[]{
      {"20261121035244Z", true},      {"20261121035244.25Z", true}, {"20261121035244.20Z", false},
      {"20261121035244.Z", false},    {"20261121035244,5Z", false}, {"20261121035244", false},
      {"20261121035244+0000", false}, {"202611210352Z", false},     {"2026112103524xZ", false},
      {"20261121035244.2xZ", false},  {"20261121035244.5", false},  {"", false},
  };
  for (const auto& row : generalized) {
    INFO(row.time);
    const std::string noted = "CMC-X690-11-01 @4+" + std::to_string(row.time.size() + 2) + "\n";
    CHECK(oddities<PendInfo>(asn1("30{0400 18{" + text(row.time) + "}}")) == (row.der ? "" : noted));
  }
  const auto utc = [&](const std::string& characters) {
    return oddities<CertTemplate>(asn1("30{a4{a0{17{" + text(characters) + "}}}}"));
  };
  CHECK(utc("261121035244Z").empty());
  for (const auto* wrong : {"2611210352Z", "261121035244+0100", "261121035244.5Z", "261121035244", ""}) {
    INFO(wrong);
    CHECK(utc(wrong).starts_with("CMC-X690-11-01 @6+"));
  }
}

TEST_CASE("an EXPLICIT tag holds exactly one element") {
  const std::string oid = "06{2a864886f70d010701}";
  CHECK(refusal<ContentInfo>(asn1("30{" + oid + "a0{0400}}")) == "accepted");
  CHECK(refusal<ContentInfo>(asn1("30{" + oid + "}")) == "accepted");
  CHECK(refusal<ContentInfo>(asn1("30{" + oid + "a0{}}")) == "missing_member @13 ContentInfo.content");
  CHECK(refusal<ContentInfo>(asn1("30{" + oid + "80{}}")) == "missing_member @13 ContentInfo.content");
  CHECK(refusal<ContentInfo>(asn1("30{" + oid + "a0{0400 0400}}")) == "unexpected_member @17 ContentInfo.content");
  CHECK(refusal<CertTemplate>(asn1("30{a5{}}")) == "missing_member @2 CertTemplate.subject");
  CHECK(refusal<CertTemplate>(asn1("30{a5{3000 3000}}")) == "unexpected_member @6 CertTemplate.subject");
  CHECK(refusal<CertTemplate>(asn1("30{a5{3100}}")) == "unexpected_tag @4 CertTemplate.subject");
}

// OptionalValidity ::= SEQUENCE { notBefore [0] Time OPTIONAL, ... }: Time is a CHOICE of two
TEST_CASE("a tagged Time is a UTCTime or a GeneralizedTime") {
  CHECK(refusal<CertTemplate>(asn1("30{a4{a0{170d3236303732313033353234345a}}}")) == "accepted");
  CHECK(refusal<CertTemplate>(asn1("30{a4{a0{180f32303236303732313033353234345a}}}")) == "accepted");
  CHECK(refusal<CertTemplate>(asn1("30{a4{a0{0500}}}")).find("@6 CertTemplate.validity.notBefore") != std::string::npos);
  CHECK(refusal<CertTemplate>(asn1("30{a4{a0{3000}}}")).find("@6 CertTemplate.validity.notBefore") != std::string::npos);
}

TEST_CASE("an IMPLICIT tag does not hide a wrong form or a wrong primitive") {
  CHECK(refusal<CertTemplate>(asn1("30{81{0080}}")) == "accepted");
  CHECK(refusal<CertTemplate>(asn1("30{81{}}")) == "bad_integer @2 CertTemplate.serialNumber");
  CHECK(refusal<CertTemplate>(asn1("30{81{0001}}")) == "bad_integer @2 CertTemplate.serialNumber");
  CHECK(refusal<CertTemplate>(asn1("30{a1{020101}}")) == "bad_tag @2 CertTemplate.serialNumber");
  CHECK(refusal<CertTemplate>(asn1("30{87{}}")) == "bad_bit_string @2 CertTemplate.issuerUID");
  CHECK(refusal<CertTemplate>(asn1("30{87{08ff}}")) == "bad_bit_string @2 CertTemplate.issuerUID");
  CHECK(refusal<CertTemplate>(asn1("30{86{}}")) == "bad_tag @2 CertTemplate.publicKey");
  CHECK(refusal<ProofOfPossession>(asn1("8000")) == "accepted");
  CHECK(refusal<ProofOfPossession>(asn1("80{00}")) == "bad_null @0 ProofOfPossession.raVerified");
  CHECK(refusal<ProofOfPossession>(asn1("a0{0500}")) == "bad_tag @0 ProofOfPossession.raVerified");
  CHECK(refusal<GeneralName>(asn1("88{2a86}")) == "bad_oid @0 GeneralName.registeredID");
  CHECK(refusal<GeneralName>(asn1("88{}")) == "bad_oid @0 GeneralName.registeredID");
  CHECK(refusal<PKIArchiveOptions>(asn1("82{ff}")) == "accepted");
  CHECK(refusal<PKIArchiveOptions>(asn1("82{}")) == "bad_boolean @0 PKIArchiveOptions.archiveRemGenPrivKey");
}

TEST_CASE("what follows the element is refused") {
  CHECK(refusal<PKIData>(asn1("30{3000 3000 3000 3000} 00")) == "trailing_data @10 PKIData");
  CHECK(refusal<PKIData>(asn1("30{3000 3000 3000 3000} 0000")) == "trailing_data @10 PKIData");
  CHECK(refusal<PKIData>(hex("308030003000300030000000 00")) == "trailing_data @12 PKIData");
  CHECK(refusal<PKIData>({}) == "empty_input @0 PKIData");
}

// A context tag may only stand in for a SEQUENCE where a member of a value has an IMPLICIT one.
TEST_CASE("a message with a context tag is no message") {
  CHECK(refusal<PKIData>(asn1("a0{3000 3000 3000 3000}")).starts_with("unexpected_tag @0"));
  CHECK(refusal<ContentInfo>(asn1("a3{06022a03}")).starts_with("unexpected_tag @0"));
  CHECK(refusal<Certificate>(asn1("a0{3000 30{06022a03} 030100}")).starts_with("unexpected_tag @0"));
}

TEST_CASE("a raw member keeps its IMPLICIT tag, and is decoded with it") {
  const Bytes bytes = asn1("30{a6{30{06022a03} 03020001}}");
  Decoder decoder;
  const auto value = decoder.decode<CertTemplate>(Octets(bytes));
  REQUIRE(value.ok());
  REQUIRE(value->public_key.has_value());
  CHECK(value->public_key->der[0] == 0xA6);
  const auto key = decoder.decode(*value->public_key);
  REQUIRE(key.ok());
  CHECK(to_hex(key->subject_public_key.bytes) == "01");
}

// --- What peers write differently: read, and reported -----------------------------------------------------------------

TEST_CASE("a subjectKeyIdentifier under an EXPLICIT tag is read, and reported") {
  const Bytes bytes = asn1("30{020103 a0{0403010203} 30{06022a03} 30{06022a03} 0401ff}");
  Decoder decoder;
  const auto signer = decoder.decode<SignerInfo>(Octets(bytes));
  REQUIRE(signer.ok());
  CHECK(to_hex(std::get<SubjectKeyIdentifier>(signer->sid.choice).value) == "010203");
  REQUIRE(decoder.oddities().size() == 1);
  CHECK(decoder.oddities()[0].rule == "CMC-X690-11-01");
  CHECK(decoder.oddities()[0].offset == 5);
  CHECK(decoder.oddities()[0].length == 7);
}

TEST_CASE("segments under an IMPLICIT tag are joined, and each octet knows its place") {
  const Bytes bytes = asn1("30{06022a03 30{06022a03} a0{040161 0400 04026263}}");
  Decoder decoder;
  const auto info = decoder.decode<EncryptedContentInfo>(Octets(bytes));
  REQUIRE(info.ok());
  REQUIRE(info->encrypted_content.has_value());
  CHECK(to_hex(*info->encrypted_content) == "616263");
  CHECK(decoder.offset_of(*info->encrypted_content) == 16);
  CHECK(decoder.offset_of(info->encrypted_content->from(1)) == 21);
  CHECK(refusal<EncryptedContentInfo>(asn1("30{06022a03 30{06022a03} a0{020161}}")) ==
        "bad_string @14 EncryptedContentInfo.encryptedContent");
  const Bytes empty = asn1("30{06022a03 30{06022a03} a0{}}");
  const auto nothing = decoder.decode<EncryptedContentInfo>(Octets(empty));
  REQUIRE(nothing.ok());
  CHECK(nothing->encrypted_content->empty());
}

TEST_CASE("an extendedFailInfo without its tag is read as RFC 5272 has it, and reported") {
  const Bytes bytes = asn1("30{020102 30{020101} 30{06022a03 0500}}");
  Decoder decoder;
  const auto status = decoder.decode<CMCStatusInfoV2>(Octets(bytes));
  REQUIRE(status.ok());
  REQUIRE(status->other_info.has_value());
  CHECK(std::holds_alternative<ExtendedFailInfo>(status->other_info->choice));
  REQUIRE(decoder.oddities().size() == 1);
  CHECK(decoder.oddities()[0].rule == "CMC-10002-6.1.1-01");
  CHECK(decoder.oddities()[0].offset == 10);

  const Bytes pending = asn1("30{020103 30{020101} 30{040161 180f32303236303732313033353234345a}}");
  const auto wait = decoder.decode<CMCStatusInfoV2>(Octets(pending));
  REQUIRE(wait.ok());
  CHECK(std::holds_alternative<PendInfo>(wait->other_info->choice));
  CHECK(refusal<CMCStatusInfoV2>(asn1("30{020102 30{020101} 30{020101}}")) ==
        "unexpected_tag @12 CMCStatusInfoV2.otherInfo.pendInfo.pendToken");
}

TEST_CASE("a bare Name in getCert is read as a directoryName, and reported") {
  const Bytes bytes = asn1("30{30{31{30{0603550403 0c0161}}} 020105}");
  Decoder decoder;
  const auto get = decoder.decode<GetCert>(Octets(bytes));
  REQUIRE(get.ok());
  const auto* name = std::get_if<Raw<Name>>(&get->issuer_name.choice);
  REQUIRE(name != nullptr);
  CHECK(decoder.decode(*name).ok());
  REQUIRE(decoder.oddities().size() == 1);
  CHECK(decoder.oddities()[0].offset == 2);
  CHECK(to_hex(Octets(*encode(*get))) == to_hex(Octets(asn1("30{a4{30{31{30{0603550403 0c0161}}}} 020105}"))));
  CHECK(refusal<GetCert>(asn1("30{0c0161 020105}")).starts_with("no_alternative @2 GetCert.issuerName"));
  CHECK(refusal<GetCert>(asn1("30{020105}")).starts_with("missing_member @0 GetCert.serialNumber"));
}

TEST_CASE("another SEQUENCE around the Name in confirmCertAcceptance is read, and reported") {
  const Bytes bytes = asn1("30{30{30{31{30{0603550403 0c0161}}}} 020105}");
  Decoder decoder;
  const auto id = decoder.decode<CMCCertId>(Octets(bytes));
  REQUIRE(id.ok());
  CHECK(to_hex(id->value.issuer.der) == to_hex(Octets(asn1("30{31{30{0603550403 0c0161}}}"))));
  REQUIRE(decoder.oddities().size() == 1);
  CHECK(decoder.oddities()[0].offset == 2);
}

TEST_CASE("a subjectAlt without its tag is read as RFC 6402 has it, and reported") {
  const Bytes old = asn1("30{ 30{31{30{0603550403 0c0161}}} 30{82{612e62}} }");
  Decoder decoder;
  const auto change = decoder.decode<ChangeSubjectName>(Octets(old));
  REQUIRE(change.ok());
  CHECK(change->subject.has_value());
  REQUIRE(change->subject_alt.has_value());
  CHECK(change->subject_alt->names.size() == 1);
  CHECK(decoder.oddities().size() == 1);
  const Bytes alone = asn1("30{ 30{82{612e62}} }");
  const auto alt = decoder.decode<ChangeSubjectName>(Octets(alone));
  REQUIRE(alt.ok());
  CHECK_FALSE(alt->subject.has_value());
  CHECK(refusal<ChangeSubjectName>(asn1("30{ 0500 }")) == "unexpected_member @2 ChangeSubjectName");
  CHECK(refusal<ChangeSubjectName>(asn1("30{ a1{82{61}} 3000 }")) == "unexpected_member @7 ChangeSubjectName");
}

// One of the two members has to be there; a value without either could not be written again.
TEST_CASE("a ChangeSubjectName without members is refused") {
  CHECK(refusal<ChangeSubjectName>(hex("3000")) != "accepted");
}

TEST_CASE("a DEFAULT that is written out is read, and reported") {
  const Bytes bytes = asn1("30{06022a03 010100 0400}");
  Decoder decoder;
  const auto extension = decoder.decode<Extension>(Octets(bytes));
  REQUIRE(extension.ok());
  CHECK_FALSE(extension->critical.value);
  REQUIRE(decoder.oddities().size() == 1);
  CHECK(decoder.oddities()[0].offset == 6);
  CHECK(to_hex(Octets(*encode(*extension))) == to_hex(Octets(asn1("30{06022a03 0400}"))));
}

TEST_CASE("octets in a name that are no string of their type are read, and reported") {
  const auto name = [](const char* value) { return asn1("30{31{30{0603550403 " + std::string(value) + "}}}"); };
  CHECK(oddities<Name>(name("0c02c3a9")).empty());
  CHECK(oddities<Name>(name("0c02c328")) == "CMC-5280-4.1-01 @11+4\n");
  CHECK(oddities<Name>(name("1e020061")).empty());
  CHECK(oddities<Name>(name("1e03006100")) == "CMC-5280-4.1-01 @11+5\n");
  CHECK(oddities<Name>(name("1c0400000061")).empty());
  CHECK(oddities<Name>(name("1c03000061")) == "CMC-5280-4.1-01 @11+5\n");
  CHECK(oddities<Name>(name("1301c3")).empty());
}

TEST_CASE("an unsorted SET OF is read in its order, and reported once") {
  const Bytes bytes = asn1("30{06022a03 31{020103 020102 020101}}");
  Decoder decoder;
  const auto attribute = decoder.decode<Attribute>(Octets(bytes));
  REQUIRE(attribute.ok());
  REQUIRE(attribute->values.size() == 3);
  CHECK(to_hex(attribute->values[0].der) == "020103");
  REQUIRE(decoder.oddities().size() == 1);
  CHECK(decoder.oddities()[0].offset == 11);
  CHECK(oddities<Attribute>(asn1("30{06022a03 31{020101 020102 020102 0400}}")) == "");
  // a SEQUENCE OF has no order
  CHECK(oddities<BodyPartList>(asn1("30{020102 020101}")) == "");
}

TEST_CASE("each form of BER is reported, at its first place") {
  CHECK(oddities<PKIData>(hex("308030003080000030003081000000")) ==
        "CMC-X690-11-01 @0+1\nCMC-X690-11-01 @10+1\n");
}

TEST_CASE("BER under an IMPLICIT tag is reported like any other") {
  CHECK(oddities<PKIArchiveOptions>(asn1("82{ff}")) == "");
  CHECK(oddities<PKIArchiveOptions>(asn1("82{01}")) != "");
  CHECK(oddities<CertTemplate>(asn1("30{87{04f0}}")) == "");
  CHECK(oddities<CertTemplate>(asn1("30{87{04ff}}")) != "");
}

TEST_CASE("the same oddity of a part that is decoded twice is reported once") {
  const Bytes bytes = asn1("30{06022a03 010100 0400}");
  Decoder decoder;
  REQUIRE(decoder.decode<Extension>(Octets(bytes)).ok());
  REQUIRE(decoder.decode<Extension>(Octets(bytes)).ok());
  CHECK(decoder.oddities().size() == 1);
}

// --- Memory, limits, use and reuse ----------------------------------------------------------------------------------

TEST_CASE("values that need more memory than the budget are refused") {
  const Bytes names = element(0x30, repeat(hex("8200"), 20'000));
  CHECK(refusal<GeneralNames>(names) == "accepted");
  Limits limits;
  limits.arena_base = 100'000;
  limits.arena_factor = 1;
  Decoder decoder(limits);
  const auto refused = decoder.decode<GeneralNames>(Octets(names));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == Errc::limit_exceeded);
  CHECK(refused.error().detail == "limit arena");
}

TEST_CASE("the depth that lies around a part counts") {
  const Bytes bytes = element(0x30, hex("06022a03") + nested(0xa0, 1, nested(0x30, 10, hex("0500"))));
  Limits limits;
  limits.depth = 20;
  Decoder decoder(limits);
  CHECK(decoder.decode<ContentInfo>(Octets(bytes)).ok());
  decoder.set_depth(7);
  CHECK(decoder.decode<ContentInfo>(Octets(bytes)).ok());
  decoder.set_depth(8);
  const auto deep = decoder.decode<ContentInfo>(Octets(bytes));
  REQUIRE_FALSE(deep.ok());
  CHECK(deep.error().detail == "limit depth");
}

TEST_CASE("a message that is reset is forgotten") {
  const Bytes first = hex("30803000300030003000 0000");
  const Bytes second = asn1("30{3000 3000 3000 3000}");
  Decoder decoder;
  REQUIRE(decoder.decode<PKIData>(Octets(first)).ok());
  CHECK_FALSE(decoder.oddities().empty());
  decoder.set_depth(5);
  decoder.reset(Octets(second));
  CHECK(decoder.oddities().empty());
  CHECK(decoder.depth() == 0);
  CHECK(decoder.message().data() == second.data());
  CHECK(decoder.decode<PKIData>(Octets(second)).ok());
}

TEST_CASE("a Decoded keeps the bytes that its value looks into") {
  auto decoded = decode<PKIData>(asn1("30{30{30{020107 06022a03 31{0401ab}}} 3000 3000 3000}"));
  REQUIRE(decoded.ok());
  const Decoded<PKIData> moved = *std::move(decoded);
  REQUIRE(moved->control_sequence.size() == 1);
  CHECK(moved->control_sequence[0].body_part_id.value() == 7);
  CHECK(to_hex(moved->control_sequence[0].attr_values[0].der) == "0401ab");
  CHECK(to_hex(moved->control_sequence.source.bytes.sub(0, 4)) == "300e300c");
  CHECK(decode<PKIData>(hex("3000")).error().code == Errc::missing_member);
}

TEST_CASE("sources are the elements that the values were decoded from") {
  const Bytes bytes = asn1("30{30{30{020107 06022a03 31{0401ab}}} 30{a2{020101 06022a03 0500}} 3000 3000}");
  Decoder decoder;
  const auto data = decoder.decode<PKIData>(Octets(bytes));
  REQUIRE(data.ok());
  CHECK(data->source.bytes == Octets(bytes));
  CHECK(to_hex(data->control_sequence[0].source.bytes) == "300c02010706022a0331030401ab");
  CHECK(decoder.offset_of(data->req_sequence[0].source.bytes) == 20);
  CHECK(data->req_sequence[0].source.bytes[0] == 0xa2);
}

TEST_CASE("an eContent without OCTET STRING is read as it stands") {
  const Bytes message = signed_message(pki_data_oid, "30{3000 3000 3000 3000}");
  Decoder decoder;
  const auto outer = decoder.decode<ContentInfo>(Octets(message));
  REQUIRE(outer.ok());
  const auto data = decoder.decode<SignedData>(*outer->content);
  REQUIRE(data.ok());
  const auto content = content_octets(data->encap_content_info);
  REQUIRE(content.has_value());
  CHECK(decoder.decode<PKIData>(*content).ok());
}

TEST_CASE("an oddity can be dropped again") {
  const Bytes bytes = asn1("30{06022a03 010100 0400}");
  Decoder decoder;
  REQUIRE(decoder.decode<Extension>(Octets(bytes)).ok());
  decoder.drop_oddities(0);
  CHECK(decoder.oddities().empty());
  decoder.drop_oddities(7);
}

TEST_CASE("at most 1000 oddities are kept") {
  const Bytes bytes = element(0x30, repeat(asn1("30{06022a03 010100 0400}"), 3'000));
  Decoder decoder;
  REQUIRE(decoder.decode<Extensions>(Octets(bytes)).ok());
  CHECK(decoder.oddities().size() == 1'000);
}

}  // namespace cmcctl::test
