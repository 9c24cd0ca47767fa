#include "keys_commands.hpp"

#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/key_id.hpp>

#include "text.hpp"

namespace cmcctl::cli {
namespace {

constexpr std::size_t value_column = 22;

void print_lines(std::ostream& out, const Json& value, const std::string& indent) {
  for (const auto& [name, member] : value.items()) {
    if (name == "schema") continue;
    if (member.is_object()) {
      out << indent << name << '\n';
      print_lines(out, member, indent + "  ");
    } else if (!member.is_string() || !member.get_ref<const std::string&>().empty()) {
      const std::string text = member.is_string() ? escape(member.get_ref<const std::string&>()) : member.dump();
      out << wrapped(indent + name, value_column, text);
    }
  }
}

}  // namespace

void add_source(Command command, KeysOptions& options, const std::string& name, const std::string& description) {
  command.add_option(name, options.source, description).required().type_name("");
  command.add_option("--password", options.password, "Password or PIN: file:PATH, env:NAME, fd:NUMBER, prompt or pass:TEXT")
      .type_name("SOURCE");
}

Json key_json(const PublicKey& key) {
  const auto id = nss_key_id(key);
  return {{"algorithm", key.text()},
          {"nssId", hex(id)},
          {"dogtagId", dogtag_key_id(id)},
          {"hexId", "0x" + hex(id)},
          {"keyIdentifier", hex(key.key_identifier())}};
}

void print_answer(const Globals& globals, const Json& answer) {
  if (globals.json) {
    globals.io.out << answer.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    print_lines(globals.io.out, answer, "");
  }
}

void register_keys(Command app, Globals& globals) {
  const Command command = app.add_subcommand("keys", "Show, find and make keys in files, NSS databases and tokens");
  command.needs_subcommand();
  register_keys_list(command, globals);
  register_keys_show(command, globals);
  register_keys_make(command, globals);
  command.footer(
      "A key is named by a file, as nss:DIR?nickname=NAME&token=NAME&id=HEX, or as pkcs11:token=NAME;object=NAME;id=%A1%B2\n"
      "(RFC 7512) with ?module-path=FILE or one of the modules that p11-kit knows. docs/keys.md has it all.");
}

}  // namespace cmcctl::cli
