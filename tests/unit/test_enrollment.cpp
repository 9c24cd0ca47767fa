#include <cmcctl/cmc/enrollment.hpp>
#include <cmcctl/cmc/extensions.hpp>
#include <cmcctl/cmc/names.hpp>
#include <cmcctl/cmc/pkcs10.hpp>
#include <cmcctl/cmc/pki_response.hpp>
#include <cmcctl/cmc/unsealed_message.hpp>
#include <cmcctl/codec/message.hpp>
#include <cmcctl/crypto/issue.hpp>

#include "catch.hpp"

namespace cmcctl::test {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::int64_t now = 1'780'272'000;  // 2026-06-01
constexpr std::int64_t year = 31'536'000;

template <class T>
T value(Result<T> result) {
  INFO((result ? std::string() : to_string(result.error())));
  REQUIRE(result);
  return *std::move(result);
}

/// A CA that says what it is told to, and a client with its request.
struct Exchange {
  Exchange() {
    const Bytes extensions = value(encode_extensions(std::vector{value(basic_constraints_extension("ca"))}));
    const Bytes serial{1};
    ca_certificate = value(issue_certificate(
        {serial, name, name, now - year, now + year, ca_key->public_key().spki(), extensions}, *ca_key, ca_scheme));
    anchors.push_back(value(X509Certificate::from_der(Octets(ca_certificate))));
    keys.key = key.get();
    keys.scheme = usual_scheme(key->public_key());
    options.anchors = anchors;
    options.time = now;
    const auto identifier = subject_key_identifier_extension(key->public_key().key_identifier());
    const Bytes request = value(make_pkcs10({value(parse_name("CN=me")), {identifier}, {}},
                                            OwnSignature{key.get(), usual_scheme(key->public_key())}));
    state = value(begin_enrollment(request, keys));
  }

  /// A response to the message that is to be sent, with this status.
  Bytes answer(const CMCStatusInfoV2& status, bool is_signed = true, bool tied = true) const {
    Decoder decoder;
    const Message sent = value(open_message(decoder, Octets(state.message)));
    PkiResponseBuilder response;
    REQUIRE(response.status(status));
    for (const TaggedAttribute& control : std::get<PKIData>(sent.layer.content).control_sequence) {
      const ControlRow* const row = control_row(control.attr_type);
      if (row != nullptr && row->name == "transactionId") {
        const auto id = value(decode_control<TransactionId>(decoder, control));
        REQUIRE(response.transaction_id(id.value));
      }
      if (row == nullptr || row->name != "senderNonce") continue;
      const auto nonce = value(decode_control<SenderNonce>(decoder, control));
      REQUIRE(response.recipient_nonce(tied ? nonce.value : Octets(std::string_view("another"))));
    }
    REQUIRE(response.sender_nonce(Octets(std::string_view("the server's"))));
    const Bytes content = value(response.der());
    const Signer signer{ca_key.get(), ca_scheme, ca_certificate};
    SignedDataOptions how;
    how.certificates = {&ca_certificate, 1};
    return value(sign_full(FullContent::pki_response, content, {&signer, is_signed ? 1u : 0u}, how));
  }

  Outcome take(const Bytes& response) { return value(take_response(state, response, keys, options)).outcome; }

