#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/codec/octets.hpp>

/// Any bytes taken apart, as far as they look like elements.
namespace cmcctl::der_text {

/// Identifier and length octets of an element.
struct Header {
  std::uint8_t id = 0;            // first identifier octet
  std::uint64_t number = 0;       // tag number
  std::size_t tag_octets = 0;     // behind the first one; 0 in the short form
  std::size_t length_octets = 0;  // behind the first one; 0 in the short form and for the indefinite length
  bool indefinite = false;
  std::uint64_t length = 0;  // as claimed, below 2^63
  std::size_t size = 0;
};

/// The header at the start of any bytes; nullopt where there is none that DER text has words for.
std::optional<Header> read_header(Octets bytes);

/// A piece of the bytes. A parent is followed by the nodes of its contents.
struct Node {
  enum class Kind : std::uint8_t {
    raw,     ///< octets that are no element
    leaf,    ///< element whose contents are a value
    parent,  ///< element whose contents are elements, of a BIT STRING behind the count of unused bits
  };
  Octets bytes;
  std::size_t next = 0;  // index behind the node and the nodes of its contents
  Kind kind = Kind::raw;
};

/// Takes any bytes apart in one pass. Put together in their order, the nodes are the bytes.
std::vector<Node> find_nodes(Octets bytes, const Limits& limits);

}  // namespace cmcctl::der_text
