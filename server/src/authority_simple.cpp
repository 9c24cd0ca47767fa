#include <cmcctl/codec/text.hpp>

#include "authority_full.hpp"

namespace cmcctl::authority {
namespace {

// Section 6.1.1: what is said about a Simple PKI Request is said about body part 1.
const PartPath simple_part{BodyPartID(1)};

class SimpleRequest {
 public:
  SimpleRequest(Context& context, const Profile& profile, Decoder& decoder, Reply& reply)
      : context_(context), profile_(profile), decoder_(decoder), reply_(reply) {}

  Objection learn_sender(const X509Certificate* tls_client) {
    if (tls_client == nullptr) return std::nullopt;
    const PathOptions options{context_.now, Purpose::any, context_.anchors};
    for (const Check& check : validate_path(*tls_client, options, context_.options.limits).checks) {
      if (check.verdict == Verdict::fail || check.verdict == Verdict::unknown) {
        return Refusal{CMCFailInfo::badIdentity, "the TLS client " + tls_client->subject_text() + ": " + check.text};
      }
    }
    auto known = requester_of(context_, *tls_client);
    if (!known) return known.refusal();
    who_ = *std::move(known);
    return std::nullopt;
  }

  void answer(Ruling<Asked> asked, const Check* possession, const PartPath& part) {
    if (!asked) return reply_.refuse(asked.refusal(), part);
    const auto grant = granted(*std::move(asked), possession);
    if (!grant) return reply_.refuse(grant.refusal(), part);
    conclude(context_, reply_, *grant, part);
  }

 private:
  Ruling<Grant> granted(Asked asked, const Check* possession) {
    if (who_.right == Right::nobody && !context_.pend) {
      return Refusal{CMCFailInfo::badRequest,
                     "nothing proves who asks: a Simple PKI Request needs TLS with a client "
                     "certificate of this CA, a Full PKI Request a signature or a secret"};
    }
    if (!who_.confirmed) {
      return Refusal{CMCFailInfo::badRequest, "the TLS client's certificate is not confirmed yet"};
    }
    if (auto objection = check_key(context_, asked)) return *objection;
    if (possession == nullptr || possession->verdict == Verdict::fail) {
      return Refusal{CMCFailInfo::popFailed, possession == nullptr ? "nothing proves possession" : possession->text};
    }
    if (possession->verdict != Verdict::pass) {
      return Refusal{CMCFailInfo::popRequired,
                     "the request does not prove possession of its key; a Full PKI Request is "
                     "answered with a challenge"};
    }
    return grant_to(context_, decoder_, profile_, who_, true, std::move(asked));
  }

  Context& context_;
  const Profile& profile_;
  Decoder& decoder_;
  Reply& reply_;
  Requester who_;
};

const Check* possession_in(const VerifyReport& report, const std::string& path) {
  for (const VerifiedPart& part : report.parts) {
    if (part.kind != "request" || part.path != path) continue;
    for (const Check& check : part.checks) {
      if (check.name == "possession") return &check;
    }
  }
  return nullptr;
}

}  // namespace

void answer_simple(Context& context, const Incoming& incoming, const Profile& profile, Decoder& decoder,
                   const Message& message, Reply& reply) {
  if (!message.errors.empty()) {
    return reply.refuse({CMCFailInfo::badRequest, to_string(message.errors.front())}, simple_part);
  }
  if (context.try_later) return reply.refuse(later, simple_part);
  SimpleRequest request(context, profile, decoder, reply);
  if (const auto objection = request.learn_sender(incoming.tls_client)) return reply.refuse(*objection, simple_part);
  VerifyOptions options;
  options.time = context.now;
  const VerifyReport report = verify_message(decoder, message, options);
  if (!begin_deciding(context, incoming, reply)) return;
  const std::string& path = message.layer.content_path;
  reply.simple = true;
  if (const auto* pkcs10 = std::get_if<OpenedRequest>(&message.layer.content)) {
    return request.answer(asked_in(decoder, pkcs10->request), possession_in(report, path), simple_part);
  }
  if (const auto* crmf = std::get_if<CertReqMsg>(&message.layer.content)) {
    return request.answer(asked_in(decoder, *crmf), possession_in(report, path), simple_part);
  }
  const auto& messages = std::get<CertReqMessages>(message.layer.content).messages;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto certificate_request = decoder.decode<CertRequest>(messages[i].cert_req);
    const auto id = certificate_request ? BodyPartID::from(certificate_request->cert_req_id) : BodyPartID(1);
    const PartPath part = messages.size() > 1 && id ? PartPath{*id} : simple_part;
    request.answer(asked_in(decoder, messages[i]), possession_in(report, path + "[" + std::to_string(i) + "]"), part);
  }
}

}  // namespace cmcctl::authority
