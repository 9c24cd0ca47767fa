#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/cmc/pki_data.hpp>
#include <cmcctl/cmc/pki_response.hpp>
#include <cmcctl/cmc/serial_number.hpp>
#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/crypto/authenticated.hpp>

#include <fstream>
#include <iterator>

#include "catch.hpp"
#include "hex.hpp"
#include "vectors_dir.hpp"

namespace cmcctl::test {
namespace {

Bytes vector_file(const std::string& name) {
  std::ifstream file(std::string(vectors_dir()) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Bytes pkcs10() { return vector_file("collected/libest-pkcs10-rsa.der"); }

// A CertReqMsg of Dogtag's: its certReqId is 1.
Bytes crmf() {
  Decoder decoder;
  const Bytes file = vector_file("collected/dogtag-crmfpopclient-crmf.der");
  const auto messages = decoder.decode<CertReqMessages>(Octets(file));
  REQUIRE(messages.ok());
  const Octets first = messages->messages[0].source.bytes;
  return {first.begin(), first.end()};
}

std::uint32_t id(const Result<BodyPartID>& result) {
  REQUIRE(result.ok());
  return result->value();
}

}  // namespace

TEST_CASE("body part identifiers go up from 1 and are never twice the same") {
  PkiDataBuilder data;
  CHECK(id(data.sender_nonce(hex("0102"))) == 1);
  CHECK(id(data.request(pkcs10())) == 2);
  CHECK(id(data.control("regInfo", der_octet_string(hex("00")), BodyPartID(3))) == 3);
  CHECK(id(data.data_return(hex("0102"))) == 4);
  CHECK(data.query_pending(hex("01")).ok());
  CHECK(data.control("getCert", hex("3000"), BodyPartID(2)).error().rule == "CMC-5272-3.2.2-02");
  CHECK(data.control("getCert", hex("3000"), BodyPartID(0)).error().rule == "CMC-5272-3.2.2-04");

  const auto der = data.der();
  REQUIRE(der.ok());
  Decoder decoder;
  const auto read = decoder.decode<PKIData>(Octets(*der));
  REQUIRE(read.ok());
  CHECK(read->control_sequence.size() == 4);
  CHECK(read->req_sequence.size() == 1);
}

TEST_CASE("a certReqId is kept, or refused where it is taken") {
  PkiDataBuilder late;
  REQUIRE(late.sender_nonce(hex("01")).ok());
  const auto clash = late.request(crmf());
  REQUIRE_FALSE(clash.ok());
  CHECK(clash.error().code == Errc::value_out_of_range);

  PkiDataBuilder data;
  data.reserve(BodyPartID(1));
  CHECK(id(data.sender_nonce(hex("01"))) == 2);
  CHECK(id(data.request(crmf())) == 1);
  CHECK(data.der().ok());
}

TEST_CASE("what cannot stand in PKIData is refused") {
  PkiDataBuilder data;
  CHECK(data.control("popLinkWitness", hex("0400")).error().code == Errc::not_encodable);
  CHECK(data.control("responseInfo", hex("0400")).error().code == Errc::not_encodable);
  CHECK(data.control("noSuchControl", hex("0400")).error().code == Errc::not_encodable);
  CHECK_FALSE(data.control("regInfo", hex("0401")).ok());
  CHECK_FALSE(data.request(hex("3000")).ok());
  CHECK_FALSE(data.nested(hex("3000")).ok());
  REQUIRE(data.reg_info(hex("01")).ok());
  CHECK(data.reg_info(hex("01")).error().code == Errc::not_encodable);
}

TEST_CASE("identity proofs are over the final reqSequence") {
  const Bytes secret = hex("736563726574");
  PkiDataBuilder data;
  REQUIRE(data.identity_proof(secret, IdentityProofs::both).ok());
  REQUIRE(data.request(pkcs10()).ok());
  REQUIRE(data.identification("me").ok());
  const auto der = data.der();
  REQUIRE(der.ok());

  Decoder decoder;
  const auto read = decoder.decode<PKIData>(Octets(*der));
  REQUIRE(read.ok());
  const SharedSecret shared{secret, Octets(std::string_view("me"))};
  const Octets requests = read->req_sequence.source.bytes;
  const auto v1 = decode_control<IdentityProof>(decoder, read->control_sequence[0]);
  const auto v2 = decode_control<IdentityProofV2>(decoder, read->control_sequence[1]);
  REQUIRE((v1.ok() && v2.ok()));
  CHECK(check_identity_proof(shared, requests, *v1));
  CHECK(*check_identity_proof(shared, requests, *v2));
  const SharedSecret anonymous{secret};
  CHECK_FALSE(*check_identity_proof(anonymous, requests, *v2));
}

TEST_CASE("the password of AuthenticatedData is the identification, then the secret") {
  const Bytes content = hex("30083000300030003000");
  const Bytes secret = hex("62");
  const SharedSecret shared{secret, Octets(std::string_view("a"))};
  const auto message = mac_full(FullContent::pki_data, content, shared, Hash::sha256, 1000);
  REQUIRE(message.ok());
  const auto opens = [&](std::string_view text) {
    Decoder decoder;
    const auto info = decoder.decode<ContentInfo>(Octets(*message));
    const auto data = decoder.decode<AuthenticatedData>(*info->content);
    const Octets password(text);
    RecipientKeys keys;
    keys.passwords = {&password, 1};
    const auto opened = open_authenticated(decoder, *data, keys);
    REQUIRE(opened.ok());
    return worst(opened->checks) == Verdict::pass;
  };
  CHECK(opens("ab"));
  CHECK_FALSE(opens("ba"));
}

TEST_CASE("a status for the edition of RFC 5272 comes twice, and its extendedFailInfo has no tag") {
  const BodyPartReference one{BodyPartID(1)};
  CMCStatusInfoV2 status;
  status.cmc_status = CMCStatus::failed;
  status.body_list = List<BodyPartReference>(std::span<const BodyPartReference>(&one, 1));
  status.other_info = CMCStatusInfoV2::OtherInfo{CMCFailInfo::badRequest};
  PkiResponseBuilder response(Edition::rfc5272);
  REQUIRE(response.status(status).ok());
  const Bytes oid = hex("2a03"), value = hex("0500");
  status.other_info = CMCStatusInfoV2::OtherInfo{ExtendedFailInfo{Oid{oid}, Any{value}}};
  REQUIRE(response.status(status).ok());
  const auto der = response.der();
  REQUIRE(der.ok());
  Decoder decoder;
  const auto read = decoder.decode<PKIResponse>(Octets(*der));
  REQUIRE(read.ok());
  REQUIRE(read->control_sequence.size() == 3);
  CHECK(decode_control<CMCStatusInfo>(decoder, read->control_sequence[1]).ok());
  CHECK(*decode_control<CMCStatusInfoV2>(decoder, read->control_sequence[2]) == status);
  CHECK_FALSE(decoder.oddities().empty());
}

TEST_CASE("serial numbers as people write them") {
  const auto read = [](std::string_view text) {
    const auto content = parse_serial_number(text);
    return content ? to_hex(*content) : std::string("none");
  };
  CHECK(read("0") == "00");
  CHECK(read("128") == "0080");
  CHECK(read("0x04d2") == "04d2");
  CHECK(read("04:D2") == "04d2");
  CHECK(read("123456789012345678901234567890") == "018ee90ff6c373e0ee4e3f0ad2");
  for (const std::string_view text : {"", "0x", "-1", "4f", "4:D2", "04:D2:", "04:D", ":", "1 2"})
    CHECK(read(text) == "none");
  CHECK(read(std::string(1000, '9')) == "none");
}

}  // namespace cmcctl::test
