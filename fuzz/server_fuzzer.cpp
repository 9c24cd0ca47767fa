#include <memory>

#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/cmc/names.hpp>
#include <cmcctl/codec/hexadecimal.hpp>
#include <cmcctl/codec/message.hpp>
#include <cmcctl/crypto/verify.hpp>
#include <cmcctl/server/authority.hpp>

#include "fuzz_ca.hpp"
#include "fuzz_check.hpp"

using namespace cmcctl;

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::int64_t now = 1'780'272'000;  // 2026-06-01, when the CA was made
constexpr std::size_t answers_of_one_store = 200;

Bytes bytes_of_hex(std::string_view hex) { return *octets_of_hex(hex); }

/// The CA with a user, a holder of a certificate, and an RA; forgotten now and then, as it only grows.
class TestCa {
 public:
  TestCa() : store_(new_store()), issuer_(*Issuer::open(store_, {}, now)) {
    holder_ = certificate("CN=holder", "user");
    ra_ = certificate("CN=ra", "ra");
    FUZZ_CHECK(store_.set_user({"alice", secret_copy(Octets(std::string_view("long and hard to guess")))}));
  }

  Store& store() { return store_; }
  Issuer& issuer() { return issuer_; }

  /// The PKIData, signed by the holder of the one or the other certificate.
  Bytes signed_by_somebody(Octets pki_data, bool ra) {
    const Bytes& certificate = ra ? ra_ : holder_;
    const Signer signer{key_.get(), usual_scheme(key_->public_key()), certificate};
    return *sign_full(FullContent::pki_data, pki_data, {&signer, 1});
  }

 private:
  static Store new_store() {
    Store store = *Store::open("");
    FUZZ_CHECK(store.set_value("ca key", bytes_of_hex(fuzz_ca::ca_key_hex)));
    FUZZ_CHECK(store.set_value("ca certificate", bytes_of_hex(fuzz_ca::ca_certificate_hex)));
    FUZZ_CHECK(store.set_value("exchange key", bytes_of_hex(fuzz_ca::exchange_key_hex)));
    FUZZ_CHECK(store.set_value("exchange certificate", bytes_of_hex(fuzz_ca::exchange_certificate_hex)));
    return store;
  }

  Bytes certificate(std::string_view subject, std::string_view profile) {
    const Bytes name = *parse_name(subject);
    const Wish nothing;
    return issuer_.issue({*find_profile(profile), name, key_->public_key().spki(), nothing, ""}, now)->der;
  }

  Store store_;
  Issuer issuer_;
  std::unique_ptr<PrivateKey> key_ = *private_key_from_pkcs8(bytes_of_hex(fuzz_ca::holder_key_hex));
  Bytes holder_;
  Bytes ra_;
};

TestCa& test_ca() {
  // The last one is never destroyed: at the end of the program Botan's memory goes first.
  static TestCa* ca = nullptr;
  static std::size_t answers = 0;
  if (answers++ % answers_of_one_store == 0) {
    delete ca;
    ca = new TestCa;
  }
  return *ca;
}

/// A Full PKI Response that the CA has signed, or a certs-only message.
void check_form(TestCa& ca, const Answer& answer) {
  Decoder decoder;
  const auto message = open_message(decoder, Octets(answer.body));
  FUZZ_CHECK(message && message->errors.empty());
  if (answer.kind == AnswerKind::certs_only) {
    FUZZ_CHECK(message->layer.kind == MessageKind::simple_pki_response);
    return;
  }
  if (std::holds_alternative<EnvelopedData>(message->layer.cms)) return;
  FUZZ_CHECK(message->layer.kind == MessageKind::full_pki_response);
  VerifyOptions options;
  options.anchors = {&ca.issuer().certificate(), 1};
  options.time = now;
  const VerifyReport report = verify_message(decoder, *message, options);
  FUZZ_CHECK(!report.parts.empty());
  FUZZ_CHECK(worst(report.parts.front().checks) == Verdict::pass);
}

Answer answer_to(TestCa& ca, Octets message, const AuthorityOptions& options) {
  Authority authority(ca.store(), ca.issuer(), options);
  auto answer = authority.answer({message}, now);
  FUZZ_CHECK(answer);
  FUZZ_CHECK(answer->event != "error");
  check_form(ca, *answer);
  return *std::move(answer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Octets input(data, data + size);
  TestCa& ca = test_ca();
  AuthorityOptions options;
  if (is_one_in(3, input)) options.pend = PendPolicy::always;
  options.dogtag = is_one_in(5, input);
  options.confirm = is_one_in(7, input);

  // Nobody can have signed the input, or know the secret.
  const Answer answer = answer_to(ca, input, options);
  FUZZ_CHECK(answer.event != "issued" && answer.event != "confirmed" && answer.event != "challenge");
  FUZZ_CHECK(ca.store().revoked_certificates()->empty());

  // What only a signature lets through.
  Decoder decoder(authority_limits());
  const auto message = open_message(decoder, input);
  const auto* const content = message ? std::get_if<PKIData>(&message->layer.content) : nullptr;
  if (content == nullptr) return 0;
  const Bytes again = ca.signed_by_somebody(content->source.bytes, is_one_in(2, input));
  (void)answer_to(ca, again, options);
  const auto all_revoked = ca.store().revoked_certificates();
  for (const StoredCertificate& revoked : *all_revoked) {
    FUZZ_CHECK(ca.store().set_revocation(revoked.serial_number, std::nullopt));
  }
  return 0;
}
