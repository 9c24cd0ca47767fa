#pragma once

#include <ctime>

namespace cmcctl::test {

/// Seconds of processor time of this thread: they do not depend on what else the machine does.
inline double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace cmcctl::test
