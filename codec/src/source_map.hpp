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

  /// An element whose last octet is none of the copied ones, but of end-of-contents, say: where it starts in the
  /// region, and where it ended, counted from where the first run came from. Small, because there may be a million.
  struct End {
    std::uint32_t copy;
    std::uint32_t original;
  };

  void reset(Octets input);
  void add(Octets copy, std::vector<Run> runs, std::vector<End> ends = {});

  Octets input() const { return input_; }
  bool knows(const std::uint8_t* byte) const;

  /// Offset in the outermost input; 0 for bytes from nowhere.
  std::size_t offset(const std::uint8_t* byte) const;

  /// The bytes of the outermost input that `bytes` was made from: the same bytes unless they were normalised. An
  /// element is complete, with its end-of-contents octets.
  Octets original(Octets bytes) const;

 private:
  struct Region {
    Octets copy;
    std::vector<Run> runs;  // ascending; the first starts at 0
    std::vector<End> ends;  // ascending
  };

  const std::uint8_t* last_octet(Octets bytes) const;
  const std::uint8_t* trace(const std::uint8_t* byte) const;

  Octets input_;
  std::vector<Region> regions_;
};

}  // namespace cmcctl
