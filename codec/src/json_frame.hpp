#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "json_form.hpp"
#include "schema.hpp"

namespace cmcctl {

/// How the length of an element is to be written.
struct LengthForm {
  bool indefinite = false;
  std::size_t octets = 0;  // of the long form; 0: as few as it takes
};

/// What the side notes of one value ask for.
struct JsonNotes {
  std::optional<json_form::Tag> tag;
  std::optional<LengthForm> length;
  std::vector<LengthForm> outer;
  std::optional<std::size_t> claims;
  std::optional<std::vector<std::size_t>> segments;
  bool equal_segments = false;
  bool keep_order = false;
  bool bare = false;
  bool direct = false;
  std::vector<std::string> omit;
  std::vector<std::string> defaults;
  std::string signed_part;

  bool change_element() const { return tag || length || claims || segments; }
};

/// Where a value stands: what the module, or the tag in front of it, says about it.
struct JsonPosition {
  const schema::Member* member = nullptr;  // nullptr: any element
  std::optional<json_form::Tag> tag;       // an element without a type, with this tag
  bool wraps = false;                      // an OCTET STRING that holds an encoding

  /// nullptr where only the value itself can tell.
  const schema::Type* type() const;
  /// EXPLICIT tags around the element.
  std::size_t outer_tags() const;
};

/// An object or array that has begun.
struct JsonFrame {
  enum class Shape : std::uint8_t {
    undecided,
    members,      // of a SEQUENCE
    alternative,  // of a CHOICE
    element,      // {"INTEGER": 5}, {"PKIData": {…}}
    value,        // {"$value": …} beside notes
    raw,          // {"$raw": "…"}
    octets,       // {"hex": "…", "unused": 3}
    elements,     // array: of a list, or without a type
    lengths,      // array in a note
    sizes,
    names,
    bits,  // array: the names of the bits that are set
  };

  struct Chunk {
    std::size_t member;  // its place in the SEQUENCE
    std::size_t start;
  };

  Shape shape = Shape::undecided;
  bool array = false;
  JsonPosition position;
  std::size_t start = 0;                    // where its octets begin
  const schema::Type* type = nullptr;       // SEQUENCE or CHOICE of the members
  const schema::Member* element = nullptr;  // of a list; nullptr: any element
  std::size_t index = 0;                    // of the element that is next
  std::string key{};                        // that was read last
  JsonPosition of_key{};                    // what stands behind it
  std::vector<Chunk> chunks{};
  const schema::Type* governed = nullptr;  // what the OBJECT IDENTIFIER that came last says about values without a type
  const schema::Type* holds = nullptr;     // the type that was named for a value in it
  JsonNotes notes{};
  std::vector<std::uint8_t> octets{};
  std::int64_t unused = 0;
};

}  // namespace cmcctl
