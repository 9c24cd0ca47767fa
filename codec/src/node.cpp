#include "node.hpp"

#include <algorithm>
#include <utility>

#include "open_types.hpp"
#include "scan.hpp"
#include "short_pki_data.hpp"

namespace cmcctl {
namespace {

using schema::Kind;
using schema::Member;
using schema::Type;

Node plain(Octets element) {
  Node node;
  node.element = tlv::first(element);
  node.outer = element;
  return node;
}

// The scan has looked at what has a universal tag; under an IMPLICIT one only the module knows what it is.
bool has_sound_contents(Kind kind, const tlv::Element& element) {
  const std::uint8_t id = schema::contents_like(kind);
  if (id == 0 || tlv::is_universal(element.id)) return true;
  Scan scan;
  bool ber_only = false;
  return !tlv::is_constructed(element.id) && check_primitive(id, element.content, Limits{}, scan, ber_only);
}

// Goes inside the member's EXPLICIT tags; false when they do not fit.
bool peel(const Member& member, tlv::Element& element) {
  const bool untagged = member.type->kind == Kind::any || member.type->kind == Kind::choice;
  const int outer_tags = member.tag_count - (untagged ? 0 : 1);
  for (int i = 0; i < outer_tags; ++i) {
    if (!tlv::is_constructed(element.id) || element.content.empty()) return false;
    element = tlv::first(element.content);
  }
  if (member.type->constructed() || member.type->kind == Kind::raw) return tlv::is_constructed(element.id);
  return has_sound_contents(member.type->kind, element);
}

Node make(const Member& member, Octets element) {
  Node node = plain(element);
  node.name = member.name;
  tlv::Element inner = node.element;
  if (!member.matches(inner.id) || !peel(member, inner)) return node;
  node.element = inner;
  node.raw = member.type->kind == Kind::raw;
  node.type = member.type->kind == Kind::raw ? member.type->target : member.type;
  return node;
}

// RFC 5272's untagged extendedFailInfo stands where pendInfo is.
void settle_raw_choice(Node& node) {
  if (node.name == "pendInfo" && !node.element.content.empty() && node.element.content[0] == tlv::oid) {
    node.name = "extendedFailInfo";
    node.type = schema::find("ExtendedFailInfo");
  }
}

// eContent and extnValue are OCTET STRINGs that hold an encoding.
bool holds_encoding(const Type& parent, std::string_view member) {
  return (parent.name == "EncapsulatedContentInfo" && member == "eContent") ||
         (parent.name == "Extension" && member == "extnValue");
}

std::vector<Node> short_pki_data_children(const Node& node, const ShortPKIData& data) {
  std::vector<Node> nodes;
  for (std::size_t i = 0; i < data.lists.size(); ++i) {
    if (!data.lists[i].empty()) nodes.push_back(make(node.type->members[i], data.lists[i]));
  }
  return nodes;
}

// Dogtag puts another SEQUENCE around the Name in confirmCertAcceptance.
void unwrap_name(Node& node) {
  if (!node.is("Name") || node.element.content.empty() || node.element.content[0] != tlv::sequence) return;
  const tlv::Element inner = tlv::first(node.element.content);
  if (inner.whole.size() == node.element.content.size()) node.element = inner;
}

using Use = std::function<void(const Node&)>;

/// Hands out the members one by one: what does not belong into a SEQUENCE may be a lot.
class SequenceReader {
 public:
  SequenceReader(const Node& parent, const Use& use) : parent_(parent), use_(use), cursor_(parent.element.content) {}

  void read() {
    for (const Member& member : parent_.type->members) {
      if (cursor_.at_end()) break;
      if (!member.matches(cursor_.next_id())) {
        if (member.optional) continue;
        use_(plain(cursor_.next().whole));  // not what should be here: shown without a name
        continue;
      }
      const tlv::Element element = cursor_.next();
      Node node = make(member, element.whole);
      govern(member, node);
      use_(node);
    }
    while (!cursor_.at_end()) use_(plain(cursor_.next().whole));
  }

 private:
  void govern(const Member& member, Node& node) {
    if (node.type == nullptr) return;
    if (node.type->kind == Kind::oid) governing_ = Oid{node.element.content};
    if (const Type* loose = loose_type(*parent_.type, member, node.element)) {
      node.type = loose;
      return;
    }
    unwrap_name(node);
    const bool any = node.type->kind == Kind::any;
    const bool any_list = node.type->kind == Kind::set_of && node.type->members[0].type->kind == Kind::any;
    if (!any && !any_list && !holds_encoding(*parent_.type, member.name)) return;
    node.governed = governed_type(governing_);
    if (node.governed == nullptr && any && is_id_data(governing_) && node.element.id == tlv::octet_string) {
      node.governed = type_by_shape(node.element.content);
    }
  }

