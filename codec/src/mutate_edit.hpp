#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cmcctl/codec/mutate.hpp>

#include "mutate_random.hpp"
#include "mutate_tree.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl::mutation {

/// One change to a tree while it is made: what an operation works with, and where it says what it did. The tree must
/// not change but by that one operation.
class Edit {
 public:
  /// The message may grow by `growth` octets.
  Edit(Element& tree, Random& numbers, std::size_t growth) : random(numbers), room(growth), places_(places(tree)) {}

  Element& root() { return *places_[0].element; }
  std::span<const Place> all() const { return places_; }

  /// One of the elements that are `wanted`, or null. Never the root, never octets that are no element.
  template <class Wanted>
  const Place* pick(Wanted wanted) {
    found_.clear();
    for (const Place& place : std::span(places_).subspan(1)) {
      if (!place.element->tag.empty() && wanted(*place.element)) found_.push_back(&place);
    }
    return found_.empty() ? nullptr : random.of(found_);
  }
  const Place* pick_any() {
    return pick([](const Element&) { return true; });
  }
  /// The element of `pick`, which is where the change is said to be.
  template <class Wanted>
  Element* at(Wanted wanted) {
    const Place* place = pick(wanted);
    return place == nullptr ? nullptr : &at(*place);
  }
  Element& at(const Place& place) {
    changed_ = &place;
    where = place.element->whole;
    return *place.element;
  }

  /// Bytes that live as long as the edit.
  Octets keep(Bytes bytes) { return Octets(kept_.emplace_back(std::move(bytes))); }
  Octets keep(std::initializer_list<std::uint8_t> bytes) { return keep(Bytes(bytes)); }

  /// Gives the elements around the changed one the lengths that they had; false when there are none.
  bool leave_lengths();

  /// Forgets what was picked for an operation that came to nothing.
  void start_again() {
    changed_ = nullptr;
    where = {};
  }
  bool done(std::string text) {
    what = std::move(text);
    return true;
  }

  Random& random;
  const std::size_t room;
  Octets where;
  std::string what;

 private:
  std::vector<Place> places_;
  std::vector<const Place*> found_;  // of one pick; kept for its memory
  std::deque<Bytes> kept_;
  const Place* changed_ = nullptr;
};

/// Does one thing to the tree, or leaves it as it is and returns false: there is nothing it could be done to.
struct Operation {
  std::string_view name;
  bool (*apply)(Edit&);
};

/// What kind tlv, der or control consists of.
std::span<const Operation> operations(MutationKind kind);
std::span<const Operation> tlv_operations();
std::span<const Operation> der_operations();
std::span<const Operation> control_operations();

/// Changes octets without a look at what they are. At most `max_size`; the same only where that is 0.
Bytes change_octets(Octets message, Random& random, std::size_t max_size, std::string& what);

// --- What several operations need
// --------------------------------------------------------------------------------------

inline bool is_primitive(const Element& element) { return !element.parsed && !tlv::is_constructed(element.id()); }
inline bool is_number(const Element& element) { return element.is(tlv::integer) || element.is(tlv::enumerated); }

/// An element whose contents are these bytes, or these elements.
Element made(Edit& edit, std::uint8_t id, Octets content);
Element made(Edit& edit, std::uint8_t id, std::vector<Element> children);
/// Elements in the place of one.
Element group(std::vector<Element> elements);
/// Without octets: what an element becomes that is taken away.
inline Element nothing() { return {}; }

/// Contents for an INTEGER at the edges of machine types.
Octets boundary_integer(Edit& edit);
/// Contents of some OBJECT IDENTIFIER that has a name; `name` is that.
Octets known_oid(Edit& edit, std::string& name);

void set_content(Element& element, Octets content);
/// The contents as they would be written.
Bytes contents_of(const Element& element);

}  // namespace cmcctl::mutation
