#include "json_octets.hpp"

#include <algorithm>

#include <cmcctl/codec/tlv.hpp>
#include "writer.hpp"

namespace cmcctl {
namespace {

using json_form::Tag;

void append_tag(OctetBuffer& to, Tag tag, bool constructed) {
  const std::uint8_t first = static_cast<std::uint8_t>(tag.class_bits | (constructed ? tlv::constructed_bit : 0));
  if (tag.number < tlv::number_bits) {
    to.push_back(static_cast<std::uint8_t>(first | tag.number));
    return;
  }
  to.push_back(first | tlv::number_bits);
  int shift = 28;
  while (shift > 0 && tag.number >> shift == 0) shift -= 7;
  for (; shift >= 0; shift -= 7)
    to.push_back(static_cast<std::uint8_t>((tag.number >> shift & 0x7F) | (shift != 0 ? 0x80 : 0)));
}

void append_length(OctetBuffer& to, std::size_t length, std::size_t at_least = 0) {
  if (length < 0x80 && at_least == 0) {
    to.push_back(static_cast<std::uint8_t>(length));
    return;
  }
  std::size_t octets = 1;
  while (octets < sizeof length && length >> 8 * octets != 0) ++octets;
  octets = std::max(octets, std::min<std::size_t>(at_least, 126));
  to.push_back(static_cast<std::uint8_t>(0x80 | octets));
  for (std::size_t i = octets; i-- != 0;)
    to.push_back(i < sizeof length ? static_cast<std::uint8_t>(length >> 8 * i) : 0);
}

void append_length(OctetBuffer& to, std::size_t length, const LengthForm& form) {
  if (form.indefinite) {
    to.push_back(0x80);
  } else {
    append_length(to, length, form.octets);
  }
}

void insert(OctetBuffer& out, std::size_t start, const OctetBuffer& octets) {
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(start), octets.begin(), octets.end());
}

Tag tag_of(std::uint8_t id) {
  return {static_cast<std::uint8_t>(id & tlv::class_bits), static_cast<std::uint32_t>(id & tlv::number_bits)};
}

// The string cut into segments: in the sizes given, the rest as one more.
OctetBuffer segmented(Octets content, const JsonNotes& notes) {
  OctetBuffer result;
  std::size_t at = 0;
  const auto cut = [&](std::size_t size) {
    size = std::min(size, content.size() - at);
    result.push_back(tlv::octet_string);
    append_length(result, size);
    const Octets segment = content.sub(at, size);
    result.insert(result.end(), segment.begin(), segment.end());
    at += size;
  };
  if (notes.equal_segments) {
    while (at < content.size()) cut(notes.segments->front());
    return result;
  }
  for (const std::size_t size : *notes.segments) cut(size);
  if (at < content.size()) cut(content.size() - at);
  return result;
}

}  // namespace

void put_header(OctetBuffer& out, std::size_t start, Tag tag, bool constructed) {
  OctetBuffer header;
  append_tag(header, tag, constructed);
  append_length(header, out.size() - start);
  insert(out, start, header);
}

void put_tags(OctetBuffer& out, std::size_t start, const schema::Member& member, bool constructed) {
  for (std::size_t i = member.tag_count; i-- != 0;) {
    put_header(out, start, tag_of(member.tags[i]), constructed || i + 1u != member.tag_count);
  }
}

void put_outer_tags(OctetBuffer& out, std::size_t start, const schema::Member& member) {
  for (std::size_t i = outer_tags(member); i-- != 0;) put_header(out, start, tag_of(member.tags[i]), true);
}

namespace {

// The header that the notes ask for, in front of `length` octets; `id` points to the element's own tag.
OctetBuffer noted_header(const std::uint8_t* id, bool constructed, std::size_t length, const JsonNotes& notes) {
  OctetBuffer header;
  if (notes.tag) {
    append_tag(header, *notes.tag, constructed);
  } else {
    do header.push_back(*id);
    while ((header[0] & tlv::number_bits) == tlv::number_bits && (header.size() == 1 || (*id & 0x80) != 0) && ++id);
    if (constructed) header[0] |= tlv::constructed_bit;
  }
  append_length(header, notes.claims.value_or(length), notes.length.value_or(LengthForm{}));
  return header;
}

}  // namespace

