#pragma once

#include <functional>
#include <string>

#include "command_line.hpp"
#include "exit_code.hpp"
#include "io.hpp"

namespace cmcctl::cli {

/// What every command shares: the streams, the global options, and the action that the command line asked for.
struct Globals {
  Io& io;
  const CLI::App& root;  ///< the whole command tree
  std::string color = "auto";
  bool quiet = false;
  bool verbose = false;
  bool json = false;
  std::function<ExitCode()> action{};
};

/// Adds --json, which commands with an answer for scripts have.
void add_json_option(Command command, Globals& globals);

/// With --json something is written for every exit code: null where there is no answer to tell of.
ExitCode without_answer(const Globals& globals, ExitCode code);

/// Makes `action` run once the whole command line is known to be right.
void set_action(Command command, Globals& globals, std::function<ExitCode()> action);

/// Each command declares its options in one function of this form, in commands/<verb>.cpp; main.cpp lists them.
using RegisterCommand = void (*)(Command app, Globals& globals);

void register_ca(Command app, Globals& globals);
void register_cms(Command app, Globals& globals);
void register_completion(Command app, Globals& globals);
void register_convert(Command app, Globals& globals);
void register_decode(Command app, Globals& globals);
void register_diff(Command app, Globals& globals);
void register_doctor(Command app, Globals& globals);
void register_encode(Command app, Globals& globals);
void register_enroll(Command app, Globals& globals);
void register_explain(Command app, Globals& globals);
void register_inspect(Command app, Globals& globals);
void register_keys(Command app, Globals& globals);
void register_mutate(Command app, Globals& globals);
void register_poll(Command app, Globals& globals);
void register_pop(Command app, Globals& globals);
void register_renew(Command app, Globals& globals);
void register_request(Command app, Globals& globals);
void register_respond(Command app, Globals& globals);
void register_revoke(Command app, Globals& globals);
void register_serve(Command app, Globals& globals);
void register_shared_token(Command app, Globals& globals);
void register_submit(Command app, Globals& globals);
void register_verify(Command app, Globals& globals);

}  // namespace cmcctl::cli
