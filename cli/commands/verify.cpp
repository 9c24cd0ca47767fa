#include <atomic>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include <cmcctl/cmc/client.hpp>
#include <cmcctl/cmc/request_checks.hpp>
#include <cmcctl/cmc/unsealed_message.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/version.hpp>

#include "command.hpp"
#include "files.hpp"
#include "opening_keys.hpp"
#include "reading.hpp"
#include "response_report.hpp"
#include "text.hpp"
#include "trust.hpp"
#include "verify_report.hpp"

namespace cmcctl::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::vector<std::string> files{"-"};
  ReadOptions reading;
  TrustOptions trust;
  OpeningOptions opening;
  std::string request;
  std::string secret;
  std::string identification;
  std::string proof_value;
  std::string content;
  unsigned jobs = 1;
};

/// What one file comes to.
struct Outcome {
  std::string out;
  std::string err;
  ExitCode code = ExitCode::ok;
};

class Verify {
 public:
  Verify(const Options& options, const Globals& globals)
      : options_(options), globals_(globals), io_(globals.io), limits_(limits_of(options.reading)) {}

  ExitCode run() {
    ExitCode code = ExitCode::ok;
    auto files = read_trust_files(options_.trust, "verify", io_, options_.reading, code);
    if (!files) return code;
    files_ = *std::move(files);
    if (!keys_.read(options_.opening, CmsReport(io_, "verify"), options_.reading, code)) return code;
    if (!read_shared_secrets(code) || !read_request(code)) return code;
    if (!options_.content.empty()) {
      FileBytes content = read_file(options_.content, io_, limits_.message_octets);
      if (!content.problem.empty()) {
        io_.err << "cmcctl verify: " << escape(options_.content) << ": " << content.problem << '\n';
        return ExitCode::io;
      }
      content_ = std::move(content.bytes);
    }
    const auto checked = parse_trust(files_, limits_);
    if (!checked) {
      report_error(io_, "verify", "--trust, --cert or --crl", {}, checked.error());
      return ExitCode::undecodable;
    }
    return all_files();
  }

 private:
  bool read_shared_secrets(ExitCode& code) {
    const CmsReport report(io_, "verify");
    if (!options_.secret.empty()) {
      secret_ = read_secret(options_.secret, "secret", report, code);
      if (!secret_) return false;
    }
    if (!options_.proof_value.empty()) {
      proof_value_ = read_hex_secret(options_.proof_value, "POP Proof Value", report, code);
      if (!proof_value_) return false;
    }
    return true;
  }

  bool read_request(ExitCode& code) {
    if (options_.request.empty()) return true;
    const CmsReport report(io_, "verify");
    if (options_.files.size() != 1) {
      code = report.fail(ExitCode::usage, "--request is for one response");
      return false;
    }
    Input input = read_input(options_.request, io_, options_.reading);
    if (!input.problem.empty()) {
      code = report.fail(ExitCode::io, escape(options_.request) + ": " + input.problem);
    } else if (input.error) {
      code = report.refuse(options_.request, *input.error);
    } else {
      request_ = std::move(input.blocks.front().bytes);
      Decoder decoder(limits_);
      const auto message = open_message(decoder, Octets(*request_));
      if (!message) code = report.refuse(options_.request, message.error());
    }
    return code == ExitCode::ok;
  }

  RequestCheckOptions request_options() const {
    RequestCheckOptions options;
    if (secret_) options.secret = Octets(*secret_);
    if (!options_.identification.empty()) options.identification = Octets(std::string_view(options_.identification));
    if (proof_value_) options.proof_value = Octets(*proof_value_);
    return options;
  }

