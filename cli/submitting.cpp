#include "submitting.hpp"

#include <filesystem>
#include <system_error>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/version.hpp>
#include <nlohmann/json.hpp>

#include "files.hpp"
#include "response_report.hpp"
#include "verify_report.hpp"

namespace cmcctl::cli {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::string& where, const OpenedMessage& response, const ResponseReport& report) {
  Json json{{"schema", 1},
            {"tool", "cmcctl " + std::string(version)},
            {"to", where},
            {"kind", to_string(response.message.layer.kind)},
            {"verdict", to_string(report.verification.verdict)},
            {"parts", Json::array()}};
  for (const VerifiedPart& part : report.verification.parts) json["parts"].push_back(json_of_part(part));
  json["response"] = json_of_response(report);
  return json;
}

}  // namespace

ExitCode Submission::prepare() {
  ExitCode code = ExitCode::ok;
  std::error_code ignored;
  if (!options_.output.empty() && !options_.force && std::filesystem::is_regular_file(options_.output, ignored)) {
    return maker_.fail(ExitCode::io,
                       escape(options_.output) + " exists; name another file, or overwrite it with --force");
  }
  const auto files = read_trust_files(options_.trust, maker_.command(), maker_.io(), options_.reading, code);
  if (!files) return code;
  auto trust = parse_trust(*files, limits_);
  if (!trust) return maker_.refuse("--trust", trust.error());
  trust_ = *std::move(trust);
  if (!keys_.read(options_.opening, CmsReport(maker_.io(), maker_.command()), options_.reading, code)) return code;
  return exchange_.prepare(trust_.anchors, options_.force);
}

ExitCode Submission::send(Outgoing outgoing, const std::string& success) {
  const auto request = UnsealedMessage::open(outgoing.message, keys_.view(), limits_);
  if (!request) {
    maker_.fail(ExitCode::ok,
                "an answer can only be held against a request that can be read; give it as it is, and "
                "--encrypt-to encrypts it");
    return without_answer(globals_, maker_.refuse(outgoing.name, request.error()));
  }
  const Octets plain = outgoing.message;
  auto sealed = encrypted(options_.encryption, {plain.begin(), plain.end()}, maker_, options_.reading);
  if (!sealed) return without_answer(globals_, sealed.error());
  outgoing.message = *sealed;
  if (!options_.encryption.recipients.empty()) outgoing.kind = Carried::full_request;
  auto response = exchange_.send(outgoing);
  return response ? judge(*request, *response, success) : without_answer(globals_, response.error());
}

void Submission::report(const OpenedMessage& response, const ResponseReport& report, const std::string& success) const {
  std::ostream& out = maker_.io().out;
  if (globals_.json) {
    out << json_of(exchange_.where(), response, report).dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
  } else if (report.outcome == Outcome::success && !success.empty() && !globals_.verbose) {
    out << success << '\n';
  } else {
    out << escape(exchange_.where()) << ": " << to_string(response.message.layer.kind) << ": ";
    write_response(out, report, maker_.io().color);
  }
}

ExitCode Submission::judge(const UnsealedMessage& request, Octets response, const std::string& success) {
  const auto opened = UnsealedMessage::open(response, keys_.view(), limits_);
  if (!opened) return without_answer(globals_, maker_.refuse(exchange_.where(), opened.error()));
  VerifyOptions how = verify_options(options_.trust, trust_);
  how.keys = keys_.view();
  const ResponseReport found = process_response(opened->view(), request.view(), how);
  report(opened->view(), found, success);
  for (const Error& error : opened->view().message.errors) (void)maker_.refuse(exchange_.where(), error);
  if (!opened->view().message.errors.empty()) return ExitCode::undecodable;
  const bool believed = found.outcome != Outcome::untrusted && found.outcome != Outcome::mismatch;
  const ExitCode written = believed ? write(response) : ExitCode::ok;
  return worst(written, exit_code_of(found));
}

ExitCode Submission::write(Octets response) const {
  if (options_.output.empty()) return ExitCode::ok;
  const std::string problem = write_file(options_.output, response);
  return problem.empty() ? ExitCode::ok : maker_.fail(ExitCode::io, escape(options_.output) + ": " + problem);
}

}  // namespace cmcctl::cli
