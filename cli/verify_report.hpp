#pragma once

#include <ostream>

#include <nlohmann/json.hpp>

#include <cmcctl/crypto/verify.hpp>

namespace cmcctl::cli {

/// The verdict in words, to the end of the line, and below it every part with its checks.
void write_report(std::ostream& out, const VerifyReport& report, bool color);

/// One check, indented.
void write_check(std::ostream& out, const Check& check, bool color);

nlohmann::ordered_json json_of_check(const Check& check);
nlohmann::ordered_json json_of_part(const VerifiedPart& part);

}  // namespace cmcctl::cli