  Bytes name = value(parse_name("CN=CA"));
  std::unique_ptr<PrivateKey> ca_key = value(generate_private_key("ec:P-256"));
  SignatureScheme ca_scheme = usual_scheme(ca_key->public_key());
  Bytes ca_certificate;
  std::vector<X509Certificate> anchors;
  std::unique_ptr<PrivateKey> key = value(generate_private_key("ec:P-256"));
  EnrollmentKeys keys;
  VerifyOptions options;
  EnrollmentState state;
};

CMCStatusInfoV2 status_of(CMCStatus status) {
  static const BodyPartReference all{BodyPartID(0)};
  CMCStatusInfoV2 info;
  info.cmc_status = status;
  info.body_list = List<BodyPartReference>(std::span<const BodyPartReference>(&all, 1));
  return info;
}

CMCStatusInfoV2 pending(std::string_view token) {
  CMCStatusInfoV2 info = status_of(CMCStatus::pending);
  info.other_info = CMCStatusInfoV2::OtherInfo{
      PendInfo{Octets(token), Time{Octets(std::string_view("20260601000100Z")), Time::Form::generalized}}};
  return info;
}

std::size_t count_of(std::string_view control, const Bytes& message) {
  Decoder decoder;
  const Message opened = value(open_message(decoder, Octets(message)));
  std::size_t count = 0;
  for (const TaggedAttribute& one : std::get<PKIData>(opened.layer.content).control_sequence) {
    const ControlRow* const row = control_row(one.attr_type);
    if (row != nullptr && row->name == control) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a pending enrolment asks with the first token, also where later answers leave it out") {
  Exchange exchange;
  CHECK(exchange.take(exchange.answer(pending("cafe"))) == Outcome::pending);
  CHECK(exchange.state.step == EnrollmentStep::query);
  CHECK(exchange.state.ask_after == now + 60);
  const Bytes first = exchange.state.message;
  CHECK(count_of("queryPending", first) == 1);
  CHECK(exchange.take(exchange.answer(status_of(CMCStatus::pending))) == Outcome::pending);
  CHECK(exchange.state.message != first);
  CHECK(count_of("queryPending", exchange.state.message) == 1);
  CHECK(exchange.state.ask_after == 0);
  CHECK(exchange.state.round_trips == 2);
}

TEST_CASE("without a token the request itself is sent again") {
  Exchange exchange;
  const Bytes request = exchange.state.message;
  CHECK(exchange.take(exchange.answer(status_of(CMCStatus::pending))) == Outcome::pending);
  CHECK(exchange.state.step == EnrollmentStep::request);
  CHECK(exchange.state.message == request);
}

TEST_CASE("what is not believed changes nothing") {
  Exchange exchange;
  const Bytes request = exchange.state.message;
  CHECK(exchange.take(exchange.answer(status_of(CMCStatus::failed), true, false)) == Outcome::mismatch);
  CHECK(exchange.take(exchange.answer(status_of(CMCStatus::success), false)) == Outcome::untrusted);
  CHECK(exchange.state.step == EnrollmentStep::request);
  CHECK(exchange.state.message == request);
  CHECK(exchange.state.round_trips == 0);
  CHECK_FALSE(take_response(exchange.state, Octets(std::string_view("junk")), exchange.keys, exchange.options));
}

TEST_CASE("a refusal that nobody signed ends the first round trip, and no later one") {
  const auto refusal = status_of(CMCStatus::failed);
  Exchange first;
  CHECK(first.take(first.answer(refusal, false)) == Outcome::failed);
  CHECK(first.state.step == EnrollmentStep::failed);
  Exchange later;
  REQUIRE(later.take(later.answer(pending("cafe"))) == Outcome::pending);
  const Bytes query = later.state.message;
  CHECK(later.take(later.answer(refusal, false)) == Outcome::failed);
  CHECK(later.state.step == EnrollmentStep::query);
  CHECK(later.state.message == query);
  CHECK(later.take(later.answer(refusal)) == Outcome::failed);
  CHECK(is_over(later.state.step));
}

TEST_CASE("encryption is taken off as deep as the limit allows") {
  Exchange exchange;
  const Bytes plain = exchange.answer(status_of(CMCStatus::success));
  const CertificateRecipient recipient{exchange.ca_certificate};
  const std::vector<Recipient> recipients{recipient};
  Bytes sealed = value(encrypt_full(plain, recipients));
  sealed = value(encrypt_full(sealed, recipients, ContentCipher::aes_256_gcm));
  const RecipientKeys::Pair pair{exchange.ca_key.get(), exchange.ca_certificate};
  RecipientKeys keys;
  keys.pairs = {&pair, 1};
  const auto opened = value(UnsealedMessage::open(sealed, keys));
  CHECK(opened.encryptions() == 2);
  CHECK(Octets(opened.bytes()) == Octets(plain));
  Limits limits;
  limits.layers = 1;
  const auto deep = UnsealedMessage::open(sealed, keys, limits);
  REQUIRE_FALSE(deep);
  CHECK(deep.error().code == Errc::limit_exceeded);
  const RecipientKeys::Pair other{exchange.key.get(), {}};
  keys.pairs = {&other, 1};
  CHECK_FALSE(UnsealedMessage::open(sealed, keys));
  CHECK(value(UnsealedMessage::open(plain, {})).encryptions() == 0);
}

}  // namespace cmcctl::test
