#include "serve_verbs.hpp"

namespace cmcctl::cli {

void register_serve(CLI::App& app, Globals& globals) {
  CLI::App& command = *app.add_subcommand("serve", "Answer requests: a CA for tests");
  command.require_subcommand(1);
  command.fallthrough();
  register_serve_ca(command, globals);
}

}  // namespace cmcctl::cli
