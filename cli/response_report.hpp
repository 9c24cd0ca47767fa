#pragma once

#include <ostream>

#include <cmcctl/cmc/client.hpp>
#include <nlohmann/json.hpp>

#include "exit_code.hpp"

namespace cmcctl::cli {

/// The outcome in a word, the next step, and below them what was found.
void write_response(std::ostream& out, const ResponseReport& report, bool color);

nlohmann::ordered_json json_of_response(const ResponseReport& report);

/// 0 issued or done, 5 pending or partly so, 6 one more step, else 1.
ExitCode exit_code_of(const ResponseReport& report);

}  // namespace cmcctl::cli
