#include "der_text_nodes.hpp"

#include <algorithm>
#include <utility>

#include "der_text_form.hpp"
#include "scan.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl::der_text {
namespace {

constexpr std::size_t deepest = 512;  // the stack holds so many levels, whatever Limits::depth says

bool is_end_of_contents(Octets bytes) { return bytes.size() >= 2 && bytes[0] == 0 && bytes[1] == 0; }

bool read_tag(Octets bytes, Header& header) {
  if (bytes.empty()) return false;
  header.id = bytes[0];
  header.number = header.id & tlv::number_bits;
  header.size = 1;
  if (header.number != tlv::number_bits) return true;
  header.number = 0;
  std::uint8_t octet = 0x80;
  while ((octet & 0x80) != 0) {
    const bool too_large = header.number >> 57 != 0;
    if (header.size == bytes.size() || header.tag_octets == most_tag_octets || too_large) return false;
    octet = bytes[header.size++];
    header.number = header.number << 7 | (octet & 0x7F);
    ++header.tag_octets;
  }
  return true;
}

bool read_length(Octets bytes, Header& header) {
  if (header.size == bytes.size()) return false;
  const std::uint8_t first = bytes[header.size++];
  header.indefinite = first == 0x80;
  if (first < 0x80) header.length = first;
  if (first <= 0x80) return true;
  header.length_octets = first & 0x7F;
  if (header.length_octets > bytes.size() - header.size) return false;
  for (std::size_t i = 0; i < header.length_octets; ++i) {
    if (header.length >> 55 != 0) return false;
    header.length = header.length << 8 | bytes[header.size++];
  }
  return true;
}

// Garbage claims more octets than there are, too; behind these tags a message that was cut off is more likely.
bool is_likely_cut(const Header& header) {
  const unsigned tag_class = header.id & tlv::class_bits;
  return header.tag_octets == 0 && (tag_class == 0x00 || tag_class == 0x80);
}

// Where octets could be elements by chance, their contents have to fit their tags, too.
bool is_plausible(const Header& header, Octets content, const Limits& limits) {
  if (!tlv::is_universal(header.id)) return true;
  if (header.tag_octets != 0 || universal_names[header.number].empty()) return false;
  Scan scan;
  bool ber_only = false;
  return check_form(header.id, scan, ber_only) &&
         (tlv::is_constructed(header.id) || check_primitive(header.id, content, limits, scan, ber_only));
}

/// The part of a string's contents that may be elements itself; empty where there is none.
Octets nested_part(std::uint8_t id, Octets content) {
  if (id == tlv::octet_string) return content;
  if (id == tlv::bit_string && content.size() > 1 && content[0] == 0) return content.from(1);
  return {};
}

class Finder {
 public:
  explicit Finder(const Limits& limits) : limits_(limits), depth_(std::min(limits.depth, deepest)) {}

  std::vector<Node> find(Octets bytes) {
    siblings(bytes, Until::end, 1, Look::lenient);
    return std::move(nodes_);
  }

 private:
  enum class Until { end, end_of_contents };
  enum class Look {
    lenient,  // what is no element becomes a raw node
    strict,   // what is no element ends the search
  };
  static constexpr std::size_t none = SIZE_MAX;

  // Elements one after the other. Returns the size of what they take, `none` where the search failed or found no
  // end-of-contents octets.
  std::size_t siblings(Octets bytes, Until until, std::size_t depth, Look look) {
    std::size_t at = 0;
    while (at < bytes.size()) {
      const Octets rest = bytes.from(at);
      if (until == Until::end_of_contents && is_end_of_contents(rest)) return at;
      const std::size_t used = element(rest, depth, look);
      if (used == none && look == Look::strict) return none;
      if (used == none) add(rest, Node::Kind::raw);
      at = used == none ? bytes.size() : at + used;
    }
    return until == Until::end ? at : none;
  }

  // The element at the start of `bytes`. Returns its size, `none` where there is none.
  std::size_t element(Octets bytes, std::size_t depth, Look look) {
    if (depth > depth_ || nodes_.size() >= limits_.nodes) return none;
    const auto header = read_header(bytes);
    if (!header) return none;
    if (header->indefinite) return indefinite_element(*header, bytes, depth, look);
    const bool cut = header->length > bytes.size() - header->size;
    if (cut && (look == Look::strict || !is_likely_cut(*header))) return none;
    const Octets whole = cut ? bytes : bytes.sub(0, header->size + header->length);
    const Octets content = whole.from(header->size);
    if (look == Look::strict && !is_plausible(*header, content, limits_)) return none;

    const std::size_t node = add(whole, Node::Kind::leaf);
    if (tlv::is_constructed(header->id)) {
      if (siblings(content, Until::end, depth + 1, look) == none) return drop(node);
      nodes_[node].kind = Node::Kind::parent;
    } else if (!cut) {
      nested_elements(node, nested_part(header->id, content), depth);
    }
    nodes_[node].next = nodes_.size();
    return whole.size();
  }

  std::size_t indefinite_element(const Header& header, Octets bytes, std::size_t depth, Look look) {
    if (!tlv::is_constructed(header.id)) return none;
    if (look == Look::strict && !is_plausible(header, {}, limits_)) return none;
    const std::size_t node = add(bytes.sub(0, header.size), Node::Kind::raw);
    const std::size_t used = siblings(bytes.from(header.size), Until::end_of_contents, depth + 1, look);
    if (used == none && look == Look::strict) return drop(node);
    if (used == none) return bytes.size();  // the header stays raw, and what follows it stands beside it
    const std::size_t size = header.size + used + 2;
    nodes_[node] = {bytes.sub(0, size), nodes_.size(), Node::Kind::parent};
    return size;
  }

  void nested_elements(std::size_t node, Octets part, std::size_t depth) {
    if (part.empty()) return;
    if (siblings(part, Until::end, depth + 1, Look::strict) == none) {
      nodes_.resize(node + 1);
    } else {
      nodes_[node].kind = Node::Kind::parent;
    }
  }

  std::size_t add(Octets bytes, Node::Kind kind) {
    nodes_.push_back({bytes, nodes_.size() + 1, kind});
    return nodes_.size() - 1;
  }

  std::size_t drop(std::size_t node) {
    nodes_.resize(node);
    return none;
  }

  const Limits& limits_;
  std::size_t depth_;
  std::vector<Node> nodes_;
};

}  // namespace

std::optional<Header> read_header(Octets bytes) {
  Header header;
  if (!read_tag(bytes, header) || !read_length(bytes, header)) return std::nullopt;
  const bool end_of_contents = header.number == 0 && tlv::is_universal(header.id);
  return end_of_contents ? std::nullopt : std::optional(header);
}

std::vector<Node> find_nodes(Octets bytes, const Limits& limits) { return Finder(limits).find(bytes); }

}  // namespace cmcctl::der_text
