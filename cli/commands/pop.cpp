#include "pop_verbs.hpp"

namespace cmcctl::cli {

void register_pop(CLI::App& app, Globals& globals) {
  CLI::App& pop = *app.add_subcommand("pop", "Prove the possession of keys that cannot sign: challenges and answers");
  pop.require_subcommand(1);
  pop.fallthrough();
  register_pop_challenge(pop, globals);
  register_pop_answer(pop, globals);
}

}  // namespace cmcctl::cli
