#include <cmcctl/cmc/enrollment.hpp>

#include <array>

#include <cmcctl/cmc/dogtag.hpp>
#include <cmcctl/cmc/pop_link.hpp>
#include <cmcctl/cmc/pop_messages.hpp>
#include <cmcctl/cmc/transaction.hpp>
#include <cmcctl/cmc/unsealed_message.hpp>
#include <cmcctl/crypto/random.hpp>

#include "part_index.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes kept(Octets bytes) { return {bytes.begin(), bytes.end()}; }

// --- the messages ------------------------------------------------------------------------------------------------

Result<void> add_identification(PkiDataBuilder& data, const EnrollmentKeys& keys) {
  const bool named = keys.shared && keys.shared->identification;
  if (named) CMC_CHECK(data.identification(keys.shared->identification->chars()));
  return {};
}

Result<void> add_identity(PkiDataBuilder& data, const EnrollmentKeys& keys) {
  if (!keys.shared) return {};
  CMC_CHECK(add_identification(data, keys));
  return data.identity_proof(keys.shared->secret, keys.proofs);
}

Result<Bytes> protect_request(Octets pki_data, const EnrollmentKeys& keys) {
  if (!keys.signers.empty()) return sign_full(FullContent::pki_data, pki_data, keys.signers, keys.signing);
  SignedDataOptions how = keys.signing;
  how.certificates = {};
  if (!keys.key_signs) return no_signature_full(pki_data, how);
  return self_sign_full(pki_data, *keys.key, keys.scheme, how,
                        keys.dogtag ? RequestKeyId::dogtag : RequestKeyId::extension);
}

// `certificate` is that of the request's key, once there is one.
Result<Bytes> protect_without_request(Octets pki_data, const EnrollmentKeys& keys, const Bytes& certificate = {}) {
  if (!keys.signers.empty()) return sign_full(FullContent::pki_data, pki_data, keys.signers, keys.signing);
  const bool certified = keys.key_signs && !certificate.empty();
  if (keys.shared && !certified) return mac_full(FullContent::pki_data, pki_data, *keys.shared);
  if (!keys.key_signs) {
    return Error{Errc::no_key, 0, {}, {}, "nobody can sign the next message: the key cannot, and there is no secret"};
  }
  const Bytes identifier = keys.key->public_key().key_identifier();
  Signer signer{keys.key, keys.scheme};
  SignedDataOptions how = keys.signing;
  if (certified) {
    signer.certificate = certificate;
    how.certificates = {&certificate, 1};
  } else {
    signer.key_identifier = identifier;
  }
  return sign_full(FullContent::pki_data, pki_data, {&signer, 1}, how);
}

Result<PkiDataBuilder> next_request(const OpenedMessage& response, const OpenedMessage& request,
                                    const EnrollmentKeys& keys) {
  PkiDataBuilder data;
  CMC_CHECK(data.sender_nonce(random_octets(nonce_octets)));
  const auto theirs = control_value<SenderNonce>(response.decoder, response.message.layer, "senderNonce");
  if (theirs) CMC_CHECK(data.recipient_nonce(theirs->value));
  const auto id = control_value<TransactionId>(request.decoder, request.message.layer, "transactionId");
  if (id) CMC_CHECK(data.transaction_id(id->value));
  CMC_CHECK(add_identification(data, keys));
  return data;
}

// --- one response ------------------------------------------------------------------------------------------------

class ResponseTaker {
 public:
  ResponseTaker(EnrollmentState& state, const EnrollmentKeys& keys, const VerifyOptions& options, const Limits& limits)
      : state_(state), keys_(keys), options_(options), limits_(limits) {}

  Result<ResponseReport> run(Octets bytes) {
    CMC_TRY(const auto response, UnsealedMessage::open(bytes, options_.keys, limits_));
    CMC_TRY(const auto sent, UnsealedMessage::open(state_.message, {}, limits_));
    CMC_TRY(const auto first, UnsealedMessage::open(state_.request, {}, limits_));
    const OpenedMessage asked = first.view();
    ResponseReport report = process_response(response.view(), sent.view(), options_,
                                             state_.step == EnrollmentStep::query ? &asked : nullptr);
    if (report.outcome == Outcome::untrusted || report.outcome == Outcome::mismatch) return report;
    // Anybody can send a refusal that nobody signed: it does not end what has come as far as a second message.
    const bool anybodys = report.outcome == Outcome::failed && report.verification.verdict != Verdict::pass;
    if (anybodys && state_.round_trips != 0) return report;
    EnrollmentState next = state_;
    ++next.round_trips;
    next.ask_after = 0;
    CMC_CHECK(go_on(next, report, response.view(), asked));
    state_ = std::move(next);
    return report;
  }

 private:
  Result<void> go_on(EnrollmentState& next, const ResponseReport& report, const OpenedMessage& response,
                     const OpenedMessage& asked) {
    if (state_.step == EnrollmentStep::pop_abort) {
      next.step = EnrollmentStep::failed;
      return {};
    }
    switch (report.outcome) {
      case Outcome::issued:
        take_certificates(next, report);
        next.step = EnrollmentStep::issued;
        return {};
      case Outcome::success:
        if (state_.step == EnrollmentStep::confirmation) next.step = EnrollmentStep::issued;
        return {};
      case Outcome::confirm_required:
        take_certificates(next, report);
        return confirm(next, response, asked);
      case Outcome::pop_required:
        return report.challenges.empty() ? Result<void>() : answer(next, response, asked);
      case Outcome::pending:
        return query(next, report, response, asked);
      case Outcome::failed:
        next.step = EnrollmentStep::failed;
        return {};
      default:
        return {};
    }
  }

