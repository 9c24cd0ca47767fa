#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include <cmcctl/codec/octets.hpp>

namespace cmcctl {

/// Memory that is overwritten with zeros before it is given back.
template <class T>
struct ZeroingAllocator : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = ZeroingAllocator<U>;
  };
  ZeroingAllocator() = default;
  template <class U>
  ZeroingAllocator(const ZeroingAllocator<U>&) {}

  void deallocate(T* memory, std::size_t count) {
    explicit_bzero(memory, count * sizeof(T));
    std::allocator<T>::deallocate(memory, count);
  }
};

/// Keys, passwords and decrypted contents.
using SecretOctets = std::vector<std::uint8_t, ZeroingAllocator<std::uint8_t>>;

inline SecretOctets secret_copy(Octets bytes) { return {bytes.begin(), bytes.end()}; }

/// A copy of what has become secret only now; `bytes` are overwritten.
inline SecretOctets secret_taken(std::vector<std::uint8_t>&& bytes) {
  SecretOctets secret(bytes.begin(), bytes.end());
  explicit_bzero(bytes.data(), bytes.size());
  return secret;
}

/// Equal or not, in a time that depends on the lengths alone. For MACs, witnesses and whatever else is secret.
bool equal_in_constant_time(Octets a, Octets b);

}  // namespace cmcctl
