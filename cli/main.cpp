#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <ostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/version.hpp>

#include "command.hpp"
#include "exit_code.hpp"
#include "io.hpp"
#include "suggest.hpp"

namespace cmcctl::cli {
namespace {

/// In the order in which --help lists them.
constexpr RegisterCommand commands[] = {
    register_inspect,
    register_verify,
    register_decode,
    register_encode,
    register_convert,
    register_enroll,
    register_renew,
    register_revoke,
    register_poll,
    register_submit,
    register_request,
    register_respond,
    register_pop,
    register_shared_token,
    register_serve,
    register_ca,
    register_cms,
    register_keys,
    register_mutate,
    register_diff,
    register_explain,
    register_doctor,
    register_completion,
};

void add_global_options(CLI::App& app, Globals& globals) {
  app.set_version_flag("--version", "cmcctl " + std::string(version), "Print the version and leave");
  app.add_option("--color", globals.color, "Colour the output")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->envname("CMCCTL_COLOR");
  app.add_flag("-q,--quiet", globals.quiet, "Say nothing but the answer, whatever --verbose asks for")
      ->envname("CMCCTL_QUIET");
  app.add_flag("-v,--verbose", globals.verbose, "Say on stderr what is done")->envname("CMCCTL_VERBOSE");
  app.set_config("--config", "", "Read options from this TOML file");
}

void build(CLI::App& app, Globals& globals) {
  app.require_subcommand(1);
  app.fallthrough();  // global options may stand after the verb, too
  app.get_formatter()->column_width(28);
  add_global_options(app, globals);
  for (const RegisterCommand command : commands) command(Command(app), globals);
}

/// The innermost command that was named on the command line.
const CLI::App& chosen(const CLI::App& app) {
  const auto named = app.get_subcommands();
  return named.empty() ? app : chosen(*named.front());
}

/// "cmcctl keys list" for the command `list` of the command `keys`.
std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : full_name(*app.get_parent()) + " " + app.get_name();
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* level = &app; level != nullptr; level = level->get_parent()) {
    for (const CLI::Option* option : level->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

/// What is wrong with the call, better than the parser says it where a word is unknown.
std::string explain_usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = chosen(app);
  const auto unknown = app.remaining(true);
  if (unknown.empty()) return error.what();
  const std::string& word = unknown.front();
  if (word.starts_with("-")) {
    const std::string name = word.substr(0, word.find('='));
    return "unknown option '" + escape(name) + "'" + did_you_mean(nearest(name, option_names(command)));
  }
  const auto names = command_names(command);
  if (names.empty()) return error.what();
  return "unknown command '" + escape(word) + "'" + did_you_mean(nearest(word, names));
}

ExitCode report_usage_error(const CLI::App& app, const CLI::ParseError& error, Io& io) {
  const CLI::App& command = chosen(app);
  if (command.get_parent() == nullptr && app.remaining(true).empty() &&
      dynamic_cast<const CLI::RequiredError*>(&error)) {
    io.err << app.help();
    return ExitCode::usage;
  }
  const std::string name = full_name(command);
  io.err << name << ": " << explain_usage_error(app, error) << '\n';
  if (dynamic_cast<const CLI::FileError*>(&error) != nullptr) return ExitCode::io;  // --config names no file
  io.err << "Run '" << name << " --help' to see what there is.\n";
  return ExitCode::usage;
}

/// Refuses a variable whose value its option does not take: CLI11 2.1 does so itself, CLI11 2.4 passes over it.
void check_variables(const CLI::App& app) {
  for (const CLI::App* level = &chosen(app); level != nullptr; level = level->get_parent()) {
    for (const CLI::Option* option : level->get_options()) {
      const std::string variable = option->get_envname();
      const char* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
      const bool is_set = value != nullptr && *value != '\0';
      if (is_set && option->count() == 0) {
        throw CLI::ValidationError(variable, escape(value) + " is no value of " + option->get_name());
      }
    }
  }
}

ExitCode parse_and_run(int argc, const char* const* argv, Io& io) {
  CLI::App app("Read, build, check, send and answer CMC messages (RFC 10002)", "cmcctl");
  Globals globals{io, app};
  build(app, globals);
  try {
    app.parse(argc, argv);
    check_variables(app);
  } catch (const CLI::Success& success) {  // --help and --version
    app.exit(success, io.out, io.err);
    return ExitCode::ok;
  } catch (const CLI::ParseError& error) {
    return report_usage_error(app, error, io);
  }
  io.color = wants_color(globals.color, io.out_is_terminal);
  return globals.action();
}

ExitCode report_bug(const char* what, Io& io) {
  io.err << "cmcctl: internal error: " << escape(what) << " (cmcctl " << version << "); please report this line\n";
  return ExitCode::internal;
}

ExitCode run(int argc, const char* const* argv, Io& io) {
  try {
    return parse_and_run(argc, argv, io);
  } catch (const std::exception& error) {
    return report_bug(error.what(), io);
  } catch (...) {
    return report_bug("unknown exception", io);
  }
}

int main_with_streams(int argc, const char* const* argv) {
  std::signal(SIGPIPE, SIG_IGN);  // write() says EPIPE instead, on pipes and on sockets
  std::ios::sync_with_stdio(false);
  FileOutput standard_output(1);
  FileOutput standard_error(2);
  std::ostream out(&standard_output);
  std::ostream err(&standard_error);
  err << std::unitbuf;
  Io io{std::cin, out, err, is_terminal(1)};

  ExitCode code = run(argc, argv, io);
  out.flush();
  // A reader that has seen enough is no failure: `cmcctl explain rules | head`.
  const int error = standard_output.error();
  if (error != 0 && error != EPIPE) {
    err << "cmcctl: cannot write to standard output: " << std::strerror(error) << '\n';
    code = worst(code, ExitCode::io);
  }
  return static_cast<int>(code);
}

}  // namespace
}  // namespace cmcctl::cli

int main(int argc, char** argv) { return cmcctl::cli::main_with_streams(argc, argv); }
