#include <cmcctl/codec/diff.hpp>

#include <algorithm>
#include <map>
#include <utility>

#include <cmcctl/codec/text.hpp>

#include "align.hpp"
#include "control_text.hpp"
#include "node.hpp"
#include "node_text.hpp"
#include "oids.hpp"
#include "scan.hpp"

namespace cmcctl {
namespace {

using schema::Kind;

bool is_name(const Node& node) { return node.is("Name") || node.is("RDNSequence"); }

bool is_time(const Node& node) {
  const std::uint8_t id = node.element.id;
  return id == tlv::utc_time || id == tlv::generalized_time || (node.type != nullptr && node.type->kind == Kind::time);
}

bool is_octets(const Node& node) {
  return node.type != nullptr && (node.type->kind == Kind::octet_string || node.type->kind == Kind::bit_string);
}

// The OID of a control or attribute, dotted; empty for every other node.
std::string announced_oid(const Node& node) {
  if (!node.is("TaggedAttribute") && !node.is("Attribute")) return {};
  for (tlv::Cursor members(node.element.content); !members.at_end();) {
    const tlv::Element member = members.next();
    if (member.id == tlv::oid) return to_string(Oid{member.content});
  }
  return {};
}

template <class... Candidates>
bool one_of(std::string_view text, Candidates... candidates) {
  return ((text == candidates) || ...);
}

bool covers(const std::string& above, const std::string& path) {
  if (!path.starts_with(above)) return false;
  return path.size() == above.size() || path[above.size()] == '.' || path[above.size()] == '[';
}

/// What is equal but for its encoding: said once, with the first place.
struct Note {
  std::size_t count = 0;
  std::string first;

  void add(const std::string& path) {
    if (count++ == 0) first = path;
  }
};

class Differ {
 public:
  using Use = std::function<void(const Difference&)>;

  Differ(Decoder& a, Decoder& b, const DiffOptions& options, const Use& use)
      : a_(a), b_(b), options_(options), use_(use) {}

  DiffSummary messages(const Message& a, const Message& b);

 private:
  void below(const Node& a, const std::string& path_a, const Node& b, const std::string& path_b);
  bool unwrap(const Node& wrapped, const std::string& path, const Node& other, bool a_is_wrapped);
  void compare(const Node& a, const Node& b, const std::string& path, std::size_t depth);
  void descend(const Node& a, const Node& b, const std::string& path, std::size_t depth);
  void step(const Node& parent_a, const Node& a, const Node& b, const std::string& path, std::size_t depth);
  void members(const Node& a, const Node& b, const std::string& path, std::size_t depth);
  void list(const Node& a, const Node& b, const std::string& path, std::size_t depth);
  bool inside(const Node& a, const Node& b, const std::string& path, std::size_t depth);
  void changed(const Node& a, const Node& b, const std::string& path);
  void only(Difference::Kind side, const Node& parent, const Node& node, const std::string& path);
  void report(Difference difference);
  bool ignored(const Node& node, const std::string& path) const;

  std::vector<Node> children_at(Decoder& decoder, const Node& node, std::size_t depth) {
    decoder.set_depth(depth);
    return children(node, decoder);
  }
  // Places about which something is known by now.
  std::size_t noticed() const {
    return summary_.differences + summary_.ignored + other_encoding_.count + other_order_.count;
  }

