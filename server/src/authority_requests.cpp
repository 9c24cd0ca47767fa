#include "authority_requests.hpp"

#include <cmcctl/cmc/encrypted_pop.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/random.hpp>

namespace cmcctl::authority {
namespace {

constexpr std::int64_t challenge_seconds = 3'600;
constexpr std::size_t token_octets = 16;

std::string request_path(const Scope& scope, std::size_t index) {
  const bool pkcs10 = std::holds_alternative<TaggedCertificationRequest>(scope.data.req_sequence[index].choice);
  return scope.layer.content_path + ".reqSequence[" + std::to_string(index) + "]" +
         (pkcs10 ? ".tcr.certificationRequest" : ".crm");
}

Ruling<Asked> asked_in_part(Decoder& decoder, const TaggedRequest& tagged) {
  if (const auto* crmf = std::get_if<CertReqMsg>(&tagged.choice)) return asked_in(decoder, *crmf);
  const auto& pkcs10 = std::get<TaggedCertificationRequest>(tagged.choice);
  const auto request = decoder.decode<CertificationRequest>(pkcs10.certification_request);
  if (!request) return Refusal{CMCFailInfo::badRequest, to_string(request.error())};
  return asked_in(decoder, *request);
}

Refusal pop_failed(std::string text) { return {CMCFailInfo::popFailed, std::move(text)}; }

void pend(Context& context, Reply& reply, const Grant& grant, const PartPath& part) {
  PendingRequest request;
  request.token = bytes_of(random_octets(token_octets));
  request.received_at = context.now;
  request.pend_time = context.now + context.options.pend_seconds;
  request.requester = grant.tie;
  request.identity = grant.identity;
  request.summary = grant.summary();
  request.message = bytes_of(encode_grant(grant));
  request.body_part = part.back().value();
  request.profile = grant.profile;
  const auto number = context.store.add_pending(request);
  if (!number) return reply.refuse(context.failed(number.error()), part);
  reply.pend(part, request.token, request.pend_time);
  reply.changed = true;
  reply.note("pending", "request " + std::to_string(*number) + ": " + request.summary);
}

}  // namespace

void conclude(Context& context, Reply& reply, const Grant& grant, const PartPath& part) {
  if (context.pend) return pend(context, reply, grant, part);
  const auto issued = issue(context, grant);
  if (!issued) return reply.refuse(issued.refusal(), part);
  reply.add_certificate(issued->der);
  reply.say(issued->confirmed ? CMCStatus::success : CMCStatus::confirmRequired, part);
  reply.changed = true;
  reply.note("issued", "0x" + hex(issued->serial_number) + " " + grant.summary());
}

void Requests::add(const Scope& scope) {
  for (std::size_t i = 0; i < scope.data.control_sequence.size(); ++i) {
    const TaggedAttribute& control = scope.data.control_sequence[i];
    if (control_name(control) != "decryptedPOP" || scope.outer != nullptr) continue;
    const auto answer = decode_control<DecryptedPOP>(work_.decoder, control);
    if (answer) answers_[&scope].emplace(answer->body_part_id, *answer);
  }
  for (std::size_t i = 0; i < scope.data.req_sequence.size(); ++i) candidates_.push_back(looked_at(scope, i));
}

std::optional<DecryptedPOP> Requests::answer_for(const Scope& scope, BodyPartID id) {
  const auto answers = answers_.find(&scope);
  if (answers == answers_.end()) return std::nullopt;
  const auto answer = answers->second.find(id);
  return answer == answers->second.end() ? std::nullopt : std::optional(answer->second);
}

Requests::Candidate Requests::looked_at(const Scope& scope, std::size_t index) {
  const TaggedRequest& tagged = scope.data.req_sequence[index];
  const BodyPartID id = body_part_id(work_.decoder, tagged).value_or(BodyPartID(0));
  bool challenge = false;
  Ruling<Grant> grant = granted(scope, index, id, challenge);
  return {&scope, &tagged, id, std::move(grant), challenge};
}

Ruling<Grant> Requests::granted(const Scope& scope, std::size_t index, BodyPartID id, bool& challenge) {
  Context& context = work_.context;
  const TaggedRequest& tagged = scope.data.req_sequence[index];
  if (scope.spoiled) {
    return Refusal{CMCFailInfo::badRequest, "not issued, as another part of the message was refused"};
  }
  if (std::holds_alternative<OtherReqMsg>(tagged.choice)) {
    return Refusal{CMCFailInfo::badRequest, "requests other than PKCS #10 and CRMF are not known here"};
  }
  if (const auto answer = answer_for(scope, id)) return answered(scope, tagged, id, *answer);
  if (auto objection = check_sender(scope.who, scope.ra())) return *objection;
  auto asked = asked_in_part(work_.decoder, tagged);
  if (!asked) return asked.refusal();
  if (auto objection = check_key(context, *asked)) return *objection;
  const std::string path = request_path(scope, index);
  if (auto objection = check_possession(scope, path, challenge)) return *objection;
  if (auto objection = check_link(scope, path)) return *objection;
  if (auto objection = apply_changes(scope, id, *asked)) return *objection;
  const Requester& who = scope.ra() != nullptr ? *scope.ra() : scope.who;
  const Check* const link = work_.proofs.check(path, "POP link");
  const bool linked = link != nullptr && link->verdict == Verdict::pass;
  auto grant = grant_to(context, work_.decoder, work_.profile, who, linked, *std::move(asked));
  if (!grant) return grant;
  grant->identity = identity_for(scope);
  grant->request = bytes_of(work_.decoder.original(tagged.source.bytes));
  grant->transaction = work_.reply.echo.transaction.value_or(Bytes());
  return grant;
}

Objection Requests::check_sender(const Requester& who, const Requester* ra) const {
  if (ra != nullptr) return std::nullopt;
  if (who.right == Right::nobody) {
    return Refusal{CMCFailInfo::badRequest,
                   who.signed_at_all
                       ? "signed, but nothing proves who has sent it: neither a certificate of this CA nor "
                         "an identity proof"
                       : "nobody whom this CA knows has signed it, and there is no identity proof"};
  }
  if (!who.signed_at_all && !who.no_signature) {
    return Refusal{CMCFailInfo::badRequest, "nobody has signed this Full PKI Request"};
  }
  if (!who.confirmed) {
    return Refusal{CMCFailInfo::badRequest, "the certificate that signs is not confirmed yet (confirmCertAcceptance)"};
  }
  return std::nullopt;
}

Objection Requests::check_possession(const Scope& scope, const std::string& path, bool& challenge) const {
  const Check* const mac = work_.proofs.check(path, "public key MAC");
  if (mac != nullptr && mac->verdict != Verdict::pass && scope.ra() == nullptr) {
    work_.proofs.note_wrong_secret(scope.data);
    return pop_failed(mac->text);
  }
  const Check* const possession = work_.proofs.check(path, "possession");
  if (possession == nullptr) return Refusal{CMCFailInfo::badRequest, "the request does not decode"};
  if (possession->verdict == Verdict::fail) return pop_failed(possession->text);
  if (possession->verdict == Verdict::pass) {
    // An identity proof can be taken out of another message: what nobody has signed has to answer a challenge.
    if (scope.ra() != nullptr || scope.who.signed_at_all) return std::nullopt;
    return Refusal{CMCFailInfo::badRequest, "id-alg-noSignature is for messages whose keys cannot sign"};
  }
  if (scope.outer != nullptr) {
    return Refusal{CMCFailInfo::popRequired, "possession of the key is not proven; the RA has to see to it"};
  }
  challenge = true;
  return std::nullopt;
}

// RFC 10002 section 6.3: what an identity proof has to do with the key.
Objection Requests::check_link(const Scope& scope, const std::string& path) const {
  const bool by_ra = scope.ra() != nullptr;
  const Check* const link = work_.proofs.check(path, "POP link");
  if (link != nullptr && link->verdict != Verdict::pass && !(by_ra && link->verdict == Verdict::unknown)) {
    work_.proofs.note_wrong_secret(scope.data);
    return pop_failed("POP link: " + link->text);
  }
  const Check* const subject = work_.proofs.check(path, "subject");
  if (subject == nullptr || subject->verdict == Verdict::pass || by_ra) return std::nullopt;
  return Refusal{CMCFailInfo::badRequest, subject->text};
}

// Whom a certificate is for that an RA asks for: the user whom the message names, where there is one.
std::string Requests::identity_for(const Scope& scope) const {
  if (scope.ra() == nullptr) return scope.who.identity;
  const auto name = identification_of(work_.decoder, scope.data);
  if (!name) return {};
  const auto user = work_.context.store.find_user(*name);
  if (!user) work_.context.failed(user.error());
  return user && *user ? *name : std::string();
}

// Section 6.7, step 5. What was decided when the challenge was made still stands, so nothing else has to be proven.
Ruling<Grant> Requests::answered(const Scope& scope, const TaggedRequest& tagged, BodyPartID id,
                                 const DecryptedPOP& answer) {
  Context& context = work_.context;
  const Refusal unknown = pop_failed("there is no open challenge for this request and recipientNonce; ask again");
  const auto& named = context.options.dogtag && work_.reg_info ? work_.reg_info : work_.recipient_nonce;
  if (!named) return unknown;
  auto taken = context.store.take_challenge(*named, id.value());
  if (!taken) return context.failed(taken.error());
  if (!*taken || (*taken)->expires < context.now) return unknown;
  auto grant = decode_grant((*taken)->request);
  work_.reply.changed = true;
  const Profile* const profile = grant ? find_profile(grant->profile) : nullptr;
  if (profile == nullptr) return unknown;
  if (scope.who.right != Right::nobody && scope.who.tie() != grant->tie) return unknown;
  // Section 6.6 wants the same transactionId; Dogtag's client leaves it out.
  const Bytes transaction = work_.reply.echo.transaction.value_or(Bytes());
  const bool left_out = context.options.dogtag && transaction.empty();
  if (transaction != grant->transaction && !left_out) return unknown;
  const Octets octets = work_.decoder.original(tagged.source.bytes);
  if (octets != Octets(grant->request)) return pop_failed("the request is not the one that was challenged");
  const auto good = check_decrypted_pop(answer, octets, (*taken)->proof_value);
  if (!good || !*good) return pop_failed("decryptedPOP is not made with the challenge's value");
  if (auto objection = check_grant(context, *profile, *grant)) return *objection;
  return *std::move(grant);
}

void Requests::challenge(const Candidate& candidate) {
  Context& context = work_.context;
  const PartPath part = candidate.scope->path(candidate.id);
  const Grant& grant = *candidate.grant;
  PopChallengeOptions options;
  const auto key = PublicKey::from_spki(grant.public_key);
  if (context.options.dogtag && key && key->kind() == KeyKind::rsa) options.form = PopForm::dogtag;
  auto made = make_pop_challenge(work_.decoder, *candidate.tagged, options);
  if (!made) {
    return work_.reply.refuse(
        {CMCFailInfo::popRequired, "the request does not prove possession of its key: " + made.error().detail}, part);
  }
  OpenChallenge open;
  open.request = bytes_of(encode_grant(grant));
  open.proof_value = std::move(made->proof_value);
  open.identity = grant.identity;
  open.profile = grant.profile;
  open.expires = context.now + challenge_seconds;
  // Dogtag's client sends responseInfo back as regInfo, and no nonce.
  const Bytes& named = context.options.dogtag ? work_.reply.response_info() : work_.reply.nonce();
  const auto kept = context.store.add_challenge(named, candidate.id.value(), open);
  if (!kept) return work_.reply.refuse(context.failed(kept.error()), part);
  work_.reply.challenge(part, std::move(made->encrypted_pop));
  work_.reply.changed = true;
  work_.reply.note("challenge", grant.summary());
}

void Requests::settle() {
  std::map<const Scope*, bool> failed;
  for (const Candidate& candidate : candidates_) {
    const bool pop = !candidate.grant && candidate.grant.refusal().fail_info == CMCFailInfo::popFailed;
    failed[candidate.scope] = failed[candidate.scope] || pop;
  }
  for (const Candidate& candidate : candidates_) {
    const PartPath part = candidate.scope->path(candidate.id);
    if (!candidate.grant) {
      work_.reply.refuse(candidate.grant.refusal(), part);
    } else if (failed[candidate.scope]) {
      work_.reply.refuse({CMCFailInfo::badRequest, "not issued, as another proof of possession in the message fails"},
                         part);
    } else if (candidate.challenge) {
      challenge(candidate);
    } else {
      conclude(work_.context, work_.reply, *candidate.grant, part);
    }
  }
}

}  // namespace cmcctl::authority
