#include <chrono>

#include <nlohmann/json.hpp>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/server/store.hpp>
#include <cmcctl/transport/http_client.hpp>
#include <cmcctl/transport/http_status.hpp>

#include "command.hpp"
#include "making.hpp"
#include "text.hpp"

namespace cmcctl::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::seconds management_time{10};

struct CaOptions {
  std::string management;
  std::string serial;
  std::int64_t number = 0;
  std::string reason;
  User user;
  std::string secret;
  std::vector<std::string> faults;
  std::size_t limit = 100;
  NewMessageOptions output;
};

/// The management port of a test CA (docs/test-ca-api.md), from the command line.
class CaCommand {
 public:
  CaCommand(const CaOptions& options, Globals& globals, const std::string& verb)
      : options_(options), globals_(globals), maker_(globals.io, "ca " + verb) {}

  ExitCode list() {
    Json answer = Json::object();
    for (const char* part : {"requests", "certs", "users"}) {
      Json one;
      const ExitCode code = get(std::string("/") + part, one);
      if (code != ExitCode::ok) return code;
      answer.update(one);
    }
    if (globals_.json) return print(answer);
    list_requests(answer["requests"]);
    list_certificates(answer["certificates"]);
    list_users(answer["users"]);
    return ExitCode::ok;
  }

  ExitCode show() {
    Json answer;
    const ExitCode code = get("/certs/" + options_.serial, answer);
    if (code != ExitCode::ok) return code;
    if (globals_.json) return print(answer);
    for (const auto& [name, value] : answer.items()) {
      if (name == "certificate" || value.is_null()) continue;
      globals_.io.out << wrapped(name, 22, text_of(value));
    }
    return ExitCode::ok;
  }

  ExitCode approve() { return decide("approve", Json::object()); }
  ExitCode reject() { return decide("reject", {{"reason", options_.reason}}); }

  ExitCode add_user() {
    auto secret = maker_.secret(options_.secret, "--secret", "secret of " + options_.user.name);
    if (!secret) return secret.error();
    const Json body{{"name", options_.user.name},
                    {"secret", Octets(*secret).chars()},
                    {"subject", options_.user.subject},
                    {"names", options_.user.names}};
    return post("/users", body, [&](const Json& answer) { list_users(Json::array({answer})); });
  }

  ExitCode crl() {
    const ExitCode may = maker_.may_write(options_.output);
    if (may != ExitCode::ok) return may;
    auto answer = fetch("/crl?format=der");
    if (!answer) return answer.error();
    return maker_.write(options_.output, *answer);
  }

  ExitCode log() {
    Json answer;
    const ExitCode code = get("/log?limit=" + std::to_string(options_.limit), answer);
    if (code != ExitCode::ok) return code;
    if (globals_.json) return print(answer);
    for (const Json& entry : answer["entries"]) {
      globals_.io.out << text_of(entry["time"]) << "  " << text_of(entry["event"]) << "  " << text_of(entry["text"])
                      << '\n';
    }
    return ExitCode::ok;
  }

  ExitCode faults() {
    const auto show = [&](const Json& answer) {
      for (const Json& fault : answer["faults"]) {
        globals_.io.out << text_of(fault["fault"]) << "  " << fault["fired"] << " of " << fault["answers"]
                        << " answers\n";
      }
    };
    return post("/faults", {{"faults", options_.faults}}, show);
  }

 private:
  OrExit<std::vector<std::uint8_t>> judged(Result<HttpAnswer> answer) const {
    if (!answer) {
      const ExitCode code = answer.error().code == Errc::value_out_of_range ? ExitCode::usage : ExitCode::io;
      return maker_.fail(
          code, std::string(error_info(answer.error().code).sentence) + ": " + escape(answer.error().detail));
    }
    if (answer->status < 300) return std::move(answer->body);
    const Json problem = Json::parse(answer->body, nullptr, false);
    const bool said = problem.is_object() && problem.contains("error") && problem["error"].is_string();
    const std::string why = said ? problem["error"].get<std::string>() : http_status_text(answer->status);
    return maker_.fail(answer->status >= 500 ? ExitCode::io : ExitCode::no, escape(why));
  }

  HttpOptions how() const {
    HttpOptions options;
    options.deadline = management_time;
    return options;
  }

  std::string url(const std::string& path) const {
    std::string base = options_.management;
    while (base.ends_with('/')) base.pop_back();
    return base + path;
  }

  OrExit<std::vector<std::uint8_t>> fetch(const std::string& path) const {
    return judged(http_get(url(path), how()));
  }

  ExitCode read_json(const std::vector<std::uint8_t>& bytes, Json& json) const {
    json = Json::parse(bytes, nullptr, false);
    if (json.is_object()) return ExitCode::ok;
    return maker_.fail(ExitCode::io,
                       escape(options_.management) + " is no management port: its answer is no JSON object");
  }

  ExitCode get(const std::string& path, Json& json) const {
    auto fetched = fetch(path);
    return fetched ? read_json(*fetched, json) : fetched.error();
  }

  template <class Show>
  ExitCode post(const std::string& path, const Json& body, Show show) {
    const std::string text = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    auto fetched = judged(http_post(url(path), "application/json", Octets(std::string_view(text)), how()));
    if (!fetched) return fetched.error();
    Json answer;
    const ExitCode code = read_json(*fetched, answer);
    if (code != ExitCode::ok) return code;
    if (globals_.json) return print(answer);
    show(answer);
    return ExitCode::ok;
  }

