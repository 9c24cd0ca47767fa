#include <memory>
#include <string>

#include "request_commands.hpp"
#include "revocation.hpp"

namespace cmcctl::cli {
namespace {

struct Options : OneControlOptions {
  RevocationOptions revocation;
};

ExitCode run(const Options& options, Io& io) {
  const Maker maker(io, "request revoke");
  if (options.signer.keys.empty() && options.secret.empty()) {
    return maker.fail(ExitCode::usage,
                      "who asks for the revocation: a signer (--sign-with), or who knows the --secret that was "
                      "agreed on for it (RFC 10002 section 6.11)");
  }
  if (const ExitCode code = maker.may_write(options.output); code != ExitCode::ok) return code;
  auto certificate = named_certificate(options.revocation.certificate, maker, options.reading);
  if (!certificate) return certificate.error();
  auto message = revocation_message(options.revocation, *certificate, options, maker);
  return message ? maker.write(options.output, *message) : message.error();
}

}  // namespace

void register_request_revoke(Command request, Globals& globals) {
  const Command command = request.add_subcommand("revoke", "Ask for a certificate to be revoked");
  const auto options = std::make_shared<Options>();
  add_revocation_options(command, options->revocation);
  command
      .add_option("--secret", options->secret,
                  "The secret that was agreed on for revocation; it goes into the message as it is")
      .type_name("SOURCE");
  add_one_control_options(command, *options, false);
  command.footer(
      "Without --sign-with the message has no signature, and the secret is all that speaks for it.\n"
      "Exit codes: 0 written, 3 a file does not decode, 4 a file fails, 7 key, password or secret, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl request revoke --cert lost.crt --reason keyCompromise --sign-with agent.p12 --password prompt -o "
      "revoke.crq\n"
      "  cmcctl request revoke --issuer 'CN=CA,O=Example' --serial 0x1a2b --secret prompt -o revoke.crq");
  set_action(command, globals, [options, &globals] { return run(*options, globals.io); });
}

}  // namespace cmcctl::cli
