#include <memory>
#include <string>

#include "enrolling.hpp"

namespace cmcctl::cli {
namespace {

struct Options {
  EnrollOptions enroll;
  std::string certificate;
  std::string key;
};

ExitCode run(const Options& options, const Globals& globals) {
  EnrollOptions enroll = options.enroll;
  const std::string& key = options.key.empty() ? options.certificate : options.key;
  enroll.request.renew = options.certificate;
  if (enroll.request.new_key.empty()) enroll.request.key.key = key;
  enroll.signer.keys = {key};
  enroll.signer.certificates = {options.certificate};
  return Enrolling(enroll, globals, "renew").run();
}

}  // namespace

void register_renew(Command app, Globals& globals) {
  const Command command = app.add_subcommand("renew", "Get a certificate like an old one, whose key signs the request");
  const auto options = std::make_shared<Options>();
  command.add_option("--cert", options->certificate, "The old certificate: its names are those of the new one")
      .type_name("FILE")
      .required();
  command
      .add_option("--key", options->key, "Its key; without --new-key that of the new one, too. Else the file of --cert")
      .type_name("KEY");
  command.add_option("--password", options->enroll.signer.password, "Password or PIN of that key").type_name("SOURCE");
  add_enroll_key_options(command, options->enroll);
  add_enroll_options(command, options->enroll);
  add_json_option(command, globals);
  command.footer(
      "What enroll does, with the old key as the signer.\n"
      "Exit codes: 0 issued, 1 refused or not to be believed, 5 pending, 6 a step is wanted that cannot be made,\n"
      "2 wrong call, 3 something does not decode, 4 file or network, 7 key, password or secret.\n"
      "Examples:\n"
      "  cmcctl renew --to http://localhost:8080/cmc --cert me.pem --new-key ec:P-256 --trust ca.pem -o me-2.pem\n"
      "  cmcctl renew --to https://ca.example.org/cmc --cert old.pem --key nss:db?nickname=me --trust ca.pem -o "
      "new.pem");
  set_action(command, globals, [options, &globals] { return run(*options, globals); });
}

}  // namespace cmcctl::cli
