#include "authority_full.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>
#include <utility>

#include "authority_controls.hpp"
#include "authority_encryption.hpp"

namespace cmcctl::authority {
namespace {

// Controls that need no answer: they say something about the message itself.
constexpr std::string_view about_message[]{
    "identification", "identityProof",  "identityProofV2", "dataReturn",       "transactionId",
    "senderNonce",    "recipientNonce", "regInfo",         "popLinkRandom",    "decryptedPOP",
    "lraPOPWitness",  "addExtensions",  "modCertTemplate", "controlProcessed", "raIdentityWitness",
};

bool is_about_message(std::string_view name) {
  return std::ranges::find(about_message, name) != std::end(about_message);
}

const Refusal unsigned_request{CMCFailInfo::badRequest, "nobody whom this CA knows has signed this Full PKI Request"};

// Those that bring with them what it takes, or give nothing away.
bool needs_sender(std::string_view name) {
  return name != "revokeRequest" && name != "queryPending" && name != "statusInfo" && name != "statusInfoV2";
}

// Section 6.17: the messages that are answered by themselves.
std::set<BodyPartID> batch_of(Decoder& decoder, const PKIData& data) {
  std::set<BodyPartID> named;
  for (const TaggedAttribute& control : data.control_sequence) {
    if (control_name(control) != "batchRequests") continue;
    const auto list = decode_control<BatchRequests>(decoder, control);
    if (list) named.insert(list->value.begin(), list->value.end());
  }
  return named;
}

}  // namespace

void FullRequest::run() {
  const auto& data = std::get<PKIData>(message_.layer.content);
  Proofs proofs(context_, decoder_, message_);
  if (incoming_.malleable && !proofs.is_authentic(message_.layer)) return reply_.refuse(cannot_open, whole_message);
  if (!begin_deciding(context_, incoming_, reply_) || !read_transaction(data)) return;
  if (context_.try_later) return reply_.refuse(later, whole_message);
  // What came encrypted goes back when it is known to whom.
  if (incoming_.encrypted) data_return_ = std::exchange(reply_.echo.data_return, std::nullopt);
  if (!check_decoding(data) || !check_replay()) return;
  auto who = proofs.requester(message_.layer);
  if (!who) return reply_.refuse(who.refusal(), whole_message);
  if (!check_secrecy(*who)) return;
  reply_.remember = who->right != Right::nobody;
  Work work{context_, decoder_, proofs, reply_, profile_, recipient_nonce_, reg_info_};
  Requests requests(work);
  Scope& scope = scopes_.emplace_back(Scope{message_.layer, data, {}, *std::move(who)});
  enter(work, scope, requests);
  requests.settle();
  for (const Scope& entered : scopes_) process_controls(work, entered);
  if (!reply_.is_empty()) return;
  if (scope.who.right == Right::nobody) return reply_.refuse(unsigned_request, whole_message);
  reply_.say(CMCStatus::success, whole_message);
}

// Sections 6.4 and 6.6, before anything else: a refusal has them, too.
bool FullRequest::read_transaction(const PKIData& data) {
  bool good = true;
  const auto take = [&]<class T>(const T*, const TaggedAttribute& control, std::optional<Bytes>& value, auto octets) {
    const auto decoded = decode_control<T>(decoder_, control);
    if (decoded && !value) value = bytes_of(octets(*decoded));
    if (decoded) return;
    reply_.refuse({CMCFailInfo::badRequest, to_string(decoded.error())}, {control.body_part_id});
    good = false;
  };
  const auto plain = [](const auto& control) { return control.value; };
  for (const TaggedAttribute& control : data.control_sequence) {
    const std::string_view name = control_name(control);
    if (name == "transactionId") {
      take(static_cast<const TransactionId*>(nullptr), control, reply_.echo.transaction,
           [](const TransactionId& id) { return id.value.content; });
    }
    if (name == "senderNonce") take(static_cast<const SenderNonce*>(nullptr), control, reply_.echo.sender_nonce, plain);
    if (name == "dataReturn") take(static_cast<const DataReturn*>(nullptr), control, reply_.echo.data_return, plain);
    if (name == "recipientNonce") take(static_cast<const RecipientNonce*>(nullptr), control, recipient_nonce_, plain);
    if (name == "regInfo") take(static_cast<const RegInfo*>(nullptr), control, reg_info_, plain);
  }
  return good;
}

// What is wrong in the messages of a batch is said in their own answers.
bool FullRequest::check_decoding(const PKIData& data) {
  const bool batch = std::ranges::any_of(
      data.control_sequence, [](const TaggedAttribute& control) { return control_name(control) == "batchRequests"; });
  for (const Error& error : message_.errors) {
    if (batch && error.path.find(".cmsSequence[") != std::string::npos) continue;
    reply_.refuse({CMCFailInfo::badRequest, to_string(error)}, whole_message);
    return false;
  }
  return true;
}

bool FullRequest::check_replay() {
  if (!reply_.echo.transaction || !reply_.echo.sender_nonce) return true;
  const auto answered = context_.store.was_answered(*reply_.echo.transaction, *reply_.echo.sender_nonce);
  if (!answered) context_.failed(answered.error());
  if (answered && !*answered) return true;
  if (incoming_.malleable) {  // parts that no signature covers may have been changed, to see what becomes of them
    reply_.echo = {};
    reply_.refuse(cannot_open, whole_message);
    return false;
  }
  reply_.refuse({CMCFailInfo::badRequest, "another message with this transactionId and senderNonce was answered"},
                whole_message);
  return false;
}

// Section 5: what came encrypted is not sent back for all to read.
bool FullRequest::check_secrecy(const Requester& who) {
  if (!incoming_.encrypted && !context_.options.encrypt) return true;
  reply_.recipient = recipient_for(context_, who, message_.layer);
  if (reply_.recipient && data_return_) reply_.echo.data_return = std::move(data_return_);
  if (reply_.recipient || !data_return_) return true;
  reply_.refuse({CMCFailInfo::badRequest,
                 "dataReturn came encrypted, and there is no certificate of the sender's to encrypt the answer to"},
                whole_message);
  return false;
}

// Section 3.2.2: every identifier is there once, and 0 is the PKIData itself.
bool FullRequest::check_body_parts(const Scope& scope) {
  std::unordered_set<std::uint32_t> seen;
  bool good = true;
  const auto enter = [&](BodyPartID id) {
    if (id.value() != 0 && seen.insert(id.value()).second) return;
    if (good)
      reply_.refuse({CMCFailInfo::badRequest, "the body part identifier is 0 or not the only one"}, scope.path(id));
    good = false;
  };
  for (const TaggedAttribute& control : scope.data.control_sequence) enter(control.body_part_id);
  for (const TaggedRequest& request : scope.data.req_sequence) {
    enter(body_part_id(decoder_, request).value_or(BodyPartID(0)));
  }
  for (const TaggedContentInfo& nested : scope.data.cms_sequence) enter(nested.body_part_id);
  for (const OtherMsg& other : scope.data.other_msg_sequence) enter(other.body_part_id);
  return good;
}

// Section 3.2.1.1: a control that is not known fails the PKIData, unless an RA has seen to it (section 6.19).
bool FullRequest::check_controls(const Scope& scope) {
  std::set<PartPath> processed;
  for (const Scope* from = &scope; from != nullptr; from = from->outer) {
    if (from->who.right != Right::ra) continue;
    for (const TaggedAttribute& control : from->data.control_sequence) {
      if (control_name(control) != "controlProcessed") continue;
      const auto list = decode_control<ControlsProcessed>(decoder_, control);
      if (!list) continue;
      for (const BodyPartReference& reference : list->body_list) {
        PartPath path = from->prefix;
        if (const auto* id = std::get_if<BodyPartID>(&reference.choice)) {
          path.push_back(*id);
        } else {
          const auto& ids = std::get<BodyPartPath>(reference.choice).ids;
          path.insert(path.end(), ids.begin(), ids.end());
        }
        processed.insert(std::move(path));
      }
    }
  }
  bool good = true;
  std::set<std::string_view> once;
  for (const TaggedAttribute& control : scope.data.control_sequence) {
    const ControlRow* const row = control_row(control.attr_type);
    const bool known = row != nullptr && (row->place == Place::request || row->place == Place::both);
    const PartPath path = scope.path(control.body_part_id);
    if (!known && !processed.contains(path)) {
      reply_.refuse({CMCFailInfo::badRequest, "a control that is not known here, or does not belong into a request"},
                    path);
      good = false;
    } else if (known && row->count == Count::once && !once.insert(row->name).second) {
      reply_.refuse({CMCFailInfo::badRequest, std::string(row->name) + " stands there twice"}, path);
      good = false;
    }
  }
  return good;
}

void FullRequest::enter(Work& work, Scope& scope, Requests& requests) {
  if (!check_body_parts(scope) || !check_controls(scope)) {
    scope.closed = true;
    return;
  }
  read_ra_controls(work, scope);
  requests.add(scope);
  const std::set<BodyPartID> batch = batch_of(decoder_, scope.data);
  for (std::size_t i = 0; i < scope.data.cms_sequence.size() && i < scope.layer.nested.size(); ++i) {
    if (!batch.contains(scope.data.cms_sequence[i].body_part_id)) enter_nested(work, scope, i, requests);
  }
}

bool FullRequest::is_witnessed(const Scope& outer, BodyPartID nested) const {
  if (outer.who.right != Right::ra) return false;
  return std::ranges::any_of(outer.data.control_sequence, [&](const TaggedAttribute& control) {
    if (control_name(control) != "raIdentityWitness") return false;
    const auto witness = decode_control<RaIdentityWitness>(decoder_, control);
    return witness && !witness->value.empty() && witness->value[0] == nested;
  });
}

// Section 8: what an RA has wrapped.
void FullRequest::enter_nested(Work& work, Scope& scope, std::size_t index, Requests& requests) {
  const BodyPartID id = scope.data.cms_sequence[index].body_part_id;
  const Layer& layer = scope.layer.nested[index];
  const PartPath path = scope.path(id);
  const auto* const data = std::get_if<PKIData>(&layer.content);
  if (data == nullptr) {
    return reply_.refuse({CMCFailInfo::badRequest, std::string(to_string(layer.kind)) +
                                                       " in cmsSequence: only Full PKI Requests are read there, "
                                                       "and encrypted ones in batchRequests"},
                         path);
  }
  if (scope.ra() == nullptr) {
    return reply_.refuse({CMCFailInfo::badIdentity, "only an RA may send requests of others"}, path);
  }
  auto who = work.proofs.requester(layer);
  const bool about_identity = !who && (who.refusal().fail_info == CMCFailInfo::badIdentity ||
                                       std::holds_alternative<AuthenticatedData>(layer.cms));
  if (!who && !(about_identity && is_witnessed(scope, id))) return reply_.refuse(who.refusal(), path);
  Scope& nested =
      scopes_.emplace_back(Scope{layer, *data, path, who ? *std::move(who) : Requester{}, &scope, scope.spoiled});
  enter(work, nested, requests);
}

void FullRequest::process_controls(Work& work, const Scope& scope) {
  if (scope.closed) return;
  for (const TaggedAttribute& control : scope.data.control_sequence) {
    const std::string_view name = control_name(control);
    if (name.empty() || is_about_message(name) || scope.refused.contains(control.body_part_id)) continue;
    process(work, scope, control);
  }
}

void FullRequest::process(Work& work, const Scope& scope, const TaggedAttribute& control) {
  using Function = void (*)(Work&, const Scope&, const TaggedAttribute&);
  static constexpr std::pair<std::string_view, Function> functions[]{
      {"revokeRequest", revoke},   {"queryPending", query_pending}, {"confirmCertAcceptance", confirm},
      {"statusInfo", take_status}, {"statusInfoV2", take_status},   {"getCert", get_certificate},
      {"getCRL", get_crl},
  };
  const std::string_view name = control_name(control);
  if (scope.who.right == Right::nobody && needs_sender(name)) {
    return reply_.refuse(unsigned_request, scope.path(control.body_part_id));
  }
  if (name == "batchRequests") return process_batch(scope, control);
  for (const auto& [known, function] : functions) {
    if (name != known) continue;
    // Sections 6.9 and 6.10: alone they get a Simple PKI Response.
    const bool alone =
        scope.data.control_sequence.size() == 1 && scope.data.req_sequence.empty() && scope.data.cms_sequence.empty();
    reply_.simple = alone && (name == "getCert" || name == "getCRL");
    return function(work, scope, control);
  }
  reply_.say(CMCStatus::noSupport, scope.path(control.body_part_id),
             name == "trustedAnchors" ? "trustedAnchors: the trust anchors of this CA do not change by a message"
                                      : std::string(name) + " is not supported");
}

// Section 6.17: each message is answered by itself, and what goes wrong in one is said there.
void FullRequest::process_batch(const Scope& scope, const TaggedAttribute& control) {
  const PartPath part = scope.path(control.body_part_id);
  if (scope.outer != nullptr) {
    return reply_.refuse({CMCFailInfo::badRequest, "a batch inside what an RA has wrapped is not read"}, part);
  }
  const auto list = decode_control<BatchRequests>(decoder_, control);
  if (!list) return reply_.refuse({CMCFailInfo::badRequest, to_string(list.error())}, part);
  const std::set<BodyPartID> named(list->value.begin(), list->value.end());
  for (std::size_t i = 0; i < scope.data.cms_sequence.size() && i < scope.layer.nested.size(); ++i) {
    if (!named.contains(scope.data.cms_sequence[i].body_part_id)) continue;
    Reply own;
    const Incoming nested{decoder_.original(scope.layer.nested[i].bytes),
                          incoming_.profile,
                          nullptr,
                          incoming_.encrypted,
                          false,
                          incoming_.layers + 1};
    auto answer = answer_message(context_, nested, own);
    if (!answer) {
      const Refusal refusal = context_.failed(answer.error());
      return reply_.refuse(refusal, part);
    }
    reply_.changed = reply_.changed || own.changed;
    reply_.note(answer->event, answer->text);
    reply_.add_response(std::move(answer->body));
  }
  reply_.say(CMCStatus::success, part);
}

}  // namespace cmcctl::authority
