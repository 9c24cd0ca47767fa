#pragma once

#include "command.hpp"

/// The verbs of `cms`, each in a file of its own.
namespace cmcctl::cli {

void register_cms_decrypt(CLI::App& cms, Globals& globals);
void register_cms_encrypt(CLI::App& cms, Globals& globals);
void register_cms_mac(CLI::App& cms, Globals& globals);
void register_cms_unwrap(CLI::App& cms, Globals& globals);
void register_cms_sign(CLI::App& cms, Globals& globals);

}  // namespace cmcctl::cli