void apply_notes(OctetBuffer& out, std::size_t start, std::size_t outer, const JsonNotes& notes) {
  if (!notes.change_element() && notes.outer.empty()) return;
  std::vector<std::uint8_t> outer_ids;
  Octets inner = Octets(out).from(start);
  for (std::size_t i = 0; i < outer; ++i) {
    outer_ids.push_back(inner[0]);
    inner = tlv::first(inner).content;
  }
  OctetBuffer header;
  OctetBuffer tail;
  std::optional<OctetBuffer> cut;
  if (notes.change_element()) {
    const tlv::Element element = tlv::first(inner);
    bool constructed = tlv::is_constructed(element.id);
    inner = element.content;
    if (!constructed && notes.segments) {
      cut = segmented(element.content, notes);
      inner = Octets(*cut);
      constructed = true;
    }
    header = noted_header(element.whole.data(), constructed, inner.size(), notes);
    if (notes.length && notes.length->indefinite) tail.assign(2, 0x00);
  }
  for (std::size_t i = outer; i-- != 0;) {
    const LengthForm form = i < notes.outer.size() ? notes.outer[i] : LengthForm{};
    OctetBuffer around{outer_ids[i]};
    append_length(around, header.size() + inner.size() + tail.size(), form);
    if (form.indefinite) tail.insert(tail.end(), 2, 0x00);
    insert(header, 0, around);
  }
  if (cut) {
    out.resize(start);
    out.insert(out.end(), header.begin(), header.end());
    out.insert(out.end(), cut->begin(), cut->end());
  } else {
    const auto from = out.begin() + static_cast<std::ptrdiff_t>(start);
    out.erase(from, out.begin() + (inner.data() - out.data()));
    insert(out, start, header);
  }
  out.insert(out.end(), tail.begin(), tail.end());
}

void sort_set(OctetBuffer& out, std::vector<JsonFrame::Chunk>& chunks) {
  if (chunks.empty()) return;
  const std::size_t start = chunks.front().start;
  std::vector<Octets> elements;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const std::size_t end = i + 1 < chunks.size() ? chunks[i + 1].start : out.size();
    elements.push_back(Octets(out).sub(chunks[i].start, end - chunks[i].start));
  }
  const auto before = [](Octets a, Octets b) { return set_order(a, b) < 0; };
  if (std::ranges::is_sorted(elements, before)) return;
  std::ranges::stable_sort(elements, before);
  OctetBuffer ordered;
  for (const Octets element : elements) ordered.insert(ordered.end(), element.begin(), element.end());
  std::ranges::copy(ordered, out.begin() + static_cast<std::ptrdiff_t>(start));
}

void sort_members(OctetBuffer& out, std::vector<JsonFrame::Chunk>& chunks) {
  if (std::ranges::is_sorted(chunks, {}, &JsonFrame::Chunk::member)) return;
  struct Piece {
    std::size_t member;
    OctetBuffer octets;
  };
  std::vector<Piece> pieces;
  const std::size_t start = chunks.front().start;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const std::size_t end = i + 1 < chunks.size() ? chunks[i + 1].start : out.size();
    pieces.push_back({chunks[i].member, OctetBuffer(out.begin() + static_cast<std::ptrdiff_t>(chunks[i].start),
                                                    out.begin() + static_cast<std::ptrdiff_t>(end))});
  }
  std::ranges::stable_sort(pieces, {}, &Piece::member);
  out.resize(start);
  chunks.clear();
  for (const Piece& piece : pieces) {
    chunks.push_back({piece.member, out.size()});
    out.insert(out.end(), piece.octets.begin(), piece.octets.end());
  }
}

}  // namespace cmcctl
