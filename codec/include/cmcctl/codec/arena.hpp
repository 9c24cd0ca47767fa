#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

#include <cmcctl/codec/octets.hpp>

namespace cmcctl {

/// Memory for the values of one message: handed out in order, given back all at once by `reset`, within a budget.
/// `reset` keeps the memory, so decoding message after message allocates nothing.
class Arena {
 public:
  explicit Arena(std::size_t budget = SIZE_MAX) : budget_(budget) {}
  Arena(Arena&&) noexcept = default;
  Arena& operator=(Arena&&) noexcept = default;

  /// Uninitialised storage for `count` values, or nullptr when the budget does not allow it.
  template <class T>
  T* allocate(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>, "the arena runs no destructors");
    if (count > budget_ / sizeof(T)) return nullptr;
    return static_cast<T*>(raw(count * sizeof(T), alignof(T)));
  }

  /// A copy of `bytes`, or an empty view when the budget does not allow it.
  Octets copy(Octets bytes);

  /// Forgets everything handed out and sets the budget for the next message.
  void reset(std::size_t budget);

  std::size_t used() const { return used_; }

 private:
  struct Block {
    std::unique_ptr<std::uint8_t[]> memory;
    std::size_t size = 0;
  };

  void* raw(std::size_t size, std::size_t alignment) {
    const std::size_t padding = -reinterpret_cast<std::uintptr_t>(next_) & (alignment - 1);
    if (static_cast<std::size_t>(end_ - next_) <= size + padding) return raw_in_new_block(size);
    std::uint8_t* const result = next_ + padding;
    next_ = result + size;
    used_ += size + padding;
    return result;
  }
  void* raw_in_new_block(std::size_t size);
  bool add_block(std::size_t at_least);

  std::vector<Block> blocks_;
  std::size_t current_ = 0;  // blocks before this one are full
  std::uint8_t* next_ = nullptr;
  std::uint8_t* end_ = nullptr;
  std::size_t used_ = 0;
  std::size_t budget_;
};

}  // namespace cmcctl
