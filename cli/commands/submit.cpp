#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <cmcctl/codec/message.hpp>

#include "submitting.hpp"

namespace cmcctl::cli {
namespace {

struct Options : SubmitOptions {
  std::string file = "-";
};

std::optional<Carried> kind_of(MessageKind kind) {
  switch (kind) {
    case MessageKind::simple_pki_request:
      return Carried::simple_request;
    case MessageKind::full_pki_request:
    case MessageKind::enveloped_data:
    case MessageKind::auth_enveloped_data:
      return Carried::full_request;
    default:
      return std::nullopt;
  }
}

ExitCode run(const Options& options, const Globals& globals) {
  const Maker maker(globals.io, "submit");
  Submission submission(options, maker, globals);
  if (const ExitCode code = submission.prepare(); code != ExitCode::ok) return without_answer(globals, code);
  const auto refuse = [&](const Error& error) { return without_answer(globals, maker.refuse(options.file, error)); };
  const Input input = read_input(options.file, globals.io, options.reading);
  if (!input.problem.empty()) {
    return without_answer(globals, maker.fail(ExitCode::io, options.file + ": " + input.problem));
  }
  if (input.error) return refuse(*input.error);
  Decoder decoder(limits_of(options.reading));
  const Octets bytes(input.blocks.front().bytes);
  const auto message = open_message(decoder, bytes);
  if (!message) return refuse(message.error());
  const auto kind = kind_of(message->layer.kind);
  if (!kind) {
    return refuse(Error{Errc::not_a_message,
                        0,
                        {},
                        {},
                        "expected a PKCS #10 or a Full PKI Request, found " +
                            std::string(to_string(message->layer.kind)) + "; cmcctl request cmc makes one"});
  }
  const std::string name = options.file == "-" ? "request" : std::filesystem::path(options.file).stem().string();
  return submission.send({bytes, *kind, name});
}

}  // namespace

void register_submit(Command app, Globals& globals) {
  const Command command = app.add_subcommand("submit", "Send a request and say what came of it");
  const auto options = std::make_shared<Options>();
  command.add_option("REQUEST", options->file, "A PKCS #10 or a Full PKI Request in any form; - is stdin")
      .type_name("");
  add_json_option(command, globals);
  command
      .add_option("-o,--output", options->output, "Write the response to this file, unless it is not to be believed")
      .type_name("FILE");
  command.add_flag("--force", options->force, "Overwrite files");
  add_exchange_options(command, options->exchange);
  add_encryption_options(command, options->encryption);
  add_opening_options(command, options->opening);
  add_trust_options(command, options->trust);
  add_read_options(command, options->reading);
  command.footer(
      "What is sent is DER, or base64 where the address is one of EST. A folder (--to file:DIR, or --to DIR) gets\n"
      "REQUEST.crq, and REQUEST.crp is taken when it is there.\n"
      "Exit codes: 0 issued or done, 1 refused, done in part or not to be believed, 5 pending, 6 one more step,\n"
      "2 wrong call, 3 something does not decode, 4 file or network, 7 key or password.\n"
      "Examples:\n"
      "  cmcctl submit request.crq --to http://ca.example.org/cmc --trust ca.pem -o response.crp\n"
      "  cmcctl submit request.crq --to https://ca.example.org/ca/ee/ca/profileSubmitCMCFull --profile-id caUserCert "
      "\\\n"
      "      --client-key agent.p12 --client-password prompt --trust ca.pem\n"
      "  cmcctl submit new.csr --to file:outbox --trust ca.pem");
  set_action(command, globals, [options, &globals] { return run(*options, globals); });
}

}  // namespace cmcctl::cli
