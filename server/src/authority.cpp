#include <cmcctl/server/authority.hpp>

#include <algorithm>
#include <iterator>

#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/digest.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "authority_encryption.hpp"
#include "authority_full.hpp"

namespace cmcctl {
namespace authority {
namespace {

constexpr std::string_view usual_profile = "user";
constexpr std::int64_t remembered_seconds = 24 * 3'600;
constexpr std::uint32_t answers_between_pruning = 1'000;

void process(Context& context, const Incoming& incoming, Reply& reply);

// What is none, inside of what was encrypted, might as well not have been opened.
void refuse_message(const Incoming& incoming, Reply& reply, std::string text) {
  const Refusal refusal{CMCFailInfo::badRequest, std::move(text)};
  reply.refuse(incoming.encrypted ? cannot_open : refusal, whole_message);
}

void process_encrypted(Context& context, const Incoming& incoming, Decoder& decoder, const Layer& layer, Reply& reply) {
  const auto content = opened(context, decoder, layer);
  if (!content) return reply.refuse(cannot_open, whole_message);
  const bool malleable = incoming.malleable || std::holds_alternative<EnvelopedData>(layer.cms);
  Incoming inner = incoming;
  inner.body = *content;
  inner.encrypted = true;
  inner.malleable = malleable;
  ++inner.layers;
  process(context, inner, reply);
}

// RFC 10002 section 5, option 2: a signature around what is encrypted. It has to hold, and says nothing about who sent
// what is inside.
void process_signed(Context& context, const Incoming& incoming, Decoder& decoder, const Message& message,
                    Reply& reply) {
  const auto* const data = std::get_if<SignedData>(&message.layer.cms);
  const auto* const content = std::get_if<Octets>(&message.layer.content);
  const std::string type = data == nullptr ? "" : to_string(data->encap_content_info.e_content_type);
  if (content == nullptr || (type != oids::enveloped_data && type != oids::auth_enveloped_data)) {
    return refuse_message(incoming, reply, "this is no PKI Request but " + std::string(to_string(message.layer.kind)));
  }
  VerifyOptions options;
  options.anchors = std::span(context.anchors).first(1);
  options.time = context.now;
  options.purpose = Purpose::signer;
  for (const VerifiedPart& part : verify_message(decoder, message, options).parts) {
    if (worst(part.checks) == Verdict::pass) continue;
    const Refusal refusal{CMCFailInfo::badMessageCheck, "the signature around the encrypted message does not hold"};
    return reply.refuse(incoming.encrypted ? cannot_open : refusal, whole_message);
  }
  ContentInfo info;
  info.content_type = data->encap_content_info.e_content_type;
  info.content = Any{*content};
  const auto inner = encode(info);
  if (!inner) return reply.refuse(cannot_open, whole_message);
  Incoming next = incoming;
  next.body = *inner;
  ++next.layers;
  process(context, next, reply);
}

void process_opened(Context& context, const Incoming& incoming, const Profile& profile, Decoder& decoder,
                    const Message& message, Reply& reply) {
  const Layer& layer = message.layer;
  if (std::holds_alternative<EnvelopedData>(layer.cms) || std::holds_alternative<AuthEnvelopedData>(layer.cms)) {
    return process_encrypted(context, incoming, decoder, layer, reply);
  }
  if (std::holds_alternative<PKIData>(layer.content)) {
    return FullRequest(context, incoming, profile, decoder, message, reply).run();
  }
  const bool is_bare = std::holds_alternative<std::monostate>(layer.cms) && !layer.content_info;
  const bool is_simple = std::holds_alternative<OpenedRequest>(layer.content) ||
                         std::holds_alternative<CertReqMsg>(layer.content) ||
                         std::holds_alternative<CertReqMessages>(layer.content);
  // Section 5: a Simple PKI Request cannot be encrypted.
  if (is_bare && is_simple && !incoming.encrypted) {
    return answer_simple(context, incoming, profile, decoder, message, reply);
  }
  if (!message.errors.empty()) return refuse_message(incoming, reply, to_string(message.errors.front()));
  process_signed(context, incoming, decoder, message, reply);
}

void process(Context& context, const Incoming& incoming, Reply& reply) {
  const std::string_view name = incoming.profile.empty() ? usual_profile : incoming.profile;
  const Profile* const profile = find_profile(name);
  if (profile == nullptr) {
    const bool dogtag = context.options.dogtag;
    return reply.refuse({dogtag ? CMCFailInfo::internalCAError : CMCFailInfo::badRequest,
                         "Profile " + std::string(name) + " Not Found"},
                        whole_message);
  }
  if (incoming.layers >= context.options.limits.layers) {
    return refuse_message(incoming, reply, "more layers around it than are opened here");
  }
  Decoder decoder(context.options.limits);
  const auto message = open_message(decoder, incoming.body, Oddities::skip);
  if (!message) return refuse_message(incoming, reply, to_string(message.error()));
  process_opened(context, incoming, *profile, decoder, *message, reply);
}

// The same octets for another profile or from another TLS client are another message.
Bytes digest_of(const Incoming& incoming) {
  Digester digester(Hash::sha256);
  digester.update(digest(Hash::sha256, incoming.body));
  digester.update(digest(Hash::sha256, Octets(incoming.profile)));
  if (incoming.tls_client != nullptr) digester.update(incoming.tls_client->der());
  return digester.finish();
}

Result<std::optional<Answer>> known_answer(const Context& context, const Bytes& request_digest) {
  CMC_TRY(auto known, context.store.find_exchange(request_digest));
  if (!known || known->expires < context.now) return std::optional<Answer>();
  return std::optional<Answer>(Answer{known->certs_only ? AnswerKind::certs_only : AnswerKind::full_response,
                                      std::move(known->response), "repeated", "the same message again"});
}

Result<void> keep(Context& context, const Bytes& request_digest, const Reply& reply, const Answer& answer) {
  const bool has_nonces = reply.echo.transaction && reply.echo.sender_nonce;
  if (!reply.changed && !(reply.remember && has_nonces)) return {};
  Exchange exchange;
  exchange.request_digest = request_digest;
  exchange.transaction = reply.echo.transaction.value_or(Bytes());
  exchange.nonce = reply.echo.sender_nonce.value_or(Bytes());
  exchange.response = answer.body;
  exchange.certs_only = answer.kind == AnswerKind::certs_only;
  exchange.expires = context.now + remembered_seconds;
  return context.store.add_exchange(exchange);
}

// Whether it may be issued is looked at once more: the key may have become somebody else's.
Ruling<StoredCertificate> approved(Context& context, const Grant& grant) {
  const Profile* const profile = find_profile(grant.profile);
  if (profile == nullptr) return Refusal{CMCFailInfo::badRequest, "there is no profile " + grant.profile};
  if (auto objection = check_grant(context, *profile, grant)) return *objection;
  return issue(context, grant);
}

}  // namespace

bool begin_deciding(Context& context, const Incoming& incoming, Reply& reply) {
  const auto begun = context.transaction.begin();
  if (!begun) context.failed(begun.error());
  if (!begun) return false;
  auto known = known_answer(context, incoming.digest);
  if (!known) context.failed(known.error());
  if (!known) return false;
  reply.repeated = *std::move(known);
  return !reply.repeated;
}

Result<Answer> answer_message(Context& context, const Incoming& received, Reply& reply) {
  Incoming incoming = received;
  incoming.digest = digest_of(received);
  CMC_TRY(auto known, known_answer(context, incoming.digest));
  if (known) return *std::move(known);
  process(context, incoming, reply);
  if (reply.repeated) return *std::move(reply.repeated);
  CMC_TRY(Answer answer, reply.finish(context));
  CMC_CHECK(keep(context, incoming.digest, reply, answer));
  return answer;
}

namespace {

// A certificate that decoded before does so again.
X509Certificate copy_of(const X509Certificate& certificate) { return *X509Certificate::from_der(certificate.der()); }

Result<Answer> decided(Context& context, const Incoming& incoming, Reply& reply) {
  CMC_TRY(Answer answer, answer_message(context, incoming, reply));
  if (context.broken) return *context.broken;
  CMC_CHECK(context.transaction.begin());
  CMC_CHECK(context.store.log(context.now, answer.event, answer.text));
  CMC_CHECK(context.transaction.commit());
  return answer;
}

}  // namespace

Context::Context(Store& its_store, Issuer& its_issuer, const AuthorityOptions& its_options, Guesses& its_guesses,
                 std::int64_t time)
    : store(its_store),
      issuer(its_issuer),
      options(its_options),
      guesses(its_guesses),
      now(time),
      pend(its_options.pend == PendPolicy::always),
      transaction(its_store) {
  anchors.push_back(copy_of(issuer.certificate()));
  std::ranges::transform(options.trusted, std::back_inserter(anchors), copy_of);
}

}  // namespace authority

using authority::Context;
using authority::Reply;

Limits authority_limits() {
  Limits limits;
  limits.message_octets = 1u << 20;
  limits.depth = 32;
  limits.nodes = 100'000;
  limits.layers = 4;
  limits.nested_messages = 32;
  limits.body_parts = 100;
  limits.signers = 4;
  limits.recipients = 4;
  limits.certificates = 32;
  limits.crls = 8;
  limits.text = 1'024;
  limits.arena_base = 8u << 20;
  limits.pbkdf2_iterations = 1'000'000;
  return limits;
}

Authority::Authority(Store& store, Issuer& issuer, AuthorityOptions options)
    : store_(store), issuer_(issuer), options_(options), guesses_(std::make_unique<Guesses>()) {}
Authority::~Authority() = default;

Result<Answer> Authority::answer(const Call& call, std::int64_t now) {
  Context context(store_, issuer_, options_, *guesses_, now);
  context.pend = context.pend || call.pend;
  context.try_later = call.try_later;
  const authority::Incoming incoming{call.body, call.profile, call.tls_client ? &*call.tls_client : nullptr};
  Reply reply;
  auto answer = authority::decided(context, incoming, reply);
  if (answer && ++answers_ % authority::answers_between_pruning == 0) CMC_CHECK(store_.prune(now));
  if (answer) return answer;
  context.transaction.rollback();
  Reply failure;
  failure.echo = reply.echo;
  if (reply.recipient) failure.echo.data_return.reset();  // it came encrypted
  failure.refuse(context.failed(answer.error()), authority::whole_message);
  CMC_TRY(Answer told, failure.finish(context));
  told.event = "error";
  told.text = to_string(answer.error());
  (void)store_.log(now, told.event, told.text);  // the store may be what is broken
  return told;
}

Result<bool> Authority::approve(std::int64_t number, std::int64_t now) {
  bool approved = false;
  Context context(store_, issuer_, options_, *guesses_, now);
  const auto done = store_.at_once([&]() -> Result<void> {
    CMC_TRY(const auto pending, store_.find_pending(number));
    if (!pending || pending->decision != Decision::pending) return {};
    const auto grant = authority::decode_grant(pending->message);
    if (!grant) return Error{Errc::store_failed, 0, {}, {}, "the pending request cannot be read"};
    const auto issued = authority::approved(context, *grant);
    if (context.broken) return *context.broken;
    if (!issued) return Error{Errc::not_encodable, 0, {}, {}, issued.refusal().text};
    CMC_TRY(approved, store_.decide(number, Decision::approved, {}));
    CMC_CHECK(store_.set_issued(number, issued->serial_number));
    return store_.log(now, "issued", "0x" + hex(issued->serial_number) + " " + pending->summary + ", approved");
  });
  if (!done) return done.error();
  return approved;
}

Result<bool> Authority::reject(std::int64_t number, std::string_view reason, std::int64_t now) {
  bool rejected = false;
  const auto done = store_.at_once([&]() -> Result<void> {
    CMC_TRY(rejected, store_.decide(number, Decision::rejected, reason));
    if (!rejected) return {};
    return store_.log(now, "rejected", "request " + std::to_string(number) + ": " + std::string(reason));
  });
  if (!done) return done.error();
  return rejected;
}

}  // namespace cmcctl