  ExitCode decide(const std::string& verb, const Json& body) {
    return post("/requests/" + std::to_string(options_.number) + "/" + verb, body,
                [&](const Json& answer) { list_requests(Json::array({answer})); });
  }

  ExitCode print(const Json& json) const {
    globals_.io.out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
    return ExitCode::ok;
  }

  static std::string text_of(const Json& value) {
    return escape(value.is_string() ? value.get<std::string>()
                                    : value.dump(-1, ' ', false, Json::error_handler_t::replace));
  }

  void list_requests(const Json& requests) const {
    for (const Json& one : requests) {
      globals_.io.out << "request " << one["number"] << "  " << text_of(one["state"]) << "  "
                      << text_of(one["summary"]);
      for (const char* more : {"serial", "reason"}) {
        if (one[more].is_string() && !one[more].get_ref<const std::string&>().empty()) {
          globals_.io.out << "  " << more << " " << text_of(one[more]);
        }
      }
      globals_.io.out << '\n';
    }
  }

  void list_certificates(const Json& certificates) const {
    for (const Json& one : certificates) {
      globals_.io.out << "certificate " << text_of(one["serial"]) << "  " << text_of(one["subject"]) << "  until "
                      << text_of(one["notAfter"]);
      if (one["revocation"].is_object()) globals_.io.out << "  revoked: " << text_of(one["revocation"]["reason"]);
      if (one["confirmed"] == false) globals_.io.out << "  not confirmed";
      globals_.io.out << '\n';
    }
  }

  void list_users(const Json& users) const {
    for (const Json& one : users)
      globals_.io.out << "user " << text_of(one["name"]) << "  " << text_of(one["subject"]) << '\n';
  }

  const CaOptions& options_;
  Globals& globals_;
  Maker maker_;
};

struct Verb {
  Command command;
  std::shared_ptr<CaOptions> options;
};

Verb add_verb(Command group, Globals& globals, const std::string& name, const std::string& what,
              ExitCode (CaCommand::*run)(), const std::string& example, bool json = true) {
  const Command command = group.add_subcommand(name, what);
  auto options = std::make_shared<CaOptions>();
  command
      .add_option("--management", options->management,
                  "The management port, as serve ca names it: http://127.0.0.1:PORT")
      .envname("CMCCTL_MANAGEMENT")
      .required()
      .type_name("URL");
  if (json) add_json_option(command, globals);
  command.footer(
      "Exit codes: 0 done, 1 the CA refuses, 2 wrong call, 4 no connection, or a file fails.\n"
      "Example:\n"
      "  cmcctl ca " +
      name + example + " --management http://127.0.0.1:8081");
  set_action(command, globals, [options, &globals, name, run] { return (CaCommand(*options, globals, name).*run)(); });
  return {command, std::move(options)};
}

}  // namespace

void register_ca(Command app, Globals& globals) {
  const Command group = app.add_subcommand("ca", "See into a test CA that runs, and decide for it");
  group.needs_subcommand();
  add_verb(group, globals, "list", "Requests, certificates and users", &CaCommand::list, "");

  const Verb show = add_verb(group, globals, "show", "One certificate", &CaCommand::show, " 4f2a01");
  show.command.add_option("SERIAL", show.options->serial, "Its serial number, in hexadecimal")
      .required()
      .type_name("");

  const Verb approve =
      add_verb(group, globals, "approve", "Issue what a pending request asks for", &CaCommand::approve, " 1");
  approve.command.add_option("NUMBER", approve.options->number, "The request's number").required().type_name("");

  const Verb reject =
      add_verb(group, globals, "reject", "Refuse a pending request", &CaCommand::reject, " 1 --reason \"not you\"");
  reject.command.add_option("NUMBER", reject.options->number, "The request's number").required().type_name("");
  reject.command.add_option("--reason", reject.options->reason, "What the requester is told").type_name("TEXT");

  const Verb user = add_verb(group, globals, "add-user", "Let somebody enrol with a secret, or change who may",
                             &CaCommand::add_user, " me --secret file:secret.txt");
  user.command.add_option("NAME", user.options->user.name, "The identification").required().type_name("");
  user.command
      .add_option("--secret", user.options->secret, "The shared secret: file:PATH, env:NAME, fd:NUMBER, prompt")
      .required()
      .type_name("SOURCE");
  user.command
      .add_option("--subject", user.options->user.subject, "The only subject; else any whose CN or UID is NAME")
      .type_name("NAME");
  user.command
      .add_option("--san", user.options->user.names, "An alternative name that may be asked for: dns:*.example.org")
      .type_name("NAME");

  const Verb crl = add_verb(group, globals, "crl", "The newest CRL", &CaCommand::crl, " -o ca.crl", false);
  add_new_message_options(crl.command, crl.options->output);

  const Verb log = add_verb(group, globals, "log", "What the CA has done, the newest first", &CaCommand::log, "");
  log.command.add_option("--limit", log.options->limit, "So many entries").type_name("NUMBER");

  const Verb faults =
      add_verb(group, globals, "faults", "What the CA shall do wrong from now on; nothing without a SPEC",
               &CaCommand::faults, " nonce-mismatch:times=1");
  faults.command.add_option("SPEC", faults.options->faults, "NAME[=VALUE][:every=N,times=N,after=5s]").type_name("");
}

}  // namespace cmcctl::cli
