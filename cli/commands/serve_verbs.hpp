#pragma once

#include "command.hpp"

namespace cmcctl::cli {

void register_serve_ca(Command serve, Globals& globals);

}  // namespace cmcctl::cli
