#pragma once

#include "command.hpp"

/// The verbs of `cms`, each in a file of its own.
namespace cmcctl::cli {

void register_cms_decrypt(Command cms, Globals& globals);
void register_cms_encrypt(Command cms, Globals& globals);
void register_cms_mac(Command cms, Globals& globals);
void register_cms_unwrap(Command cms, Globals& globals);
void register_cms_sign(Command cms, Globals& globals);

}  // namespace cmcctl::cli
