#include "pop_verbs.hpp"

namespace cmcctl::cli {

void register_pop(Command app, Globals& globals) {
  const Command pop = app.add_subcommand("pop", "Prove the possession of keys that cannot sign: challenges and answers");
  pop.needs_subcommand();
  register_pop_challenge(pop, globals);
  register_pop_answer(pop, globals);
}

}  // namespace cmcctl::cli