  const Node& parent_;
  const Use& use_;
  tlv::Cursor cursor_;
  Oid governing_;
};

void each_of_list(const Node& list, const Use& use) {
  std::size_t index = 0;
  for (tlv::Cursor cursor(list.element.content); !cursor.at_end(); ++index) {
    use(list_element(list, cursor.next().whole, index));
  }
}

void each_of_sequence(const Node& node, const Use& use) {
  if (node.is("PKIData")) {
    if (const auto data = split_short_pki_data(node.element.whole)) {
      for (const Node& child : short_pki_data_children(node, *data)) use(child);
      return;
    }
  }
  SequenceReader(node, use).read();
}

std::vector<Node> choice_children(const Node& choice) {
  for (const Member& alternative : choice.type->members) {
    if (!alternative.matches(choice.element.id)) continue;
    Node node = make(alternative, choice.element.whole);
    settle_raw_choice(node);
    return {std::move(node)};
  }
  return {};
}

std::vector<Node> governed_child(const Node& node, Decoder& decoder) {
  Octets der = node.element.whole;
  const bool octet_string = node.element.id == tlv::octet_string;
  if (node.type->kind == Kind::octet_string || (octet_string && !node.governed->self.matches(tlv::octet_string))) {
    const std::size_t oddities = decoder.oddities().size();
    const auto inside = decoder.scan(node.element.content);
    decoder.drop_oddities(oddities);  // whoever decodes the value reports them
    if (!inside) return {};
    der = inside->der;
  }
  Node child = make(node.governed->self, der);
  if (child.type == nullptr) return {};
  return {std::move(child)};
}

void each_untyped(const Node& node, const Use& use) {
  if (!tlv::is_constructed(node.element.id)) return;
  for (tlv::Cursor cursor(node.element.content); !cursor.at_end();) use(plain(cursor.next().whole));
}

// Fills in paths[first..last) for the offsets that lie in this node.
void collect_paths(const Node& node, const std::string& path, const std::vector<std::size_t>& offsets,
                   std::size_t first, std::size_t last, Decoder& decoder, std::vector<std::string>& paths) {
  for (std::size_t i = first; i < last; ++i) paths[i] = path;
  for_each_child(node, decoder, [&](const Node& child) {
    const std::size_t start = decoder.offset_of(child.outer);
    const std::size_t end = start + decoder.original(child.outer).size();
    const auto from = std::ranges::lower_bound(offsets.begin() + static_cast<std::ptrdiff_t>(first),
                                               offsets.begin() + static_cast<std::ptrdiff_t>(last), start);
    const auto to = std::ranges::lower_bound(from, offsets.begin() + static_cast<std::ptrdiff_t>(last), end);
    if (from == to) return;
    collect_paths(child, path + path_step(child), offsets, static_cast<std::size_t>(from - offsets.begin()),
                  static_cast<std::size_t>(to - offsets.begin()), decoder, paths);
  });
}

}  // namespace

Node root_node(Octets element, const schema::Type* type) {
  Node node = plain(element);
  node.type = type;
  return node;
}

void for_each_child(const Node& node, Decoder& decoder, const Use& use) {
  if (node.type == nullptr) return each_untyped(node, use);
  std::vector<Node> few;
  switch (node.type->kind) {
    case Kind::sequence_of:
    case Kind::set_of: return each_of_list(node, use);
    case Kind::sequence: return each_of_sequence(node, use);
    case Kind::choice: few = choice_children(node); break;
    case Kind::any:
    case Kind::octet_string:
      if (node.governed != nullptr) few = governed_child(node, decoder);
      if (few.empty() && node.type->kind == Kind::any) return each_untyped(node, use);
      break;
    default: break;
  }
  for (const Node& child : few) use(child);
}

Node list_element(const Node& list, Octets element, std::size_t index) {
  Node node = make(list.type->members[0], element);
  node.index = index;
  node.list_element = true;
  node.governed = list.governed;
  if (const Type* loose = loose_type(*list.type, list.type->members[0], node.element)) node.type = loose;
  return node;
}

std::vector<Node> children(const Node& node, Decoder& decoder) {
  std::vector<Node> nodes;
  for_each_child(node, decoder, [&](const Node& child) { nodes.push_back(child); });
  return nodes;
}

bool is_secret(const Node& parent, const Node& member) {
  return parent.is("RevokeRequest") && member.name == "passphrase";
}

std::optional<Node> find_path(Decoder& decoder, const Node& node, std::string_view steps) {
  if (steps.empty()) return node;
  for (const Node& child : children(node, decoder)) {
    const std::string step = path_step(child);
    if (!steps.starts_with(step)) continue;
    const std::string_view after = steps.substr(step.size());
    if (!after.empty() && after[0] != '.' && after[0] != '[') continue;
    if (auto found = find_path(decoder, child, after)) return found;
  }
  return std::nullopt;
}

std::string path_step(const Node& child) {
  if (child.list_element) return "[" + std::to_string(child.index) + "]";
  if (!child.name.empty()) return "." + std::string(child.name);
  if (child.type != nullptr) return "." + std::string(child.type->name);
  return ".(unknown)";
}

std::vector<std::string> paths_at(const Node& root, const std::vector<std::size_t>& offsets, Decoder& decoder) {
  std::vector<std::string> paths(offsets.size());
  const std::string name(root.type != nullptr ? root.type->name : "(unknown)");
  collect_paths(root, name, offsets, 0, offsets.size(), decoder, paths);
  return paths;
}

}  // namespace cmcctl
