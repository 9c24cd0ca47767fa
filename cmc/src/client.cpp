#include <cmcctl/cmc/client.hpp>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>

#include "part_index.hpp"

namespace cmcctl {
namespace {

// Keys are equal whatever their AlgorithmIdentifier says about their use.
std::string key_text(const Result<PublicKey>& key, Octets spki) {
  return std::string(key ? key->subject_public_key().chars() : spki.chars());
}

// --- statuses ----------------------------------------------------------------------------------------------------

std::string number_name(std::span<const NamedNumber> names, std::int64_t value) {
  const NamedNumber* const entry = find_number(names, value);
  return entry == nullptr ? std::to_string(value) : std::string(entry->name);
}

void take_other_info(ReportedStatus& status, const CMCFailInfo& info) {
  const auto value = static_cast<std::int64_t>(info);
  status.fail_info = number_name(cmc_fail_info_names(), value);
  const NamedNumber* const entry = find_number(cmc_fail_info_names(), value);
  if (entry != nullptr) status.meaning = entry->meaning;
}

void take_other_info(ReportedStatus& status, const PendInfo& info) {
  status.pend_token.assign(info.pend_token.begin(), info.pend_token.end());
  status.pend_time = time_text(info.pend_time);
  status.pend_at = seconds_of(info.pend_time);
}

void take_other_info(ReportedStatus& status, const ExtendedFailInfo& info) {
  const std::string dotted = to_string(info.fail_info_oid);
  const OidEntry* const entry = find_oid(dotted);
  status.fail_info = "extendedFailInfo " + (entry == nullptr ? dotted : std::string(entry->name));
}

std::vector<std::uint32_t> ids_of(std::span<const BodyPartID> path) {
  std::vector<std::uint32_t> ids;
  for (const BodyPartID id : path) ids.push_back(id.value());
  return ids;
}

std::vector<std::uint32_t> ids_of(BodyPartID id) { return {id.value()}; }

std::vector<std::uint32_t> ids_of(const BodyPartReference& reference) {
  if (const auto* id = std::get_if<BodyPartID>(&reference.choice)) return ids_of(*id);
  return ids_of(std::get<BodyPartPath>(reference.choice).ids);
}

template <class Info>
ReportedStatus reported(const Info& info, std::string path) {
  ReportedStatus status;
  status.status = info.cmc_status;
  status.path = std::move(path);
  const NamedNumber* const entry = find_number(cmc_status_names(), static_cast<std::int64_t>(info.cmc_status));
  if (entry != nullptr) status.meaning = entry->meaning;
  for (const auto& part : info.body_list) status.body_parts.push_back(ids_of(part));
  if (info.status_string) status.text = info.status_string->bytes.chars();
  if (info.other_info) {
    std::visit([&](const auto& other) { take_other_info(status, other); }, info.other_info->choice);
  }
  return status;
}

bool is_failure(const ReportedStatus& status) {
  return status.status == CMCStatus::failed || status.status == CMCStatus::noSupport;
}

// --- the response ------------------------------------------------------------------------------------------------

class ResponseReader {
 public:
  ResponseReader(const OpenedMessage& response, const OpenedMessage& request, const VerifyOptions& options,
                 const OpenedMessage& asked)
      : response_(response), request_(request), options_(options), asked_(asked), index_(response.decoder) {}

  ResponseReport run() {
    report_.verification = verify_message(response_.decoder, response_.message, options_);
    read(response_.message.layer);
    exchange();
    collect(asked_.message.layer);
    answer_requests();
    decide();
    return std::move(report_);
  }

 private:
  void read(const Layer& layer);
  void control(const Layer& layer, const TaggedAttribute& control, const std::string& path);
  void certificates(const Layer& layer);

  void exchange();
  void nonces(const Layer& sent, const Layer& answer);
  template <class T>
  std::vector<Octets> values(Decoder& decoder, const Layer& layer, std::string_view name);
  void compare(std::string_view name, const std::vector<Octets>& sent, const std::vector<Octets>& got,
               std::string_view rule, std::string_view hint);

  void collect(const Layer& layer);
  void answer_requests();
  AnsweredRequest answered(const RequestPart& request);

