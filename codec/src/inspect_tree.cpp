#include <cmcctl/codec/inspect.hpp>

#include <string>
#include <vector>

#include <cmcctl/codec/text.hpp>

#include "control_text.hpp"
#include "node.hpp"
#include "scan.hpp"
#include "summary.hpp"

namespace cmcctl {
namespace {

using schema::Kind;

class TreeInspector {
 public:
  TreeInspector(std::ostream& out, Decoder& decoder, const InspectOptions& options)
      : out_(out), decoder_(decoder), options_(options) {}

  void element(const Node& node, std::size_t level, const std::string& path);

 private:
  void line(Octets element, std::size_t level, const std::string& text);

  std::ostream& out_;
  Decoder& decoder_;
  const InspectOptions& options_;
};

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

// One element may have several names: the alternative of a CHOICE, the value that an ANY holds. They share a line.
struct Named {
  Node node;          // the innermost of them
  std::string label;  // ".otherInfo.failInfo" without its first dot
  std::string path;
};

Named follow(const Node& node, const std::string& path, Decoder& decoder) {
  Named named{node, node.list_element ? path_step(node) : std::string(node.name), path};
  while (named.node.governed != nullptr || (named.node.type != nullptr && named.node.type->kind == Kind::choice)) {
    if (named.node.type->kind == Kind::set_of) break;  // its elements are what is governed
    const auto inside = children(named.node, decoder);
    if (inside.size() != 1 || inside[0].outer.data() != named.node.element.whole.data()) return named;
    named.path += path_step(inside[0]);
    if (!inside[0].name.empty()) named.label += (named.label.empty() ? "" : ".") + std::string(inside[0].name);
    const Octets outer = named.node.outer;
    named.node = inside[0];
    // EXPLICIT tags of the outer name stay in front.
    if (outer.data() != inside[0].outer.data()) named.node.outer = outer;
  }
  return named;
}

void TreeInspector::line(Octets element, std::size_t level, const std::string& text) {
  out_ << padded(std::to_string(decoder_.offset_of(element)), 7) << ' '
       << padded(std::to_string(decoder_.original(element).size()), 6) << "  " << std::string(level * 2, ' ') << text
       << '\n';
}

void TreeInspector::element(const Node& outermost, std::size_t level, const std::string& outer_path) {
  const auto [node, label, path] = follow(outermost, outer_path, decoder_);
  const bool shown = options_.only.empty() || path.starts_with(options_.only);
  const std::string name = label.empty() ? "" : label + " ";
  Octets outer = node.outer;
  bool named = false;
  // The EXPLICIT tags around the element have lines of their own.
  while (outer.data() != node.element.whole.data()) {
    if (shown) line(outer, level, (named ? "" : name) + tag_name(outer[0]));
    named = true;
    ++level;
    outer = tlv::first(outer).content;
  }
  if (shown) {
    std::string text = (named ? "" : name) + tag_name(node.element.id);
    const bool has_type = node.type != nullptr && node.type->kind >= Kind::sequence && node.type->name != node.name;
    if (has_type && node.type->kind != Kind::any) text += " " + std::string(node.type->name);
    const std::string shown_value = path.ends_with(".passphrase") ? "(a secret, not shown)" : element_text(node);
    if (!shown_value.empty()) text += "  " + shown_value;
    line(node.element.whole, level, text);
  }
  if (level + 1 >= options_.depth) return;
  const std::string parent = path;
  const std::size_t below = level + 1;
  for_each_child(node, decoder_, [&](const Node& child) { element(child, below, parent + path_step(child)); });
}

// As far as the bytes go: used where the scan refuses them. One line an element, nested by the lengths they claim.
void broken_tree(std::ostream& out, Octets bytes) {
  constexpr std::size_t most_lines = 10'000;
  std::vector<std::size_t> ends;
  std::size_t at = 0;
  for (std::size_t lines = 0; at < bytes.size() && bytes.size() - at >= 2 && lines < most_lines; ++lines) {
    while (!ends.empty() && at >= ends.back()) ends.pop_back();
    const std::uint8_t id = bytes[at];
    std::size_t header = 2;
    std::size_t length = bytes[at + 1];
    if (length > 0x80 && length <= 0x84 && at + 2 + (length & 0x7F) <= bytes.size()) {
      const std::size_t octets = length & 0x7F;
      length = 0;
      for (std::size_t i = 0; i < octets; ++i) length = length << 8 | bytes[at + 2 + i];
      header += octets;
    } else if (length >= 0x80) {
      length = 0;
    }
    out << padded(std::to_string(at), 7) << ' ' << padded(std::to_string(header + length), 6) << "  "
        << std::string(ends.size() * 2, ' ') << tag_name(id);
    const std::size_t left = bytes.size() - at - header;
    if (length > left) out << "  (only " << left << " octets are left)";
    out << '\n';
    if (tlv::is_constructed(id) && ends.size() < 64) {
      ends.push_back(at + header + length);
      at += header;
    } else {
      at += header + length;
    }
  }
}

}  // namespace

Result<void> inspect_tree(std::ostream& out, Decoder& decoder, Octets bytes, const InspectOptions& options) {
  decoder.reset(bytes);
  auto scanned = decoder.scan(bytes);
  const schema::Type* type = nullptr;
  Result<void> outcome;
  if (!scanned) outcome = scanned.error();
  if (!scanned && scanned.error().code == Errc::trailing_data) {
    scanned = decoder.scan(bytes.sub(0, scanned.error().offset));
  }
  if (!scanned) {
    broken_tree(out, bytes);
    return outcome;
  }
  const Octets der = scanned->der;
  Decoder probe(decoder.limits());
  if (const auto message = open_message(probe, bytes)) type = schema::find(message->layer.path);
  const Node root = root_node(der, type);
  TreeInspector(out, decoder, options).element(root, 0, type != nullptr ? std::string(type->name) : "(unknown)");
  return outcome;
}

}  // namespace cmcctl
