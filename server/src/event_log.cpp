#include "event_log.hpp"

#include <chrono>

#include <nlohmann/json.hpp>

#include <cmcctl/codec/clock_time.hpp>

namespace cmcctl {
namespace {

constexpr std::size_t most_characters = 1'024;

std::string time_now() {
  using namespace std::chrono;
  const auto milliseconds = duration_cast<std::chrono::milliseconds>(system_clock::now().time_since_epoch()).count();
  std::string text = iso8601(milliseconds / 1'000);
  text.back() = '.';
  return text + std::to_string(1'000 + milliseconds % 1'000).substr(1) + "Z";
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
