#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

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
void add_json_option(CLI::App& command, Globals& globals);

/// With --json something is written for every exit code: null where there is no answer to tell of.
ExitCode without_answer(const Globals& globals, ExitCode code);

/// Makes `action` run once the whole command line is known to be right.
void set_action(CLI::App& command, Globals& globals, std::function<ExitCode()> action);

/// Each command declares its options in one function of this form, in commands/<verb>.cpp; main.cpp lists them.
using RegisterCommand = void (*)(CLI::App& app, Globals& globals);

void register_ca(CLI::App& app, Globals& globals);
void register_cms(CLI::App& app, Globals& globals);
void register_completion(CLI::App& app, Globals& globals);
void register_convert(CLI::App& app, Globals& globals);
void register_decode(CLI::App& app, Globals& globals);
void register_diff(CLI::App& app, Globals& globals);
void register_doctor(CLI::App& app, Globals& globals);
void register_encode(CLI::App& app, Globals& globals);
void register_enroll(CLI::App& app, Globals& globals);
void register_explain(CLI::App& app, Globals& globals);
void register_inspect(CLI::App& app, Globals& globals);
void register_keys(CLI::App& app, Globals& globals);
void register_mutate(CLI::App& app, Globals& globals);
void register_poll(CLI::App& app, Globals& globals);
void register_pop(CLI::App& app, Globals& globals);
void register_renew(CLI::App& app, Globals& globals);
void register_request(CLI::App& app, Globals& globals);
void register_respond(CLI::App& app, Globals& globals);
void register_revoke(CLI::App& app, Globals& globals);
void register_serve(CLI::App& app, Globals& globals);
void register_shared_token(CLI::App& app, Globals& globals);
void register_submit(CLI::App& app, Globals& globals);
void register_verify(CLI::App& app, Globals& globals);

}  // namespace cmcctl::cli
