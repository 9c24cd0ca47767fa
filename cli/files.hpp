#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include <cmcctl/codec/octets.hpp>

#include "io.hpp"

namespace cmcctl::cli {

/// The bytes of a file, or why they cannot be had.
struct FileBytes {
  std::vector<std::uint8_t> bytes;
  std::string problem;      ///< "No such file or directory"; empty when all went well
  bool too_large = false;   ///< more than `limit` octets: `bytes` holds the first ones
};

/// Reads a file whole, or standard input for "-", but never more than `limit` octets and one.
FileBytes read_file(const std::string& name, Io& io, std::size_t limit);

/// Writes a file whole or not at all: others see the old bytes or the new ones. What is no regular file (a pipe, a
/// device) is written to as it stands. Returns the problem, "No space left on device", or nothing.
std::string write_file(const std::string& name, Octets bytes);

}  // namespace cmcctl::cli
