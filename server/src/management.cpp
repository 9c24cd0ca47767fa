#include "management.hpp"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include <cmcctl/cmc/names.hpp>
#include <cmcctl/codec/clock_time.hpp>
#include <cmcctl/codec/hexadecimal.hpp>
#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/pem.hpp>
#include <cmcctl/codec/text.hpp>

namespace cmcctl {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_rows = 1'000;
constexpr std::size_t usual_rows = 100;

HttpReply json_reply(const Json& json, int status = 200) {
  HttpReply reply;
  reply.status = status;
  reply.content_type = "application/json";
  const std::string text = json.dump(2, ' ', false, Json::error_handler_t::replace);
  reply.body.assign(text.begin(), text.end());
  reply.body.push_back('\n');
  return reply;
}

HttpReply problem(int status, const std::string& text) { return json_reply({{"error", text}}, status); }

HttpReply problem(const Error& error) {
  const bool is_ours = error.code == Errc::store_failed || error.code == Errc::token_failed;
  return problem(is_ours ? 500 : 400, error.detail.empty() ? to_string(error) : error.detail);
}

HttpReply pem_reply(std::string_view label, Octets der) {
  const std::string pem = pem_text(label, der);
  return {200, "application/x-pem-file", {pem.begin(), pem.end()}};
}

std::string_view name_of(Decision decision) {
  switch (decision) {
    case Decision::approved:
      return "approved";
    case Decision::rejected:
      return "rejected";
    default:
      return "pending";
  }
}

std::string name_of(CrlReason reason) {
  const NamedNumber* const known = find_number(crl_reason_names(), static_cast<std::int64_t>(reason));
  return known == nullptr ? "unspecified" : std::string(known->name);
}

Json json_of(const StoredCertificate& stored) {
  Json json{{"serial", hex(stored.serial_number)}};
  if (const auto certificate = X509Certificate::from_der(stored.der)) {
    json["subject"] = certificate->subject_text();
    json["notBefore"] = iso8601(certificate->not_before());
    json["notAfter"] = iso8601(certificate->not_after());
  }
  json["user"] = stored.identity;
  json["profile"] = stored.profile;
  json["issuedAt"] = iso8601(stored.issued_at);
  json["confirmed"] = stored.confirmed;
  json["revocation"] = nullptr;
  if (stored.revocation) {
    json["revocation"] = {{"time", iso8601(stored.revocation->time)}, {"reason", name_of(stored.revocation->reason)}};
  }
  return json;
}

Json json_of(const PendingRequest& request) {
  return {{"number", request.number},
          {"state", name_of(request.decision)},
          {"summary", request.summary},
          {"user", request.identity},
          {"profile", request.profile},
          {"receivedAt", iso8601(request.received_at)},
          {"pendTime", iso8601(request.pend_time)},
          {"reason", request.reason},
          {"serial", hex(request.serial_number)}};
}

Json json_of(const User& user) { return {{"name", user.name}, {"subject", user.subject}, {"names", user.names}}; }

Json json_of(const LogEntry& entry) {
  return {{"number", entry.number}, {"time", iso8601(entry.time)}, {"event", entry.event}, {"text", entry.text}};
}

Json json_of(const Fault& fault) { return {{"fault", fault.text}, {"answers", fault.answers}, {"fired", fault.fired}}; }

template <class Rows>
Json json_list(const Rows& rows) {
  Json list = Json::array();
  for (const auto& row : rows) list.push_back(json_of(row));
  return list;
}

std::size_t number_parameter(const HttpRequest& request, std::string_view name, std::size_t usual) {
  const std::string_view text = request.parameter(name);
  std::size_t number = usual;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::size_t limit_of(const HttpRequest& request) {
  return std::min(number_parameter(request, "limit", usual_rows), most_rows);
}

/// One request.
class Turn {
 public:
  Turn(CaService& service, const HttpRequest& request) : service_(service), request_(request) {}

  HttpReply get() {
    const std::string& path = request_.path;
    if (path == "/roots") return roots();
    if (path == "/requests") return rows("requests", service_.store().pending_requests());
    if (path == "/users") return rows("users", service_.store().users());
    if (path == "/log") return rows("entries", service_.store().log_entries(limit_of(request_)));
    if (path == "/faults") return faults();
    if (path == "/crl") return crl();
    if (path == "/certs") {
      return rows("certificates",
                  service_.store().certificates(number_parameter(request_, "offset", 0), limit_of(request_)));
    }
    if (path.starts_with("/certs/")) return certificate(path.substr(7));
    return not_found();
  }

  HttpReply post() {
    const Json body = request_.body.empty() ? Json::object() : Json::parse(request_.body, nullptr, false);
    if (!body.is_object()) return problem(400, "the body is no JSON object");
    if (request_.path == "/users") return add_user(body);
    if (request_.path == "/faults") return set_faults(body);
    constexpr std::string_view folder = "/requests/";
    if (!request_.path.starts_with(folder)) return not_found();
    return decide(std::string_view(request_.path).substr(folder.size()), body);
  }

 private:
  static HttpReply not_found() {
    return problem(404, "there are /roots, /requests, /certs, /certs/SERIAL, /crl, /log, /users and /faults");
  }

  bool wants(std::string_view format, std::string_view type) const {
    return request_.parameter("format") == format || request_.field("accept") == type;
  }

  template <class Rows>
  static HttpReply rows(const char* name, const Result<std::vector<Rows>>& found) {
    if (!found) return problem(found.error());
    return json_reply({{name, json_list(*found)}});
  }

  HttpReply roots() {
    const X509Certificate& root = service_.issuer().certificate();
    if (wants("pem", "application/x-pem-file")) return pem_reply("CERTIFICATE", root.der());
    return json_reply(
        {{"roots", Json::array({{{"subject", root.subject_text()},
                                 {"notAfter", iso8601(root.not_after())},
                                 {"certificate", base64(root.der())},
                                 {"exchange", base64(service_.issuer().exchange().certificate.der())}}})}});
  }

  HttpReply certificate(std::string_view serial) {
    const auto octets = octets_of_hex(serial);
    if (!octets) return problem(400, "a serial number is written in hexadecimal");
    const auto found = service_.store().find_certificate(*octets);
    if (!found) return problem(found.error());
    if (!*found) return problem(404, "no certificate has this serial number");
    if (wants("pem", "application/x-pem-file")) return pem_reply("CERTIFICATE", (*found)->der);
    Json json = json_of(**found);
    json["certificate"] = base64((*found)->der);
    return json_reply(json);
  }

  HttpReply crl() {
    const auto newest = service_.issuer().crl(now_in_seconds());
    if (!newest) return problem(newest.error());
    if (wants("pem", "application/x-pem-file")) return pem_reply("X509 CRL", newest->der);
    if (wants("der", "application/pkix-crl")) return {200, "application/pkix-crl", newest->der};
    return json_reply(
        {{"number", newest->number}, {"thisUpdate", iso8601(newest->this_update)}, {"crl", base64(newest->der)}});
  }

  HttpReply faults() const {
    Json known = Json::array();
    for (const FaultRow& row : fault_rows()) {
      known.push_back({{"name", row.name}, {"argument", row.argument}, {"what", row.what}});
    }
    return json_reply({{"faults", json_list(service_.faults().list())}, {"known", known}});
  }

  HttpReply set_faults(const Json& body) {
    std::vector<std::string> texts;
    if (!read_texts(body, "faults", texts)) return problem(400, "\"faults\" is a list of texts");
    auto set = service_.faults().set(texts);
    if (!set) return problem(set.error());
    return faults();
  }

  static bool read_texts(const Json& body, const char* name, std::vector<std::string>& texts) {
    const auto found = body.find(name);
    if (found == body.end()) return true;
    const auto is_text = [](const Json& one) { return one.is_string(); };
    if (!found->is_array() || !std::ranges::all_of(*found, is_text)) return false;
    texts = found->get<std::vector<std::string>>();
    return true;
  }

  static bool read_text(const Json& body, const char* name, std::string& text) {
    const auto found = body.find(name);
    if (found == body.end()) return true;
    if (!found->is_string()) return false;
    text = found->get<std::string>();
    return true;
  }

  HttpReply add_user(const Json& body) {
    User user;
    std::string secret;
    const bool read = read_text(body, "name", user.name) && read_text(body, "secret", secret) &&
                      read_text(body, "subject", user.subject) && read_texts(body, "names", user.names);
    if (!read || user.name.empty() || secret.empty()) {
      return problem(400, "a user has \"name\" and \"secret\", and may have \"subject\" and a list of \"names\"");
    }
    user.secret = secret_copy(Octets(std::string_view(secret)));
    explicit_bzero(secret.data(), secret.size());
    if (!user.subject.empty()) {
      const auto name = parse_name(user.subject);
      if (!name) return problem(name.error());
    }
    auto set = service_.store().set_user(user);
    if (!set) return problem(set.error());
    return json_reply(json_of(user), 201);
  }

  // "7/approve" or "7/reject"
  HttpReply decide(std::string_view path, const Json& body) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), number);
    const std::string_view verb(end, static_cast<std::size_t>(path.data() + path.size() - end));
    if (error != std::errc{} || (verb != "/approve" && verb != "/reject")) return not_found();
    std::string reason;
    if (!read_text(body, "reason", reason)) return problem(400, "\"reason\" is a text");
    Authority& authority = service_.authority();
    const auto done = verb == "/approve" ? authority.approve(number, now_in_seconds())
                                         : authority.reject(number, reason, now_in_seconds());
    if (!done) return problem(done.error());
    if (!*done) return problem(409, "no request of this number is pending");
    auto logged = service_.store().log(now_in_seconds(), verb == "/approve" ? "approved" : "rejected",
                                       "request " + std::to_string(number) + (reason.empty() ? "" : ": " + reason));
    if (!logged) return problem(logged.error());
    const auto request = service_.store().find_pending(number);
    if (!request) return problem(request.error());
    return json_reply(*request ? json_of(**request) : Json::object());
  }

  CaService& service_;
  const HttpRequest& request_;
};

// A browser sends Origin with what scripts do, and the name of the page's host when that was made to lead here.
bool is_from_here(const HttpRequest& request) {
  std::string_view host = request.field("host");
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) host = host.substr(0, colon);
  const bool local = host == "127.0.0.1" || host == "localhost" || host == "[::1]";
  return local && request.field("origin").empty();
}

HttpReply reply_to(CaService& service, const HttpRequest& request) {
  if (!is_from_here(request)) return problem(403, "the management port is for programs on this machine");
  if (request.method == "POST" && !request.body.empty() && request.field("content-type") != "application/json") {
    return problem(415, "send application/json");
  }
  if (request.method != "POST" && request.method != "GET") return problem(405, "there are GET and POST");
  Turn turn(service, request);
  return request.method == "GET" ? turn.get() : turn.post();
}

}  // namespace

HttpReply Management::operator()(const HttpRequest& request) const {
  HttpReply reply = reply_to(service_, request);
  log_.write("management", {{"peer", request.peer},
                            {"method", request.method},
                            {"path", request.path},
                            {"status", std::to_string(reply.status)}});
  return reply;
}

}  // namespace cmcctl
