#include <memory>

#include "enrolling.hpp"

namespace cmcctl::cli {

void register_enroll(Command app, Globals& globals) {
  const Command command = app.add_subcommand("enroll", "Get a certificate: key, request, all round trips, files");
  const auto options = std::make_shared<EnrollOptions>();
  add_given_key_option(command, options->request);
  add_enroll_key_options(command, *options);
  add_enroll_options(command, *options);
  add_shared_secret_options(command, *options);
  add_signer_options(command, options->signer);
  add_json_option(command, globals);
  command.footer(
      "Challenges for keys that cannot sign are answered, and certificates confirmed where the CA wants it. Key,\n"
      "certificate and chain are written once the answer was verified against --trust, all or none of them. The same\n"
      "command goes on where it was interrupted. Without --sign-with the key of the request signs.\n"
      "Exit codes: 0 issued, 1 refused or not to be believed, 5 pending, 6 a step is wanted that cannot be made,\n"
      "2 wrong call, 3 something does not decode, 4 file or network, 7 key, password or secret.\n"
      "Examples:\n"
      "  cmcctl enroll --to http://localhost:8080/cmc --new-key ec:P-256 --subject CN=me --identification me \\\n"
      "      --secret file:secret --trust ca.pem -o me.pem\n"
      "  cmcctl enroll --to https://ca.example.org/cmc --new-key x25519 --key-out enc.key --subject CN=me -o enc.pem "
      "\\\n"
      "      --sign-with me.pem --trust ca.pem --wait=10m\n"
      "  cmcctl enroll --to http://ca.example.org/cmc --key nss:db?nickname=me --import nss:db --subject CN=me \\\n"
      "      --sign-with agent.p12 --password file:pin --trust ca.pem -o me.pem");
  set_action(command, globals, [options, &globals] { return Enrolling(*options, globals, "enroll").run(); });
}

}  // namespace cmcctl::cli
