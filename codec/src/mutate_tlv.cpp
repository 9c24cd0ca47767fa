// Kind tlv: other elements in sound encoding.
#include <algorithm>
#include <array>

#include <cmcctl/codec/values.hpp>

#include "mutate_edit.hpp"
#include "scan.hpp"

namespace cmcctl::mutation {
namespace {

// The universal string types whose contents may be any octets: all but BIT STRING.
constexpr std::array<std::uint8_t, 12> free_strings{4, 12, 18, 19, 20, 22, 23, 24, 26, 27, 28, 30};

bool is_free_string(std::uint8_t id) { return std::ranges::find(free_strings, id) != free_strings.end(); }

std::string named(const Element& element) { return tag_name(element.id()); }

bool is_any(const Element&) { return true; }
bool is_filled(const Element& element) { return !element.empty(); }
bool is_filled_primitive(const Element& element) { return is_primitive(element) && !element.content.empty(); }

// --- Elements
// ---------------------------------------------------------------------------------------------------------

bool delete_element(Edit& edit) {
  Element* const element = edit.at(is_any);
  if (element == nullptr) return false;
  std::string what = named(*element) + " taken out";
  *element = nothing();
  return edit.done(std::move(what));
}

bool duplicate_element(Edit& edit) {
  static constexpr std::array<std::size_t, 8> counts{2, 2, 2, 2, 2, 3, 16, 256};
  const std::size_t count = edit.random.of(counts);
  Element* const element = edit.at([&](const Element& one) { return one.whole.size() * (count - 1) <= edit.room; });
  if (element == nullptr) return false;
  const Bytes one = write(*element);
  Bytes bytes;
  for (std::size_t i = 0; i < count; ++i) bytes.insert(bytes.end(), one.begin(), one.end());
  std::string what = named(*element) + " put there " + std::to_string(count) + " times";
  *element = nothing();
  element->content = edit.keep(std::move(bytes));
  return edit.done(std::move(what));
}

bool swap_elements(Edit& edit) {
  Element* const parent = edit.at([](const Element& element) { return element.children.size() >= 2; });
  if (parent == nullptr) return false;
  auto& children = parent->children;
  const std::size_t a = edit.random.below(children.size());
  const std::size_t b = (a + edit.random.between(1, children.size() - 1)) % children.size();
  std::swap(children[a], children[b]);
  return edit.done("parts " + std::to_string(std::min(a, b)) + " and " + std::to_string(std::max(a, b)) + " of this " +
                   named(*parent) + " change places");
}

bool move_element(Edit& edit) {
  const Place* const place = edit.pick(is_any);
  if (place == nullptr) return false;
  const auto first = static_cast<std::size_t>(place - edit.all().data());
  std::vector<Element*> targets;
  for (std::size_t i = 1; i < edit.all().size(); ++i) {
    Element* const target = edit.all()[i].element;
    const bool outside = i < first || i >= place->end;
    if (outside && target->parsed && tlv::is_constructed(target->id())) targets.push_back(target);
  }
  if (targets.empty()) return false;
  Element& target = *edit.random.of(targets);
  Element& element = edit.at(*place);
  std::string what = named(element) + " moved into a " + named(target);
  Element moved = std::move(element);
  element = nothing();
  const std::size_t at = edit.random.below(target.children.size() + 1);
  target.children.insert(target.children.begin() + static_cast<std::ptrdiff_t>(at), std::move(moved));
  return edit.done(std::move(what));
}

bool replace_element(Edit& edit) {
  const Place* const source = edit.pick(is_any);
  if (source == nullptr) return false;
  Element* const element = edit.at([&](const Element& one) { return &one != source->element; });
  if (element == nullptr) return false;
  std::string what = named(*element) + " replaced by another element, a " + named(*source->element);
  Element copy = *source->element;
  *element = std::move(copy);
  return edit.done(std::move(what));
}

bool wrap_element(Edit& edit) {
  static constexpr std::array<std::uint8_t, 6> wrappings{tlv::sequence, tlv::set, tlv::octet_string, 0xA0, 0xA1, 0x60};
  Element* const element = edit.at(is_any);
  if (element == nullptr) return false;
  const std::uint8_t id = edit.random.of(wrappings);
  const std::size_t levels = edit.random.one_in(8) ? edit.random.between(2, 20) : 1;
  std::string what = named(*element) + " wrapped into " + tag_name(id) +
                     (levels == 1 ? "" : ", " + std::to_string(levels) + " levels");
  for (std::size_t i = 0; i < levels; ++i) {
    Element inner = std::move(*element);
    *element = made(edit, id, {std::move(inner)});
  }
  return edit.done(std::move(what));
}

bool unwrap_element(Edit& edit) {
  Element* const element = edit.at([](const Element& one) { return one.parsed && !one.children.empty(); });
  if (element == nullptr) return false;
  std::string what = named(*element) + " replaced by what is in it";
  element->tag = element->lead = {};
  return edit.done(std::move(what));
}

// --- Tags
// -------------------------------------------------------------------------------------------------------------

/// Another identifier octet of the same form, so that the contents stay sound under it.
std::uint8_t other_number(std::uint8_t id, Random& random) {
  const auto form_and_class = static_cast<std::uint8_t>(id & ~tlv::number_bits);
  if (!tlv::is_universal(id)) return static_cast<std::uint8_t>(form_and_class | random.below(tlv::number_bits));
  if (tlv::is_constructed(id)) return id == tlv::sequence ? tlv::set : tlv::sequence;
  return random.of(free_strings);
}

bool change_tag(Edit& edit) {
  Element* const element = edit.at(is_any);
  if (element == nullptr) return false;
  std::string what = named(*element);
  if (edit.random.one_in(8)) {  // [31] to [2^28-1]
    static constexpr std::array<std::string_view, 3> numbers{"\x1F", {"\x81\0", 2}, "\xFF\xFF\xFF\x7F"};
    const std::string_view number = edit.random.of(numbers);
    Bytes tag{static_cast<std::uint8_t>(0x80 | (element->id() & tlv::constructed_bit) | tlv::number_bits)};
    tag.insert(tag.end(), number.begin(), number.end());
    element->tag = edit.keep(std::move(tag));
  } else {
    element->tag = edit.keep({other_number(element->id(), edit.random)});
  }
  return edit.done(what + " becomes " + named(*element));
}

bool change_class(Edit& edit) {
  Element* const element = edit.at(is_any);
  if (element == nullptr) return false;
  const std::uint8_t id = element->id();
  const auto turn = static_cast<std::uint8_t>(edit.random.between(1, 3) << 6);
  auto other = static_cast<std::uint8_t>(id ^ turn);
  const bool sound = tlv::is_constructed(other) ? other == tlv::sequence || other == tlv::set : is_free_string(other);
  if (tlv::is_universal(other) && !sound) other = static_cast<std::uint8_t>(other | (turn == 0x80 ? 0x40 : 0x80));
  std::string what = named(*element);
  Bytes tag(element->tag.begin(), element->tag.end());
  tag[0] = other;
  element->tag = edit.keep(std::move(tag));
  return edit.done(what + " becomes " + named(*element));
}

/// Strings and tagged elements may have both forms.
bool change_form(Edit& edit) {
  Element* const element = edit.at([](const Element& one) {
    const auto primitive = static_cast<std::uint8_t>(one.id() & ~tlv::constructed_bit);
    return !tlv::is_universal(one.id()) || is_free_string(primitive) || primitive == tlv::bit_string;
  });
  if (element == nullptr) return false;
  std::string what = named(*element);
  Bytes tag(element->tag.begin(), element->tag.end());
  tag[0] ^= tlv::constructed_bit;
  if (tlv::is_constructed(element->id())) {
    element->indefinite = false;
  } else {  // what it had becomes the only segment
    Element segment = *element;
    *element = group({std::move(segment)});
  }
  element->tag = edit.keep(std::move(tag));
  return edit.done(what + " becomes " + (tlv::is_constructed(element->id()) ? "constructed" : "primitive"));
}

// --- Contents
// ---------------------------------------------------------------------------------------------------------

bool flip_bits(Edit& edit) {
  Element* const element = edit.at(is_filled_primitive);
  if (element == nullptr) return false;
  Bytes content(element->content.begin(), element->content.end());
  const std::size_t first = element->is(tlv::bit_string) && content.size() > 1 ? 1 : 0;
  const bool is_oid = element->is(tlv::oid);
  const std::size_t count = edit.random.one_in(4) ? edit.random.between(2, 8) : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = edit.random.between(first, content.size() - 1);
    content[at] = static_cast<std::uint8_t>(content[at] ^ (1u << edit.random.below(is_oid ? 7 : 8)));
  }
  element->content = edit.keep(std::move(content));
  return edit.done(named(*element) + ", " + std::to_string(count) + (count == 1 ? " bit" : " bits") + " flipped");
}

bool change_integer(Edit& edit) {
  Element* const element = edit.at(is_number);
  if (element == nullptr) return false;
  set_content(*element, boundary_integer(edit));
  return edit.done(named(*element) + " becomes " + to_string(Integer{element->content}));
}

bool empty_contents(Edit& edit) {
  Element* const element = edit.at(is_filled);
  if (element == nullptr) return false;
  set_content(*element, {});
  return edit.done(named(*element) + " contents emptied");
}

bool lengthen_contents(Edit& edit) {
  static constexpr std::array<std::size_t, 8> sizes{64, 127, 128, 255, 256, 1000, 65535, 65536};
  const std::size_t size = edit.random.of(sizes);
  if (size > edit.room) return false;
  Element* const element =
      edit.at([&](const Element& one) { return is_filled_primitive(one) && one.content.size() < size; });
  if (element == nullptr) return false;
  Bytes content(element->content.begin(), element->content.end());
  const std::uint8_t filling = content.back();
  content.insert(content.end() - 1, size - content.size(), is_number(*element) ? 0x7F : filling);
  if (element->is(tlv::bit_string)) content[0] = 0;
  element->content = edit.keep(std::move(content));
  return edit.done(named(*element) + " contents lengthened to " + std::to_string(size) + " octets");
}

bool change_oid(Edit& edit) {
  Element* const element = edit.at([](const Element& one) { return one.is(tlv::oid); });
  if (element == nullptr) return false;
  std::string name;
  set_content(*element, known_oid(edit, name));
  return edit.done("OBJECT IDENTIFIER becomes " + name);
}

bool change_text(Edit& edit) {
  using namespace std::string_view_literals;
  static constexpr std::array texts{
      ""sv,
      "\0"sv,
      "a\0b"sv,
      "\xC3"sv,
      "\xED\xA0\x80"sv,
      "\xC0\x80"sv,
      "\xF4\x90\x80\x80"sv,
      "\x1B[31m\r\n"sv,
      "\xE2\x80\xAE"
      "fdp"sv,
      "%s%n"sv,
      "${x}"sv,
      "*"sv,
      "."sv,
      " "sv,
      "\\,+\"<>;="sv,
      "xn--\xFF"sv,
  };
  Element* const element = edit.at([](const Element& one) {
    return one.is(12) || one.is(19) || one.is(20) || one.is(22) || one.is(26) || one.is(30);
  });
  if (element == nullptr) return false;
  const std::string_view text = edit.random.of(texts);
  Bytes content(text.begin(), text.end());
  if (edit.random.one_in(2)) content.insert(content.begin(), element->content.begin(), element->content.end());
  set_content(*element, edit.keep(std::move(content)));
  return edit.done(named(*element) + " with text that is hard to take");
}

bool change_time(Edit& edit) {
  static constexpr std::array<std::string_view, 14> times{"99991231235959Z",     "00000101000000Z",
                                                          "19700101000000Z",     "20380119031408Z",
                                                          "20260229120000Z",     "20261321250000Z",
                                                          "20261121035299Z",     "20261121035210.5Z",
                                                          "20261121035210+0100", "20261121035210",
                                                          "500101000000Z",       "491231235959Z",
                                                          "2611210352Z",         "Z"};
  Element* const element =
      edit.at([](const Element& one) { return one.is(tlv::utc_time) || one.is(tlv::generalized_time); });
  if (element == nullptr) return false;
  const std::string_view text = edit.random.of(times);
  set_content(*element, Octets(text));
  return edit.done(named(*element) + " becomes \"" + std::string(text) + '"');
}

constexpr Operation all[]{
    {"delete-element", delete_element},
    {"duplicate-element", duplicate_element},
    {"swap-elements", swap_elements},
    {"move-element", move_element},
    {"replace-element", replace_element},
    {"wrap-element", wrap_element},
    {"unwrap-element", unwrap_element},
    {"change-tag", change_tag},
    {"change-class", change_class},
    {"change-form", change_form},
    {"flip-bits", flip_bits},
    {"change-integer", change_integer},
    {"empty-contents", empty_contents},
    {"lengthen-contents", lengthen_contents},
    {"change-oid", change_oid},
    {"change-text", change_text},
    {"change-time", change_time},
};

}  // namespace

std::span<const Operation> tlv_operations() { return all; }

}  // namespace cmcctl::mutation
