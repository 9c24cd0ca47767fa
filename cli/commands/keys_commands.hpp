#pragma once

#include <optional>
#include <string>

#include <cmcctl/crypto/token.hpp>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "keys.hpp"

/// What the subcommands of `keys` share.
namespace cmcctl::cli {

using Json = nlohmann::ordered_json;

struct KeysOptions {
  std::string source;
  std::string password;
};

/// The STORE or KEY that a subcommand is about, and --password.
void add_source(Command command, KeysOptions& options, const std::string& name, const std::string& description);

/// A public key with its identifiers in every form that tools ask for.
Json key_json(const PublicKey& key);

/// Prints `answer` for scripts, or as lines "name  value" for people.
void print_answer(const Globals& globals, const Json& answer);

void register_keys_list(Command keys, Globals& globals);
void register_keys_show(Command keys, Globals& globals);  ///< find, id, export-pub
void register_keys_make(Command keys, Globals& globals);  ///< gen, import-cert

}  // namespace cmcctl::cli
