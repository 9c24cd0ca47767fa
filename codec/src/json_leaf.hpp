#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema.hpp"

namespace cmcctl {

/// A value of JSON that is neither object nor array.
struct JsonScalar {
  enum class Kind : std::uint8_t { null, boolean, number, text } kind = Kind::null;
  std::int64_t number = 0;  // of a boolean: 0 or 1
  std::string_view text{};  // of a number too large for that: its digits
  bool large = false;
};

/// The content octets that a scalar stands for as a value of this type. False: it does not; `expected` tells what
/// would.
bool leaf_content(const schema::Type& type, const JsonScalar& scalar, std::vector<std::uint8_t>& content,
                  std::string& expected);

/// Appends the octets of hexadecimal; false when it is none.
bool append_hex(std::string_view hex, std::vector<std::uint8_t>& octets);

}  // namespace cmcctl
