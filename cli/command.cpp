#include "command.hpp"

#include <utility>

namespace cmcctl::cli {

void add_json_option(CLI::App& command, Globals& globals) {
  command.add_flag("--json", globals.json, "Answer in JSON")->envname("CMCCTL_JSON");
}

void set_action(CLI::App& command, Globals& globals, std::function<ExitCode()> action) {
  command.callback([&globals, action = std::move(action)] { globals.action = action; });
}

}  // namespace cmcctl::cli
