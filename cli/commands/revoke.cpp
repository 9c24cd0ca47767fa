#include <memory>
#include <string>

#include "revocation.hpp"
#include "submitting.hpp"
#include "text.hpp"

namespace cmcctl::cli {
namespace {

struct Options : SubmitOptions {
  RevocationOptions revocation;
  OneControlOptions message;
  std::string key;
  std::string signer_certificate;
};

ExitCode run(const Options& options, const Globals& globals) {
  const Maker maker(globals.io, "revoke");
  OneControlOptions message = options.message;
  message.reading = options.reading;
  if (options.key.empty() == message.secret.empty()) {
    return without_answer(globals,
                          maker.fail(ExitCode::usage,
                                     "who asks for the revocation: a signer (--key), or who knows the --secret "
                                     "that was agreed on for it (RFC 10002 section 6.11)"));
  }
  if (!options.key.empty()) message.signer.keys = {options.key};
  if (!options.signer_certificate.empty()) message.signer.certificates = {options.signer_certificate};
  message.signer.spare_certificate = options.revocation.certificate.file;
  SubmitOptions submitting = options;
  if (options.key.empty()) submitting.encryption = for_unsigned(submitting.encryption);
  submitting.opening.keys = message.signer.keys;  // the answer may be encrypted to the signer
  submitting.opening.key_password = message.signer.password;
  Submission submission(submitting, maker, globals);
  if (const ExitCode code = submission.prepare(); code != ExitCode::ok) return without_answer(globals, code);
  if (!message.secret.empty() && options.encryption.recipients.empty() && options.exchange.to.starts_with("http:")) {
    maker.io().err << "cmcctl revoke: warning: the secret can be read on its way; take https:, or --encrypt-to CERT\n";
  }
  auto certificate = named_certificate(options.revocation.certificate, maker, message.reading);
  if (!certificate) return without_answer(globals, certificate.error());
  auto made = revocation_message(options.revocation, *certificate, message, maker);
  if (!made) return without_answer(globals, made.error());
  return submission.send({*made, Carried::full_request, "revoke"}, "revoked  serial " + serial_text((*certificate).serial) +
                                                                       "  " + options.revocation.reason);
}

}  // namespace

void register_revoke(Command app, Globals& globals) {
  const Command command = app.add_subcommand("revoke", "Have a certificate revoked");
  const auto options = std::make_shared<Options>();
  add_revocation_options(command, options->revocation);
  command.add_option("--key", options->key, "Key of the signer: the certificate's own, or that of --signer-cert")
      .type_name("KEY");
  command
      .add_option("--signer-cert", options->signer_certificate,
                  "The signer's certificate; else from the key's own file or store, or that of --cert")
      .type_name("FILE");
  command.add_option("--password", options->message.signer.password, "Password or PIN of the key").type_name("SOURCE");
  command
      .add_option("--secret", options->message.secret,
                  "In place of --key: the secret that was agreed on for revocation; it goes into the message as it is")
      .type_name("SOURCE");
  command.add_option("--profile", options->message.profile, "dogtag: what its CA reads")
      .one_of({"dogtag"});
  command
      .add_option("-o,--output", options->output, "Write the response to this file, unless it is not to be believed")
      .type_name("FILE");
  command.add_flag("--force", options->force, "Overwrite files");
  add_json_option(command, globals);
  add_exchange_options(command, options->exchange);
  add_encryption_options(command, options->encryption);
  add_trust_options(command, options->trust, "--other-cert");
  add_read_options(command, options->reading);
  command.footer(
      "With a --secret the message has no signature, and the secret is all that speaks for it.\n"
      "Exit codes: 0 revoked, 1 refused or not to be believed, 5 pending, 2 wrong call, 3 something does not decode,\n"
      "4 file or network, 7 key, password or secret.\n"
      "Examples:\n"
      "  cmcctl revoke --to http://localhost:8080/cmc --cert me.pem --key me.pem --reason superseded --trust ca.pem\n"
      "  cmcctl revoke --to https://ca.example.org/cmc --cert lost.crt --secret prompt --reason keyCompromise \\\n"
      "      --trust ca.pem");
  set_action(command, globals, [options, &globals] { return run(*options, globals); });
}

}  // namespace cmcctl::cli
