#pragma once

#include <ostream>

#include <cmcctl/crypto/verify.hpp>

namespace cmcctl::cli {

/// The verdict in words, to the end of the line, and below it every part with its checks.
void write_report(std::ostream& out, const VerifyReport& report, bool color);

}  // namespace cmcctl::cli
