#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace cmcctl::mutation {

/// SplitMix64: the standard library's distributions differ between platforms, these numbers do not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  /// A number from 0 to `count` - 1; `count` is not 0.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
  std::size_t between(std::size_t first, std::size_t last) { return first + below(last - first + 1); }
  std::uint8_t octet() { return static_cast<std::uint8_t>(next() >> 56); }
  bool one_in(std::size_t count) { return below(count) == 0; }

  template <class Values>
  auto& of(const Values& values) {
    return values[below(std::size(values))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace cmcctl::mutation
