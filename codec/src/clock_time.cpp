#include <cmcctl/codec/clock_time.hpp>

#include <array>
#include <ctime>

namespace cmcctl {
namespace {

std::string formatted(std::int64_t seconds, const char* format) {
  const std::time_t time = seconds;
  std::tm utc{};
  if (gmtime_r(&time, &utc) == nullptr) return {};
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &utc)};
}

}  // namespace

std::string generalized_time_text(std::int64_t seconds_since_1970) {
  return formatted(seconds_since_1970, "%Y%m%d%H%M%SZ");
}

std::string iso8601(std::int64_t seconds_since_1970) { return formatted(seconds_since_1970, "%Y-%m-%dT%H:%M:%SZ"); }

}  // namespace cmcctl