  static void take_certificates(EnrollmentState& next, const ResponseReport& report) {
    next.certificates.clear();
    for (const AnsweredRequest& request : report.requests) {
      if (request.certificate) next.certificates.push_back(kept(request.certificate->der()));
    }
    for (const X509Certificate& other : report.other_certificates) next.certificates.push_back(kept(other.der()));
  }

  Result<void> answer(EnrollmentState& next, const OpenedMessage& response, const OpenedMessage& asked) const {
    if (!challenges_are_for(response, asked)) {
      return Error{Errc::value_out_of_range, 0, "EncryptedPOP.request", "CMC-5272-6.7-06",
                   "the challenge is not for our request"};
    }
    const auto random = control_value<PopLinkRandom>(asked.decoder, asked.message.layer, "popLinkRandom");
    const auto more = [&](PkiDataBuilder& data) -> Result<void> {
      if (random) CMC_CHECK(data.pop_link_random(random->value));
      return add_identity(data, keys_);
    };
    PrivateKey* const keys[] = {keys_.key};
    const auto made = make_answer_message(response, keys, limits_, more);
    if (!made && made.error().code == Errc::decryption_failed) return abort(next, response);
    if (!made) return made.error();
    CMC_TRY(next.message, protect_request(made->pki_data, keys_));
    next.step = EnrollmentStep::pop_answer;
    return {};
  }

  Result<void> abort(EnrollmentState& next, const OpenedMessage& response) const {
    const auto more = [&](PkiDataBuilder& builder) { return add_identification(builder, keys_); };
    CMC_TRY(const Bytes data, make_abort_message(response, more));
    CMC_TRY(next.message, protect_without_request(data, keys_));
    next.step = EnrollmentStep::pop_abort;
    return {};
  }

  // Section 6.13: later answers may leave the token out.
  Result<void> query(EnrollmentState& next, const ResponseReport& report, const OpenedMessage& response,
                     const OpenedMessage& asked) const {
    std::vector<Bytes> tokens;
    for (const ReportedStatus& status : report.statuses) {
      if (!status.pend_token.empty()) tokens.push_back(status.pend_token);
      if (status.pend_at) next.ask_after = *status.pend_at;
    }
    if (!tokens.empty()) next.pend_tokens = std::move(tokens);
    if (next.pend_tokens.empty()) return {};
    CMC_TRY(PkiDataBuilder data, next_request(response, asked, keys_));
    for (const Bytes& token : next.pend_tokens) CMC_CHECK(data.query_pending(token));
    CMC_TRY(const Bytes der, data.der());
    CMC_TRY(next.message, protect_without_request(der, keys_));
    next.step = EnrollmentStep::query;
    return {};
  }

  Result<void> confirm(EnrollmentState& next, const OpenedMessage& response, const OpenedMessage& asked) const {
    const Bytes& certificate = next.certificates.front();
    CMC_TRY(const X509Certificate issued, X509Certificate::from_der(Octets(certificate), limits_));
    const IssuerAndSerialNumber which{issued.tbs().issuer, issued.tbs().serial_number, {}};
    CMC_TRY(PkiDataBuilder data, next_request(response, asked, keys_));
    if (keys_.dogtag) {
      CMC_CHECK(data.control("confirmCertAcceptance", dogtag_cert_id(which)));
    } else {
      const BodyPartReference all{BodyPartID(0)};
      CMCStatusInfoV2 accepted;
      accepted.cmc_status = CMCStatus::success;
      accepted.body_list = List<BodyPartReference>(std::span<const BodyPartReference>(&all, 1));
      CMC_CHECK(data.status_info(accepted));
      CMC_CHECK(data.confirm_cert_acceptance(which));
    }
    CMC_TRY(const Bytes der, data.der());
    CMC_TRY(next.message, protect_without_request(der, keys_, certificate));
    next.step = EnrollmentStep::confirmation;
    return {};
  }

  EnrollmentState& state_;
  const EnrollmentKeys& keys_;
  const VerifyOptions& options_;
  const Limits& limits_;
};

}  // namespace

std::string_view to_string(EnrollmentStep step) {
  constexpr std::array<std::string_view, 7> words{"request",      "popAnswer", "popAbort", "query",
                                                  "confirmation", "issued",    "failed"};
  return words[static_cast<std::size_t>(step)];
}

bool is_over(EnrollmentStep step) { return step == EnrollmentStep::issued || step == EnrollmentStep::failed; }

Result<EnrollmentState> begin_enrollment(Octets request, const EnrollmentKeys& keys) {
  PkiDataBuilder data;
  Bytes linked = kept(request);
  data.reserve(BodyPartID(1));  // the usual certReqId
  CMC_CHECK(data.sender_nonce(random_octets(nonce_octets)));
  if (keys.shared) {
    const SecretOctets random = random_octets(pop_link_random_octets);
    PopLinkOptions how;
    how.v1 = keys.proofs != IdentityProofs::v2;
    how.v2 = keys.proofs != IdentityProofs::v1;
    how.key = keys.dogtag ? LinkKey::secret_and_identification : LinkKey::secret;
    CMC_TRY(linked, add_pop_link(request, keys.key, *keys.shared, random, how));
    CMC_CHECK(data.pop_link_random(random));
  }
  CMC_CHECK(data.request(linked));
  CMC_CHECK(data.transaction_id(Integer{new_transaction_id()}));
  CMC_CHECK(add_identity(data, keys));
  CMC_TRY(const Bytes der, data.der());
  EnrollmentState state;
  CMC_TRY(state.message, protect_request(der, keys));
  state.request = state.message;
  return state;
}

Result<ResponseReport> take_response(EnrollmentState& state, Octets response, const EnrollmentKeys& keys,
                                     const VerifyOptions& options, const Limits& limits) {
  return ResponseTaker(state, keys, options, limits).run(response);
}

}  // namespace cmcctl
