#include "command.hpp"

#include <ostream>
#include <utility>

namespace cmcctl::cli {

void add_json_option(Command command, Globals& globals) {
  command.add_flag("--json", globals.json, "Answer in JSON").envname("CMCCTL_JSON");
}

ExitCode without_answer(const Globals& globals, ExitCode code) {
  if (globals.json) globals.io.out << "null\n";
  return code;
}

void set_action(Command command, Globals& globals, std::function<ExitCode()> action) {
  command.callback([&globals, action = std::move(action)] { globals.action = action; });
}

}  // namespace cmcctl::cli