  void decide();
  Outcome outcome() const;
  Outcome believed_outcome() const;
  Outcome outcome_of_certificates() const;
  bool asked_for_certificates() const;
  bool is_protected() const;
  bool only_failures() const;
  std::string how_to_ask_again() const;
  std::string next_step() const;

  const OpenedMessage& response_;
  const OpenedMessage& request_;
  const VerifyOptions& options_;
  const OpenedMessage& asked_;  // has the certification requests
  PartIndex index_;             // of the response
  ResponseReport report_;
  std::vector<X509Certificate> certificates_;
  std::unordered_map<std::string, std::size_t> by_key_;  // index into certificates_
  std::unordered_set<std::size_t> taken_;
  std::vector<RequestPart> requests_;
  bool differs_ = false;  // an answer to something else
  bool missing_ = false;  // what would tie it to the request is not there
};

void ResponseReader::certificates(const Layer& layer) {
  const auto* const data = std::get_if<SignedData>(&layer.cms);
  if (data == nullptr) return;
  if (data->crls) report_.crls += data->crls->size();
  if (!data->certificates) return;
  for (const Any& element : *data->certificates) {
    if (element.der[0] != tlv::sequence) continue;
    auto certificate = X509Certificate::from_der(response_.decoder.original(element.der), response_.decoder.limits());
    if (!certificate) continue;
    const auto& key = certificate->public_key();
    const bool is_new =
        by_key_.emplace(key_text(key, certificate->tbs().subject_public_key_info.der), certificates_.size()).second;
    // Several certificates of one key: the end entity's counts.
    if (!is_new && !certificate->is_ca()) {
      by_key_[key_text(key, certificate->tbs().subject_public_key_info.der)] = certificates_.size();
    }
    certificates_.push_back(*std::move(certificate));
  }
}

void ResponseReader::control(const Layer& layer, const TaggedAttribute& control, const std::string& path) {
  Decoder& decoder = response_.decoder;
  const auto undecoded = [&](const Error& error) {
    report_.checks.push_back(
        {"decoding", Verdict::fail, to_string(error), error.rule, "the server's software is at fault"});
  };
  if (is_control(control, "statusInfoV2")) {
    const auto info = decode_control<CMCStatusInfoV2>(decoder, control);
    if (!info) return undecoded(info.error());
    report_.statuses.push_back(reported(*info, path));
  } else if (is_control(control, "statusInfo")) {
    const auto info = decode_control<CMCStatusInfo>(decoder, control);
    if (!info) return undecoded(info.error());
    report_.statuses.push_back(reported(*info, path));
  } else if (is_control(control, "encryptedPOP")) {
    const auto challenge = decode_control<EncryptedPOP>(decoder, control);
    if (!challenge) return undecoded(challenge.error());
    const auto id = body_part_id(decoder, challenge->request);
    report_.challenges.push_back(id ? id->value() : 0);
  } else if (is_control(control, "batchResponses")) {
    const auto batch = decode_control<BatchResponses>(decoder, control);
    if (!batch) return undecoded(batch.error());
    const bool all = std::ranges::all_of(batch->value, [&](BodyPartID id) {
      const BodyPart* const part = index_.find(layer, id);
      return part != nullptr && part->nested;
    });
    report_.checks.push_back(
        all ? Check{"batchResponses", Verdict::pass, std::to_string(batch->value.size()) + " answers", {}, {}}
            : Check{"batchResponses", Verdict::fail, "names what is not in cmsSequence", "CMC-5272-6.17-02",
                    "the server's software is at fault"});
  } else if (is_control(control, "responseBody")) {
    const auto body = decode_control<ResponseBody>(decoder, control);
    if (!body) return undecoded(body.error());
    const auto found = index_.find(layer, body->value);
    const bool good = found.part != nullptr && found.part->nested;
    report_.checks.push_back(good ? Check{"responseBody", Verdict::pass, "the CA's answer is inside", {}, {}}
                                  : Check{"responseBody", Verdict::fail, "names what is not in cmsSequence",
                                          "CMC-6402-2.6-01", "the server's software is at fault"});
  }
}

void ResponseReader::read(const Layer& layer) {
  certificates(layer);
  if (std::holds_alternative<PKIResponse>(layer.content)) {
    const auto controls = controls_of(layer);
    for (std::size_t i = 0; i < controls.size(); ++i) {
      control(layer, controls[i], layer.content_path + ".controlSequence[" + std::to_string(i) + "]");
    }
  }
  for (const Layer& nested : layer.nested) read(nested);
}

// --- transaction and nonces --------------------------------------------------------------------------------------

template <class T>
std::vector<Octets> ResponseReader::values(Decoder& decoder, const Layer& layer, std::string_view name) {
  std::vector<Octets> found;
  for (const TaggedAttribute& control : controls_of(layer)) {
    if (!is_control(control, name)) continue;
    const auto value = decode_control<T>(decoder, control);
    if constexpr (requires { value->value.content; }) {
      found.push_back(value ? value->value.content : Octets());
    } else {
      found.push_back(value ? value->value : Octets());
    }
  }
  return found;
}

void ResponseReader::compare(std::string_view name, const std::vector<Octets>& sent, const std::vector<Octets>& got,
                             std::string_view rule, std::string_view hint) {
  const auto add = [&](Verdict verdict, std::string text) {
    report_.checks.push_back({name, verdict, std::move(text), verdict == Verdict::pass ? std::string_view() : rule,
                              verdict == Verdict::pass ? std::string() : std::string(hint)});
  };
  if (sent.empty() && got.empty()) return;
  if (got.empty()) {
    missing_ = true;
    return add(Verdict::fail, "not in the response");
  }
  const bool all = std::ranges::all_of(got, [&](Octets value) { return std::ranges::find(sent, value) != sent.end(); });
  if (all) return add(Verdict::pass, "as sent");
  differs_ = true;
  add(Verdict::fail, sent.empty() ? "of a message that was never sent" : "not the one that was sent");
}

void ResponseReader::nonces(const Layer& sent, const Layer& answer) {
  const auto ours = values<SenderNonce>(request_.decoder, sent, "senderNonce");
  compare("recipientNonce", ours, values<RecipientNonce>(response_.decoder, answer, "recipientNonce"),
          "CMC-5272-6.6-04", "an answer to another message; discard it");
  constexpr std::string_view name = "senderNonce";
  const auto theirs = values<SenderNonce>(response_.decoder, answer, name);
  if (theirs.empty()) {
    if (!ours.empty()) {
      report_.checks.push_back({name, Verdict::fail, "the server sends none of its own", "CMC-5272-6.6-05",
                                "the server's software is at fault"});
    }
    return;
  }
  const bool echoed =
      std::ranges::any_of(theirs, [&](Octets nonce) { return std::ranges::find(ours, nonce) != ours.end(); });
  report_.checks.push_back(
      echoed ? Check{name, Verdict::fail, "ours, sent back", "CMC-5272-6.6-06", "the server's software is at fault"}
             : Check{name, Verdict::pass, "the server's own", {}, {}});
}

// What stands in an outermost message belongs to the exchange; nested ones have their own.
void ResponseReader::exchange() {
  const Layer& sent = request_.message.layer;
  const Layer& answer = response_.message.layer;
  if (!std::holds_alternative<PKIResponse>(answer.content)) return;
  compare("transactionId", values<TransactionId>(request_.decoder, sent, "transactionId"),
          values<TransactionId>(response_.decoder, answer, "transactionId"), "CMC-5272-6.6-02",
          "an answer to another message; discard it");
  nonces(sent, answer);
  const auto data = values<DataReturn>(request_.decoder, sent, "dataReturn");
  const auto returned = values<DataReturn>(response_.decoder, answer, "dataReturn");
  const bool was_missing = missing_;
  compare("dataReturn", data, returned, "CMC-5272-6.4-01", "the server's software is at fault");
  missing_ = was_missing;
}

// --- certificates ------------------------------------------------------------------------------------------------

void ResponseReader::collect(const Layer& layer) {
  for (RequestPart& part : request_parts(asked_.decoder, layer)) requests_.push_back(std::move(part));
  for (const Layer& nested : layer.nested) collect(nested);
}

AnsweredRequest ResponseReader::answered(const RequestPart& request) {
  constexpr std::string_view name = "certificate";
  AnsweredRequest answer;
  const std::string subject = request.subject ? name_text(request.subject->der) : "";
  answer.name = (request.id ? "body part " + std::to_string(request.id->value()) + ": " : "") +
                (subject.empty() ? "an empty subject" : subject);
  if (request.public_key.empty()) {
    answer.checks.push_back({name, Verdict::unknown, "the request has no key to find it by", {}, {}});
    return answer;
  }
  const auto key = PublicKey::from_spki(request.public_key, asked_.decoder.limits());
  const auto found = by_key_.find(key_text(key, request.public_key));
  if (found == by_key_.end()) {
    answer.checks.push_back({name, Verdict::fail, "none for this public key in the response", {}, {}});
    return answer;
  }
  taken_.insert(found->second);
  const X509Certificate& certificate = certificates_[found->second];
  answer.certificate = certificate;
  answer.checks.push_back({name,
                           Verdict::pass,
                           "serial number 0x" + hex(certificate.tbs().serial_number.content) + " of " +
                               escape(name_text(certificate.issuer())),
                           {},
                           {}});
  const std::string given = name_text(certificate.subject());
  const bool same = request.subject && (certificate.subject() == request.subject->der || given == subject);
  answer.checks.push_back(same ? Check{"subject", Verdict::pass, "as requested", {}, {}}
                               : Check{"subject",
                                       Verdict::unknown,
                                       escape(given) + " instead of " + escape(subject),
                                       {},
                                       "see whether you want a certificate of this name"});
  PathOptions path{options_.time, Purpose::any, options_.anchors, certificates_, options_.crls, options_.allow_sha1};
  std::ranges::move(validate_path(certificate, path, response_.decoder.limits()).checks,
                    std::back_inserter(answer.checks));
  return answer;
}

void ResponseReader::answer_requests() {
  for (const RequestPart& request : requests_) report_.requests.push_back(answered(request));
  for (std::size_t i = 0; i < certificates_.size(); ++i) {
    if (!taken_.contains(i)) report_.other_certificates.push_back(certificates_[i]);
  }
}

// --- the verdict -------------------------------------------------------------------------------------------------

// Whether the response itself is signed or has a MAC. What is nested in it may be replayed from elsewhere.
bool ResponseReader::is_protected() const {
  const Layer& layer = response_.message.layer;
  const auto* const data = std::get_if<SignedData>(&layer.cms);
  return data != nullptr ? !data->signer_infos.empty() : std::holds_alternative<AuthenticatedData>(layer.cms);
}

bool ResponseReader::only_failures() const {
  return !report_.statuses.empty() && std::ranges::all_of(report_.statuses, is_failure);
}

Outcome ResponseReader::outcome() const {
  const Layer& layer = response_.message.layer;
  const bool trusted = report_.verification.verdict == Verdict::pass;
  if (layer.kind == MessageKind::simple_pki_response) return trusted ? outcome_of_certificates() : Outcome::untrusted;
  if (!std::holds_alternative<PKIResponse>(layer.content)) return Outcome::untrusted;
  if (!is_protected()) return only_failures() && !differs_ ? Outcome::failed : Outcome::untrusted;
  if (!trusted) return Outcome::untrusted;
  if (differs_ || (missing_ && !only_failures())) return Outcome::mismatch;
  return believed_outcome();
}

Outcome ResponseReader::believed_outcome() const {
  const auto any = [&](CMCStatus status) {
    return std::ranges::find(report_.statuses, status, &ReportedStatus::status) != report_.statuses.end();
  };
  const bool failed = std::ranges::any_of(report_.statuses, is_failure);
  if (any(CMCStatus::popRequired) || (failed && !report_.challenges.empty())) return Outcome::pop_required;
  const bool confirm = any(CMCStatus::confirmRequired);
  if (any(CMCStatus::pending)) return Outcome::pending;
  if (only_failures()) return Outcome::failed;
  const Outcome found = outcome_of_certificates();
  if (confirm && found == Outcome::issued) return Outcome::confirm_required;
  if (found == Outcome::untrusted || found == Outcome::mismatch) return found;
  return failed || any(CMCStatus::partial) ? Outcome::partial : found;
}

// Nobody signs a certs-only message: it answers what it holds itself, and nothing else.
bool ResponseReader::asked_for_certificates() const {
  return std::ranges::any_of(controls_of(request_.message.layer), [](const TaggedAttribute& control) {
    return is_control(control, "getCert") || is_control(control, "getCRL");
  });
}

// No status means success (section 6.1.2), but a certificate for somebody else's key is no success.
Outcome ResponseReader::outcome_of_certificates() const {
  std::size_t found = 0;
  for (const AnsweredRequest& request : report_.requests) {
    if (!request.certificate) continue;
    ++found;
    for (const Check& check : request.checks) {
      const bool settled = check.verdict == Verdict::pass || check.verdict == Verdict::skipped;
      if (check.name != "subject" && !settled) return Outcome::untrusted;
    }
  }
  if (report_.requests.empty())
    return is_protected() || asked_for_certificates() ? Outcome::success : Outcome::untrusted;
  if (found == 0) return Outcome::mismatch;
  return found == report_.requests.size() ? Outcome::issued : Outcome::partial;
}

std::string ResponseReader::how_to_ask_again() const {
  for (const ReportedStatus& status : report_.statuses) {
    if (status.pend_time.empty()) continue;
    return "ask again after " + escape(status.pend_time) + ": cmcctl request query-pending --token " +
           hex(status.pend_token);
  }
  return {};
}

std::string ResponseReader::next_step() const {
  switch (report_.outcome) {
    case Outcome::issued:
      return "take the certificates: cmcctl convert --extract certs RESPONSE";
    case Outcome::success:
      return "nothing is left to do";
    case Outcome::pending: {
      const std::string how = how_to_ask_again();
      return how.empty() ? "ask the CA: it gave no token to ask again with" : how;
    }
    case Outcome::pop_required:
      if (report_.challenges.empty()) return "ask the CA: it wants a proof of possession and sent no challenge";
      return "answer the challenge: cmcctl pop answer RESPONSE --key KEY --sign-with KEY --cert FILE";
    case Outcome::confirm_required:
      return "confirm the certificate: cmcctl request confirm --cert FILE";
    case Outcome::partial: {
      const std::string how = how_to_ask_again();
      return how.empty() ? "see the statuses: only part of the request was done" : how;
    }
    case Outcome::untrusted:
      if (std::holds_alternative<std::monostate>(response_.message.layer.content) &&
          response_.message.layer.kind != MessageKind::simple_pki_response) {
        return "open it first, if it is encrypted: cmcctl cms unwrap RESPONSE --key KEY";
      }
      return "believe nothing in it; give the CA's root certificate with --trust FILE if you have it";
    case Outcome::mismatch:
      return "discard it, and send the request again: it does not answer this request";
    case Outcome::failed:
      break;
  }
  const auto told =
      std::ranges::find_if(report_.statuses, [](const ReportedStatus& status) { return !status.fail_info.empty(); });
  if (told == report_.statuses.end() || told->fail_info.starts_with("extended"))
    return "ask the CA why it refused this";
  return "read what it means, and make another request: cmcctl explain " + told->fail_info;
}

void ResponseReader::decide() {
  report_.outcome = outcome();
  report_.next_step = next_step();
}

}  // namespace

std::string_view to_string(Outcome outcome) {
  constexpr std::array<std::string_view, 9> words{"issued",          "success", "failed",    "pending", "popRequired",
                                                  "confirmRequired", "partial", "untrusted", "mismatch"};
  return words[static_cast<std::size_t>(outcome)];
}

std::string to_string(const ReportedStatus& status) {
  std::string text = number_name(cmc_status_names(), static_cast<std::int64_t>(status.status));
  if (!status.fail_info.empty()) text += ", " + status.fail_info;
  for (std::size_t i = 0; i < status.body_parts.size(); ++i) {
    text += i == 0 ? (status.body_parts.size() == 1 ? " for body part " : " for body parts ") : ", ";
    for (std::size_t j = 0; j < status.body_parts[i].size(); ++j) {
      text += (j == 0 ? "" : ".") + std::to_string(status.body_parts[i][j]);
    }
  }
  return text;
}

ResponseReport process_response(const OpenedMessage& response, const OpenedMessage& request,
                                const VerifyOptions& options, const OpenedMessage* asked) {
  return ResponseReader(response, request, options, asked == nullptr ? request : *asked).run();
}

}  // namespace cmcctl
