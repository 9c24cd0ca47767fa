#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include <cmcctl/cmc/archive.hpp>
#include <cmcctl/cmc/client.hpp>
#include <cmcctl/cmc/crmf.hpp>
#include <cmcctl/cmc/enrollment.hpp>
#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/cmc/names.hpp>
#include <cmcctl/cmc/pki_data.hpp>
#include <cmcctl/cmc/pop_link.hpp>
#include <cmcctl/cmc/pop_messages.hpp>
#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/crypto/key_source.hpp>
#include <cmcctl/crypto/random.hpp>
#include <cmcctl/server/authority.hpp>

#include "catch.hpp"
#include "hex.hpp"

namespace cmcctl::test {
namespace {

constexpr std::int64_t now = 1'780'272'000;  // 2026-06-01
constexpr std::int64_t day = 86'400;

template <class T>
T value(Result<T> result) {
  INFO((result ? std::string() : to_string(result.error())));
  REQUIRE(result);
  return *std::move(result);
}

void done(Result<void> result) {
  INFO((result ? std::string() : to_string(result.error())));
  REQUIRE(result);
}

std::unique_ptr<PrivateKey> ec_key() { return value(generate_private_key("ec:P-256")); }

// RSA keys take long to make, so that one serves all that need not be the first to use it.
PrivateKey& rsa_key(std::size_t which = 0) {
  static std::vector<std::unique_ptr<PrivateKey>> keys;
  while (keys.size() <= which) keys.push_back(value(generate_private_key("rsa:2048")));
  return *keys[which];
}

/// Somebody with a certificate.
struct Holder {
  std::unique_ptr<PrivateKey> key = ec_key();
  std::optional<X509Certificate> certificate{};
};

/// One CA for all tests: what they do in it does not meet.
struct Ca {
  Ca() : store(value(Store::open(""))), issuer(value(Issuer::open(store, {"ec:P-256", "Unit"}, now))) {}

  Holder holder(const std::string& subject, const std::string& identity = "", const std::string& profile = "user",
                const std::vector<RequestedExtension>& extensions = {}, bool confirmed = true,
                std::int64_t issued_at = now) {
    Holder holder;
    const Bytes name = value(parse_name(subject));
    const Wish wish{extensions, true};
    const auto issued = value(issuer.issue(
        {*find_profile(profile), name, holder.key->public_key().spki(), wish, identity, confirmed}, issued_at));
    holder.certificate = value(X509Certificate::from_der(issued.der));
    return holder;
  }
  Holder ra() { return holder("CN=RA", "", "ra"); }
  void user(const std::string& name, const std::string& secret, const std::string& subject = "",
            const std::vector<std::string>& names = {}) {
    done(store.set_user({name, secret_copy(Octets(std::string_view(secret))), subject, names}));
  }
  bool is_revoked(const X509Certificate& certificate) {
    const auto found = value(store.find_certificate(certificate.tbs().serial_number.content));
    REQUIRE(found);
    return found->revocation.has_value();
  }

  Store store;
  Issuer issuer;
};

Ca& ca() {
  static Ca the_ca;
  return the_ca;
}

// --- requests ----------------------------------------------------------------------------------------------------

Octets octets(std::string_view text) { return Octets(text); }

RequestedExtension host(const std::string& name) {
  const std::vector<Bytes> names{value(parse_general_name(name))};
  return value(subject_alt_name_extension(names, false));
}

Bytes pkcs10(PrivateKey& key, const std::string& subject, std::vector<RequestedExtension> extensions = {},
             std::vector<RequestValue> attributes = {}) {
  extensions.push_back(subject_key_identifier_extension(key.public_key().key_identifier()));
  return value(make_pkcs10({value(parse_name(subject)), std::move(extensions), std::move(attributes)},
                           OwnSignature{&key, usual_scheme(key.public_key())}));
}

Bytes unsigned_pkcs10(const PrivateKey& key, const std::string& subject) {
  const auto identifier = subject_key_identifier_extension(key.public_key().key_identifier());
  return value(make_pkcs10({value(parse_name(subject)), {identifier}}, NoSignature{key.public_key().spki()}));
}

void start(PkiDataBuilder& data) {
  SecretOctets number = random_octets(8);
  number[0] = static_cast<std::uint8_t>((number[0] & 0x3F) | 0x40);
  value(data.transaction_id(Integer{number}));
  value(data.sender_nonce(random_octets(nonce_octets)));
}

Bytes signed_by(Holder& holder, const PkiDataBuilder& data, std::int64_t time = now) {
  const Bytes own(holder.certificate->der().begin(), holder.certificate->der().end());
  SignedDataOptions options;
  options.certificates = {&own, 1};
  options.signing_time = time;
  const Signer signer{holder.key.get(), usual_scheme(holder.key->public_key()), own};
  return value(sign_full(FullContent::pki_data, value(data.der()), {&signer, 1}, options));
}

Bytes self_signed(PrivateKey& key, const PkiDataBuilder& data) {
  return value(self_sign_full(value(data.der()), key, usual_scheme(key.public_key())));
}

Bytes unsigned_message(const PkiDataBuilder& data) {
  return value(sign_full(FullContent::pki_data, value(data.der()), {}));
}

/// A first request with a shared secret.
Bytes by_secret(PrivateKey& key, const std::string& name, const std::string& secret, const std::string& subject,
                const std::vector<RequestedExtension>& extensions = {}, IdentityProofs which = IdentityProofs::v2) {
  PkiDataBuilder data;
  value(data.request(pkcs10(key, subject, extensions)));
  start(data);
  value(data.identification(name));
  done(data.identity_proof(octets(secret), which));
  return self_signed(key, data);
}

IssuerAndSerialNumber name_of(const X509Certificate& certificate) {
  return {Raw<Name>{certificate.issuer()}, certificate.tbs().serial_number, {}};
}

RevokeRequest revocation_of(const X509Certificate& certificate, CrlReason reason = CrlReason::keyCompromise) {
  RevokeRequest wanted;
  wanted.issuer_name = Raw<Name>{certificate.issuer()};
  wanted.serial_number = certificate.tbs().serial_number;
  wanted.reason = static_cast<std::int64_t>(reason);
  return wanted;
}

// --- answers -----------------------------------------------------------------------------------------------------

/// An answer as its client reads it.
struct Said {
  Bytes body;
  AnswerKind kind{};
  std::string outcome;
  std::vector<std::string> statuses;
  std::vector<std::string> texts;
  std::vector<X509Certificate> certificates;  // in the answer to a request
  std::vector<X509Certificate> others;
  std::vector<ReportedStatus> reported;
  std::size_t crls = 0;

