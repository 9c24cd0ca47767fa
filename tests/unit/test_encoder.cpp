#include <cmcctl/codec/encoder.hpp>

#include <array>
#include <deque>
#include <string>
#include <vector>

#include <cmcctl/codec/controls.hpp>

#include "catch.hpp"
#include "hex.hpp"

namespace cmcctl::test {
namespace {

// The expected octets are worked out by hand from the modules; lengths are written by asn1().

template <class T>
std::string written(const T& value) {
  const auto der = encode(value);
  return der.ok() ? to_hex(Octets(*der)) : "refused: " + der.error().detail;
}

std::string octets_of(std::string_view text) { return to_hex(Octets(asn1(text))); }

/// Bytes that live as long as the test.
struct Keep {
  Octets operator()(std::string_view text) { return Octets(kept.emplace_back(asn1(text))); }
  std::deque<Bytes> kept;
};

Oid oid(Keep& keep, std::string_view content) { return Oid{keep(content)}; }

}  // namespace

TEST_CASE("a PKIData with two controls") {
  Keep keep;
  const std::array nonce{Any{keep("04{deadbeef}")}};
  const std::array identity{Any{keep("0c{626f62}")}};
  const std::array controls{
      TaggedAttribute{BodyPartID(1), oid(keep, "2b06010505070706"), List<Any>(nonce), {}},
      TaggedAttribute{BodyPartID(4'294'967'295u), oid(keep, "2b06010505070702"), List<Any>(identity), {}},
  };
  PKIData data;
  data.control_sequence = List<TaggedAttribute>(controls);
  CHECK(written(data) ==
        octets_of("30{ 30{ 30{020101 06{2b06010505070706} 31{04{deadbeef}}}"
                  "        30{0205 00ffffffff 06{2b06010505070702} 31{0c{626f62}}} } 3000 3000 3000 }"));
}

TEST_CASE("empty messages") {
  CHECK(written(PKIData{}) == "30083000300030003000");
  CHECK(written(PKIResponse{}) == "3006300030003000");
}

TEST_CASE("the three kinds of request") {
  Keep keep;
  TaggedRequest request;
  request.choice = TaggedCertificationRequest{BodyPartID(1), {keep("30{3000 3000 030100}")}};
  CHECK(written(request) == octets_of("a0{020101 30{3000 3000 030100}}"));
  CertReqMsg message;
  message.cert_req.der = keep("30{020101 3000}");
  request.choice = message;
  CHECK(written(request) == octets_of("a1{30{020101 3000}}"));
  request.choice = OtherReqMsg{BodyPartID(2), oid(keep, "2a03"), {keep("0500")}};
  CHECK(written(request) == octets_of("a2{020102 06022a03 0500}"));
}

// RFC 10002 section 6.1.1: extendedFailInfo [1]
TEST_CASE("an extendedFailInfo has the tag [1]") {
  Keep keep;
  const std::array references{BodyPartReference{BodyPartID(5)}};
  CMCStatusInfoV2 status;
  status.cmc_status = CMCStatus::failed;
  status.body_list = List<BodyPartReference>(references);
  status.other_info.emplace().choice = ExtendedFailInfo{oid(keep, "2a03"), {keep("0500")}};
  CHECK(written(status) == octets_of("30{020102 30{020105} a1{06022a03 0500}}"));
  status.other_info->choice = CMCFailInfo::badIdentity;
  CHECK(written(status) == octets_of("30{020102 30{020105} 020107}"));
  status.other_info->choice = PendInfo{keep("74"), {keep("32303236303732313033353234345a"), Time::Form::generalized}};
  CHECK(written(status) == octets_of("30{020102 30{020105} 30{040174 18{32303236303732313033353234345a}}}"));
  status.other_info.reset();
  status.status_string = Utf8String{keep("6e6f")};
  CHECK(written(status) == octets_of("30{020102 30{020105} 0c{6e6f}}"));
}

// RFC 10002 section 7.1: subjectAlt [1]
TEST_CASE("the subjectAlt of a ChangeSubjectName has the tag [1]") {
  Keep keep;
  const std::array names{GeneralName{GeneralName::DNSName{keep("612e62")}}};
  ChangeSubjectName change;
  change.subject_alt.emplace().names = List<GeneralName>(names);
  CHECK(written(change) == octets_of("30{a1{82{612e62}}}"));
  change.subject = Raw<Name>{keep("3000")};
  CHECK(written(change) == octets_of("30{3000 a1{82{612e62}}}"));
  change.subject_alt.reset();
  CHECK(written(change) == octets_of("30{3000}"));
  change.subject.reset();
  CHECK(written(change).starts_with("refused"));
}

TEST_CASE("a DEFAULT is left out") {
  Keep keep;
  Extension extension{oid(keep, "551d0f"), {}, keep("0500"), {}};
  CHECK(written(extension) == octets_of("30{06{551d0f} 04{0500}}"));
  extension.critical.value = true;
  CHECK(written(extension) == octets_of("30{06{551d0f} 0101ff 04{0500}}"));

  const std::array path{BodyPartID(1)};
  ModCertTemplate change;
  change.pki_data_reference.ids = List<BodyPartID>(path);
  change.cert_references.ids = List<BodyPartID>(path);
  CHECK(written(change) == octets_of("30{30{020101} 30{020101} 3000}"));
  change.replace.value = false;
  CHECK(written(change) == octets_of("30{30{020101} 30{020101} 010100 3000}"));
}

TEST_CASE("a SET OF is sorted, a SEQUENCE OF is not") {
  Keep keep;
  const std::array values{Any{keep("0c{62}")}, Any{keep("020103")}, Any{keep("02020100")}, Any{keep("020101")}, Any{keep("0101ff")}};
  const Attribute attribute{oid(keep, "2a03"), List<Any>(values), {}};
  CHECK(written(attribute) == octets_of("30{06022a03 31{0101ff 020101 020103 02020100 0c0162}}"));
  const std::array ids{BodyPartID(3), BodyPartID(1)};
  CHECK(written(BodyPartList{List<BodyPartID>(ids)}) == octets_of("30{020103 020101}"));
}

TEST_CASE("lengths have the shortest form") {
  const auto size_of = [](std::size_t octets) {
    const Bytes content(octets, 0x41);
    const auto der = encode(DataReturn{Octets(content)});
    return to_hex(Octets(*der).sub(0, der->size() - octets));
  };
  CHECK(size_of(0) == "0400");
  CHECK(size_of(127) == "047f");
  CHECK(size_of(128) == "048180");
  CHECK(size_of(255) == "0481ff");
  CHECK(size_of(256) == "04820100");
  CHECK(size_of(65535) == "0482ffff");
  CHECK(size_of(65536) == "0483010000");
}

TEST_CASE("a raw member gets the IMPLICIT tag of its place") {
  Keep keep;
  CertTemplate names;
  names.public_key = Raw<SubjectPublicKeyInfo>{keep("30{30{06022a03} 030100}")};
  names.subject = Raw<Name>{keep("3000")};
  CHECK(written(names) == octets_of("30{a5{3000} a6{30{06022a03} 030100}}"));
}

TEST_CASE("every member of a CertTemplate has its tag") {
  Keep keep;
  CertTemplate all;
  all.version = Integer{keep("02")};
  all.serial_number = Integer{keep("0080")};
  all.signing_alg = AlgorithmIdentifier{oid(keep, "2a03"), {}, {}};
  all.issuer = Raw<Name>{keep("3000")};
  all.validity = OptionalValidity{Time{keep("3236303732313033353234345a"), Time::Form::utc},
                                  Time{keep("32303532303732313033353234345a"), Time::Form::generalized}};
  all.issuer_uid = BitString{keep("f0"), 4};
  all.subject_uid = BitString{{}, 0};
  const std::array extensions{Extension{oid(keep, "551d0f"), {}, keep("0500"), {}}};
  all.extensions = Extensions{List<Extension>(extensions)};
  CHECK(written(all) == octets_of("30{80{02} 81{0080} a2{06022a03} a3{3000}"
                                  "   a4{a0{17{3236303732313033353234345a}} a1{18{32303532303732313033353234345a}}}"
                                  "   87{04f0} 88{00} a9{30{06{551d0f} 04{0500}}}}"));
}

TEST_CASE("the alternatives of a proof of possession") {
  Keep keep;
  ProofOfPossession proof;
  CHECK(written(proof) == "8000");  // raVerified
  POPOSigningKey key{Raw<POPOSigningKeyInput>{keep("30{a0{a4{3000}} 3000}")}, {oid(keep, "2a03"), {}, {}}, {keep("ab"), 0}};
  proof.choice = key;
  CHECK(written(proof) == octets_of("a1{a0{a0{a4{3000}} 3000} 30{06022a03} 03{00ab}}"));
  proof.choice = ProofOfPossession::KeyEncipherment{{SubsequentMessage::encrCert}};
  CHECK(written(proof) == octets_of("a2{81{00}}"));
  proof.choice = ProofOfPossession::KeyAgreement{{POPOPrivKey::ThisMessage{{keep("ab"), 0}}}};
  CHECK(written(proof) == octets_of("a3{80{00ab}}"));
  proof.choice = ProofOfPossession::KeyAgreement{{POPOPrivKey::DhMac{{keep("ab"), 0}}}};
  CHECK(written(proof) == octets_of("a3{82{00ab}}"));
  proof.choice = ProofOfPossession::KeyAgreement{{PKMACValue{{oid(keep, "2a03"), {}, {}}, {keep("ab"), 0}}}};
  CHECK(written(proof) == octets_of("a3{a3{30{06022a03} 03{00ab}}}"));
}

TEST_CASE("archive options and publication") {
  Keep keep;
  PKIArchiveOptions options;
  options.choice = true;
  CHECK(written(options) == "8201ff");
  options.choice = keep("abcd");
  CHECK(written(options) == "8102abcd");
  EncryptedValue value;
  value.enc_value = {keep("ab"), 0};
  value.value_hint = keep("01");
  options.choice = EncryptedKey{value};
  CHECK(written(options) == octets_of("a0{30{84{01} 03{00ab}}}"));
  const std::array places{SinglePubInfo{2, GeneralName{GeneralName::Uri{keep("613a62")}}}};
  const PKIPublicationInfo info{1, List<SinglePubInfo>(places)};
  CHECK(written(info) == octets_of("30{020101 30{30{020102 86{613a62}}}}"));
}

TEST_CASE("every alternative of a GeneralName has its tag") {
  Keep keep;
  GeneralName name;
  name.choice = AnotherName{oid(keep, "2a03"), {keep("0c{61}")}};
  CHECK(written(name) == octets_of("a0{06022a03 a0{0c{61}}}"));
  name.choice = GeneralName::Rfc822Name{keep("614062")};
  CHECK(written(name) == "8103614062");
  name.choice = Raw<ORAddress>{keep("3000")};
  CHECK(written(name) == "a300");
  name.choice = Raw<Name>{keep("3000")};
  CHECK(written(name) == "a4023000");
  name.choice = EDIPartyName{{}, DirectoryString{Utf8String{keep("61")}}};
  CHECK(written(name) == octets_of("a5{a1{0c{61}}}"));
  name.choice = EDIPartyName{DirectoryString{DirectoryString::Printable{keep("62")}}, DirectoryString{Utf8String{keep("61")}}};
  CHECK(written(name) == octets_of("a5{a0{13{62}} a1{0c{61}}}"));
  name.choice = GeneralName::Uri{keep("613a62")};
  CHECK(written(name) == "8603613a62");
  name.choice = GeneralName::IPAddress{keep("c0000201")};
  CHECK(written(name) == "8704c0000201");
  name.choice = oid(keep, "2a03");
  CHECK(written(name) == "88022a03");
}

TEST_CASE("the recipients of an EnvelopedData") {
  Keep keep;
  const AlgorithmIdentifier algorithm{oid(keep, "2a03"), {}, {}};
  const IssuerAndSerialNumber issuer{{keep("3000")}, {keep("05")}, {}};
  const SubjectKeyIdentifier key_id{keep("ab"), {}};
  RecipientInfo recipient;
  recipient.choice = KeyTransRecipientInfo{{keep("02")}, {key_id}, algorithm, keep("ee")};
  CHECK(written(recipient) == octets_of("30{020102 80{ab} 30{06022a03} 04{ee}}"));

  const std::array keys{RecipientEncryptedKey{{issuer}, keep("e1")},
                        RecipientEncryptedKey{{RecipientKeyIdentifier{key_id, Time{keep("32303236303732313033353234345a")},
                                                                      OtherKeyAttribute{oid(keep, "2a04"), Any{keep("0500")}}}},
                                              keep("e2")}};
  recipient.choice = KeyAgreeRecipientInfo{{keep("03")}, {OriginatorPublicKey{algorithm, {keep("cd"), 0}}}, keep("77"),
                                           algorithm, List<RecipientEncryptedKey>(keys)};
  CHECK(written(recipient) ==
        octets_of("a1{020103 a0{a1{30{06022a03} 03{00cd}}} a1{04{77}} 30{06022a03}"
                  "   30{30{30{3000 020105} 04{e1}} 30{a0{04{ab} 18{32303236303732313033353234345a} 30{06022a04 0500}} 04{e2}}}}"));

  recipient.choice = KEKRecipientInfo{{keep("04")}, {keep("ab"), {}, {}}, algorithm, keep("ee")};
  CHECK(written(recipient) == octets_of("a2{020104 30{04{ab}} 30{06022a03} 04{ee}}"));
  recipient.choice = PasswordRecipientInfo{{keep("00")}, algorithm, algorithm, keep("ee")};
  CHECK(written(recipient) == octets_of("a3{020100 a0{06022a03} 30{06022a03} 04{ee}}"));
  recipient.choice = OtherRecipientInfo{oid(keep, "2a05"), {keep("3000")}};
  CHECK(written(recipient) == octets_of("a4{06022a05 3000}"));

  // RFC 9629 section 3: kekLength is not tagged, ukm is [0] EXPLICIT
  const KEMRecipientInfo kem{{keep("00")}, {key_id}, algorithm, keep("cc"), algorithm, {keep("20")}, keep("77"), algorithm, keep("ee")};
  CHECK(written(kem) == octets_of("30{020100 80{ab} 30{06022a03} 04{cc} 30{06022a03} 020120 a0{04{77}} 30{06022a03} 04{ee}}"));
}

TEST_CASE("the CMS structures") {
  Keep keep;
  const AlgorithmIdentifier algorithm{oid(keep, "2a03"), Any{keep("0500")}, {}};
  const std::string alg = "30{06022a03 0500}";
  const std::array algorithms{algorithm};
  EncapsulatedContentInfo content{oid(keep, "2a06"), Any{keep("04{ff}")}, {}};

  SignerInfo signer;
  signer.version.content = keep("03");
  signer.sid.choice = SubjectKeyIdentifier{keep("ab"), {}};
  signer.digest_algorithm = algorithm;
  signer.signed_attrs = Raw<SignedAttributes>{keep("31{30{06022a07 31{0500}}}")};
  signer.signature_algorithm = algorithm;
  signer.signature = keep("5555");
  const std::string signer_hex = "30{020103 80{ab} " + alg + " a0{30{06022a07 31{0500}}} " + alg + " 04{5555}}";
  CHECK(written(signer) == octets_of(signer_hex));

  const std::array signers{signer};
  const std::array certificates{Any{keep("30{020102}")}, Any{keep("30{020101}")}};
  SignedData data;
  data.version.content = keep("03");
  data.digest_algorithms = List<AlgorithmIdentifier>(algorithms);
  data.encap_content_info = content;
  data.certificates = List<Any>(certificates);
  data.signer_infos = List<SignerInfo>(signers);
  CHECK(written(data) == octets_of("30{020103 31{" + alg + "} 30{06022a06 a0{04{ff}}} a0{30{020101} 30{020102}} 31{" + signer_hex + "}}"));
  data.crls = List<Any>();
  data.certificates.reset();
  CHECK(written(data) == octets_of("30{020103 31{" + alg + "} 30{06022a06 a0{04{ff}}} a100 31{" + signer_hex + "}}"));

  const DigestedData digested{{keep("00")}, algorithm, content, keep("dd")};
  CHECK(written(digested) == octets_of("30{020100 " + alg + " 30{06022a06 a0{04{ff}}} 04{dd}}"));

  const EncryptedContentInfo hidden{oid(keep, "2a06"), algorithm, keep("ee")};
  const std::string hidden_hex = "30{06022a06 " + alg + " 80{ee}}";
  const EncryptedData encrypted{{keep("00")}, hidden, {}};
  CHECK(written(encrypted) == octets_of("30{020100 " + hidden_hex + "}"));

  const std::array recipients{RecipientInfo{OtherRecipientInfo{oid(keep, "2a05"), {keep("3000")}}, {}}};
  const std::array attributes{Attribute{oid(keep, "2a07"), {}, {}}};
  EnvelopedData enveloped;
  enveloped.version.content = keep("02");
  enveloped.originator_info = OriginatorInfo{List<Any>(certificates), {}};
  enveloped.recipient_infos = List<RecipientInfo>(recipients);
  enveloped.encrypted_content_info = hidden;
  enveloped.unprotected_attrs = List<Attribute>(attributes);
  CHECK(written(enveloped) == octets_of("30{020102 a0{a0{30{020101} 30{020102}}} 31{a4{06022a05 3000}} " + hidden_hex +
                                        " a1{30{06022a07 3100}}}"));

  AuthEnvelopedData sealed;
  sealed.version.content = keep("00");
  sealed.recipient_infos = List<RecipientInfo>(recipients);
  sealed.auth_encrypted_content_info = hidden;
  sealed.auth_attrs = Raw<AuthAttributes>{keep("31{30{06022a07 3100}}")};
  sealed.mac = keep("dd");
  sealed.unauth_attrs = List<Attribute>(attributes);
  CHECK(written(sealed) == octets_of("30{020100 31{a4{06022a05 3000}} " + hidden_hex +
                                     " a1{30{06022a07 3100}} 04{dd} a2{30{06022a07 3100}}}"));

  AuthenticatedData authentic;
  authentic.version.content = keep("00");
  authentic.recipient_infos = List<RecipientInfo>(recipients);
  authentic.mac_algorithm = algorithm;
  authentic.digest_algorithm = algorithm;
  authentic.encap_content_info = content;
  authentic.auth_attrs = Raw<AuthAttributes>{keep("31{30{06022a07 3100}}")};
  authentic.mac = keep("dd");
  authentic.unauth_attrs = List<Attribute>(attributes);
  CHECK(written(authentic) == octets_of("30{020100 31{a4{06022a05 3000}} " + alg + " a1{06022a03 0500} 30{06022a06 a0{04{ff}}}"
                                        " a2{30{06022a07 3100}} 04{dd} a3{30{06022a07 3100}}}"));
}

TEST_CASE("what has no encoding is refused") {
  Keep keep;
  const auto refused = [](const auto& value) {
    const auto der = encode(value);
    return !der.ok() && der.error().code == Errc::not_encodable;
  };
  CHECK(refused(AlgorithmIdentifier{}));                                              // no OID
  CHECK(refused(AlgorithmIdentifier{oid(keep, "2a03"), Any{}, {}}));                  // an Any without bytes
  CHECK(refused(TransactionId{}));                                                    // an INTEGER without contents
  CHECK(refused(IssuerAndSerialNumber{{}, {keep("01")}, {}}));                        // a Raw without bytes
  CHECK(refused(SubjectPublicKeyInfo{{oid(keep, "2a03"), {}, {}}, {keep("ff"), 8}})); // 8 unused bits
  CHECK(refused(SubjectPublicKeyInfo{{oid(keep, "2a03"), {}, {}}, {{}, 1}}));         // unused bits of nothing
  CHECK(encode(TransactionId{}).error().path == "INTEGER");
}

TEST_CASE("what is no complete element is not written into a SET OF") {
  Keep keep;
  const std::array values{Any{keep("0205")}, Any{keep("0101ff")}};
  const auto der = encode(Attribute{oid(keep, "2a03"), List<Any>(values), {}});
  REQUIRE_FALSE(der.ok());
  CHECK(der.error().code == Errc::not_encodable);
}

TEST_CASE("a UTCTime is not written where a GeneralizedTime belongs") {
  Keep keep;
  const PendInfo info{keep("74"), {keep("3236303732313033353234345a"), Time::Form::utc}};
  CHECK_FALSE(encode(info).ok());
}

TEST_CASE("unused bits are written as 0") {
  Keep keep;
  const SubjectPublicKeyInfo key{{oid(keep, "2a03"), {}, {}}, {keep("ff"), 4}};
  CHECK(written(key) == octets_of("30{30{06022a03} 03{04f0}}"));
}

TEST_CASE("one Encoder writes value after value") {
  Keep keep;
  Encoder encoder;
  CHECK(to_hex(*encoder.encode(DataReturn{keep("0102")})) == "04020102");
  CHECK_FALSE(encoder.encode(TransactionId{}).ok());
  const Bytes large(10'000, 0x41);
  CHECK(encoder.encode(DataReturn{Octets(large)})->size() == 10'004);
  CHECK(to_hex(*encoder.encode(PKIResponse{})) == "3006300030003000");
}

}  // namespace cmcctl::test
