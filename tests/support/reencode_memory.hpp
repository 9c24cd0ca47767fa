#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

/// Replaces operator new and delete by ones that count. For programs of one source file.
namespace cmcctl::test {

struct Memory {
  std::size_t allocations = 0;
  std::size_t now = 0;
  std::size_t peak = 0;
};

inline Memory memory;

namespace detail {

constexpr std::size_t header = 32;  // keeps the alignment of malloc

inline void* try_to_allocate(std::size_t size) {
  void* block = std::malloc(size + header);
  if (block == nullptr) return nullptr;
  *static_cast<std::size_t*>(block) = size;
  ++memory.allocations;
  memory.now += size;
  if (memory.now > memory.peak) memory.peak = memory.now;
  return static_cast<char*>(block) + header;
}

inline void* allocate(std::size_t size) {
  void* block = try_to_allocate(size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

inline void release(void* pointer) {
  if (pointer == nullptr) return;
  void* block = static_cast<char*>(pointer) - header;
  memory.now -= *static_cast<std::size_t*>(block);
  std::free(block);
}

}  // namespace detail
}  // namespace cmcctl::test

void* operator new(std::size_t size) { return cmcctl::test::detail::allocate(size); }
void* operator new[](std::size_t size) { return cmcctl::test::detail::allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return cmcctl::test::detail::try_to_allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return cmcctl::test::detail::try_to_allocate(size); }
void operator delete(void* pointer) noexcept { cmcctl::test::detail::release(pointer); }
void operator delete[](void* pointer) noexcept { cmcctl::test::detail::release(pointer); }
void operator delete(void* pointer, std::size_t) noexcept { cmcctl::test::detail::release(pointer); }
void operator delete[](void* pointer, std::size_t) noexcept { cmcctl::test::detail::release(pointer); }
