#include <cmcctl/crypto/check.hpp>

#include <algorithm>

namespace cmcctl {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "pass";
    case Verdict::fail: return "fail";
    case Verdict::unknown: return "unknown";
    case Verdict::skipped: return "skipped";
  }
  return {};
}

Verdict worst(const std::vector<Check>& checks) {
  const auto any = [&](Verdict verdict) { return std::ranges::find(checks, verdict, &Check::verdict) != checks.end(); };
  if (any(Verdict::fail)) return Verdict::fail;
  return any(Verdict::unknown) ? Verdict::unknown : Verdict::pass;
}

}  // namespace cmcctl