  ExitCode all_files() {
    std::vector<Outcome> outcomes(options_.files.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      const Trust trust = *parse_trust(files_, limits_);
      for (std::size_t i = next++; i < outcomes.size(); i = next++) outcomes[i] = file(options_.files[i], trust);
    };
    std::vector<std::thread> threads;
    const unsigned jobs = keys_.empty() ? options_.jobs : 1;  // keys, of tokens above all, are not shared
    for (unsigned i = 1; i < jobs; ++i) threads.emplace_back(work);
    work();
    for (std::thread& thread : threads) thread.join();

    ExitCode code = ExitCode::ok;
    const bool many = globals_.json && outcomes.size() > 1;
    if (many) io_.out << "[\n";
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      if (i != 0) io_.out << (globals_.json ? ",\n" : "");
      io_.out << outcomes[i].out;
      io_.out.flush();
      io_.err << outcomes[i].err;
      code = worst(code, outcomes[i].code);
    }
    if (many) io_.out << "]\n";
    return code;
  }

  Outcome file(const std::string& name, const Trust& trust) {
    std::ostringstream out;
    std::ostringstream err;
    Io io{io_.in, out, err, false, io_.color};
    Outcome outcome;
    const Input input = read_input(name, io, options_.reading);
    if (!input.problem.empty()) {
      err << "cmcctl verify: " << escape(name) << ": " << input.problem << '\n';
      outcome.code = ExitCode::io;
      if (globals_.json) out << "null\n";
    } else if (input.error) {
      outcome.code = refuse(io, name, {}, *input.error);
    } else {
      const bool many = globals_.json && input.blocks.size() > 1;
      if (many) out << "[\n";
      for (std::size_t i = 0; i < input.blocks.size(); ++i) {
        if (i != 0 && globals_.json) out << ",\n";
        outcome.code = worst(outcome.code, block(io, name, input.blocks[i], trust));
      }
      if (many) out << "]\n";
    }
    outcome.out = out.str();
    outcome.err = err.str();
    return outcome;
  }

  ExitCode refuse(Io& io, const std::string& name, std::string_view form, const Error& error) {
    if (globals_.json) io.out << "null\n";
    report_error(io, "verify", name, form, error);
    return ExitCode::undecodable;
  }

  ExitCode block(Io& io, const std::string& name, const InputBlock& block, const Trust& trust) {
    Decoder decoder(limits_);
    const auto message = open_message(decoder, Octets(block.bytes));
    if (!message) return refuse(io, name, to_string(block.form), message.error());
    VerifyOptions options = verify_options(options_.trust, trust);
    options.keys = keys_.view();
    if (!options_.content.empty()) options.detached_content = Octets(content_);
    if (secret_) options.shared_secret = Octets(*secret_);
    options.more = [this](Decoder& reader, const Message& opened, std::vector<VerifiedPart>& parts) {
      check_request(reader, opened, request_options(), parts);
    };
    if (request_) {
      // Without a key the report says that one is needed.
      const auto unsealed = UnsealedMessage::open(Octets(block.bytes), options.keys, limits_);
      return answer(io, name, block, unsealed ? unsealed->view() : OpenedMessage{decoder, *message}, options);
    }
    const VerifyReport report = verify_message(decoder, *message, options);
    if (globals_.json) {
      io.out << dumped(json_of(name, block, *message, report));
    } else {
      io.out << escape(name) << ": " << to_string(message->layer.kind) << ": ";
      write_report(io.out, report, io.color);
    }
    if (report_errors(io, name, block, *message)) return ExitCode::undecodable;
    return report.verdict == Verdict::pass ? ExitCode::ok : ExitCode::no;
  }

  static bool report_errors(Io& io, const std::string& name, const InputBlock& block, const Message& message) {
    for (const Error& error : message.errors) report_error(io, "verify", name, to_string(block.form), error);
    return !message.errors.empty();
  }

  ExitCode answer(Io& io, const std::string& name, const InputBlock& block, const OpenedMessage& response,
                  const VerifyOptions& options) {
    Decoder decoder(limits_);
    const auto request = *open_message(decoder, Octets(*request_));
    const ResponseReport report = process_response(response, {decoder, request}, options);
    if (globals_.json) {
      Json json = json_of(name, block, response.message, report.verification);
      json["response"] = json_of_response(report);
      io.out << dumped(json);
    } else {
      io.out << escape(name) << ": " << to_string(response.message.layer.kind) << ": ";
      write_response(io.out, report, io.color);
    }
    if (report_errors(io, name, block, response.message)) return ExitCode::undecodable;
    return exit_code_of(report);
  }

  static std::string dumped(const Json& json) { return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n'; }

  static Json json_of(const std::string& name, const InputBlock& block, const Message& message,
                      const VerifyReport& report) {
    Json json{{"schema", 1},
              {"tool", "cmcctl " + std::string(version)},
              {"file", name},
              {"form", to_string(block.form)},
              {"kind", to_string(message.layer.kind)},
              {"verdict", to_string(report.verdict)},
              {"parts", Json::array()}};
    for (const VerifiedPart& part : report.parts) json["parts"].push_back(json_of_part(part));
    return json;
  }

  const Options& options_;
  const Globals& globals_;
  Io& io_;
  Limits limits_;
  TrustFiles files_;
  OpeningKeys keys_;
  std::optional<std::vector<std::uint8_t>> request_;
  std::optional<SecretOctets> secret_;
  std::optional<SecretOctets> proof_value_;
  std::vector<std::uint8_t> content_;
};

}  // namespace

void register_verify(Command app, Globals& globals) {
  const Command command = app.add_subcommand("verify", "Check signatures, certificate paths and proofs of possession");
  const auto options = std::make_shared<Options>();
  command.add_option("FILE", options->files, "Messages in any form that inspect reads; - is stdin").type_name("");
  add_json_option(command, globals);
  command.add_option("--content", options->content, "The content of a detached signature").type_name("FILE");
  command.add_option("--request", options->request, "The request that FILE answers: says what came of it").type_name("FILE");
  command.add_option("--secret", options->secret, "The secret shared with the requester: file:PATH, env:NAME, fd:NUMBER or prompt")
      .type_name("SOURCE");
  command.add_option("--identification", options->identification, "Whose secret it is; else the message's word is taken")
      .type_name("TEXT");
  command.add_option("--proof-value", options->proof_value, "The POP Proof Value of a challenge, in hexadecimal, to check decryptedPOP")
      .type_name("SOURCE");
  command.add_option("--jobs", options->jobs, "Verify so many files at once").type_name("N").range(1, 64);
  add_opening_options(command, options->opening);
  add_trust_options(command, options->trust);
  add_read_options(command, options->reading);
  command.footer(
      "Every layer and every signer is checked, and nothing is trusted because it is in the message.\n"
      "Exit codes: 0 everything that must hold holds, 1 something does not or could not be checked,\n"
      "3 the input does not decode, 4 a file cannot be read, 7 a secret cannot be had, 2 wrong call.\n"
      "With --request: 0 issued or done, 1 refused, done in part or not to be believed, 5 pending or the rest is,\n6 one more step.\n"
      "Examples:\n"
      "  cmcctl verify --trust ca.pem response.crp\n"
      "  cmcctl verify --trust root.pem --cert sub.pem --crl root.crl --crl sub.crl request.crq\n"
      "  cmcctl verify --trust ca.pem --request request.crq response.crp\n"
      "  cmcctl verify --trust ca.pem --secret file:secret.txt request.crq\n"
      "  cmcctl verify --json --at 2024-05-01 --trust ca.pem *.crp");
  set_action(command, globals, [options, &globals] { return Verify(*options, globals).run(); });
}

}  // namespace cmcctl::cli
