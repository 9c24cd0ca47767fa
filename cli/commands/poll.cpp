#include <memory>
#include <string>
#include <utility>

#include <cmcctl/codec/text.hpp>

#include "enrolling.hpp"

namespace cmcctl::cli {
namespace {

/// What takes the place of an option of the run that began.
struct Options {
  EnrollOptions given;
  bool once = false;
};

void take_over(const std::string& given, std::string& kept) {
  if (!given.empty()) kept = given;
}

ExitCode run(const Options& options, const Globals& globals) {
  const Maker maker(globals.io, "poll");
  const std::string& state = options.given.state;
  auto file = read_enrollment_file(state, maker);
  if (!file) return without_answer(globals, file.error());
  if (!*file) return without_answer(globals, maker.fail(ExitCode::io, escape(state) + ": no such state file"));
  EnrollOptions enroll = std::move((*file)->options);
  enroll.state = state;
  take_over(options.given.request.secret, enroll.request.secret);
  take_over(options.given.request.key_password, enroll.request.key_password);
  take_over(options.given.signer.password, enroll.signer.password);
  take_over(options.given.exchange.client_password, enroll.exchange.client_password);
  for (const auto& [source, option] : {std::pair{&enroll.request.secret, "--secret"},
                                       {&enroll.request.key_password, "--key-password"},
                                       {&enroll.signer.password, "--password"},
                                       {&enroll.exchange.client_password, "--client-password"}}) {
    if (*source != kept_nowhere) continue;
    return without_answer(globals, maker.fail(ExitCode::usage, std::string("what stood on the command line as ") +
                                                                   option + " is kept nowhere; give it again"));
  }
  if (!options.once) enroll.wait = options.given.wait.empty() ? endless_wait : options.given.wait;
  return Enrolling(std::move(enroll), globals, "poll").run();
}

}  // namespace

void register_poll(Command app, Globals& globals) {
  const Command command = app.add_subcommand("poll", "Ask what became of an enrolment, and finish it");
  const auto options = std::make_shared<Options>();
  const Option once = command.add_flag("--once", options->once, "Ask once and at once");
  add_wait_options(command, options->given);
  command.get_option("--state").required();
  command.get_option("--wait").excludes(once);
  command
      .add_option("--secret", options->given.request.secret, "The secret shared with the CA, where it was pass:TEXT")
      .type_name("SOURCE");
  command.add_option("--password", options->given.signer.password, "Likewise the password of keys")
      .type_name("SOURCE");
  command.add_option("--key-password", options->given.request.key_password, "Likewise that of the new key")
      .type_name("SOURCE");
  command.add_option("--client-password", options->given.exchange.client_password, "Likewise that of the TLS key")
      .type_name("SOURCE");
  add_json_option(command, globals);
  command.footer(
      "Goes on with any enrolment that was interrupted or is pending, with the options of the command that began it.\n"
      "Run it in the same folder. Without --once it waits until the CA has decided.\n"
      "Exit codes: 0 issued, 1 refused or not to be believed, 5 pending, 6 a step is wanted that cannot be made,\n"
      "2 wrong call, 3 something does not decode, 4 file or network, 7 key, password or secret.\n"
      "Examples:\n"
      "  cmcctl poll --state me.pem.state --once\n"
      "  cmcctl poll --state me.pem.state --wait=2h");
  set_action(command, globals, [options, &globals] { return run(*options, globals); });
}

}  // namespace cmcctl::cli
