#include <cmcctl/cmc/archive.hpp>
#include <cmcctl/cmc/archived_keys.hpp>
#include <cmcctl/cmc/crmf.hpp>
#include <cmcctl/cmc/extensions.hpp>
#include <cmcctl/cmc/names.hpp>
#include <cmcctl/cmc/pkcs10.hpp>
#include <cmcctl/codec/input.hpp>
#include <cmcctl/codec/message.hpp>
#include <cmcctl/codec/pkcs10.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/key_source.hpp>
#include <cmcctl/crypto/mac.hpp>
#include <cmcctl/crypto/owned_algorithm.hpp>

#include <fstream>
#include <iterator>
#include <random>

#include "catch.hpp"
#include "hex.hpp"
#include "vectors_dir.hpp"

namespace cmcctl::test {
namespace {

const std::string dogtag = std::string(vectors_dir()) + "/dogtag/tools/";

std::unique_ptr<PrivateKey> key_of(const std::string& file) {
  auto loaded = load_private_key(dogtag + file, nullptr);
  REQUIRE(loaded.ok());
  return std::move(loaded->key);
}

Bytes certificate(const std::string& file) { return load_certificates(dogtag + file, nullptr)->front(); }

std::unique_ptr<PrivateKey> made(std::string_view spec) { return *generate_private_key(spec); }

// A certificate for the key: nothing looks at its signature.
Bytes certificate_for(const PrivateKey& key, std::string_view subject) {
  const Bytes algorithm = element(0x30, hex("06082a8648ce3d040302"));
  const Bytes time = element(0x17, hex("3236303130313030303030305a"));
  const Octets spki = key.public_key().spki();
  const Bytes tbs =
      element(0x30, hex("a003020102 02012a") + algorithm + *parse_name("CN=Test CA") + element(0x30, time + time) +
                        *parse_name(subject) + Bytes(spki.begin(), spki.end()));
  return element(0x30, tbs + algorithm + hex("03020000"));
}

std::string refusal(const auto& result) { return result ? "" : to_string(result.error()); }

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

struct OpenedP10 {
  explicit OpenedP10(Bytes der) : request(*decode<CertificationRequest>(std::move(der))) {
    info = *request.decoder().decode<CertificationRequestInfo>(request->certification_request_info);
  }
  Octets value(std::string_view type) const {
    for (const Attribute& attribute : *info.attributes) {
      if (to_string(attribute.type) == type) return attribute.values[0].der;
    }
    return {};
  }
  Decoded<CertificationRequest> request;
  CertificationRequestInfo info;
};

struct OpenedCrmf {
  explicit OpenedCrmf(Bytes der) : message(*decode<CertReqMsg>(std::move(der))) {
    request = *message.decoder().decode<CertRequest>(message->cert_req);
  }
  Decoded<CertReqMsg> message;
  CertRequest request;
};

}  // namespace

TEST_CASE("extensions from words have the octets of RFC 5280") {
  CHECK(key_usage_extension("digitalSignature, keyEncipherment")->value == hex("030205a0"));
  CHECK(key_usage_extension("decipherOnly")->value == hex("0303070080"));
  CHECK(key_usage_extension("contentCommitment")->value == hex("03020640"));
  CHECK(key_usage_extension("keyCertSign")->critical);
  CHECK(ext_key_usage_extension("clientAuth,1.2.3")->value == hex("300e 06082b06010505070302 06022a03"));
  CHECK(basic_constraints_extension("ca,pathlen:3")->value == hex("3006 0101ff 020103"));
  CHECK(basic_constraints_extension("end-entity")->value == hex("3000"));
  CHECK(subject_key_identifier_extension(hex("0102")).value == hex("04020102"));
  CHECK(*extension_from_text("1.2.3=0500,critical") == RequestedExtension{"1.2.3", true, hex("0500")});
  CHECK(extension_from_text("keyUsage=03020780")->oid == "2.5.29.15");
  const std::vector<Bytes> names{*parse_general_name("dns:a")};
  CHECK(subject_alt_name_extension(names, true)->value == hex("3003820161"));
}

TEST_CASE("what is no extension is refused") {
  CHECK(holds(refusal(key_usage_extension("digitalSignature,sign")), "sign"));
  CHECK(holds(refusal(key_usage_extension("")), "no key usage"));
  CHECK(holds(refusal(ext_key_usage_extension("clientauthn")), "dotted OID"));
  CHECK(holds(refusal(basic_constraints_extension("pathlen:1")), "for CAs"));
  CHECK(holds(refusal(basic_constraints_extension("ca,pathlen:")), "written"));
  CHECK(holds(refusal(basic_constraints_extension("ca,pathlen:-1")), "written"));
  CHECK(holds(refusal(basic_constraints_extension("ca,end-entity")), "written"));
  CHECK(holds(refusal(extension_from_text("1.2.3")), "OID=hexadecimal"));
  CHECK(holds(refusal(extension_from_text("1.2.3=05")), "DER"));
  CHECK(holds(refusal(subject_alt_name_extension({}, false)), "one name"));
  const std::vector<RequestedExtension> twice{{"1.2.3", false, hex("0500")}, {"1.2.3", true, hex("0500")}};
  CHECK(holds(refusal(encode_extensions(twice)), "twice"));
  CHECK(holds(refusal(encode_extensions({})), "at least"));
}

TEST_CASE("a PKCS #10 request is signed with its key and carries what was asked for") {
  const auto key = made("ec:P-256");
  Pkcs10Options options{*parse_name("CN=me")};
  options.extensions.push_back(subject_key_identifier_extension(hex("aa")));
  options.attributes = {{"1.2.840.113549.1.9.7", hex("0c0161")}, {"1.2.3", hex("0500")}, {"1.2.3", hex("020101")}};
  OpenedP10 opened(*make_pkcs10(options, OwnSignature{key.get(), usual_scheme(key->public_key())}));
  CHECK(opened.info.subject.der == Octets(options.subject));
  CHECK(opened.info.attributes->size() == 3);
  CHECK(opened.value("1.2.840.113549.1.9.14") == Octets(hex("300c300a0603551d0e04030401aa")));
  CHECK(*key->public_key().verify(usual_scheme(key->public_key()), opened.request->certification_request_info.der,
                                  opened.request->signature.bytes));

  options.attributes.push_back({"1.2.840.113549.1.9.14", hex("3000")});
  CHECK(holds(refusal(make_pkcs10(options, NoSignature{key->public_key().spki()})), "extensionRequest is there twice"));
}

TEST_CASE("id-alg-noSignature has NULL and the SHA-1 of the signed part") {
  const auto key = made("x25519");
  OpenedP10 opened(*make_pkcs10({*parse_name("CN=me")}, NoSignature{key->public_key().spki()}));
  CHECK(to_string(opened.request->signature_algorithm.algorithm) == "1.3.6.1.5.5.7.6.2");
  CHECK(opened.request->signature_algorithm.parameters->der == Octets(hex("0500")));
  CHECK(opened.request->signature.bytes == Octets(digest(Hash::sha1, opened.request->certification_request_info.der)));
}

TEST_CASE("a statement of possession is signed by who makes it") {
  const auto key = made("x25519");
  const auto signer = made("ec:P-384");
  const Bytes voucher = certificate_for(*signer, "CN=me");
  const SignatureScheme scheme = usual_scheme(signer->public_key());
  const StatementOfPossession how{key->public_key().spki(), signer.get(), scheme, voucher, true};
  OpenedP10 opened(*make_pkcs10({*parse_name("CN=me")}, how));
  const Bytes name = *parse_name("CN=Test CA");
  CHECK(opened.value("1.3.6.1.4.1.22112.2.1") == Octets(element(0x30, element(0x30, name + hex("02012a")) + voucher)));
  CHECK(*signer->public_key().verify(scheme, opened.request->certification_request_info.der,
                                     opened.request->signature.bytes));
  const Bytes other = certificate_for(*made("ec:P-384"), "CN=me");
  CHECK(holds(refusal(make_pkcs10({*parse_name("CN=me")},
                                  StatementOfPossession{key->public_key().spki(), signer.get(), scheme, other})),
              "another key"));

  CertRequestOptions options;
  options.subject = *parse_name("CN=me");
  OpenedCrmf crmf(*make_cert_req_msg(options, how));
  CHECK(to_string((*crmf.request.controls)[0].type) == "1.3.6.1.4.1.22112.2.1");
  CHECK(*signer->public_key().verify(scheme, crmf.message->cert_req.der,
                                     std::get<POPOSigningKey>(crmf.message->popo->choice).signature.bytes));
}

TEST_CASE("static ECDH: the recipient computes the same MAC") {
  const auto key = made("ec:P-256");
  const auto recipient = made("ec:P-256");
  const Bytes ca = certificate_for(*recipient, "CN=Recipient");
  OpenedP10 opened(*make_pkcs10({*parse_name("CN=me")}, StaticEcdh{key.get(), ca}));
  CHECK(to_string(opened.request->signature_algorithm.algorithm) == "1.3.6.1.5.5.7.6.26");
  CHECK_FALSE(opened.request->signature_algorithm.parameters);

  const SecretOctets shared = *recipient->agree(key->public_key().subject_public_key());
  const Bytes text = *parse_name("CN=Recipient") + Bytes(shared.begin(), shared.end()) + *parse_name("CN=Test CA");
  const SecretOctets mac =
      hmac(Hash::sha256, digest(Hash::sha256, text), opened.request->certification_request_info.der);
  const Bytes name = element(0x30, *parse_name("CN=Test CA") + hex("02012a"));
  CHECK(opened.request->signature.bytes == Octets(element(0x30, name + element(0x04, Bytes(mac.begin(), mac.end())))));

  const Bytes wrong_curve = certificate_for(*made("ec:P-384"), "CN=Recipient");
  CHECK(holds(refusal(make_pkcs10({*parse_name("CN=me")}, StaticEcdh{key.get(), wrong_curve})), "curve"));
  CHECK(holds(refusal(make_pkcs10({*parse_name("CN=me")}, StaticEcdh{key.get(), ca, Hash::sha1})), "SHA-1"));
}

TEST_CASE("a CRMF template has what was asked for and nothing else") {
  const auto key = made("ec:P-256");
  CertRequestOptions options;
  options.cert_req_id = 4294967295;
  options.issuer = *parse_name("CN=ca");
  options.subject = *parse_name("CN=me");
  options.not_before = 0;
  options.not_after = 4102444800;
  options.controls = {{"1.3.6.1.5.5.7.5.1.1", hex("0c0161")}};
  options.reg_info = {{"1.3.6.1.5.5.7.5.2.1", hex("0c0162")}};
  OpenedCrmf opened(*make_cert_req_msg(options, PopSignature{key.get(), usual_scheme(key->public_key())}));
  CHECK(opened.request.cert_req_id.to_int64() == 4294967295);
  const CertTemplate& wanted = opened.request.cert_template;
  CHECK(wanted.subject->der == Octets(*options.subject));
  CHECK(wanted.issuer->der == Octets(*options.issuer));
  CHECK(to_iso8601(*wanted.validity->not_before) == "1970-01-01T00:00:00Z");
  CHECK(to_iso8601(*wanted.validity->not_after) == "2100-01-01T00:00:00Z");
  CHECK_FALSE(wanted.version);
  CHECK_FALSE(wanted.serial_number);
  CHECK_FALSE(wanted.extensions);
  CHECK(opened.request.controls->size() == 1);
  CHECK(opened.message->reg_info->size() == 1);
}

TEST_CASE("poposkInput is signed where there is no subject, with a sender or with a MAC of the public key") {
  const auto key = made("ec:P-256");
  const SignatureScheme scheme = usual_scheme(key->public_key());
  PopSignature how{key.get(), scheme};
  CHECK(holds(refusal(make_cert_req_msg({}, how)), "section 4.1"));

  const Bytes secret = hex("736563726574");
  for (const bool with_sender : {true, false}) {
    if (with_sender) how.auth_info = PopSignature::Sender{*parse_general_name("dir:CN=me")};
    if (!with_sender) how.auth_info = PopSignature::PublicKeyMac{secret};
    OpenedCrmf opened(*make_cert_req_msg({}, how));
    const auto& proof = std::get<POPOSigningKey>(opened.message->popo->choice);
    Bytes input(proof.poposk_input->der.begin(), proof.poposk_input->der.end());
    input[0] = 0x30;
    CHECK(*key->public_key().verify(scheme, input, proof.signature.bytes));
    CHECK_FALSE(*key->public_key().verify(scheme, opened.message->cert_req.der, proof.signature.bytes));
    Decoder& decoder = opened.message.decoder();
    const auto decoded = *decoder.decode<POPOSigningKeyInput>(*proof.poposk_input);
    CHECK(decoded.public_key.der == key->public_key().spki());
    if (with_sender) continue;
    const auto& mac = std::get<PKMACValue>(decoded.auth_info.choice);
    CHECK(*check_mac(decoder, mac.alg_id, secret, key->public_key().spki(), mac.value.bytes));
  }
}

TEST_CASE("the other proofs of possession stand where RFC 4211 has them") {
  const auto key = made("ec:P-256");
  const Octets spki = key->public_key().spki();
  const Bytes ca = certificate_for(*made("ec:P-256"), "CN=ca");
  CertRequestOptions options;
  options.subject = *parse_name("CN=me");

  OpenedCrmf challenge(
      *make_cert_req_msg(options, PopSubsequent{PopKeyUse::agreement, SubsequentMessage::challengeResp, spki}));
  CHECK(std::get<SubsequentMessage>(
            std::get<ProofOfPossession::KeyAgreement>(challenge.message->popo->choice).value.choice) ==
        SubsequentMessage::challengeResp);
  OpenedCrmf certificate(
      *make_cert_req_msg(options, PopSubsequent{PopKeyUse::encipherment, SubsequentMessage::encrCert, spki}));
  CHECK(std::get<SubsequentMessage>(
            std::get<ProofOfPossession::KeyEncipherment>(certificate.message->popo->choice).value.choice) ==
        SubsequentMessage::encrCert);
  OpenedCrmf agreed(*make_cert_req_msg(options, PopAgreeMac{StaticEcdh{key.get(), ca}}));
  CHECK(std::holds_alternative<PKMACValue>(
      std::get<ProofOfPossession::KeyAgreement>(agreed.message->popo->choice).value.choice));
  OpenedCrmf verified(*make_cert_req_msg(options, PopRaVerified{spki}));
  CHECK(std::holds_alternative<ProofOfPossession::RaVerified>(verified.message->popo->choice));
  CHECK_FALSE(OpenedCrmf(*make_cert_req_msg(options, PopNone{spki})).message->popo);

  CHECK(holds(refusal(make_cert_req_msg({}, PopAgreeMac{StaticEcdh{key.get(), ca}})), "section 4.2"));
  CHECK(holds(refusal(make_cert_req_msg(options, PopPrivateKey{PopKeyUse::agreement, key.get(), {ca}})), "identifier"));
  const Bytes identifier = hex("0c026d65");
  ArchiveRecipient to{ca};
  to.identifier = identifier;
  OpenedCrmf given(*make_cert_req_msg(options, PopPrivateKey{PopKeyUse::agreement, key.get(), to}));
  CHECK(std::holds_alternative<EnvelopedData>(
      std::get<ProofOfPossession::KeyAgreement>(given.message->popo->choice).value.choice));
  CHECK(holds(refusal(make_cert_req_messages({})), "at least"));
}

TEST_CASE("keys archived by Dogtag's tools open with the archive's key") {
  const auto kra = key_of("pki/transport.key");
  for (const auto& [name, with] : {std::pair{"crmf-rsa-arch-kwpad", "AES key wrap after PKCS #7 padding"},
                                   std::pair{"crmf-rsa-arch-aescbc", "AES-128-CBC"}}) {
    std::ifstream file(dogtag + name + "/req.pem", std::ios::binary);
    const Bytes text{std::istreambuf_iterator<char>(file), {}};
    auto blocks = *read_blocks(text, {});
    auto messages = *decode<CertReqMessages>(blocks[0].bytes);
    const auto request = *messages.decoder().decode<CertRequest>(messages->messages[0].cert_req);
    const auto options = *messages.decoder().decode<PKIArchiveOptions>((*request.controls)[0].value);
    const auto opened = open_archive_options(messages.decoder(), options, *kra);
    REQUIRE(opened);
    CHECK(opened->with == with);
    const auto expected = key_of(std::string(name) + "/key.pem");
    CHECK((*private_key_from_pkcs8(opened->pkcs8))->public_key().is_same(expected->public_key()));

    const auto other = key_of("pki/user.key");
    CHECK(open_archive_options(messages.decoder(), options, *other).error().code == Errc::decryption_failed);
  }
}

TEST_CASE("every wrap opens with the archive's key, whatever encrypts the session key") {
  const auto kra = key_of("pki/transport.key");
  const Bytes transport = certificate("pki/transport.pem");
  const auto key = made("ec:P-256");
  const SecretOctets pkcs8 = *pkcs8_of(*key);
  for (const auto wrap :
       {ArchiveWrap::enveloped, ArchiveWrap::nss_key_wrap_pad, ArchiveWrap::key_wrap_pad, ArchiveWrap::aes_cbc,
        ArchiveWrap::des_ede3_cbc}) {
    for (const bool oaep : {false, true}) {
      ArchiveRecipient recipient{transport, wrap};
      if (oaep) recipient.oaep = PublicKey::Oaep{};
      auto options = *decode<PKIArchiveOptions>(*make_archive_options(pkcs8, recipient));
      const auto opened = open_archive_options(options.decoder(), *options, *kra, transport);
      REQUIRE(opened);
      CHECK(opened->pkcs8 == pkcs8);
      CHECK_FALSE(open_archive_options(options.decoder(), *options, *made("rsa:2048")));
    }
  }
}

TEST_CASE("an ML-KEM archive is sent an encapsulation, where Botan has it") {
  const SecretOctets pkcs8 = *pkcs8_of(*made("ec:P-256"));
  for (const std::string spec : {"ml-kem-512", "ml-kem-768", "ml-kem-1024"}) {
    const auto kra = generate_private_key(spec);
    if (!kra) {
      CHECK(kra.error().code == Errc::unsupported_algorithm);
      continue;
    }
    const Bytes transport = certificate_for(**kra, "CN=kra");
    for (const auto wrap : {ArchiveWrap::enveloped, ArchiveWrap::nss_key_wrap_pad, ArchiveWrap::aes_cbc}) {
      auto options = *decode<PKIArchiveOptions>(*make_archive_options(pkcs8, {transport, wrap}));
      const auto opened = open_archive_options(options.decoder(), *options, **kra, transport);
      REQUIRE(opened);
      CHECK(opened->pkcs8 == pkcs8);
      CHECK_FALSE(open_archive_options(options.decoder(), *options, *made(spec)));
    }
  }
}

TEST_CASE("the archive gets the private keys of the requests, and no others") {
  const auto kra = key_of("pki/transport.key");
  const Bytes transport = certificate("pki/transport.pem");
  const auto key = made("ec:P-256");
  const auto other = made("ec:P-256");
  const auto request = [&](const PrivateKey& archived) {
    CertRequestOptions options;
    options.subject = *parse_name("CN=me");
    options.controls = {{"1.3.6.1.5.5.7.5.1.4", *make_archive_options(*pkcs8_of(archived), {transport})}};
    return *make_cert_req_msg(options, PopSignature{key.get(), usual_scheme(key->public_key())});
  };
  const auto opened = [&](const std::vector<Bytes>& requests) {
    const Bytes message = *make_cert_req_messages(requests);
    Decoder decoder;
    return open_archived_keys(decoder, *open_message(decoder, Octets(message)), *kra, transport);
  };
  CertRequestOptions bare;
  bare.subject = *parse_name("CN=me");
  const Bytes without = *make_cert_req_msg(bare, PopNone{key->public_key().spki()});
  const auto found = opened({without, request(*key), request(*other)});
  REQUIRE(found.size() == 2);
  REQUIRE(found[0].key);
  CHECK(found[0].key->pkcs8 == *pkcs8_of(*key));
  CHECK(found[0].subject == *parse_name("CN=me"));
  CHECK(found[0].path != found[1].path);
  CHECK(found[1].key.error().code == Errc::bad_key);
  CHECK(opened({without}).empty());
}

TEST_CASE("3DES for an archive stands under its own OID, with its initialization vector") {
  const auto kra = key_of("pki/transport.key");
  const Bytes transport = certificate("pki/transport.pem");
  const SecretOctets pkcs8 = *pkcs8_of(*made("ec:P-256"));
  auto options = *decode<PKIArchiveOptions>(*make_archive_options(pkcs8, {transport, ArchiveWrap::des_ede3_cbc}));
  const auto& value = std::get<EncryptedValue>(std::get<EncryptedKey>(options->choice).choice);
  CHECK(to_string(value.symm_alg->algorithm) == "1.2.840.113549.3.7");
  CHECK(value.symm_alg->parameters->der.size() == 10);
  CHECK(value.enc_value.bytes.size() == pkcs8.size() / 8 * 8 + 8);
  CHECK(kra->decrypt_pkcs1(value.enc_symm_key->bytes, 24)->size() == 24);
}

TEST_CASE("3DES under the OID of desCBC, as Dogtag's clients write it, opens") {
  const auto kra = key_of("pki/transport.key");
  const Bytes transport = certificate("pki/transport.pem");
  const SecretOctets pkcs8 = *pkcs8_of(*made("ec:P-256"));
  auto options = *decode<PKIArchiveOptions>(*make_archive_options(pkcs8, {transport, ArchiveWrap::des_ede3_cbc}));
  PKIArchiveOptions theirs = *options;
  auto& algorithm = std::get<EncryptedValue>(std::get<EncryptedKey>(theirs.choice).choice).symm_alg;
  const Octets iv = algorithm->parameters->der;
  const OwnedAlgorithm des_cbc("1.3.14.3.2.7", Bytes(iv.begin(), iv.end()));
  algorithm = des_cbc.view();
  const auto opened = open_archive_options(options.decoder(), theirs, *kra);
  REQUIRE(opened);
  CHECK(opened->pkcs8 == pkcs8);
  CHECK(opened->with == "3DES-CBC, called desCBC");
}

TEST_CASE("a damaged key wrap opens to the key or to nothing") {
  const auto kra = key_of("pki/transport.key");
  const Bytes transport = certificate("pki/transport.pem");
  const SecretOctets pkcs8 = *pkcs8_of(*made("ec:P-256"));
  std::mt19937 random(4211);
  for (const auto wrap : {ArchiveWrap::nss_key_wrap_pad, ArchiveWrap::key_wrap_pad}) {
    const Bytes whole = *make_archive_options(pkcs8, {transport, wrap});
    for (int round = 0; round < 40; ++round) {
      Bytes damaged = whole;
      damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
      auto options = decode<PKIArchiveOptions>(std::move(damaged));
      if (!options) continue;
      const auto opened = open_archive_options(options->decoder(), **options, *kra);
      CHECK((!opened || opened->pkcs8 == pkcs8));
    }
  }
}

TEST_CASE("AES key wrap without padding takes what is a multiple of 8 octets") {
  const auto kra = key_of("pki/transport.key");
  const Bytes transport = certificate("pki/transport.pem");
  const Bytes even = element(0x30, hex("020100 3003060101 040401020304"));
  auto options = *decode<PKIArchiveOptions>(*make_archive_options(even, {transport, ArchiveWrap::key_wrap}));
  const auto opened = open_archive_options(options.decoder(), *options, *kra);
  REQUIRE(opened);
  CHECK(Octets(opened->pkcs8) == Octets(even));
  CHECK(opened->with == "AES key wrap (RFC 3394)");
}

TEST_CASE("what a wrap does not take is refused, and what is damaged does not open") {
  const auto kra = key_of("pki/transport.key");
  const Bytes transport = certificate("pki/transport.pem");
  const Bytes odd = element(0x30, hex("020100 3003060101 040102 a000"));
  CHECK(odd.size() % 8 != 0);
  CHECK(holds(refusal(make_archive_options(odd, {transport, ArchiveWrap::key_wrap})), "multiple of 8"));
  const Bytes ec = certificate_for(*made("ec:P-256"), "CN=kra");
  CHECK(holds(refusal(make_archive_options(odd, {ec, ArchiveWrap::aes_cbc})), "EnvelopedData takes it"));

  Bytes der = *make_archive_options(*pkcs8_of(*made("ec:P-256")), {transport, ArchiveWrap::key_wrap_pad});
  der.back() ^= 1;
  auto options = *decode<PKIArchiveOptions>(std::move(der));
  CHECK(open_archive_options(options.decoder(), *options, *kra).error().code == Errc::decryption_failed);
  auto remote = *decode<PKIArchiveOptions>(hex("8201ff"));
  CHECK(open_archive_options(remote.decoder(), *remote, *kra).error().code == Errc::no_key);
}

}  // namespace cmcctl::test
