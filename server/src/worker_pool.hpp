#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace cmcctl {

/// A few threads, and a queue with an end.
class WorkerPool {
 public:
  WorkerPool(unsigned threads, std::size_t most_waiting);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  /// What runs is waited for, what waits is dropped.
  ~WorkerPool();

  /// False when too much is waiting already. `work` throws nothing.
  bool submit(std::function<void()> work);

 private:
  void serve();

  std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace cmcctl
