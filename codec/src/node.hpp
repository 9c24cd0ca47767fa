#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/decoder.hpp>

#include "schema.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {

/// One element of a message together with what the modules say about it. Where bytes and module do not fit together
/// the type is nullptr and the element still there: everything can be shown.
struct Node {
  std::string_view name;               // of the member; empty for list elements and for what an OID stands for
  std::size_t index = no_index;        // in its list
  const schema::Type* type = nullptr;  // never a Raw<Type>: that one's target
  tlv::Element element;                // inside every EXPLICIT tag
  Octets outer;                        // with them
  const schema::Type* governed = nullptr;  // of an ANY or OCTET STRING: what it holds, by the OID beside it
  bool list_element = false;
  bool raw = false;  // a Raw<Type>: signed, hashed or compared as these bytes

  static constexpr std::size_t no_index = static_cast<std::size_t>(-1);

  bool is(std::string_view type_name) const { return type != nullptr && type->name == type_name; }
  bool is_list() const {
    return type != nullptr && (type->kind == schema::Kind::sequence_of || type->kind == schema::Kind::set_of);
  }
  /// An AlgorithmIdentifier, under whichever of its many names.
  bool is_algorithm_identifier() const {
    return type != nullptr && type->kind == schema::Kind::sequence && type->members.size() == 2 &&
           type->members[0].name == "algorithm" && type->members[1].name == "parameters";
  }
};

/// The node of one complete, scanned element; `type` may be nullptr.
Node root_node(Octets element, const schema::Type* type);

/// What the node consists of. An ANY or OCTET STRING with a governed type has that value as its only child; bytes
/// inside an OCTET STRING are scanned by the decoder first, and left alone when they do not pass.
std::vector<Node> children(const Node& node, Decoder& decoder);

/// Calls `use` with each of them, one after the other: a list of many needs no memory for them all.
void for_each_child(const Node& node, Decoder& decoder, const std::function<void(const Node&)>& use);

/// The node of an element of a list, which stands at `index`; `list.type` is a list's.
Node list_element(const Node& list, Octets element, std::size_t index);

/// Secrets are not shown: of a revocation request its passphrase.
bool is_secret(const Node& parent, const Node& member);

/// What lies below `node` along these steps of a path: ".bodyPartID", "[3].PKIData"; the node itself for none.
std::optional<Node> find_path(Decoder& decoder, const Node& node, std::string_view steps);

/// The step from parent to child in a path: ".bodyPartID", "[3]", ".PKIData".
std::string path_step(const Node& child);

/// The paths of the innermost elements that cover these offsets of the message, from the root on; `offsets` ascend.
/// One walk for all of them.
std::vector<std::string> paths_at(const Node& root, const std::vector<std::size_t>& offsets, Decoder& decoder);

}  // namespace cmcctl
