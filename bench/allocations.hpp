#pragma once

#include <cstddef>

namespace cmcctl::bench {

/// How often this thread has asked for memory since it started: malloc, calloc, realloc, aligned_alloc and everything
/// built on them, in the shared libraries too.
std::size_t allocations();

}  // namespace cmcctl::bench
