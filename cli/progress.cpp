#include "progress.hpp"

#include <chrono>

#include <cmcctl/codec/text.hpp>

#include "io.hpp"

namespace cmcctl::cli {

Progress::Progress(std::ostream& err, std::string what) : err_(err), what_(std::move(what)) {
  constexpr int standard_error = 2;
  if (is_terminal(standard_error)) thread_ = std::thread([this] { wait(); });
}

Progress::~Progress() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Progress::wait() {
  constexpr std::string_view erase_line = "\r\x1b[K";
  std::unique_lock lock(mutex_);
  if (changed_.wait_for(lock, std::chrono::seconds(1), [this] { return over_; })) return;
  err_ << escape(what_) << " ..." << std::flush;
  changed_.wait(lock, [this] { return over_; });
  err_ << erase_line << std::flush;
}

}  // namespace cmcctl::cli
