#include "event_log.hpp"

#include <array>
#include <chrono>
#include <ctime>

#include <nlohmann/json.hpp>

namespace cmcctl {
namespace {

constexpr std::size_t most_characters = 1'024;

std::string time_now() {
  using namespace std::chrono;
  const auto now = system_clock::now();
  const std::time_t seconds = system_clock::to_time_t(now);
  const auto milliseconds = duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1'000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text;
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.", &utc);
  return std::string(text.data(), size) + std::to_string(1'000 + milliseconds).substr(1) + "Z";
}

}  // namespace

void EventLog::write(std::string_view event, const std::vector<Member>& members) {
  if (!sink_) return;
  nlohmann::ordered_json line{{"time", time_now()}, {"event", event}};
  for (const Member& member : members) {
    if (!member.value.empty()) line[std::string(member.name)] = member.value.substr(0, most_characters);
  }
  const std::string text = line.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
  const std::lock_guard lock(mutex_);
  sink_(text);
}

}  // namespace cmcctl