  std::string status() const { return statuses.empty() ? "" : statuses.front(); }
};

Said read(const Answer& answer, Octets request) {
  Decoder response_decoder, request_decoder;
  const auto response = value(open_message(response_decoder, Octets(answer.body)));
  constexpr std::uint8_t nothing[]{0x30, 0x08, 0x30, 0x00, 0x30, 0x00, 0x30, 0x00, 0x30, 0x00};
  auto sent = open_message(request_decoder, request);
  if (!sent) sent = open_message(request_decoder, Octets(nothing));
  VerifyOptions options;
  const std::vector<X509Certificate> anchors{ca().issuer.certificate()};
  options.anchors = anchors;
  options.time = now;
  const auto report = process_response({response_decoder, response}, {request_decoder, *sent}, options);
  for (const VerifiedPart& part : report.verification.parts) {
    for (const Check& check : part.checks) {
      INFO(part.name << ": " << check.name << ": " << check.text);
      CHECK(check.verdict != Verdict::fail);
    }
  }
  Said said;
  said.body = answer.body;
  said.kind = answer.kind;
  said.outcome = to_string(report.outcome);
  for (const ReportedStatus& status : report.statuses) {
    said.statuses.push_back(to_string(status));
    said.texts.push_back(status.text);
  }
  for (const AnsweredRequest& one : report.requests) {
    if (one.certificate) said.certificates.push_back(*one.certificate);
  }
  said.others = report.other_certificates;
  said.reported = report.statuses;
  said.crls = report.crls;
  return said;
}

Said ask(Octets request, const AuthorityOptions& options = {}, const std::string& profile = "",
         std::optional<X509Certificate> tls_client = {}, std::int64_t time = now) {
  Authority authority(ca().store, ca().issuer, options);
  const Answer answer = value(authority.answer({request, profile, tls_client}, time));
  INFO(answer.event << ": " << answer.text);
  CHECK(answer.event != "error");
  return read(answer, request);
}

std::string subject_of(const Said& said) {
  REQUIRE(said.certificates.size() == 1);
  return said.certificates[0].subject_text();
}

/// The answer to a challenge that came.
Bytes answer_challenge(const Said& challenge, PrivateKey& key) {
  Decoder decoder;
  const auto response = value(open_message(decoder, Octets(challenge.body)));
  PrivateKey* const keys[]{&key};
  return value(make_answer_message({decoder, response}, keys)).pki_data;
}

}  // namespace

TEST_CASE("any bytes get a signed answer") {
  for (const Bytes& bytes :
       {Bytes{}, hex("00"), hex("3003020101"), Bytes(1000, 0x30), asn1("30{06{2a0304}a0{0500}}")}) {
    const Said said = ask(bytes);
    CHECK(said.outcome == "failed");
    CHECK(said.status() == "failed, badRequest for body part 0");
    CHECK_FALSE(said.texts.front().empty());
  }
  const X509Certificate& own = ca().issuer.certificate();
  CHECK(ask(own.der()).status() == "failed, badRequest for body part 0");
}

TEST_CASE("a first certificate is issued to who proves a shared secret") {
  ca().user("alice", "wonderland");
  for (const IdentityProofs which : {IdentityProofs::v1, IdentityProofs::v2, IdentityProofs::both}) {
    const auto key = ec_key();
    const Said said = ask(by_secret(*key, "alice", "wonderland", "CN=alice", {}, which));
    CHECK(said.outcome == "issued");
    CHECK(subject_of(said) == "CN=alice");
  }
}

TEST_CASE("a wrong proof of identity is badIdentity, none at all badRequest") {
  ca().user("bob", "builder");
  const auto key = ec_key();
  CHECK(ask(by_secret(*key, "bob", "wrong", "CN=bob")).status() == "failed, badIdentity for body part 0");
  CHECK(ask(by_secret(*key, "nobody here", "builder", "CN=bob")).status() == "failed, badIdentity for body part 0");

  PkiDataBuilder data;
  value(data.request(pkcs10(*key, "CN=bob")));
  start(data);
  CHECK(ask(self_signed(*key, data)).status() == "failed, badRequest for body part 1");
  CHECK(ask(unsigned_message(data)).status() == "failed, badRequest for body part 1");
  CHECK(ask(value(data_full(value(data.der())))).status() == "failed, badRequest for body part 1");

  value(data.identification("bob"));
  done(data.identity_proof(octets("builder")));
  CHECK(ask(unsigned_message(data)).status() == "failed, badRequest for body part 1");
}

TEST_CASE("encryption is no signature") {
  PkiDataBuilder data;
  value(data.request(pkcs10(*ec_key(), "CN=hidden")));
  const Bytes content = value(data.der());
  const Recipient recipient = CertificateRecipient{ca().issuer.exchange().certificate.der()};
  constexpr std::string_view pki_data = "1.3.6.1.5.5.7.12.2";
  const std::string unopened = "failed, badMessageCheck for body part 0";
  CHECK(ask(value(make_enveloped(pki_data, content, {&recipient, 1}))).status() == unopened);
  CHECK(ask(value(encrypt_full(unsigned_message(data), {&recipient, 1}))).status() == unopened);
  const std::string refused = "failed, badRequest for body part 1";
  CHECK(ask(value(make_auth_enveloped(pki_data, content, {&recipient, 1}))).status() == refused);
  for (const char* const type : {"2a864886f70d010706", "2a864886f70d0109100109"}) {  // EncryptedData, CompressedData
    const Bytes wrapped = asn1("30{06{" + std::string(type) + "}a0{30{020100 30{06{2a864886f70d010701}}}}}");
    CHECK(ask(wrapped).status() == "failed, badRequest for body part 0");
  }
}

TEST_CASE("a signature that fails is badMessageCheck") {
  Holder holder = ca().holder("CN=signer");
  PkiDataBuilder data;
  value(data.request(pkcs10(*ec_key(), "CN=signer")));
  start(data);
  Bytes message = signed_by(holder, data);
  message.back() ^= 1;
  CHECK(ask(message).status() == "failed, badMessageCheck for body part 0");
}

TEST_CASE("a user gets the registered subject and names only") {
  ca().user("carol", "secret", "CN=Carol,O=Example", {"dns:*.carol.example", "email:carol@example.org"});
  const auto with = [](const std::string& subject, const std::vector<RequestedExtension>& extensions) {
    return ask(by_secret(*ec_key(), "carol", "secret", subject, extensions));
  };
  CHECK(subject_of(with("CN=Carol,O=Example", {host("dns:a.carol.example")})) == "CN=Carol,O=Example");
  CHECK(with("CN=Carol,O=Example", {host("email:carol@example.org")}).outcome == "issued");
  CHECK(with("CN=Mallory", {}).status() == "failed, badRequest for body part 1");
  for (const char* const name : {"dns:a.b.carol.example", "dns:carol.example", "dns:*.carol.example", "dns:example.org",
                                 "email:other@example.org", "ip:192.0.2.1"}) {
    CHECK(with("CN=Carol,O=Example", {host(name)}).status() == "failed, badRequest for body part 1");
  }
  ca().user("dave", "secret");
  CHECK(ask(by_secret(*ec_key(), "dave", "secret", "UID=dave,O=X")).outcome == "issued");
  CHECK(ask(by_secret(*ec_key(), "dave", "secret", "CN=carol")).status() == "failed, badRequest for body part 1");
  CHECK(ask(by_secret(*ec_key(), "dave", "secret", "")).status() == "failed, badRequest for body part 1");
}

TEST_CASE("a POP link ties the key to the secret") {
  ca().user("erin", "secret", "CN=Erin");
  const Bytes random(64, 7);
  const auto linked = [&](std::string_view secret, Octets told) {
    const auto key = ec_key();
    PkiDataBuilder data;
    value(data.request(value(add_pop_link(pkcs10(*key, ""), key.get(), {octets(secret), octets("erin")}, random))));
    start(data);
    value(data.identification("erin"));
    value(data.pop_link_random(told));
    done(data.identity_proof(octets("secret")));
    return ask(self_signed(*key, data));
  };
  CHECK(subject_of(linked("secret", random)) == "CN=Erin");
  CHECK(linked("other", random).status() == "failed, popFailed for body part 1");
  CHECK(linked("secret", Bytes(64, 8)).status() == "failed, popFailed for body part 1");
}

TEST_CASE("AuthenticatedData is as good as an identity proof") {
  ca().user("frank", "secret");
  const auto asked_with = [&](std::string_view secret) {
    PkiDataBuilder data;
    value(data.request(pkcs10(*ec_key(), "CN=frank")));
    start(data);
    value(data.identification("frank"));
    return ask(value(
        mac_full(FullContent::pki_data, value(data.der()), {octets(secret), octets("frank")}, Hash::sha256, 1000)));
  };
  CHECK(subject_of(asked_with("secret")) == "CN=frank");
  CHECK(asked_with("wrong").status() == "failed, badMessageCheck for body part 0");
}

TEST_CASE("a renewal keeps its names") {
  Holder holder = ca().holder("CN=renewed", "", "user", {host("dns:a.example")});
  const auto renewed = [&](const std::string& subject, const std::vector<RequestedExtension>& extensions = {}) {
    PkiDataBuilder data;
    value(data.request(pkcs10(*ec_key(), subject, extensions)));
    start(data);
    return ask(signed_by(holder, data));
  };
  CHECK(subject_of(renewed("CN=renewed", {host("dns:a.example")})) == "CN=renewed");
  CHECK(subject_of(renewed("")) == "CN=renewed");
  CHECK(renewed("CN=other").status() == "failed, badRequest for body part 1");
  CHECK(renewed("CN=renewed", {host("dns:b.example")}).status() == "failed, badRequest for body part 1");
}

TEST_CASE("changeSubjectName is for an RA to grant") {
  Holder holder = ca().holder("CN=miss");
  Holder ra = ca().ra();
  const Bytes married = value(parse_name("CN=mrs"));
  const Bytes change = value(encode(ChangeSubjectName{Raw<Name>{married}, std::nullopt}));
  const RequestValue attribute{std::string(control_row("changeSubjectName")->oid), change};
  const auto key = ec_key();
  PkiDataBuilder data;
  value(data.request(pkcs10(*key, "CN=miss", {}, {attribute})));
  start(data);
  CHECK(ask(signed_by(holder, data)).status() == "failed, badRequest for body part 1");
  PkiDataBuilder again;
  value(again.request(pkcs10(*key, "CN=miss", {}, {attribute})));
  start(again);
  CHECK(subject_of(ask(signed_by(ra, again))) == "CN=mrs");
}

TEST_CASE("certificates that are expired, revoked, unconfirmed or from elsewhere sign nothing") {
  const auto asked_by = [](Holder& holder) {
    PkiDataBuilder data;
    value(data.request(pkcs10(*ec_key(), holder.certificate->subject_text())));
    start(data);
    return ask(signed_by(holder, data));
  };
  Holder expired = ca().holder("CN=expired", "", "user", {}, true, now - 400 * day);
  CHECK(asked_by(expired).status() == "failed, badIdentity for body part 0");
  Holder revoked = ca().holder("CN=revoked");
  CHECK(asked_by(revoked).outcome == "issued");
  done(ca().issuer.revoke(revoked.certificate->tbs().serial_number.content, {now, CrlReason::unspecified}));
  CHECK(asked_by(revoked).status() == "failed, badIdentity for body part 0");
  Holder unconfirmed = ca().holder("CN=unconfirmed", "", "user", {}, false);
  CHECK(asked_by(unconfirmed).status() == "failed, badRequest for body part 1");
  Store other_store = value(Store::open(""));
  Issuer other = value(Issuer::open(other_store, {"ec:P-256", "Unit"}, now));
  Holder foreign;
  const Bytes name = value(parse_name("CN=foreign"));
  const Wish nothing;
  const auto issued =
      value(other.issue({*find_profile("ra"), name, foreign.key->public_key().spki(), nothing, ""}, now));
  foreign.certificate = value(X509Certificate::from_der(issued.der));
  CHECK(asked_by(foreign).status() == "failed, badIdentity for body part 0");
}

TEST_CASE("the profile decides, and never the request") {
  Holder ra = ca().ra();
  const auto asked = [&](std::vector<RequestedExtension> extensions, const std::string& profile = "") {
    PkiDataBuilder data;
    value(data.request(pkcs10(*ec_key(), "CN=wishes", std::move(extensions))));
    start(data);
    return ask(signed_by(ra, data), {}, profile);
  };
  const Said said =
      asked({value(basic_constraints_extension("ca")), value(key_usage_extension("keyCertSign,digitalSignature")),
             value(ext_key_usage_extension("1.3.6.1.5.5.7.3.28"))});
  REQUIRE(said.certificates.size() == 1);
  CHECK_FALSE(said.certificates[0].is_ca());
  CHECK_FALSE(said.certificates[0].has_purpose("1.3.6.1.5.5.7.3.28"));
  CHECK_FALSE(said.certificates[0].extension_value<KeyUsage>("2.5.29.15")->bits.bit(KeyUsage::keyCertSign));
  CHECK(said.certificates[0].not_after() < now + 400 * day);
  CHECK(asked({value(key_usage_extension("keyCertSign"))}).status() == "failed, badRequest for body part 1");
  CHECK(asked({{"1.2.3.4", true, hex("0500")}}).status() == "failed, unsupportedExt for body part 1");
  CHECK(asked({{"1.2.3.4", false, hex("0500")}}).outcome == "issued");
  std::vector<RequestedExtension> many;
  for (int i = 0; i < 40; ++i) many.push_back({"1.2.3." + std::to_string(i), false, hex("0500")});
  CHECK(asked(many).status() == "failed, badRequest for body part 1");
  CHECK(asked({}, "no such profile").status() == "failed, badRequest for body part 0");
  CHECK(asked({}, "ra").outcome == "issued");
  Holder holder = ca().holder("CN=wishes");
  PkiDataBuilder data;
  value(data.request(pkcs10(*ec_key(), "CN=wishes")));
  start(data);
  CHECK(ask(signed_by(holder, data), {}, "ra").status() == "failed, badRequest for body part 1");
}

TEST_CASE("the validity of a request is not that of the certificate") {
  Holder ra = ca().ra();
  CertRequestOptions options;
  options.subject = value(parse_name("CN=for ever"));
  options.not_before = now - 4000 * day;
  options.not_after = now + 4000 * day;
  const auto key = ec_key();
  PkiDataBuilder data;
  data.reserve(BodyPartID(1));
  start(data);
  value(data.request(value(make_cert_req_msg(options, PopSignature{key.get(), usual_scheme(key->public_key())}))));
  const Said said = ask(signed_by(ra, data));
  REQUIRE(said.certificates.size() == 1);
  CHECK(said.certificates[0].not_after() < now + 400 * day);
  CHECK(said.certificates[0].not_before() > now - 2 * day);
}

TEST_CASE("keys that are not taken") {
  Holder ra = ca().ra();
  const auto asked = [&](const Bytes& request) {
    PkiDataBuilder data;
    data.reserve(BodyPartID(1));
    start(data);
    value(data.request(request));
    return ask(signed_by(ra, data));
  };
  CertRequestOptions options;
  options.subject = value(parse_name("CN=unknown algorithm"));
  const Bytes unknown = asn1("30{30{06{2a0304}}03{0001020304}}");
  CHECK(asked(value(make_cert_req_msg(options, PopNone{unknown}))).status() == "failed, badAlg for body part 1");

  const auto key = ec_key();
  CHECK(asked(pkcs10(*key, "CN=first")).outcome == "issued");
  CHECK(asked(pkcs10(*key, "CN=first")).outcome == "issued");
  const Said reused = asked(pkcs10(*key, "CN=second"));
  REQUIRE(reused.statuses.size() == 1);
  CHECK(reused.reported[0].fail_info == "noKeyReuse");
}

TEST_CASE("a proof of possession that fails lets nothing of its message through") {
  Holder ra = ca().ra();
  PkiDataBuilder data;
  Bytes broken = pkcs10(*ec_key(), "CN=broken");
  broken.back() ^= 1;
  value(data.request(pkcs10(*ec_key(), "CN=good")));
  value(data.request(broken));
  start(data);
  const Said said = ask(signed_by(ra, data));
  CHECK(said.statuses ==
        std::vector<std::string>{"failed, badRequest for body part 1", "failed, popFailed for body part 2"});
  CHECK(said.certificates.empty());
}

TEST_CASE("keys that cannot sign are challenged, and the answer gets the certificate once") {
  Holder ra = ca().ra();
  PrivateKey& key = rsa_key();
  PkiDataBuilder data;
  value(data.request(unsigned_pkcs10(key, "CN=challenged")));
  start(data);
  const Said challenge = ask(signed_by(ra, data));
  CHECK(challenge.outcome == "popRequired");
  CHECK(challenge.status() == "popRequired for body part 1");
  const Bytes answer = answer_challenge(challenge, key);
  const auto sign = [&](const Bytes& content) {
    const Bytes own(ra.certificate->der().begin(), ra.certificate->der().end());
    SignedDataOptions options;
    options.certificates = {&own, 1};
    const Signer signer{ra.key.get(), usual_scheme(ra.key->public_key()), own};
    return value(sign_full(FullContent::pki_data, content, {&signer, 1}, options));
  };
  Holder other = ca().holder("CN=somebody else");
  const Bytes message = sign(answer);
  const Said said = ask(message);
  CHECK(said.outcome == "issued");
  CHECK(subject_of(said) == "CN=challenged");
  CHECK(ask(message).body == said.body);
  // The same challenge again, in another message.
  PkiDataBuilder replayed;
  Decoder decoder;
  const auto first = value(decoder.decode<PKIData>(Octets(answer)));
  value(replayed.request(unsigned_pkcs10(key, "CN=challenged"), BodyPartID(1)));
  for (const TaggedAttribute& control : first.control_sequence) {
    const ControlRow* const row = control_row(control.attr_type);
    if (row->name == "senderNonce" || row->name == "transactionId") continue;
    value(replayed.control(row->name, control.attr_values[0].der));
  }
  CHECK(ask(sign(value(replayed.der()))).status() == "failed, popFailed for body part 1");
}

TEST_CASE("a challenge is answered by whom it was made for, with its value") {
  ca().user("grace", "secret");
  const auto challenged = [&](PrivateKey& key) {
    PkiDataBuilder data;
    value(data.request(unsigned_pkcs10(key, "CN=grace")));
    start(data);
    value(data.identification("grace"));
    done(data.identity_proof(octets("secret")));
    return ask(value(no_signature_full(value(data.der()))));
  };
  PrivateKey& key = rsa_key(1);
  const Said first = challenged(key);
  CHECK(first.outcome == "popRequired");
  CHECK(subject_of(ask(value(no_signature_full(answer_challenge(first, key))))) == "CN=grace");

  const Said second = challenged(key);
  Bytes wrong = answer_challenge(second, key);
  Decoder decoder;
  const auto data = value(decoder.decode<PKIData>(Octets(wrong)));
  for (const TaggedAttribute& control : data.control_sequence) {
    if (control_row(control.attr_type)->name != "decryptedPOP") continue;
    const auto pop = value(decode_control<DecryptedPOP>(decoder, control));
    wrong[decoder.offset_of(pop.the_pop)] ^= 1;
  }
  CHECK(ask(value(no_signature_full(wrong))).status() == "failed, popFailed for body part 1");

  const Said third = challenged(key);
  Holder other = ca().holder("CN=somebody else");
  const Bytes own(other.certificate->der().begin(), other.certificate->der().end());
  const Signer signer{other.key.get(), usual_scheme(other.key->public_key()), own};
  SignedDataOptions options;
  options.certificates = {&own, 1};
  const Bytes stolen = value(sign_full(FullContent::pki_data, answer_challenge(third, key), {&signer, 1}, options));
  CHECK(ask(stolen).status() == "failed, popFailed for body part 1");
}

TEST_CASE("a challenge is for its transaction") {
  Holder ra = ca().ra();
  PrivateKey& key = rsa_key();
  const auto answered_with = [&](std::string_view changed) {
    PkiDataBuilder data;
    value(data.request(unsigned_pkcs10(key, "CN=challenged")));
    start(data);
    Bytes answer = answer_challenge(ask(signed_by(ra, data)), key);
    Decoder decoder;
    const auto read = value(decoder.decode<PKIData>(Octets(answer)));
    for (const TaggedAttribute& control : read.control_sequence) {
      if (control_row(control.attr_type)->name != changed) continue;
      answer[decoder.offset_of(control.attr_values[0].der) + 4] ^= 1;
    }
    return ask(value(no_signature_full(answer))).status();
  };
  CHECK(answered_with("nothing") == "success for body part 1");
  CHECK(answered_with("transactionId") == "failed, popFailed for body part 1");
  CHECK(answered_with("recipientNonce") == "failed, popFailed for body part 1");
}

TEST_CASE("a client that cannot decrypt a challenge gives up") {
  Holder ra = ca().ra();
  PrivateKey& key = rsa_key();
  PkiDataBuilder data;
  value(data.request(unsigned_pkcs10(key, "CN=challenged")));
  start(data);
  const Said challenge = ask(signed_by(ra, data));
  Decoder decoder;
  const auto response = value(open_message(decoder, Octets(challenge.body)));
  const Bytes abort = value(make_abort_message({decoder, response}));
  const Said said = ask(value(sign_full(FullContent::pki_data, abort, {})));
  CHECK(said.status().starts_with("success"));
  const Bytes late = value(no_signature_full(answer_challenge(challenge, key)));
  CHECK(ask(late).status() == "failed, popFailed for body part 1");
}

TEST_CASE("challenges in Dogtag's form") {
  AuthorityOptions options;
  options.dogtag = true;
  Holder ra = ca().ra();
  PrivateKey& key = rsa_key();
  PkiDataBuilder data;
  value(data.request(unsigned_pkcs10(key, "CN=challenged")));
  const Said challenge = ask(signed_by(ra, data), options);
  CHECK(challenge.outcome == "popRequired");
  CHECK(challenge.status() == "popRequired, popRequired for body part 1");
  const Said said = ask(value(no_signature_full(answer_challenge(challenge, key))), options);
  CHECK(subject_of(said) == "CN=challenged");
  CHECK(ask(hex("00"), options).status() == "failed, badRequest for body part 0");
  PkiDataBuilder unknown;
  value(unknown.request(pkcs10(*ec_key(), "CN=x")));
  CHECK(ask(signed_by(ra, unknown), options, "caNoSuch").status() == "failed, internalCAError for body part 0");
}

TEST_CASE("only an RA may speak for a requester") {
  Holder holder = ca().holder("CN=holder");
  Holder ra = ca().ra();
  const auto asked = [](Holder& who, auto add) {
    PkiDataBuilder data;
    data.reserve(BodyPartID(1));
    start(data);
    CertRequestOptions options;
    options.subject = value(parse_name("CN=holder"));
    const auto key = ec_key();
    add(data, options, key->public_key().spki());
    return ask(signed_by(who, data));
  };
  const auto ra_verified = [](PkiDataBuilder& data, const CertRequestOptions& options, Octets spki) {
    value(data.request(value(make_cert_req_msg(options, PopRaVerified{spki}))));
  };
  CHECK(asked(ra, ra_verified).outcome == "issued");
  CHECK(asked(holder, ra_verified).status() == "failed, popFailed for body part 1");

  const auto lra_witness = [](PkiDataBuilder& data, const CertRequestOptions& options, Octets spki) {
    const BodyPartID id = value(data.request(value(make_cert_req_msg(options, PopNone{spki}))));
    value(data.lra_pop_witness({BodyPartID(0), List<BodyPartID>(std::span(&id, 1))}));
  };
  CHECK(asked(ra, lra_witness).outcome == "issued");
  const Said witness = asked(holder, lra_witness);
  CHECK(witness.reported[0].fail_info == "popFailed");
  CHECK(witness.certificates.empty());

  const auto add_extensions = [](PkiDataBuilder& data, const CertRequestOptions& options, Octets spki) {
    const BodyPartID id = value(data.request(value(make_cert_req_msg(options, PopRaVerified{spki}))));
    const RequestedExtension name = host("dns:added.example");
    const Bytes oid = *oid_content(name.oid);
    const Extension extension{Oid{oid}, {}, name.value, {}};
    value(data.add_extensions(
        {BodyPartID(0), List<BodyPartID>(std::span(&id, 1)), List<Extension>(std::span(&extension, 1))}));
  };
  const Said added = asked(ra, add_extensions);
  REQUIRE(added.certificates.size() == 1);
  CHECK(added.certificates[0].extension("2.5.29.17") != nullptr);
  CHECK(asked(holder, add_extensions).reported[0].fail_info == "badIdentity");

  const auto modify = [](PkiDataBuilder& data, const CertRequestOptions& options, Octets spki) {
    const BodyPartID id = value(data.request(value(make_cert_req_msg(options, PopRaVerified{spki}))));
    const BodyPartID here(0);
    ModCertTemplate change;
    change.pki_data_reference.ids = List<BodyPartID>(std::span(&here, 1));
    change.cert_references.ids = List<BodyPartID>(std::span(&id, 1));
    const Bytes name = value(parse_name("CN=changed"));
    change.cert_template.subject = Raw<Name>{name};
    value(data.mod_cert_template(change));
  };
  CHECK(asked(ra, modify).others.size() + asked(ra, modify).certificates.size() > 0);
  CHECK(asked(holder, modify).reported[0].fail_info == "badIdentity");
}

TEST_CASE("what an RA has wrapped") {
  Holder ra = ca().ra();
  Holder holder = ca().holder("CN=holder");
  const auto inner_key = ec_key();
  PkiDataBuilder inner;
  value(inner.request(pkcs10(*inner_key, "CN=wrapped")));
  const Bytes inside = self_signed(*inner_key, inner);
  const auto wrap = [&](Holder& who, const Bytes& message) {
    PkiDataBuilder data;
    start(data);
    value(data.nested(message));
    return ask(signed_by(who, data));
  };
  const Said said = wrap(ra, inside);
  CHECK(said.status() == "success for body part 3.1");
  CHECK(subject_of(said) == "CN=wrapped");
  CHECK(wrap(holder, inside).status() == "failed, badIdentity for body part 3");
  Bytes broken = inside;
  broken.back() ^= 1;
  CHECK(wrap(ra, broken).status() == "failed, badMessageCheck for body part 3");
  // The RA has proved who it is, out of sight of the CA.
  const auto elsewhere_key = ec_key();
  const Bytes elsewhere = by_secret(*elsewhere_key, "known to the RA", "hidden", "CN=elsewhere");
  CHECK(wrap(ra, elsewhere).status() == "failed, badIdentity for body part 3");
  PkiDataBuilder witnessed;
  start(witnessed);
  const BodyPartID id = value(witnessed.nested(elsewhere));
  value(witnessed.ra_identity_witness(std::span(&id, 1)));
  CHECK(subject_of(ask(signed_by(ra, witnessed))) == "CN=elsewhere");
}

TEST_CASE("an RA's message inside somebody else's lends no authority to it") {
  Holder ra = ca().ra();
  Holder holder = ca().holder("CN=holder");
  PkiDataBuilder captured;
  start(captured);
  PkiDataBuilder data;
  data.reserve(BodyPartID(1));
  start(data);
  CertRequestOptions options;
  options.subject = value(parse_name("CN=holder"));
  const auto key = ec_key();
  value(data.request(value(make_cert_req_msg(options, PopRaVerified{key->public_key().spki()}))));
  value(data.nested(signed_by(ra, captured)));
  const Said said = ask(signed_by(holder, data));
  CHECK(said.certificates.empty());
  CHECK(said.statuses ==
        std::vector<std::string>{"failed, badIdentity for body part 4", "failed, popFailed for body part 1"});
}

TEST_CASE("an RA answers for the requests in what it has wrapped, and for nothing else") {
  Holder ra = ca().ra();
  Holder victim = ca().holder("CN=wrapped victim");
  Holder other = ca().holder("CN=other");
  const auto revoked_by = [&](Holder& who) {
    PkiDataBuilder inner;
    value(inner.revoke_request(revocation_of(*victim.certificate)));
    PkiDataBuilder data;
    start(data);
    value(data.nested(signed_by(who, inner)));
    return ask(signed_by(ra, data)).status();
  };
  CHECK(revoked_by(other) == "failed, badIdentity for body part 3.1");
  CHECK_FALSE(ca().is_revoked(*victim.certificate));
  CHECK(revoked_by(victim) == "success for body part 3.1");
}

TEST_CASE("references that lead nowhere") {
  Holder ra = ca().ra();
  const auto asked = [&](auto add) {
    PkiDataBuilder data;
    value(data.request(pkcs10(*ec_key(), "CN=references")));
    start(data);
    add(data);
    return ask(signed_by(ra, data)).statuses;
  };
  const BodyPartID nothing(99);
  const auto refused = [](const std::string& fail_info) {
    return std::vector<std::string>{"failed, " + fail_info + " for body part 4", "failed, badRequest for body part 1"};
  };
  CHECK(asked([&](PkiDataBuilder& data) { value(data.auth_data(nothing)); }) == refused("authDataFail"));
  CHECK(asked([&](PkiDataBuilder& data) { value(data.batch_requests(std::span(&nothing, 1))); }) ==
        refused("badRequest"));
  CHECK(asked([&](PkiDataBuilder& data) {
          value(data.lra_pop_witness({BodyPartID(0), List<BodyPartID>(std::span(&nothing, 1))}));
        }) == refused("badRequest"));
}

TEST_CASE("each message of a batch is answered by itself") {
  Holder ra = ca().ra();
  ca().user("heidi", "secret");
  PkiDataBuilder data;
  start(data);
  const auto key = ec_key();
  const BodyPartID good = value(data.nested(by_secret(*key, "heidi", "secret", "CN=heidi")));
  const BodyPartID bad = value(data.nested(by_secret(*ec_key(), "heidi", "wrong", "CN=heidi")));
  const BodyPartID parts[]{good, bad};
  value(data.batch_requests(parts));
  const Bytes message = signed_by(ra, data);
  Authority authority(ca().store, ca().issuer, {});
  const Answer answer = value(authority.answer({message}, now));
  Decoder decoder;
  const auto response = value(open_message(decoder, Octets(answer.body)));
  REQUIRE(response.layer.nested.size() == 2);
  const auto* const first = std::get_if<SignedData>(&response.layer.nested[0].cms);
  REQUIRE(first != nullptr);
  CHECK(first->certificates->size() == 2);
  const Said said = read(answer, message);
  CHECK(said.statuses == std::vector<std::string>{"success for body part 5", "success for body part 1",
                                                  "failed, badIdentity for body part 0"});
}

TEST_CASE("a request is left for somebody to decide") {
  AuthorityOptions options;
  options.pend = PendPolicy::always;
  Holder holder = ca().holder("CN=patient");
  Holder other = ca().holder("CN=curious");
  Authority authority(ca().store, ca().issuer, options);
  const auto asked = [&] {
    PkiDataBuilder data;
    value(data.request(pkcs10(*ec_key(), "CN=patient")));
    start(data);
    return ask(signed_by(holder, data), options);
  };
  const auto query = [&](Holder& who, const ReportedStatus& status) {
    PkiDataBuilder data;
    start(data);
    value(data.query_pending(status.pend_token));
    return ask(signed_by(who, data), options);
  };
  const Said said = asked();
  CHECK(said.outcome == "pending");
  const ReportedStatus pending = said.reported[0];
  CHECK(pending.pend_time == "2026-06-01T00:01:00Z");
  const Said again = query(holder, pending);
  CHECK(again.outcome == "pending");
  CHECK(again.reported[0].pend_token == pending.pend_token);
  CHECK(again.reported[0].pend_time == pending.pend_time);
  CHECK(query(other, pending).reported[0].fail_info == "badRequest");

  const auto stored = value(ca().store.find_pending(Octets(pending.pend_token)));
  REQUIRE(stored);
  CHECK(stored->summary == "CN=patient, EC P-256");
  CHECK(value(authority.approve(stored->number, now)));
  CHECK_FALSE(value(authority.approve(stored->number, now)));
  CHECK_FALSE(value(authority.reject(stored->number, "too late", now)));
  const Said collected = query(holder, pending);
  CHECK(collected.reported[0].status == CMCStatus::success);
  REQUIRE_FALSE(collected.others.empty());

  const ReportedStatus second = asked().reported[0];
  const auto rejected = value(ca().store.find_pending(Octets(second.pend_token)));
  CHECK(value(authority.reject(rejected->number, "not today", now)));
  const Said refused = query(holder, second);
  CHECK(refused.reported[0].fail_info == "badRequest");
  CHECK(refused.texts[0] == "the request was rejected: not today");
  CHECK_FALSE(value(authority.approve(123'456, now)));
}

TEST_CASE("certificates that have to be confirmed") {
  AuthorityOptions options;
  options.confirm = true;
  Holder ra = ca().ra();
  const auto issued = [&](Holder& holder) {
    PkiDataBuilder data;
    value(data.request(pkcs10(*holder.key, "CN=accepted")));
    start(data);
    const Said said = ask(signed_by(ra, data), options);
    CHECK(said.outcome == "confirmRequired");
    REQUIRE(said.certificates.size() == 1);
    holder.certificate = said.certificates[0];
  };
  const auto is_confirmed = [](const Holder& holder) {
    return value(ca().store.find_certificate(holder.certificate->tbs().serial_number.content))->confirmed;
  };
  Holder accepted, refused, silent;
  issued(accepted);
  CHECK_FALSE(is_confirmed(accepted));
  PkiDataBuilder yes;
  start(yes);
  value(yes.confirm_cert_acceptance(name_of(*accepted.certificate)));
  CHECK(ask(signed_by(accepted, yes), options).outcome == "success");
  CHECK(is_confirmed(accepted));

  const BodyPartReference part{BodyPartID(1)};
  CMCStatusInfoV2 failed;
  failed.cmc_status = CMCStatus::failed;
  failed.body_list = List<BodyPartReference>(std::span(&part, 1));
  issued(refused);
  PkiDataBuilder no;
  start(no);
  value(no.status_info(failed));
  value(no.confirm_cert_acceptance(name_of(*refused.certificate)));
  CHECK(ask(signed_by(ra, no), options).outcome == "success");
  CHECK(ca().is_revoked(*refused.certificate));

  issued(silent);
  PkiDataBuilder alone;
  start(alone);
  value(alone.status_info(failed));
  CHECK(ask(signed_by(silent, alone), options).outcome == "success");
  CHECK(ca().is_revoked(*silent.certificate));

  Holder foreign = ca().holder("CN=foreign");
  PkiDataBuilder others;
  start(others);
  value(others.confirm_cert_acceptance(name_of(*foreign.certificate)));
  CHECK(ask(signed_by(accepted, others)).reported[0].fail_info == "badIdentity");
}

TEST_CASE("revocation by the holder, an RA, or the passphrase") {
  ca().user("ivan", "passphrase");
  Holder ra = ca().ra();
  const auto revoke = [](Holder& by, const RevokeRequest& which) {
    PkiDataBuilder data;
    start(data);
    value(data.revoke_request(which));
    return ask(signed_by(by, data));
  };
  Holder own = ca().holder("CN=own");
  CHECK(revoke(own, revocation_of(*own.certificate)).outcome == "success");
  CHECK(ca().is_revoked(*own.certificate));
  Holder other = ca().holder("CN=other");
  Holder victim = ca().holder("CN=victim");
  CHECK(revoke(other, revocation_of(*victim.certificate)).reported[0].fail_info == "badIdentity");
  CHECK_FALSE(ca().is_revoked(*victim.certificate));
  CHECK(revoke(ra, revocation_of(*victim.certificate)).outcome == "success");
  CHECK(revoke(ra, revocation_of(*victim.certificate)).outcome == "success");

  RevokeRequest unknown = revocation_of(*victim.certificate);
  const Bytes serial = hex("0123456789");
  unknown.serial_number = Integer{serial};
  CHECK(revoke(ra, unknown).reported[0].fail_info == "badCertId");
  unknown = revocation_of(*other.certificate);
  const Bytes issuer = value(parse_name("CN=another CA"));
  unknown.issuer_name = Raw<Name>{issuer};
  CHECK(revoke(ra, unknown).reported[0].fail_info == "badCertId");
  unknown = revocation_of(*other.certificate);
  unknown.reason = 7;
  CHECK(revoke(ra, unknown).reported[0].fail_info == "badRequest");

  const auto by_passphrase = [](const Holder& holder, std::string_view passphrase, bool under_data) {
    RevokeRequest which = revocation_of(*holder.certificate);
    which.passphrase = octets(passphrase);
    PkiDataBuilder data;
    value(data.revoke_request(which));
    return ask(under_data ? value(data_full(value(data.der()))) : unsigned_message(data));
  };
  for (const bool under_data : {false, true}) {
    Holder lost = ca().holder("CN=ivan", "ivan");
    CHECK(by_passphrase(lost, "wrong", under_data).status() == "failed, badIdentity for body part 1");
    CHECK_FALSE(ca().is_revoked(*lost.certificate));
    CHECK(by_passphrase(lost, "passphrase", under_data).status() == "success for body part 1");
    CHECK(ca().is_revoked(*lost.certificate));
  }
  Holder nobodys = ca().holder("CN=ivan");
  CHECK(by_passphrase(nobodys, "passphrase", false).status() == "failed, badIdentity for body part 1");
  CHECK(by_passphrase(nobodys, "", false).status() == "failed, badIdentity for body part 1");

  Holder held = ca().holder("CN=held");
  CHECK(revoke(ra, revocation_of(*held.certificate, CrlReason::removeFromCRL)).reported[0].fail_info == "badRequest");
  CHECK(revoke(ra, revocation_of(*held.certificate, CrlReason::certificateHold)).outcome == "success");
  CHECK(ca().is_revoked(*held.certificate));
  CHECK(revoke(ra, revocation_of(*held.certificate, CrlReason::removeFromCRL)).outcome == "success");
  CHECK_FALSE(ca().is_revoked(*held.certificate));
}

TEST_CASE("an identity proof taken out of another message revokes and gets nothing") {
  ca().user("kim", "secret");
  Holder victim = ca().holder("CN=kim", "kim");
  const auto key = ec_key();
  const Bytes request = pkcs10(*key, "CN=kim");
  const auto with_proof = [&](bool revokes) {
    PkiDataBuilder data;
    value(data.request(request));
    value(data.identification("kim"));
    done(data.identity_proof(octets("secret")));
    if (revokes) value(data.revoke_request(revocation_of(*victim.certificate)));
    return data;
  };
  CHECK(ask(value(no_signature_full(value(with_proof(false).der())))).certificates.empty());
  const Said stolen = ask(value(no_signature_full(value(with_proof(true).der()))));
  CHECK(stolen.statuses ==
        std::vector<std::string>{"failed, badRequest for body part 1", "failed, badIdentity for body part 4"});
  CHECK_FALSE(ca().is_revoked(*victim.certificate));
  CHECK(ask(self_signed(*key, with_proof(true))).certificates.size() == 1);
  CHECK(ca().is_revoked(*victim.certificate));
}

TEST_CASE("certificates and CRLs that were issued") {
  Holder holder = ca().holder("CN=reader");
  const Bytes subject(ca().issuer.certificate().subject().begin(), ca().issuer.certificate().subject().end());
  GetCert which{GeneralName{Raw<Name>{subject}}, holder.certificate->tbs().serial_number};
  PkiDataBuilder alone;
  value(alone.get_cert(which));
  const Said simple = ask(signed_by(holder, alone));
  CHECK(simple.kind == AnswerKind::certs_only);
  PkiDataBuilder with_nonces;
  start(with_nonces);
  value(with_nonces.get_cert(which));
  const Said full = ask(signed_by(holder, with_nonces));
  CHECK(full.kind == AnswerKind::full_response);
  CHECK(full.outcome == "success");
  const Bytes serial = hex("0123456789");
  which.serial_number = Integer{serial};
  PkiDataBuilder unknown;
  value(unknown.get_cert(which));
  CHECK(ask(signed_by(holder, unknown)).status() == "failed, badCertId for body part 1");

  GetCRL crl;
  crl.issuer_name = Raw<Name>{subject};
  PkiDataBuilder list;
  value(list.get_crl(crl));
  const Said listed = ask(signed_by(holder, list));
  CHECK(listed.kind == AnswerKind::certs_only);
  CHECK(listed.crls == 1);
  crl.time = Time{octets("19990101000000Z"), Time::Form::generalized};
  PkiDataBuilder early;
  value(early.get_crl(crl));
  CHECK(ask(signed_by(holder, early)).status() == "failed, badCertId for body part 1");
  CHECK(ask(unsigned_message(list)).status() == "failed, badRequest for body part 1");
}

TEST_CASE("simple requests are those of the TLS client") {
  Holder holder = ca().holder("CN=simple");
  const Bytes request = pkcs10(*ec_key(), "CN=simple");
  CHECK(ask(request).status() == "failed, badRequest for body part 1");
  const Said said = ask(request, {}, "", holder.certificate);
  CHECK(said.kind == AnswerKind::certs_only);
  CHECK(said.outcome == "issued");
  CHECK(ask(pkcs10(*ec_key(), "CN=other"), {}, "", holder.certificate).status() ==
        "failed, badRequest for body part 1");
  Bytes broken = pkcs10(*ec_key(), "CN=simple");
  broken.back() ^= 1;
  CHECK(ask(broken, {}, "", holder.certificate).status() == "failed, popFailed for body part 1");
  CHECK(ask(unsigned_pkcs10(rsa_key(), "CN=simple"), {}, "", holder.certificate).status() ==
        "failed, popRequired for body part 1");
  CertRequestOptions options;
  options.subject = value(parse_name("CN=simple"));
  const auto key = ec_key();
  const std::vector<Bytes> crmf{
      value(make_cert_req_msg(options, PopSignature{key.get(), usual_scheme(key->public_key())}))};
  CHECK(ask(value(make_cert_req_messages(crmf)), {}, "", holder.certificate).outcome == "issued");
  AuthorityOptions pend;
  pend.pend = PendPolicy::always;
  const Said pending = ask(pkcs10(*ec_key(), "CN=anybody"), pend);
  CHECK(pending.status() == "pending for body part 1");
}

TEST_CASE("a private key is archived when it is that of the request") {
  Holder ra = ca().ra();
  PrivateKey& key = rsa_key();
  const auto asked = [&](PrivateKey& archived) {
    ArchiveRecipient recipient;
    recipient.certificate = ca().issuer.exchange().certificate.der();
    CertRequestOptions options;
    options.subject = value(parse_name("CN=challenged"));
    options.controls = {{"1.3.6.1.5.5.7.5.1.4", value(make_archive_options(value(pkcs8_of(archived)), recipient))}};
    PkiDataBuilder data;
    data.reserve(BodyPartID(1));
    start(data);
    value(data.request(value(make_cert_req_msg(options, PopSignature{&key, usual_scheme(key.public_key())}))));
    return ask(signed_by(ra, data));
  };
  const Said said = asked(key);
  REQUIRE(said.certificates.size() == 1);
  const auto kept = value(ca().store.archived_key(said.certificates[0].tbs().serial_number.content));
  REQUIRE(kept);
  CHECK(value(private_key_from_pkcs8(*kept))->public_key().is_same(key.public_key()));
  CHECK(asked(rsa_key(1)).status() == "failed, badRequest for body part 1");
}

TEST_CASE("a profile for archived keys takes no others") {
  Holder ra = ca().ra();
  PrivateKey& key = rsa_key();
  const auto asked = [&](bool archived) {
    ArchiveRecipient recipient;
    recipient.certificate = ca().issuer.exchange().certificate.der();
    CertRequestOptions options;
    options.subject = value(parse_name("CN=challenged"));
    if (archived) {
      options.controls = {{"1.3.6.1.5.5.7.5.1.4", value(make_archive_options(value(pkcs8_of(key)), recipient))}};
    }
    PkiDataBuilder data;
    data.reserve(BodyPartID(1));
    start(data);
    value(data.request(value(make_cert_req_msg(options, PopSignature{&key, usual_scheme(key.public_key())}))));
    return ask(signed_by(ra, data), {}, "archived");
  };
  CHECK(asked(false).status() == "failed, mustArchiveKeys for body part 1");
  const Said said = asked(true);
  REQUIRE(said.certificates.size() == 1);
  CHECK(value(ca().store.archived_key(said.certificates[0].tbs().serial_number.content)));
  const auto usage = said.certificates[0].extension_value<KeyUsage>("2.5.29.15");
  REQUIRE(usage);
  CHECK(usage->bits.bit(KeyUsage::keyEncipherment));
  CHECK_FALSE(usage->bits.bit(KeyUsage::digitalSignature));
}

TEST_CASE("what is to be tried later is decided when it comes again") {
  Holder holder = ca().holder("CN=later");
  const auto key = ec_key();
  PkiDataBuilder data;
  value(data.request(pkcs10(*key, "CN=later")));
  start(data);
  Authority authority(ca().store, ca().issuer, {});
  const Bytes message = signed_by(holder, data);
  const auto asked = [&](Octets request, bool try_later) {
    Call call{request, "", *holder.certificate};
    call.try_later = try_later;
    return read(value(authority.answer(call, now)), request);
  };
  CHECK(asked(message, true).status() == "failed, tryLater for body part 0");
  CHECK(asked(message, false).outcome == "issued");
  const Bytes simple = pkcs10(*ec_key(), "CN=later");
  CHECK(asked(simple, true).status() == "failed, tryLater for body part 1");
  CHECK(asked(simple, false).outcome == "issued");
}

TEST_CASE("after ten wrong secrets the right one has to wait") {
  ca().user("guessed", "the secret");
  ca().user("left alone", "the secret");
  Authority authority(ca().store, ca().issuer, {});
  const auto asked = [&](const Bytes& message, std::int64_t time) {
    return read(value(authority.answer({message}, time)), message);
  };
  const auto proof = [&](const std::string& name, const std::string& secret, std::int64_t time = now) {
    return asked(by_secret(*ec_key(), name, secret, "CN=" + name), time);
  };
  const std::string refused = "failed, badIdentity for body part 0";
  for (int i = 0; i < 9; ++i) CHECK(proof("guessed", "wrong").status() == refused);
  CHECK(proof("guessed", "the secret").outcome == "issued");
  const Said tenth = proof("guessed", "wrong");
  CHECK(tenth.status() == refused);
  const Said waiting = proof("guessed", "the secret");
  CHECK(waiting.status() == refused);
  CHECK(waiting.texts == tenth.texts);
  CHECK(proof("nobody of this name", "the secret").texts == tenth.texts);
  CHECK(proof("left alone", "the secret").outcome == "issued");
  CHECK(proof("guessed", "the secret", now + 59).status() == refused);
  CHECK(proof("guessed", "the secret", now + 60).outcome == "issued");
  CHECK(proof("guessed", "wrong", now + 60).status() == refused);
  CHECK(proof("guessed", "the secret", now + 60).status() == refused);
}

TEST_CASE("wrong passphrases and MACs count as wrong secrets") {
  Holder holder = ca().holder("CN=phrased", "phrased");
  ca().user("phrased", "the passphrase");
  ca().user("maced", "the secret");
  Authority authority(ca().store, ca().issuer, {});
  const auto asked = [&](const Bytes& message) { return read(value(authority.answer({message}, now)), message); };
  const auto revoked_with = [&](std::string_view passphrase) {
    RevokeRequest wanted = revocation_of(*holder.certificate);
    wanted.passphrase = octets(passphrase);
    PkiDataBuilder data;
    start(data);
    value(data.revoke_request(wanted));
    return asked(unsigned_message(data)).status();
  };
  for (int i = 0; i < 10; ++i) CHECK(revoked_with("wrong") == "failed, badIdentity for body part 3");
  CHECK(revoked_with("the passphrase") == "failed, badIdentity for body part 3");
  CHECK_FALSE(ca().is_revoked(*holder.certificate));

  const auto with_mac = [&](std::string_view secret) {
    PkiDataBuilder data;
    value(data.request(pkcs10(*ec_key(), "CN=maced")));
    start(data);
    value(data.identification("maced"));
    return asked(value(mac_full(FullContent::pki_data, value(data.der()), {octets(secret), octets("maced")},
                                Hash::sha256, 1'000)))
        .status();
  };
  CHECK(with_mac("the secret") == "success for body part 1");
  for (int i = 0; i < 10; ++i) CHECK(with_mac("wrong") == "failed, badMessageCheck for body part 0");
  CHECK(with_mac("the secret") == "failed, badMessageCheck for body part 0");
}

TEST_CASE("several threads get each its certificate, and one message one answer") {
  constexpr std::size_t threads = 4, messages_of_each = 12;
  Store store = value(Store::open(""));
  Issuer issuer = value(Issuer::open(store, {"ec:P-256", "Threads"}, now));
  Authority authority(store, issuer, {});
  const Bytes name = value(parse_name("CN=RA"));
  const Wish nothing;
  Holder ra;
  const auto certified =
      value(issuer.issue({*find_profile("ra"), name, ra.key->public_key().spki(), nothing, "", true}, now));
  ra.certificate = value(X509Certificate::from_der(certified.der));
  const std::size_t before = value(store.certificates(0, 1'000)).size();
  const auto message = [&](const std::string& subject) {
    PkiDataBuilder data;
    value(data.request(pkcs10(*ec_key(), subject)));
    start(data);
    return signed_by(ra, data);
  };
  const Bytes same = message("CN=the same for all");
  std::vector<std::vector<Bytes>> messages(threads);
  for (auto& of_one : messages) {
    for (std::size_t i = 0; i < messages_of_each; ++i) of_one.push_back(message("CN=own " + std::to_string(i)));
  }
  std::vector<std::vector<std::string>> events(threads);
  std::vector<Bytes> answers(threads);
  std::vector<std::thread> running;
  for (std::size_t t = 0; t < threads; ++t) {
    running.emplace_back([&, t] {
      for (const Bytes& one : messages[t]) {
        const auto answer = authority.answer({one}, now);
        events[t].push_back(answer ? answer->event : to_string(answer.error()));
      }
      const auto answer = authority.answer({same}, now);
      if (answer) answers[t] = answer->body;
    });
  }
  for (std::thread& thread : running) thread.join();
  for (std::size_t t = 0; t < threads; ++t) {
    CHECK(events[t] == std::vector<std::string>(messages_of_each, "issued"));
    CHECK(answers[t] == answers[0]);
  }
  CHECK_FALSE(answers[0].empty());
  CHECK(value(store.certificates(0, 1'000)).size() == before + threads * messages_of_each + 1);
}

TEST_CASE("the same message gets the same answer, the same nonces another refusal") {
  Holder holder = ca().holder("CN=again");
  const auto key = ec_key();
  PkiDataBuilder data;
  value(data.request(pkcs10(*key, "CN=again")));
  start(data);
  const Bytes message = signed_by(holder, data);
  const Said first = ask(message);
  CHECK(first.outcome == "issued");
  CHECK(ask(message).body == first.body);
  const Bytes replayed = signed_by(holder, data, now + 60);
  CHECK(ask(replayed).status() == "failed, badRequest for body part 0");
}

TEST_CASE("messages have a time") {
  Holder holder = ca().holder("CN=clock");
  const auto signed_at = [&](std::int64_t time) {
    PkiDataBuilder data;
    value(data.request(pkcs10(*ec_key(), "CN=clock")));
    start(data);
    return ask(signed_by(holder, data, time)).status();
  };
  CHECK(signed_at(now - day + 1).starts_with("success"));
  CHECK(signed_at(now - 2 * day) == "failed, badTime for body part 0");
  CHECK(signed_at(now + 2 * day) == "failed, badTime for body part 0");
}

TEST_CASE("encrypted messages are opened, and answered in secrecy") {
  Holder holder = ca().holder("CN=private", "", "user", {value(key_usage_extension("digitalSignature,keyAgreement"))});
  Holder open = ca().holder("CN=open");
  const Recipient recipient = CertificateRecipient{ca().issuer.exchange().certificate.der()};
  const auto encrypted = [&](Holder& who, bool with_data, ContentCipher cipher) {
    PkiDataBuilder data;
    value(data.request(pkcs10(*ec_key(), who.certificate->subject_text())));
    start(data);
    if (with_data) value(data.data_return(octets("private")));
    return value(encrypt_full(signed_by(who, data), {&recipient, 1}, cipher));
  };
  Authority authority(ca().store, ca().issuer, {});
  for (const ContentCipher cipher : {ContentCipher::aes_256_cbc, ContentCipher::aes_256_gcm}) {
    const Answer answer = value(authority.answer({encrypted(holder, true, cipher)}, now));
    CHECK(answer.event == "issued");
    Decoder decoder;
    const auto message = value(open_message(decoder, Octets(answer.body)));
    CHECK(message.layer.kind == MessageKind::enveloped_data);
    Bytes broken = encrypted(holder, true, cipher);
    broken.back() ^= 1;
    CHECK(ask(broken).status() == "failed, badMessageCheck for body part 0");
  }
  CHECK(ask(encrypted(open, false, ContentCipher::aes_256_cbc)).status() == "success for body part 1");
  const Bytes leaking = encrypted(open, true, ContentCipher::aes_256_cbc);
  CHECK(ask(leaking).status() == "failed, badRequest for body part 0");
  Holder again = ca().holder("CN=private", "", "user", {value(key_usage_extension("digitalSignature"))});
  PkiDataBuilder broken;
  start(broken);
  value(broken.data_return(octets("private")));
  Bytes unsound = signed_by(again, broken);
  unsound.back() ^= 1;
  const Answer refused = value(authority.answer({value(encrypt_full(unsound, {&recipient, 1}))}, now));
  CHECK(refused.event == "failed");
  CHECK(Octets(refused.body).chars().find("private") == std::string_view::npos);
  const Recipient stranger = CertificateRecipient{holder.certificate->der()};
  const Bytes elsewhere = value(encrypt_full(leaking, {&stranger, 1}));
  CHECK(ask(elsewhere).texts == ask(value(encrypt_full(value(data_full(hex("0500"))), {&stranger, 1}))).texts);
}

TEST_CASE("an answer does not tell what came out of a cipher") {
  Holder holder = ca().holder("CN=private");
  ca().user("mia", "passphrase");
  Holder lost = ca().holder("CN=mia", "mia");
  const Recipient recipient = CertificateRecipient{ca().issuer.exchange().certificate.der()};
  PkiDataBuilder data;
  value(data.request(pkcs10(*ec_key(), "CN=private")));
  start(data);
  const Bytes sound = value(encrypt_full(signed_by(holder, data), {&recipient, 1}));
  const Said unopened = ask(value(encrypt_full(value(data_full(hex("0500"))), {&recipient, 1})));
  CHECK(unopened.status() == "failed, badMessageCheck for body part 0");
  CHECK(ask(sound).status() == "success for body part 1");
  Decoder decoder;
  const auto message = value(open_message(decoder, Octets(sound)));
  const auto& enveloped = std::get<EnvelopedData>(message.layer.cms);
  const Octets ciphertext = *enveloped.encrypted_content_info.encrypted_content;
  const std::size_t begin = decoder.offset_of(ciphertext);
  for (std::size_t at = begin; at < begin + ciphertext.size(); at += 37) {
    Bytes changed = sound;
    changed[at] ^= 0x10;
    const Said said = ask(changed);
    CHECK(said.statuses == unopened.statuses);
    CHECK(said.texts == unopened.texts);
  }
  RevokeRequest which = revocation_of(*lost.certificate);
  which.passphrase = octets("passphrase");
  PkiDataBuilder revocation;
  start(revocation);
  value(revocation.revoke_request(which));
  const Bytes plain = unsigned_message(revocation);
  const Said refused = ask(value(encrypt_full(plain, {&recipient, 1})));
  CHECK(refused.texts == unopened.texts);
  CHECK_FALSE(ca().is_revoked(*lost.certificate));
  CHECK(ask(value(encrypt_full(plain, {&recipient, 1}, ContentCipher::aes_256_gcm))).status() ==
        "success for body part 3");
  PkiDataBuilder twice;
  value(twice.request(pkcs10(*ec_key(), "CN=private")));
  const Bytes inner = value(encrypt_full(signed_by(holder, twice), {&recipient, 1}));
  CHECK(ask(value(encrypt_full(inner, {&recipient, 1}))).status() == "success for body part 1");
}

TEST_CASE("controls that are unknown, double or not for a CA") {
  Holder ra = ca().ra();
  Holder holder = ca().holder("CN=control");
  const auto asked = [](Holder& who, auto add) {
    PkiDataBuilder data;
    value(data.request(pkcs10(*ec_key(), "CN=control")));
    start(data);
    add(data);
    return ask(signed_by(who, data));
  };
  const auto unknown = [](PkiDataBuilder& data) { value(data.control("1.2.3.4", hex("0500"))); };
  CHECK(asked(holder, unknown).statuses == std::vector<std::string>{"failed, badRequest for body part 4"});
  const auto processed = [](PkiDataBuilder& data) {
    const BodyPartReference reference{value(data.control("1.2.3.4", hex("0500")))};
    value(data.control_processed({List<BodyPartReference>(std::span(&reference, 1))}));
  };
  CHECK(asked(ra, processed).outcome == "issued");
  CHECK(asked(holder, processed).statuses == std::vector<std::string>{"failed, badRequest for body part 4"});
  const auto anchors = [](PkiDataBuilder& data) {
    const OwnedAlgorithm sha256(oid_of(Hash::sha256), OwnedAlgorithm::Parameters::absent);
    const Bytes one = hex("01");
    value(data.control_of("trustedAnchors", PublishTrustAnchors{Integer{one}, sha256.view(), {}}));
  };
  const Said said = asked(holder, anchors);
  CHECK(said.certificates.size() == 1);
  CHECK(said.statuses.back() == "noSupport for body part 4");

  const Bytes twice =
      asn1("30{30{30{020107 06{2b0601050507 0706} 31{04{01}}}}30{}30{30{020107 30{06{2a864886f70d010701}}}}30{}}");
  const Signer signer{holder.key.get(), usual_scheme(holder.key->public_key()), holder.certificate->der()};
  const Bytes message = value(sign_full(FullContent::pki_data, twice, {&signer, 1}));
  CHECK(ask(message).reported[0].fail_info == "badRequest");
}

TEST_CASE("dataReturn, and a Simple PKI Response where it suffices") {
  Holder holder = ca().holder("CN=plain");
  PkiDataBuilder data;
  value(data.request(pkcs10(*ec_key(), "CN=plain")));
  start(data);
  value(data.data_return(octets("mine")));
  CHECK(ask(signed_by(holder, data)).outcome == "issued");
  AuthorityOptions options;
  options.simple_on_success = true;
  PkiDataBuilder simple;
  value(simple.request(pkcs10(*ec_key(), "CN=plain")));
  const Said said = ask(signed_by(holder, simple), options);
  CHECK(said.kind == AnswerKind::certs_only);
  CHECK(said.outcome == "issued");
  options.edition = Edition::rfc5272;
  options.simple_on_success = false;
  PkiDataBuilder old;
  value(old.request(pkcs10(*ec_key(), "CN=plain")));
  const Said both = ask(signed_by(holder, old), options);
  CHECK(both.statuses.size() == 2);
}

TEST_CASE("an enrolment with every round trip there is") {
  ca().user("leo", "secret");
  AuthorityOptions options;
  options.pend = PendPolicy::always;
  options.confirm = true;
  Authority authority(ca().store, ca().issuer, options);
  const std::vector<X509Certificate> anchors{ca().issuer.certificate()};
  VerifyOptions verify;
  verify.anchors = anchors;
  verify.time = now;
  for (const bool can_sign : {false, true}) {
    const auto own = can_sign ? ec_key() : nullptr;
    PrivateKey& key = can_sign ? *own : rsa_key(2);
    EnrollmentKeys keys;
    keys.key = &key;
    keys.scheme = usual_scheme(key.public_key());
    keys.key_signs = can_sign;
    keys.shared = SharedSecret{octets("secret"), octets("leo")};
    CertRequestOptions wanted;
    wanted.subject = value(parse_name("CN=leo"));
    const PopSubsequent later{PopKeyUse::encipherment, SubsequentMessage::challengeResp, key.public_key().spki()};
    const Bytes request = can_sign ? pkcs10(key, "CN=leo") : value(make_cert_req_msg(wanted, later));
    EnrollmentState state = value(begin_enrollment(request, keys));
    std::vector<std::string> steps;
    while (!is_over(state.step)) {
      REQUIRE(steps.size() < 10);
      steps.emplace_back(to_string(state.step));
      const Answer answer = value(authority.answer({state.message}, now));
      const ResponseReport report = value(take_response(state, answer.body, keys, verify));
      INFO(answer.event << ": " << answer.text << ": " << to_string(report.outcome) << ": " << report.next_step);
      CHECK(report.outcome != Outcome::failed);
      CHECK(report.outcome != Outcome::untrusted);
      CHECK(report.outcome != Outcome::mismatch);
      if (steps.size() == (can_sign ? 2 : 3)) {
        const auto waiting = value(ca().store.find_pending(Octets(state.pend_tokens.front())));
        REQUIRE(waiting);
        CHECK(value(authority.approve(waiting->number, now)));
      }
    }
    CHECK(state.step == EnrollmentStep::issued);
    std::vector<std::string> expected{"request", "popAnswer", "query", "query", "confirmation"};
    if (can_sign) expected.erase(expected.begin() + 1);
    CHECK(steps == expected);
  }
}

TEST_CASE("what the CA itself cannot do is internalCAError, and nothing of it stays") {
  const auto folder = std::filesystem::temp_directory_path() / ("cmcctl-authority-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  Store store = value(Store::open((folder / "store").string()));
  Issuer issuer = value(Issuer::open(store, {"ec:P-256", "Unit"}, now));
  Authority authority(store, issuer, {});
  done(store.set_user({"judy", secret_copy(octets("secret"))}));
  const auto key = ec_key();
  const Bytes message = by_secret(*key, "judy", "secret", "CN=judy");

  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit full{0, limit.rlim_max};  // as if the disk were
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &full);
  const auto refused = authority.answer({message}, now);
  setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, handler);

  REQUIRE(refused);
  CHECK(refused->event == "error");
  Decoder decoder;
  const auto response = value(open_message(decoder, Octets(refused->body)));
  const auto& controls = std::get<PKIResponse>(response.layer.content).control_sequence;
  REQUIRE_FALSE(controls.empty());
  const auto status = value(decode_control<CMCStatusInfoV2>(decoder, controls[0]));
  CHECK(std::get<CMCFailInfo>(status.other_info->choice) == CMCFailInfo::internalCAError);
  CHECK(value(store.certificates(0, 10)).empty());
  CHECK(value(authority.answer({message}, now)).event == "issued");
  CHECK(value(store.certificates(0, 10)).size() == 1);
  std::filesystem::remove_all(folder);
}

TEST_CASE("a pending request that cannot be read is not approved") {
  PendingRequest pending;
  pending.token = hex("0102030405");
  pending.message = hex("ff");
  const auto number = value(ca().store.add_pending(pending));
  Authority authority(ca().store, ca().issuer, {});
  CHECK(authority.approve(number, now).error().code == Errc::store_failed);
  CHECK(value(ca().store.find_pending(number))->decision == Decision::pending);
}

}  // namespace cmcctl::test
