#pragma once

#include <ostream>

#include <cmcctl/cmc/client.hpp>
#include <nlohmann/json.hpp>

#include "exit_code.hpp"

namespace cmcctl::cli {

/// The outcome in a word, the next step, and below them what was found.
void write_response(std::ostream& out, const ResponseReport& report, bool color);

nlohmann::ordered_json json_of_response(const ResponseReport& report);

ExitCode exit_code_of(Outcome outcome);

}  // namespace cmcctl::cli
