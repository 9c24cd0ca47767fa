#include "cms_sign.hpp"

namespace cmcctl::cli {

void register_cms(CLI::App& app, Globals& globals) {
  CLI::App& command = *app.add_subcommand("cms", "Make the layers of CMS that messages are wrapped in");
  command.require_subcommand(1);
  register_cms_sign(command, globals);
}

}  // namespace cmcctl::cli
