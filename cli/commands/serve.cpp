#include "serve_verbs.hpp"

namespace cmcctl::cli {

void register_serve(Command app, Globals& globals) {
  const Command command = app.add_subcommand("serve", "Answer requests: a CA for tests");
  command.needs_subcommand();
  register_serve_ca(command, globals);
}

}  // namespace cmcctl::cli
