#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <cmcctl/codec/octets.hpp>

namespace cmcctl {

enum class Severity : unsigned char { note, warning, error };

std::string_view to_string(Severity severity);

/// Something that was read although it is not as the standard has it.
struct Oddity {
  Severity severity = Severity::note;
  std::string_view rule;   ///< id of docs/requirements.tsv
  std::string text;        ///< what is odd, in plain words
  std::size_t offset = 0;  ///< in the outermost input
  std::size_t length = 0;
  std::string path{};      ///< filled in by `inspect`; a decoder alone does not know it
};

}  // namespace cmcctl
