#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <cmcctl/codec/octets.hpp>

namespace cmcctl {

/// Knows for every byte that a decoder works on where it stood in the outermost input: bytes that a BER
/// normalisation or the joining of string segments wrote elsewhere are followed back.
class SourceMap {
 public:
  /// A run of bytes that was copied unchanged: `copy` bytes into the region came from `original` on.
  struct Run {
    std::size_t copy;
    const std::uint8_t* original;
  };

  void reset(Octets input);
  void add(Octets copy, std::vector<Run> runs);

  Octets input() const { return input_; }
  bool knows(const std::uint8_t* byte) const;

  /// Offset in the outermost input; 0 for bytes from nowhere.
  std::size_t offset(const std::uint8_t* byte) const;

  /// The bytes of the outermost input that `bytes` was made from: the same bytes unless they were normalised.
  Octets original(Octets bytes) const;

 private:
  struct Region {
    Octets copy;
    std::vector<Run> runs;  // ascending; the first starts at 0
  };

  const std::uint8_t* trace(const std::uint8_t* byte) const;

  Octets input_;
  std::vector<Region> regions_;
};

}  // namespace cmcctl
