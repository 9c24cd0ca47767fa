#pragma once

#include <cstdint>
#include <vector>

#include "json_frame.hpp"

/// The octets that `encode` makes: elements are written in the order in which their values come, and get their headers
/// when they are complete.
namespace cmcctl {

using OctetBuffer = std::vector<std::uint8_t>;

/// Puts a tag and the shortest length in front of everything from `start` on.
void put_header(OctetBuffer& out, std::size_t start, json_form::Tag tag, bool constructed);

/// Puts the member's own tag in front of contents, then its EXPLICIT tags.
void put_tags(OctetBuffer& out, std::size_t start, const schema::Member& member, bool constructed);

/// How many EXPLICIT tags there are around the element of a member.
inline std::size_t outer_tags(const schema::Member& member) {
  const schema::Kind kind = member.type->kind;
  const bool untagged = kind == schema::Kind::any || kind == schema::Kind::choice;
  return untagged || member.tag_count == 0 ? member.tag_count : member.tag_count - 1u;
}

/// Puts them in front of an element.
void put_outer_tags(OctetBuffer& out, std::size_t start, const schema::Member& member);

/// Writes the element from `start` on, which has `outer` EXPLICIT tags around it and the shortest lengths, as the notes
/// ask for.
void apply_notes(OctetBuffer& out, std::size_t start, std::size_t outer, const JsonNotes& notes);

/// Brings the elements of a SET OF, one chunk each, into the order of DER.
void sort_set(OctetBuffer& out, std::vector<JsonFrame::Chunk>& elements);

/// Brings the members of a SEQUENCE, one chunk each, into the order of the module.
void sort_members(OctetBuffer& out, std::vector<JsonFrame::Chunk>& chunks);

}  // namespace cmcctl
