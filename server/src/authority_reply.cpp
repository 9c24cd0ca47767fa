#include "authority_reply.hpp"

#include <algorithm>

#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/codec/clock_time.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/oids.hpp>
#include <cmcctl/crypto/random.hpp>

namespace cmcctl::authority {
namespace {

constexpr std::size_t status_characters = 400;
constexpr std::size_t log_characters = 1'000;
constexpr std::size_t response_info_octets = 8;
constexpr std::size_t most_crls = 16;
constexpr std::int64_t last_second = 253'402'300'799;  // of the year 9999

// What Dogtag's CA answers where RFC 10002 has a word of its own.
CMCFailInfo in_dogtag(CMCFailInfo fail_info) {
  switch (fail_info) {
    case CMCFailInfo::badAlg:
    case CMCFailInfo::noKeyReuse:
    case CMCFailInfo::unsupportedExt:
      return CMCFailInfo::internalCAError;
    case CMCFailInfo::badTime:
      return CMCFailInfo::badRequest;
    default:
      return fail_info;
  }
}

}  // namespace

Bytes Reply::new_nonce() { return bytes_of(random_octets(nonce_octets)); }

const Bytes& Reply::response_info() {
  if (response_info_.empty()) {
    response_info_ = bytes_of(random_octets(response_info_octets));
    response_info_[0] = static_cast<std::uint8_t>((response_info_[0] & 0x7F) | 0x40);
  }
  return response_info_;
}

Reply::Status& Reply::find(CMCStatus status, const std::string& text, std::optional<CMCFailInfo> fail_info) {
  for (Status& known : statuses_) {
    if (known.status == status && known.text == text && known.fail_info == fail_info && known.pend_token.empty())
      return known;
  }
  return statuses_.emplace_back(Status{status, {}, text, fail_info});
}

void Reply::say(CMCStatus status, const PartPath& part, std::string text) {
  only_successes_ = only_successes_ && status == CMCStatus::success;
  find(status, escape(text, status_characters), {}).parts.push_back(part);
}

void Reply::refuse(const Refusal& refusal, const PartPath& part) {
  only_successes_ = false;
  find(CMCStatus::failed, escape(refusal.text, status_characters), refusal.fail_info).parts.push_back(part);
  note("failed", refusal.text);
}

void Reply::pend(const PartPath& part, Octets token, std::int64_t time) {
  only_successes_ = false;
  statuses_.push_back({CMCStatus::pending, {part}, {}, {}, bytes_of(token),
                       generalized_time_text(std::clamp<std::int64_t>(time, 0, last_second))});
}

void Reply::challenge(const PartPath& part, Bytes encrypted_pop) {
  only_successes_ = false;
  challenges_.push_back(std::move(encrypted_pop));
  find(CMCStatus::popRequired, {}, {}).parts.push_back(part);
}

void Reply::add_certificate(Octets der) {
  const bool known = std::ranges::any_of(certificates_, [&](const Bytes& one) { return Octets(one) == der; });
  if (!known) certificates_.push_back(bytes_of(der));
}

bool Reply::add_crl(Octets der) {
  if (std::ranges::any_of(crls_, [&](const Bytes& one) { return Octets(one) == der; })) return true;
  if (crls_.size() == most_crls) return false;
  crls_.push_back(bytes_of(der));
  return true;
}

void Reply::note(std::string_view event, std::string text) {
  if (event_.empty() || (event_ == "failed" && event != "failed")) event_ = event;
  if (text_.size() > log_characters) return;
  text_ += (text_.empty() ? "" : "; ") + std::move(text);
}

Result<void> Reply::add_statuses(PkiResponseBuilder& response, const AuthorityOptions& options) const {
  for (const Status& status : statuses_) {
    std::vector<BodyPartReference> references;
    const bool named = !options.dogtag || status.status != CMCStatus::failed;
    for (const PartPath& part : status.parts) {
      if (!named) break;
      references.push_back(part.size() == 1 ? BodyPartReference{part[0]}
                                            : BodyPartReference{BodyPartPath{List<BodyPartID>(std::span(part))}});
    }
    if (!named) references.push_back({BodyPartID(0)});
    CMCStatusInfoV2 info;
    info.cmc_status = status.status;
    info.body_list = List<BodyPartReference>(std::span<const BodyPartReference>(references));
    if (!status.text.empty()) info.status_string = Utf8String{Octets(std::string_view(status.text))};
    std::optional<CMCFailInfo> fail_info = status.fail_info;
    if (options.dogtag && fail_info) fail_info = in_dogtag(*fail_info);
    if (options.dogtag && status.status == CMCStatus::popRequired) fail_info = CMCFailInfo::popRequired;
    if (fail_info) info.other_info = CMCStatusInfoV2::OtherInfo{*fail_info};
    if (!status.pend_token.empty()) {
      const Time time{Octets(std::string_view(status.pend_time)), Time::Form::generalized};
      info.other_info = CMCStatusInfoV2::OtherInfo{PendInfo{status.pend_token, time}};
    }
    CMC_CHECK(response.status(info));
  }
  return {};
}

Result<Bytes> Reply::pki_response(const AuthorityOptions& options) const {
  PkiResponseBuilder response(options.edition);
  for (const Bytes& challenge : challenges_) CMC_CHECK(response.control("encryptedPOP", challenge));
  CMC_CHECK(add_statuses(response, options));
  if (!response_info_.empty()) CMC_CHECK(response.response_info(response_info_));
  std::vector<BodyPartID> batch;
  for (const Bytes& answer : responses_) {
    CMC_TRY(const BodyPartID id, response.nested(answer));
    batch.push_back(id);
  }
  if (!batch.empty()) CMC_CHECK(response.batch_responses(batch));
  if (echo.data_return) CMC_CHECK(response.data_return(*echo.data_return));
  if (echo.transaction) CMC_CHECK(response.transaction_id(Integer{*echo.transaction}));
  if (echo.sender_nonce) CMC_CHECK(response.recipient_nonce(*echo.sender_nonce));
  CMC_CHECK(response.sender_nonce(nonce_));
  return response.der();
}

bool Reply::may_be_simple(const AuthorityOptions& options) const {
  if (!only_successes_ || !responses_.empty()) return false;
  return simple || (options.simple_on_success && !certificates_.empty());
}

Result<Answer> Reply::finish(Context& context) const {
  const AuthorityOptions& options = context.options;
  CaKey& signing = context.issuer.signing();
  Answer answer;
  answer.event = event_.empty() ? "answered" : event_;
  answer.text = text_;
  std::vector<Bytes> certificates = certificates_;
  const Bytes ca = bytes_of(signing.certificate.der());
  if (std::ranges::find(certificates, ca) == certificates.end()) certificates.push_back(ca);
  SignedDataOptions form;
  form.certificates = certificates;
  form.crls = crls_;
  if (may_be_simple(options)) {
    answer.kind = AnswerKind::certs_only;
    CMC_TRY(answer.body, make_signed_data(oids::data, {}, {}, form));
    return answer;
  }
  form.signing_time = context.now;
  form.null_digest_parameters = options.dogtag;
  CMC_TRY(const Bytes content, pki_response(options));
  const Signer signer{signing.key.get(), usual_scheme(signing.key->public_key()), signing.certificate.der()};
  CMC_TRY(answer.body, sign_full(FullContent::pki_response, content, {&signer, 1}, form));
  if (recipient) {
    const Recipient to = CertificateRecipient{*recipient};
    CMC_TRY(answer.body, encrypt_full(answer.body, {&to, 1}));
  }
  return answer;
}

}  // namespace cmcctl::authority
