#pragma once

#include <array>
#include <cstddef>

#include <cmcctl/codec/arena.hpp>

#include "scan.hpp"
#include "source_map.hpp"

namespace cmcctl {

/// What BER has that DER has not, as far as it shows without knowing the types.
enum class BerForm : std::uint8_t { indefinite_length, long_length, constructed_string, boolean_value, unused_bits };
constexpr std::size_t ber_forms = 5;

/// How often each form occurred, and where first.
struct BerNotes {
  struct Note {
    std::size_t count = 0;
    const std::uint8_t* first = nullptr;
  };
  std::array<Note, ber_forms> notes;

  void add(BerForm form, const std::uint8_t* at) {
    Note& note = notes[static_cast<std::size_t>(form)];
    if (note.count++ == 0) note.first = at;
  }
};

struct Normalised {
  Octets der;
  BerNotes notes;
};

/// Rewrites the one BER element at the start of `bytes` as DER into the arena, in linear time without recursion, and
/// tells the map what came from where. Contents of OCTET STRINGs are not looked into. SETs keep their order: only a
/// reader who knows the types can tell a SET OF. A refusal is described in `scan`, whose outcome stays `der` else.
Normalised normalise_ber(Octets bytes, const Limits& limits, std::size_t depth, Arena& arena, SourceMap& map,
                         Scan& scan);

}  // namespace cmcctl
