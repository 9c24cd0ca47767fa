#pragma once

#include <condition_variable>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>

namespace cmcctl::cli {

/// Says on a terminal what takes more than a second, until it is over. On anything but a terminal it is silent.
class Progress {
 public:
  Progress(std::ostream& err, std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

 private:
  void wait();

  std::ostream& err_;
  std::string what_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace cmcctl::cli
