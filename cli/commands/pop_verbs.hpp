#pragma once

#include "command.hpp"

/// The verbs of `pop`, each in a file of its own.
namespace cmcctl::cli {

void register_pop_challenge(Command pop, Globals& globals);
void register_pop_answer(Command pop, Globals& globals);

}  // namespace cmcctl::cli