  Decoder& a_;
  Decoder& b_;
  const DiffOptions& options_;
  const Use& use_;
  DiffSummary summary_;
  Note other_encoding_;
  Note other_order_;
};

std::optional<Node> find_below(Decoder& decoder, const Node& root, const std::string& name, const std::string& path) {
  if (!covers(name, path)) return std::nullopt;
  return find_path(decoder, root, std::string_view(path).substr(name.size()));
}

DiffSummary Differ::messages(const Message& a, const Message& b) {
  const std::string& path_a = a.layer.path;
  const std::string& path_b = b.layer.path;
  const Node root_a = root_node(a.layer.bytes, schema::find(path_a));
  const Node root_b = root_node(b.layer.bytes, schema::find(path_b));
  if (a_.saw_ber() != b_.saw_ber()) {
    summary_.notes.push_back(a_.saw_ber() ? "A is BER, B is DER: the values are compared"
                                          : "A is DER, B is BER: the values are compared");
  }
  if (options_.only.empty()) {
    below(root_a, path_a, root_b, path_b);
  } else {
    const auto in_a = find_below(a_, root_a, path_a, options_.only);
    const auto in_b = find_below(b_, root_b, path_b, options_.only);
    if (in_a && in_b) compare(*in_a, *in_b, options_.only, 0);
    if (in_a && !in_b) only(Difference::Kind::only_in_a, root_a, *in_a, options_.only);
    if (in_b && !in_a) only(Difference::Kind::only_in_b, root_b, *in_b, options_.only);
  }
  const auto say = [this](const Note& note, const std::string& what) {
    if (note.count == 0) return;
    summary_.notes.push_back(what + " at " + note.first +
                             (note.count > 1 ? " and " + std::to_string(note.count - 1) + " other places" : ""));
  };
  say(other_encoding_, "the same value in another encoding");
  say(other_order_, "the same elements of a SET OF in another order");
  a_.set_depth(0);
  b_.set_depth(0);
  return std::move(summary_);
}

void Differ::below(const Node& a, const std::string& path_a, const Node& b, const std::string& path_b) {
  if (a.type == b.type) return compare(a, b, path_a, 0);
  if (unwrap(a, path_a, b, true) || unwrap(b, path_b, a, false)) return;
  report({Difference::Kind::changed, path_a, path_a, path_b});
}

// A ContentInfo on one side only.
bool Differ::unwrap(const Node& wrapped, const std::string& path, const Node& other, bool a_is_wrapped) {
  if (!wrapped.is("ContentInfo")) return false;
  const auto inner = find_path(a_is_wrapped ? a_ : b_, wrapped, ".content." + std::string(other.type->name));
  if (!inner) return false;
  summary_.notes.push_back(a_is_wrapped ? "A has a ContentInfo around it, B has none"
                                        : "B has a ContentInfo around it, A has none");
  const std::string inner_path = path + ".content." + std::string(other.type->name);
  if (a_is_wrapped) {
    compare(*inner, other, inner_path, 0);
  } else {
    compare(other, *inner, std::string(other.type->name), 0);
  }
  return true;
}

void Differ::compare(const Node& a, const Node& b, const std::string& path, std::size_t depth) {
  if (a.outer == b.outer) return;
  if (ignored(a, path) || ignored(b, path)) {
    ++summary_.ignored;
    return;
  }
  const std::size_t before = noticed();
  descend(a, b, path, depth);
  if (noticed() != before) return;
  if (a.type != nullptr && a.type->kind == Kind::set_of) {
    other_order_.add(path);
  } else {
    changed(a, b, path);
  }
}

void Differ::descend(const Node& a, const Node& b, const std::string& path, std::size_t depth) {
  const bool alike = a.type == b.type && a.element.id == b.element.id;
  if (!alike || depth > a_.limits().depth) return changed(a, b, path);
  if (is_name(a) && name_text(a.element.whole) != name_text(b.element.whole)) return changed(a, b, path);
  if (a.is_list()) return list(a, b, path, depth);
  if (a.governed != nullptr && a.governed == b.governed && inside(a, b, path, depth)) return;
  if (tlv::is_constructed(a.element.id) || (a.type != nullptr && a.type->kind == Kind::choice)) {
    members(a, b, path, depth);
  }
}

// The value inside an ANY or OCTET STRING; false when one of them holds no such value.
bool Differ::inside(const Node& a, const Node& b, const std::string& path, std::size_t depth) {
  const auto in_a = children_at(a_, a, depth + 1);
  const auto in_b = children_at(b_, b, depth + 1);
  if (in_a.size() != 1 || in_b.size() != 1 || in_a[0].type != a.governed || in_b[0].type != b.governed) return false;
  const std::size_t before = noticed();
  step(a, in_a[0], in_b[0], path, depth);
  if (noticed() == before) other_encoding_.add(path);
  return true;
}

void Differ::step(const Node& parent_a, const Node& a, const Node& b, const std::string& path, std::size_t depth) {
  const std::string child_path = path + path_step(a);
  if (is_secret(parent_a, a)) {
    if (a.outer != b.outer) report({Difference::Kind::changed, child_path, "(a secret, not shown)", "(another one)"});
    return;
  }
  // The alternative of a CHOICE and the value in an ANY are the same element under another name.
  const bool deeper = a.outer.data() != parent_a.element.whole.data();
  compare(a, b, child_path, depth + (deeper ? 1 : 0));
}

// By name; what has none, by position.
void Differ::members(const Node& a, const Node& b, const std::string& path, std::size_t depth) {
  const auto of_a = children_at(a_, a, depth);
  const auto of_b = children_at(b_, b, depth);
  std::map<std::pair<std::string_view, std::size_t>, const Node*> by_name;
  const auto key = [](const Node& node, std::size_t& unnamed) {
    return std::pair(node.name, node.name.empty() ? unnamed++ : 0);
  };
  std::size_t unnamed = 0;
  for (const Node& child : of_b) by_name.emplace(key(child, unnamed), &child);
  unnamed = 0;
  for (const Node& child : of_a) {
    const auto found = by_name.find(key(child, unnamed));
    if (found == by_name.end()) {
      only(Difference::Kind::only_in_a, a, child, path + path_step(child));
    } else {
      step(a, child, *found->second, path, depth);
      by_name.erase(found);
    }
  }
  unnamed = 0;
  for (const Node& child : of_b) {
    if (by_name.contains(key(child, unnamed))) only(Difference::Kind::only_in_b, b, child, path + path_step(child));
  }
}

std::vector<Octets> elements_of(const Node& list) {
  std::vector<Octets> elements;
  for (tlv::Cursor cursor(list.element.content); !cursor.at_end();) elements.push_back(cursor.next().whole);
  return elements;
}

void Differ::list(const Node& a, const Node& b, const std::string& path, std::size_t depth) {
  const auto of_a = elements_of(a);
  const auto of_b = elements_of(b);
  const Alignment alignment = align(a, of_a, of_b);
  if (alignment.reordered) {
    report({Difference::Kind::changed, path, std::to_string(of_a.size()) + " elements", "the same in another order"});
  }
  for (std::size_t i = 0; i < of_a.size(); ++i) {
    const std::size_t j = alignment.partner[i];
    if (j != Alignment::none && of_a[i] == of_b[j]) continue;
    const Node element = list_element(a, of_a[i], i);
    if (j != Alignment::none) {
      step(a, element, list_element(b, of_b[j], j), path, depth);
    } else {
      only(Difference::Kind::only_in_a, a, element, path + path_step(element));
    }
  }
  for (std::size_t j = 0; j < of_b.size(); ++j) {
    if (alignment.paired[j]) continue;
    const Node element = list_element(b, of_b[j], j);
    only(Difference::Kind::only_in_b, b, element, path + path_step(element));
  }
}

// Octets without the count of unused bits in front of a BIT STRING's.
Octets value_octets(const Node& node) {
  const bool bits = node.element.id == tlv::bit_string && !node.element.content.empty();
  return bits ? node.element.content.from(1) : node.element.content;
}

// Two values may look alike: texts are shortened, and characters come in several kinds of string.
std::pair<std::string, std::string> distinctions(const Node& a, const Node& b) {
  if (a.element.id != b.element.id) return {", " + tag_name(a.element.id), ", " + tag_name(b.element.id)};
  const Octets in_a = value_octets(a);
  const auto place = std::ranges::mismatch(in_a, value_octets(b)).in1 - in_a.begin();
  return {"", " (another one from octet " + std::to_string(place) + " on)"};
}

void Differ::changed(const Node& a, const Node& b, const std::string& path) {
  std::string in_a = node_text(a_, a);
  std::string in_b = node_text(b_, b);
  if (in_a == in_b) {
    const auto [of_a, of_b] = distinctions(a, b);
    in_a += of_a;
    in_b += of_b;
  }
  report({Difference::Kind::changed, path, std::move(in_a), std::move(in_b)});
}

void Differ::only(Difference::Kind side, const Node& parent, const Node& node, const std::string& path) {
  if (ignored(node, path)) {
    ++summary_.ignored;
    return;
  }
  const bool in_a = side == Difference::Kind::only_in_a;
  std::string text = is_secret(parent, node) ? "(a secret, not shown)" : node_text(in_a ? a_ : b_, node);
  report({side, path, in_a ? std::move(text) : std::string(), in_a ? std::string() : std::move(text)});
}

void Differ::report(Difference difference) {
  ++summary_.differences;
  use_(difference);
}

bool Differ::ignored(const Node& node, const std::string& path) const {
  for (const std::string& above : options_.ignored_paths) {
    if (covers(above, path)) return true;
  }
  if (options_.ignore_times && is_time(node)) return true;
  if (options_.ignore_signatures && is_octets(node)) {
    if (one_of(node.name, "signature", "mac", "digest", "witness", "thePOP")) return true;
    if (node.name == "value" && node.type->kind == Kind::bit_string) return true;  // of a PKMACValue
  }
  const std::string oid = announced_oid(node);
  if (oid.empty()) return false;
  const bool nonce = one_of(oid, "1.3.6.1.5.5.7.7.6", "1.3.6.1.5.5.7.7.7");
  const bool time = oid == oids::id_signing_time;
  // messageDigest, and the controls that are nothing but a MAC: identityProof, popLinkWitness
  const bool signature = one_of(oid, oids::id_message_digest, "1.3.6.1.5.5.7.7.3", "1.3.6.1.5.5.7.7.23");
  return (options_.ignore_nonces && nonce) || (options_.ignore_times && time) ||
         (options_.ignore_signatures && signature);
}

}  // namespace

DiffSummary diff_messages(Decoder& decoder_a, const Message& a, Decoder& decoder_b, const Message& b,
                          const DiffOptions& options, const std::function<void(const Difference&)>& use) {
  return Differ(decoder_a, decoder_b, options, use).messages(a, b);
}

}  // namespace cmcctl
