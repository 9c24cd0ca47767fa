#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <cmcctl/codec/octets.hpp>

#include "writer.hpp"

namespace cmcctl::mutation {

using Bytes = std::vector<std::uint8_t>;

/// One element of a tree that is to be changed and written again. All views are into the message, or into bytes that
/// the Edit keeps.
struct Element {
  Octets tag;                            // identifier octets; without any only the contents are written
  Octets length;                         // written in place of the right length octets
  std::uint8_t least_length_octets = 0;  // a length in more octets than it needs stays so
  bool indefinite = false;
  bool parsed = false;  // the contents are `children`; never so for the contents of a primitive that hold no DER
  Octets lead;          // in front of the children: the count of unused bits of a BIT STRING
  Octets content;       // what is written when not `parsed`
  std::vector<Element> children;
  Octets tail;   // behind the contents
  Octets whole;  // what it was made from; empty when it is new

  bool is(std::uint8_t id) const { return tag.size() == 1 && tag[0] == id; }
  std::uint8_t id() const { return tag.empty() ? std::uint8_t{0} : tag[0]; }
  bool empty() const { return parsed ? children.empty() : content.empty(); }
};

/// Takes bytes apart that consist of BER elements, as far as they do: an element whose contents do not follow the rules
/// has them in `content`, and so has the part behind the last element. The root has no tag. An OCTET STRING or BIT
/// STRING with the DER of one element in it has that as a child. Not `parsed` when not even the first element has a
/// sound header.
Element parse(Octets bytes);

/// The bytes of an element, with the lengths that its contents now have.
Bytes write(const Element& element);

/// Bytes that are written from the end to the start, so that lengths are known when they are due.
class BackwardWriter {
 public:
  BackwardWriter() = default;
  BackwardWriter(const BackwardWriter&) = delete;

  /// The octets written so far, as the end of an element to come.
  std::size_t mark() const { return writer_.size(); }
  void prepend(Octets bytes) { writer_.prepend(bytes); }
  void prepend(std::uint8_t octet) { writer_.prepend(octet); }
  void prepend_length(std::size_t length, std::size_t least_octets = 0);
  /// Puts tag and length in front of everything since `end`.
  void wrap(std::uint8_t tag, std::size_t end);
  Bytes take() const { return Bytes(writer_.written().begin(), writer_.written().end()); }

 private:
  Bytes buffer_;
  Writer writer_{buffer_};
};

/// Where an element of a tree stands.
struct Place {
  Element* element;
  std::size_t parent;  // index of the place around it; the root's is its own
  std::size_t end;     // index behind the last place inside it
};

/// All elements, each before what is in it; the first is `root` itself. Holds until children are added or taken away.
std::vector<Place> places(Element& root);

}  // namespace cmcctl::mutation
