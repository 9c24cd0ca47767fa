// Kind der: the same elements in unsound encoding. Some of it is BER, some is nothing.
#include <algorithm>
#include <array>

#include <cmcctl/codec/text.hpp>

#include "mutate_edit.hpp"
#include "scan.hpp"

namespace cmcctl::mutation {
namespace {

std::string named(const Element& element) { return tag_name(element.id()); }

bool is_any(const Element&) { return true; }
bool is_definite(const Element& element) { return !element.indefinite; }

// --- Lengths
// ----------------------------------------------------------------------------------------------------------

bool pad_length(Edit& edit) {
  static constexpr std::array<std::uint8_t, 8> sizes{1, 2, 3, 4, 5, 8, 9, 126};
  Element* const element = edit.at(is_definite);
  if (element == nullptr) return false;
  element->least_length_octets = edit.random.of(sizes);
  return edit.done(named(*element) + ", length in " + std::to_string(element->least_length_octets) + " octets or more");
}

bool make_indefinite(Edit& edit) {
  Element* const element = edit.at(is_definite);
  if (element == nullptr) return false;
  element->indefinite = true;
  return edit.done(named(*element) + " with indefinite length");
}

bool omit_end_of_contents(Edit& edit) {
  Element* const element = edit.at([](const Element& one) { return one.indefinite || tlv::is_constructed(one.id()); });
  if (element == nullptr) return false;
  element->indefinite = false;
  element->length = edit.keep({0x80});
  return edit.done(named(*element) + " with indefinite length and no end");
}

bool add_end_of_contents(Edit& edit) {
  Element* const element = edit.at(is_any);
  if (element == nullptr) return false;
  std::string what = "end-of-contents octets in front of " + named(*element);
  Element end;
  end.content = edit.keep({0, 0});
  Element old = std::move(*element);
  *element = group({std::move(end), std::move(old)});
  return edit.done(std::move(what));
}

bool reserve_length(Edit& edit) {
  Element* const element = edit.at(is_any);
  if (element == nullptr) return false;
  element->length = edit.keep({0xFF});
  return edit.done(named(*element) + " with the reserved length octet FF");
}

bool falsify_length(Edit& edit) {
  static constexpr std::array<std::string_view, 9> huge{"\x84\x7F\xFF\xFF\xFF",
                                                        "\x84\x80",
                                                        "\x84\xFF\xFF\xFF\xFF",
                                                        "\x84\xFF\xFF\xFF\xFE",
                                                        "\x88\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
                                                        "\x88\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
                                                        "\x88\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xF0",
                                                        "\x89\x01",
                                                        "\xFE\x01"};
  Element* const element = edit.at(is_definite);
  if (element == nullptr) return false;
  if (edit.random.one_in(2)) {
    element->length = Octets(edit.random.of(huge));
    return edit.done(named(*element) + " with the length " + hex(element->length));
  }
  static constexpr std::array<int, 8> errors{-1, 1, 2, -2, 16, 128, 256, 65536};
  const std::size_t right = contents_of(*element).size();
  const int error = edit.random.of(errors);
  const bool shorter = error < 0;
  const std::size_t by = static_cast<std::size_t>(shorter ? -error : error);
  const std::size_t wrong = shorter ? (right >= by ? right - by : right + by) : right + by;
  BackwardWriter writer;
  writer.prepend_length(wrong);
  element->length = edit.keep(writer.take());
  return edit.done(named(*element) + " of " + std::to_string(right) + " octets with the length " +
                   std::to_string(wrong));
}

// --- Identifier octets
// --------------------------------------------------------------------------------------------------

bool lengthen_tag(Edit& edit) {
  static constexpr std::array<std::string_view, 4> numbers{"\x8F\xFF\xFF\xFF\x7F", "\x90\x80\x80\x80\x1F",
                                                           "\x83\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", "\xFF\xFF"};
  Element* const element = edit.at([](const Element& one) { return one.tag.size() == 1; });
  if (element == nullptr) return false;
  const std::uint8_t id = element->id();
  Bytes tag{static_cast<std::uint8_t>(id | tlv::number_bits)};
  std::string how = "in the long form";
  if (edit.random.one_in(4)) {
    const std::string_view number = edit.random.of(numbers);
    tag.insert(tag.end(), number.begin(), number.end());
    how = "above 2^32, or without end";
  } else {
    if (edit.random.one_in(2)) {
      tag.insert(tag.end(), edit.random.between(1, 5), 0x80);
      how = "in the long form, padded";
    }
    tag.push_back(id & tlv::number_bits);
  }
  std::string what = named(*element) + ", tag number " + how;
  element->tag = edit.keep(std::move(tag));
  return edit.done(std::move(what));
}

/// The constructed bit alone: contents stay.
bool falsify_form(Edit& edit) {
  Element* const element =
      edit.at([](const Element& one) { return one.is(tlv::sequence) || one.is(tlv::set) || is_primitive(one); });
  if (element == nullptr) return false;
  std::string what = named(*element) + ", constructed bit turned over";
  Bytes tag(element->tag.begin(), element->tag.end());
  tag[0] ^= tlv::constructed_bit;
  element->tag = edit.keep(std::move(tag));
  return edit.done(std::move(what));
}

// --- Contents
// ---------------------------------------------------------------------------------------------------------

bool pad_integer(Edit& edit) {
  Element* const element = edit.at(is_number);
  if (element == nullptr) return false;
  Bytes content(element->content.begin(), element->content.end());
  const bool negative = !content.empty() && (content[0] & 0x80) != 0;
  const std::size_t octets = edit.random.one_in(4) ? edit.random.between(2, 300) : 1;
  content.insert(content.begin(), octets, negative ? 0xFF : 0x00);
  set_content(*element, edit.keep(std::move(content)));
  return edit.done(named(*element) + " padded with " + std::to_string(octets) + (octets == 1 ? " octet" : " octets"));
}

bool break_oid(Edit& edit) {
  Element* const element = edit.at([](const Element& one) { return one.is(tlv::oid) && !one.content.empty(); });
  if (element == nullptr) return false;
  Bytes content(element->content.begin(), element->content.end());
  std::string what;
  switch (edit.random.below(3)) {
    case 0:
      content.insert(content.begin(), edit.random.between(1, 4), 0x80);
      what = ", first arc padded";
      break;
    case 1:
      content.back() |= 0x80;
      what = ", last arc cut off";
      break;
    default:
      content.insert(content.end() - 1, edit.random.between(9, 20), 0xFF);
      what = ", last arc above 2^64";
      break;
  }
  set_content(*element, edit.keep(std::move(content)));
  return edit.done(named(*element) + what);
}

bool break_boolean(Edit& edit) {
  static constexpr std::array<std::string_view, 5> values{"\x01", "\x7F", "\xFE", "", "\xFF\xFF"};
  Element* const element = edit.at([](const Element& one) { return one.is(tlv::boolean); });
  if (element == nullptr) return false;
  set_content(*element, Octets(edit.random.of(values)));
  return edit.done("BOOLEAN with the contents '" + hex(element->content) + "'");
}

bool fill_null(Edit& edit) {
  Element* const element = edit.at([](const Element& one) { return one.is(tlv::null); });
  if (element == nullptr) return false;
  set_content(*element, edit.keep({0x05, 0x00}));
  return edit.done("NULL with contents");
}

/// The types that must have some.
bool empty_primitive(Edit& edit) {
  Element* const element = edit.at([](const Element& one) {
    return !one.empty() && (is_number(one) || one.is(tlv::oid) || one.is(tlv::bit_string) || one.is(tlv::boolean));
  });
  if (element == nullptr) return false;
  set_content(*element, {});
  return edit.done(named(*element) + " contents emptied");
}

bool falsify_unused_bits(Edit& edit) {
  static constexpr std::array<std::uint8_t, 5> counts{1, 7, 8, 0x80, 0xFF};
  Element* const element = edit.at([](const Element& one) { return one.is(tlv::bit_string) && !one.empty(); });
  if (element == nullptr) return false;
  Bytes content = contents_of(*element);
  content[0] = edit.random.of(counts);
  if (content.size() > 1) content.back() |= 0x01;
  set_content(*element, edit.keep(std::move(content)));
  return edit.done("BIT STRING with " + std::to_string(element->content[0]) + " unused bits, the last one set");
}

bool split_string(Edit& edit) {
  Element* const element = edit.at([](const Element& one) {
    return tlv::is_universal(one.id()) && !tlv::is_constructed(one.id()) && !one.empty() && one.id() != tlv::boolean &&
           !is_number(one) && one.id() != tlv::oid && one.id() != tlv::null;
  });
  if (element == nullptr) return false;
  const bool bits = element->is(tlv::bit_string);
  const std::uint8_t id = element->id();
  const Bytes content = contents_of(*element);
  const Octets whole = edit.keep(content);
  const std::size_t segments = edit.random.between(1, 4);
  const std::size_t first = bits ? 1 : 0;
  std::vector<Element> parts;
  for (std::size_t i = 0; i < segments; ++i) {
    const std::size_t size = whole.size() - first;
    const std::size_t from = first + size * i / segments;
    Bytes part(whole.begin() + static_cast<std::ptrdiff_t>(from),
               whole.begin() + static_cast<std::ptrdiff_t>(first + size * (i + 1) / segments));
    if (bits) part.insert(part.begin(), i + 1 == segments ? whole[0] : std::uint8_t{0});
    parts.push_back(made(edit, id, edit.keep(std::move(part))));
  }
  std::string what =
      named(*element) + " split into " + std::to_string(segments) + (segments == 1 ? " segment" : " segments");
  const bool indefinite = edit.random.one_in(2);
  *element = made(edit, static_cast<std::uint8_t>(id | tlv::constructed_bit), std::move(parts));
  element->indefinite = indefinite;
  return edit.done(std::move(what));
}

bool reverse_set(Edit& edit) {
  Element* const element = edit.at([](const Element& one) { return one.is(tlv::set) && one.children.size() >= 2; });
  if (element == nullptr) return false;
  std::ranges::reverse(element->children);
  return edit.done("SET of " + std::to_string(element->children.size()) + " elements reversed");
}

// --- The ends
// ---------------------------------------------------------------------------------------------------------

bool add_trailing_octets(Edit& edit) {
  static constexpr std::array<std::string_view, 5> tails{
      {{"\0", 1}, {"\0\0", 2}, {"\x05\0", 2}, {"\x30\x80", 2}, {"\xFF\xFF\xFF", 3}}};
  const std::string_view tail = edit.random.of(tails);
  if (edit.random.one_in(4)) {
    edit.root().tail = Octets(tail);
    return edit.done("octets " + hex(Octets(tail)) + " behind the message");
  }
  Element* const element = edit.at(is_any);
  if (element == nullptr) return false;
  element->tail = Octets(tail);
  return edit.done(named(*element) + ", octets " + hex(Octets(tail)) + " at the end of its contents");
}

bool truncate(Edit& edit) {
  const Octets message = edit.root().whole;
  if (message.size() < 2) return false;
  std::size_t at = edit.random.between(1, message.size() - 1);
  if (edit.random.one_in(2)) {
    if (const Place* place = edit.pick(is_any))
      at = static_cast<std::size_t>(place->element->whole.data() - message.data());
  }
  if (at == 0) return false;
  set_content(edit.root(), message.sub(0, at));
  return edit.done("cut after " + std::to_string(at) + " octets");
}

bool nest_deeply(Edit& edit) {
  static constexpr std::array<std::size_t, 5> depths{65, 100, 513, 5000, 50000};
  const std::size_t depth = edit.random.of(depths);
  const bool indefinite = edit.random.one_in(2);
  if (depth * (indefinite ? 4 : 5) > edit.room) return false;
  Element* const element = edit.at(is_any);
  if (element == nullptr) return false;
  std::string what = named(*element) + " inside " + std::to_string(depth) + " SEQUENCEs of " +
                     (indefinite ? "indefinite" : "definite") + " length";
  const Bytes inner = write(*element);
  BackwardWriter writer;
  for (std::size_t i = 0; i < (indefinite ? 2 * depth : 0); ++i) writer.prepend(tlv::end_of_contents);
  writer.prepend(Octets(inner));
  for (std::size_t i = 0; i < depth; ++i) {
    if (indefinite) {
      writer.prepend(0x80);
      writer.prepend(tlv::sequence);
    } else {
      writer.wrap(tlv::sequence, 0);
    }
  }
  *element = nothing();
  element->content = edit.keep(writer.take());
  return edit.done(std::move(what));
}

constexpr Operation all[]{
    {"pad-length", pad_length},
    {"make-indefinite", make_indefinite},
    {"omit-end-of-contents", omit_end_of_contents},
    {"add-end-of-contents", add_end_of_contents},
    {"reserve-length", reserve_length},
    {"falsify-length", falsify_length},
    {"lengthen-tag", lengthen_tag},
    {"falsify-form", falsify_form},
    {"pad-integer", pad_integer},
    {"break-oid", break_oid},
    {"break-boolean", break_boolean},
    {"fill-null", fill_null},
    {"empty-primitive", empty_primitive},
    {"falsify-unused-bits", falsify_unused_bits},
    {"split-string", split_string},
    {"reverse-set", reverse_set},
    {"add-trailing-octets", add_trailing_octets},
    {"truncate", truncate},
    {"nest-deeply", nest_deeply},
};

}  // namespace

std::span<const Operation> der_operations() { return all; }

}  // namespace cmcctl::mutation
