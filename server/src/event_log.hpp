#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace cmcctl {

/// Lines for people and programs: one JSON object each, in ASCII, whatever the values hold.
class EventLog {
 public:
  using Sink = std::function<void(const std::string& line)>;
  explicit EventLog(Sink sink) : sink_(std::move(sink)) {}

  struct Member {
    std::string_view name;
    std::string value;
  };
  /// With the time in front; members without a value are left out.
  void write(std::string_view event, const std::vector<Member>& members);

 private:
  std::mutex mutex_;
  Sink sink_;
};

}  // namespace cmcctl
