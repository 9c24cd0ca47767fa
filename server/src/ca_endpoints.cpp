#include "ca_endpoints.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include <cmcctl/codec/input.hpp>
#include <cmcctl/codec/message.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/transport/media_type.hpp>

namespace cmcctl {
namespace {

/// Dogtag's servlets below /ca/ee/ca/, with the profiles that they stand for.
struct Servlet {
  std::string_view name;
  std::string_view profile;
};
constexpr std::string_view servlet_folder = "/ca/ee/ca/";
constexpr std::array servlets{
    Servlet{"profileSubmitCMCFull", "caFullCMCUserCert"},
    Servlet{"profileSubmitUserSignedCMCFull", "caFullCMCUserSignedCert"},
    Servlet{"profileSubmitSelfSignedCMCFull", "caFullCMCSelfSignedCert"},
    Servlet{"profileSubmitCMCSimple", "caSimpleCMCUserCert"},
    Servlet{"profileSubmitCMCFullCACert", "caCMCcaCert"},
    Servlet{"profileSubmitCMCFullServerCert", "caCMCserverCert"},
    Servlet{"profileSubmitCMCFullSubsystemCert", "caCMCsubsystemCert"},
    Servlet{"profileSubmitCMCFullOCSPCert", "caCMCocspCert"},
    Servlet{"profileSubmitCMCFullAuditSigningCert", "caCMCauditSigningCert"},
    Servlet{"profileSubmitCMCFullKRAtransportCert", "caCMCkraTransportCert"},
    Servlet{"profileSubmitCMCFullKRAstorageCert", "caCMCkraStorageCert"},
};

constexpr std::string_view est_folder = "/.well-known/est/";
constexpr std::string_view est_function = "fullcmc";

// "/.well-known/est/fullcmc", or with one label between.
bool is_est(std::string_view path) {
  if (!path.starts_with(est_folder)) return false;
  path.remove_prefix(est_folder.size());
  const std::size_t slash = path.find('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  return path == est_function;
}

// RFC 7030 section 4.3.1 has base64; who sends the message as it is, is understood.
std::optional<std::vector<std::uint8_t>> from_base64(const std::vector<std::uint8_t>& body) {
  constexpr std::uint8_t sequence = 0x30;
  if (!body.empty() && body[0] == sequence && body.size() > 1 && (body[1] & 0x80) != 0) return body;
  auto blocks = read_blocks(body, Limits{}, Form::base64);
  if (!blocks || blocks->size() != 1) return std::nullopt;
  return std::move(blocks->front().bytes);
}

/// RFC 7030 section 4.3.2: 200 says success. Dogtag has 400 for failed, and 501 for all that is neither.
int est_status(const Answer& answer) {
  if (answer.kind == AnswerKind::certs_only) return 200;
  Decoder decoder;
  const auto message = open_message(decoder, answer.body);
  const auto* const response = message ? std::get_if<PKIResponse>(&message->layer.content) : nullptr;
  if (response == nullptr) return 200;  // encrypted: only the client can tell
  int status = 200;
  for (const TaggedAttribute& control : response->control_sequence) {
    const ControlRow* const row = control_row(control.attr_type);
    if (row == nullptr || row->name != "statusInfoV2" || control.attr_values.empty()) continue;
    const auto info = decoder.decode<CMCStatusInfoV2>(control.attr_values[0]);
    if (!info || info->cmc_status == CMCStatus::success) continue;
    if (info->cmc_status == CMCStatus::failed) return 400;
    status = 501;
  }
  return status;
}

void apply_http_faults(const std::vector<Fault>& faults, HttpReply& reply) {
  for (const Fault& fault : faults) {
    if (fault.row->name == "extra-header") reply.fields.push_back({"X-Fault", "extra-header"});
    if (fault.row->name == "bad-mime") reply.content_type = "text/html";
    if (fault.row->name == "http-500-with-cmc") reply.status = 500;
    if (fault.row->name == "slow") reply.delay = *parse_duration(fault.argument);
    if (fault.row->name == "truncate") {
      std::from_chars(fault.argument.data(), fault.argument.data() + fault.argument.size(), reply.body_octets_sent);
    }
  }
}

}  // namespace

std::optional<CaEndpoints::Endpoint> CaEndpoints::endpoint_of(const HttpRequest& request) const {
  Endpoint endpoint;
  std::string_view asked = request.parameter("profileId");
  if (asked.empty()) asked = request.parameter("profile");
  endpoint.profile = asked;
  if (request.path == "/cmc") return endpoint;
  if (is_est(request.path)) {
    endpoint.way = Way::est;
    return endpoint;
  }
  if (!dogtag_ || !request.path.starts_with(servlet_folder)) return std::nullopt;
  const std::string_view name = std::string_view(request.path).substr(servlet_folder.size());
  const auto* const servlet = std::ranges::find(servlets, name, &Servlet::name);
  if (servlet == servlets.end()) return std::nullopt;
  endpoint.way = Way::dogtag;
  if (endpoint.profile.empty()) endpoint.profile = servlet->profile;
  return endpoint;
}

// Why a request never gets to the CA.
std::optional<HttpReply> CaEndpoints::refusal(const HttpRequest& request, const std::optional<Endpoint>& endpoint) {
  if (!endpoint) return text_reply(404, "there are /cmc and /.well-known/est/fullcmc");
  if (request.method != "POST") {
    HttpReply reply = text_reply(405, "requests come by POST (RFC 10003 section 6)");
    reply.fields.push_back({"Allow", "POST"});
    return reply;
  }
  const std::string_view type = request.field("content-type");
  const auto carried = carried_by(type);
  const bool is_request =
      carried == Carried::full_request || (carried == Carried::simple_request && endpoint->way == Way::cmc);
  // Dogtag looks at no type, but its container takes forms for itself.
  const bool is_form = type.starts_with("application/x-www-form-urlencoded");
  if (endpoint->way == Way::dogtag ? !is_form : is_request) return std::nullopt;
  return text_reply(415,
                    "send application/pkcs7-mime; smime-type=CMC-Request, or application/pkcs10 (RFC 10003 section 5)");
}

CaEndpoints::Outcome CaEndpoints::outcome_of(const HttpRequest& request) const {
  const auto endpoint = endpoint_of(request);
  if (auto refused = refusal(request, endpoint)) return {*std::move(refused)};
  std::optional<std::vector<std::uint8_t>> body = request.body;
  if (endpoint->way == Way::est) body = from_base64(request.body);
  if (!body) return {text_reply(400, "the body is no base64")};
  Call call{*body, endpoint->profile, std::nullopt};
  if (!request.tls_client.empty()) {
    auto client = X509Certificate::from_der(request.tls_client);
    if (!client) return {text_reply(400, "the TLS client's certificate does not decode")};
    const auto objection = service_.objection_to(*client);
    if (!objection) return {text_reply(500, "the CA could not answer"), "error", to_string(objection.error())};
    if (*objection) return {text_reply(403, escape(**objection, 300)), "refused", **objection};
    call.tls_client = std::move(*client);
  }
  auto sent = service_.answer(std::move(call));
  if (!sent) return {text_reply(500, "the CA could not answer"), "error", to_string(sent.error())};
  return {reply_with(*sent, endpoint->way), sent->answer.event, sent->answer.text};
}

HttpReply CaEndpoints::reply_with(CaService::Sent& sent, Way way) {
  HttpReply reply;
  const bool simple = sent.answer.kind == AnswerKind::certs_only;
  reply.content_type = media_type(simple ? Carried::simple_response : Carried::full_response);
  if (way == Way::dogtag) reply.content_type = "application/pkcs7-mime";
  if (way == Way::est) {
    reply.status = est_status(sent.answer);
    const std::string encoded = base64(sent.answer.body);
    reply.body.assign(encoded.begin(), encoded.end());
    reply.fields.push_back({"Content-Transfer-Encoding", "base64"});
  } else {
    reply.body = std::move(sent.answer.body);
  }
  apply_http_faults(sent.http_faults, reply);
  return reply;
}

HttpReply CaEndpoints::operator()(const HttpRequest& request) const {
  const auto start = std::chrono::steady_clock::now();
  Outcome outcome = outcome_of(request);
  if (outcome.event == "refused") outcome.text.assign(outcome.reply.body.begin(), outcome.reply.body.end() - 1);
  const auto taken = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
  log_.write(outcome.event, {{"peer", request.peer},
                             {"method", request.method},
                             {"path", request.path},
                             {"status", std::to_string(outcome.reply.status)},
                             {"microseconds", std::to_string(taken.count())},
                             {"text", outcome.text}});
  return std::move(outcome.reply);
}

}  // namespace cmcctl
