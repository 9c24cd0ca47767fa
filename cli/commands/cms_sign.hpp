#pragma once

#include "command.hpp"

namespace cmcctl::cli {

void register_cms_sign(CLI::App& cms, Globals& globals);

}  // namespace cmcctl::cli
