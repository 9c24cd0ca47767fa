#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cmcctl {

/// How a check ended. `unknown`: it could not be made, although it must; the check's hint says what it would take.
/// `skipped`: nobody asked for it.
enum class Verdict : std::uint8_t { pass, fail, unknown, skipped };

/// "pass", "fail", "unknown", "skipped"
std::string_view to_string(Verdict verdict);

/// One thing that was looked at.
struct Check {
  std::string_view name;        ///< "digest", "signature", "path", "time", ...: fixed words, for scripts
  Verdict verdict = Verdict::unknown;
  std::string text{};           ///< what was found: "not valid before 2027-01-01T00:00:00Z"
  std::string_view rule{};      ///< id of docs/requirements.tsv that is broken; may be empty
  std::string hint{};           ///< what to try next; empty when it passed
};

/// fail before unknown before pass; pass when there is nothing.
Verdict worst(const std::vector<Check>& checks);

}  // namespace cmcctl
