#include "node.hpp"

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

// Goes inside the member's EXPLICIT tags; false when they do not fit.
bool peel(const Member& member, tlv::Element& element) {
  const bool untagged = member.type->kind == Kind::any || member.type->kind == Kind::choice;
  const int outer_tags = member.tag_count - (untagged ? 0 : 1);
  for (int i = 0; i < outer_tags; ++i) {
    if (!tlv::is_constructed(element.id) || element.content.empty()) return false;
    element = tlv::first(element.content);
  }
  if (member.type->constructed() || member.type->kind == Kind::raw) return tlv::is_constructed(element.id);
  return true;
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

// Where the module has ANY because peers write different things there.
const Type* loose_type(const Type& parent, const Member& member, const tlv::Element& element) {
  const bool holds_sets = element.id == tlv::sequence && (element.content.empty() || element.content[0] == tlv::set);
  if (parent.name == "GetCert" && member.name == "issuerName") {
    return schema::find(element.id == tlv::sequence ? "Name" : "GeneralName");
  }
  if (parent.name == "ChangeSubjectName") return schema::find(holds_sets ? "Name" : "GeneralNames");
  if (parent.name == "CertificateSet") return schema::find("CertificateChoices");
  if (parent.name == "RevocationInfoChoices") return schema::find("RevocationInfoChoice");
  return nullptr;
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

bool is_id_data(const Oid& oid) { return to_string(oid) == "1.2.840.113549.1.7.1"; }

// Under id-data anything may stand; told by its shape are Dogtag's PKIData and Windows' PKCS #10.
const Type* type_under_id_data(const tlv::Element& string) {
  if (string.id != tlv::octet_string) return nullptr;
  const Scan scan = scan_der(string.content, Limits{});
  if (scan.outcome != Scan::Outcome::der || string.content[0] != tlv::sequence) return nullptr;
  std::string tags;
  for (tlv::Cursor cursor(tlv::first(string.content).content); !cursor.at_end() && tags.size() < 5;) {
    tags += static_cast<char>(cursor.next().id);
  }
  if (tags == "0000") return schema::find("PKIData");
  if (tags == std::string("00") + static_cast<char>(tlv::bit_string)) return schema::find("CertificationRequest");
  return nullptr;
}

class SequenceReader {
 public:
  SequenceReader(const Node& parent) : parent_(parent), cursor_(parent.element.content) {}

  std::vector<Node> read() {
    for (const Member& member : parent_.type->members) {
      if (cursor_.at_end()) break;
      if (!member.matches(cursor_.next_id())) {
        if (member.optional) continue;
        add(Node(), cursor_.next());  // not what should be here: shown without a name
        continue;
      }
      const tlv::Element element = cursor_.next();
      Node node = make(member, element.whole);
      govern(member, node);
      nodes_.push_back(std::move(node));
    }
    while (!cursor_.at_end()) add(Node(), cursor_.next());
    return std::move(nodes_);
  }

 private:
  void add(Node node, const tlv::Element& element) {
    node.element = element;
    node.outer = element.whole;
    nodes_.push_back(std::move(node));
  }

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
    if (node.governed == nullptr && any && is_id_data(governing_)) node.governed = type_under_id_data(node.element);
  }

  const Node& parent_;
  tlv::Cursor cursor_;
  Oid governing_;
  std::vector<Node> nodes_;
};

std::vector<Node> list_children(const Node& list) {
  std::vector<Node> nodes;
  const Member& member = list.type->members[0];
  for (tlv::Cursor cursor(list.element.content); !cursor.at_end();) {
    const tlv::Element element = cursor.next();
    Node node = make(member, element.whole);
    node.index = nodes.size();
    node.list_element = true;
    node.governed = list.governed;
    if (const Type* loose = loose_type(*list.type, member, node.element)) node.type = loose;
    nodes.push_back(std::move(node));
  }
  return nodes;
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

std::vector<Node> untyped_children(const Node& node) {
  std::vector<Node> nodes;
  if (!tlv::is_constructed(node.element.id)) return nodes;
  for (tlv::Cursor cursor(node.element.content); !cursor.at_end();) nodes.push_back(plain(cursor.next().whole));
  return nodes;
}

void collect_path(const Node& node, std::size_t offset, Decoder& decoder, std::string& path) {
  for (const Node& child : children(node, decoder)) {
    const Octets original = decoder.original(child.outer);
    const std::size_t start = decoder.offset_of(child.outer);
    if (offset < start || offset >= start + original.size()) continue;
    path += path_step(child);
    collect_path(child, offset, decoder, path);
    return;
  }
}

}  // namespace

Node root_node(Octets element, const schema::Type* type) {
  Node node = plain(element);
  node.type = type;
  return node;
}

std::vector<Node> children(const Node& node, Decoder& decoder) {
  if (node.type == nullptr) return untyped_children(node);
  switch (node.type->kind) {
    case Kind::sequence:
      if (node.is("PKIData")) {
        if (const auto data = split_short_pki_data(node.element.whole)) return short_pki_data_children(node, *data);
      }
      return SequenceReader(node).read();
    case Kind::sequence_of:
    case Kind::set_of: return list_children(node);
    case Kind::choice: return choice_children(node);
    case Kind::any:
    case Kind::octet_string: {
      if (node.governed == nullptr) return node.type->kind == Kind::any ? untyped_children(node) : std::vector<Node>{};
      auto nodes = governed_child(node, decoder);
      return nodes.empty() && node.type->kind == Kind::any ? untyped_children(node) : nodes;
    }
    default: return {};
  }
}

std::string path_step(const Node& child) {
  if (child.list_element) return "[" + std::to_string(child.index) + "]";
  if (!child.name.empty()) return "." + std::string(child.name);
  if (child.type != nullptr) return "." + std::string(child.type->name);
  return ".(unknown)";
}

std::string path_at(const Node& root, std::size_t offset, Decoder& decoder) {
  std::string path(root.type != nullptr ? root.type->name : "(unknown)");
  collect_path(root, offset, decoder, path);
  return path;
}

}  // namespace cmcctl
