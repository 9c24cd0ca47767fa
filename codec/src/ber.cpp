#include "ber.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {
namespace {

constexpr std::uint32_t none = UINT32_MAX;

// How an element is written again.
enum class Role : std::uint8_t {
  element,  // header and contents
  string,   // a constructed string: one header, the contents of its segments joined
  segment,  // contents only, inside a string
};

struct Node {                 // small, because a message may have a million of them
  std::uint32_t start;        // identifier octets
  std::uint32_t parent;
  std::uint32_t length;       // content octets: as read for primitives, as written for all after measure()
  std::uint8_t header;        // octets before the content
  std::uint8_t tag_octets;
  std::uint8_t id;
  Role role;
};

struct Open {
  std::uint32_t node;
  std::uint32_t place;      // in Normaliser::ends
  const std::uint8_t* end;  // nullptr: until end-of-contents
};

std::size_t length_octets(std::size_t length) {
  std::size_t octets = 1;
  if (length >= 0x80) {
    for (std::size_t rest = length; rest != 0; rest >>= 8) ++octets;
  }
  return octets;
}

std::uint8_t* write_length(std::uint8_t* out, std::size_t length) {
  const std::size_t octets = length_octets(length);
  if (octets == 1) {
    *out++ = static_cast<std::uint8_t>(length);
    return out;
  }
  *out++ = static_cast<std::uint8_t>(0x80 | (octets - 1));
  for (std::size_t i = octets - 1; i-- != 0;) *out++ = static_cast<std::uint8_t>(length >> (8 * i));
  return out;
}

bool has_short_header(const Node& node) { return node.header == node.tag_octets + 1; }

class Normaliser {
 public:
  Normaliser(Octets bytes, const Limits& limits, std::size_t depth, Scan& scan)
      : begin_(bytes.begin_ptr()), limit_(bytes.end_ptr()), p_(begin_), limits_(limits), depth_(depth), scan_(scan) {}

  bool read();
  void measure();
  Octets write(Arena& arena, std::vector<SourceMap::Run>& runs);

  BerNotes notes;
  std::vector<SourceMap::End> ends;  // ascending; until write(), `copy` is an index of nodes_, and 0 is no end

 private:
  bool refuse(const std::uint8_t* at, Errc code, std::string detail) {
    scan_.outcome = Scan::Outcome::refused;
    scan_.code = code;
    scan_.detail = std::move(detail);
    scan_.offset = static_cast<std::size_t>(at - begin_);
    return false;
  }
  const std::uint8_t* end() const {
    for (std::size_t i = open_.size(); i-- != 0;) {
      if (open_[i].end != nullptr) return open_[i].end;
    }
    return limit_;
  }
  std::uint32_t offset(const std::uint8_t* p) const { return static_cast<std::uint32_t>(p - begin_); }
  const std::uint8_t* at(const Node& node) const { return begin_ + node.start; }
  void close_innermost();
  bool read_element(const std::uint8_t* enclosing_end);
  bool read_tag(Node& node, const std::uint8_t* enclosing_end);
  bool read_length(const Node& node, const std::uint8_t* enclosing_end, std::size_t& length, bool& indefinite);
  bool place(Node& node);
  bool close();
  void mark(std::vector<SourceMap::Run>& runs, const std::uint8_t* original);
  void place_end(std::uint32_t node);

  const std::uint8_t* const begin_;
  const std::uint8_t* const limit_;
  const std::uint8_t* p_;
  const Limits& limits_;
  const std::size_t depth_;
  Scan& scan_;
  std::vector<Node> nodes_;
  std::vector<Open> open_;
  std::uint8_t* out_ = nullptr;
  std::uint8_t* out_begin_ = nullptr;
  std::size_t next_end_ = 0;
  std::size_t placed_ends_ = 0;
  bool last_is_copied_ = true;  // the last octet of the element that ended last
};

bool Normaliser::read_tag(Node& node, const std::uint8_t* enclosing_end) {
  const std::uint8_t* const start = p_;
  node.start = offset(start);
  if (enclosing_end - p_ < 2) return refuse(p_, Errc::truncated, "the element has no room for tag and length");
  node.id = *p_++;
  if ((node.id & tlv::number_bits) == tlv::number_bits) {
    if (*p_ == 0x80) return refuse(start, Errc::bad_tag, "the tag number is padded");
    while (p_ != enclosing_end && (*p_ & 0x80) != 0) ++p_;
    if (p_ == enclosing_end || ++p_ == enclosing_end) return refuse(start, Errc::truncated, "cut inside the tag");
    if (p_ - start > 5) return refuse(start, Errc::bad_tag, "the tag number is above 2^28");
    if (p_ - start == 2 && start[1] < 31) {
      return refuse(start, Errc::bad_tag, "a low tag number in the long form");
    }
  }
  node.tag_octets = static_cast<std::uint8_t>(p_ - start);
  bool constructed_string = false;
  if (!check_form(node.id, scan_, constructed_string)) return refuse(start, scan_.code, std::move(scan_.detail));
  node.role = constructed_string ? Role::string : Role::element;
  return true;
}

bool Normaliser::read_length(const Node& node, const std::uint8_t* enclosing_end, std::size_t& length,
                             bool& indefinite) {
  indefinite = false;
  length = *p_++;
  if (length < 0x80) return true;
  const std::size_t octets = length & 0x7F;
  if (octets == 0) {
    if (!tlv::is_constructed(node.id)) {
      return refuse(at(node), Errc::bad_indefinite, "indefinite length in primitive form");
    }
    indefinite = true;
    notes.add(BerForm::indefinite_length, at(node));
    return true;
  }
  if (octets == 0x7F) return refuse(at(node), Errc::bad_length, "reserved length octet FF");
  if (static_cast<std::size_t>(enclosing_end - p_) < octets) {
    return refuse(at(node), Errc::truncated, "cut inside the length");
  }
  length = 0;
  for (std::size_t i = 0; i < octets; ++i) {
    if (length >> 56 != 0) return refuse(at(node), Errc::bad_length, "length above 2^64");
    length = length << 8 | *p_++;
  }
  if (length_octets(length) != octets + 1) notes.add(BerForm::long_length, at(node));
  return true;
}

// Settles what part the element plays inside a constructed string.
bool Normaliser::place(Node& node) {
  if (node.parent == none || nodes_[node.parent].role == Role::element) {
    if (node.role == Role::string) notes.add(BerForm::constructed_string, at(node));
    return true;
  }
  const std::uint8_t string_id = nodes_[node.parent].id & static_cast<std::uint8_t>(~tlv::constructed_bit);
  const std::uint8_t id = node.id & static_cast<std::uint8_t>(~tlv::constructed_bit);
  // X.690 8.21.6: the segments of character strings may be OCTET STRINGs.
  if (id != string_id && (id != tlv::octet_string || string_id == tlv::bit_string)) {
    return refuse(at(node), Errc::bad_string, "found " + tag_name(node.id) + " as segment of a constructed string");
  }
  node.role = Role::segment;
  return true;
}

bool Normaliser::read_element(const std::uint8_t* enclosing_end) {
  Node node{};
  if (!read_tag(node, enclosing_end)) return false;
  std::size_t length = 0;
  bool indefinite = false;
  if (!read_length(node, enclosing_end, length, indefinite)) return false;
  if (!indefinite && length > static_cast<std::size_t>(enclosing_end - p_)) {
    const bool at_input_end = enclosing_end == limit_;
    return refuse(at(node), at_input_end ? Errc::truncated : Errc::bad_length,
                  overrun(node.id, length, static_cast<std::size_t>(enclosing_end - p_), at_input_end));
  }
  node.header = static_cast<std::uint8_t>(p_ - at(node));
  node.parent = open_.empty() ? none : open_.back().node;
  if (!place(node)) return false;
  if (nodes_.size() == limits_.nodes) return refuse(at(node), Errc::limit_exceeded, "limit nodes");

  if (tlv::is_constructed(node.id)) {
    if (depth_ + open_.size() + 1 >= limits_.depth) return refuse(at(node), Errc::limit_exceeded, "limit depth");
    const auto place = static_cast<std::uint32_t>(ends.size());
    open_.push_back({static_cast<std::uint32_t>(nodes_.size()), place, indefinite ? nullptr : p_ + length});
    ends.push_back({static_cast<std::uint32_t>(nodes_.size()), 0});
  } else {
    node.length = static_cast<std::uint32_t>(length);
    bool ber_only = false;
    const Octets content(p_, p_ + length);
    if (tlv::is_universal(node.id) && !check_primitive(node.id, content, limits_, scan_, ber_only)) {
      return refuse(at(node), scan_.code, std::move(scan_.detail));
    }
    if (ber_only) {
      notes.add(node.id == tlv::boolean ? BerForm::boolean_value : BerForm::unused_bits, at(node));
    }
    p_ += length;
    last_is_copied_ = length != 0 || has_short_header(node);
    if (!last_is_copied_) ends.push_back({static_cast<std::uint32_t>(nodes_.size()), offset(p_)});
    // A segment of a BIT STRING starts with its own count of unused bits; the joined string has one.
    if (node.role == Role::segment && node.id == tlv::bit_string) {
      ++node.header;
      --node.length;
    }
  }
  if (node.role == Role::string && (node.id & tlv::number_bits) == tlv::bit_string) node.length = 1;
  nodes_.push_back(node);
  return true;
}

void Normaliser::close_innermost() {
  const Open innermost = open_.back();
  const Node& node = nodes_[innermost.node];
  const bool empty = innermost.node + 1 == nodes_.size();
  const bool definite = innermost.end != nullptr;
  last_is_copied_ = definite && node.role == Role::element && (empty ? has_short_header(node) : last_is_copied_);
  if (!last_is_copied_) ends[innermost.place].original = offset(p_);
  open_.pop_back();
}

// Closes every element that ends here; false when an end-of-contents is wrong.
bool Normaliser::close() {
  while (!open_.empty()) {
    const Open& innermost = open_.back();
    if (innermost.end != nullptr) {
      if (p_ != innermost.end) return true;
      close_innermost();
      continue;
    }
    const std::uint8_t* const enclosing_end = end();
    if (p_ == enclosing_end) {
      return refuse(at(nodes_[innermost.node]), Errc::truncated, "indefinite length without end-of-contents");
    }
    if (*p_ != tlv::end_of_contents) return true;
    if (enclosing_end - p_ < 2 || p_[1] != 0) {
      return refuse(p_, Errc::bad_indefinite, "end-of-contents is not 00 00");
    }
    p_ += 2;
    close_innermost();
  }
  return true;
}

bool Normaliser::read() {
  if (begin_ == limit_) return refuse(begin_, Errc::empty_input, "no bytes");
  do {
    if (!read_element(end()) || !close()) return false;
  } while (!open_.empty());
  if (p_ != limit_) return refuse(p_, Errc::trailing_data, "bytes follow the complete element");
  return true;
}

void Normaliser::measure() {
  for (std::size_t i = nodes_.size(); i-- != 0;) {
    Node& node = nodes_[i];
    if (node.parent == none) continue;
    const std::size_t header = node.role == Role::segment ? 0 : node.tag_octets + length_octets(node.length);
    nodes_[node.parent].length += static_cast<std::uint32_t>(header) + node.length;
  }
}

void Normaliser::mark(std::vector<SourceMap::Run>& runs, const std::uint8_t* original) {
  const auto at = static_cast<std::size_t>(out_ - out_begin_);
  if (!runs.empty() && runs.back().original + (at - runs.back().copy) == original) return;
  runs.push_back({at, original});
}

// Makes an index of nodes_ the place in the copy, where the node has a place and an end of its own.
void Normaliser::place_end(std::uint32_t node) {
  if (next_end_ == ends.size() || ends[next_end_].copy != node) return;
  const std::uint32_t original = ends[next_end_++].original;
  if (original == 0 || nodes_[node].role == Role::segment) return;
  ends[placed_ends_++] = {static_cast<std::uint32_t>(out_ - out_begin_), original};
}

Octets Normaliser::write(Arena& arena, std::vector<SourceMap::Run>& runs) {
  const Node& root = nodes_.front();
  const std::size_t size = root.tag_octets + length_octets(root.length) + root.length;
  out_begin_ = out_ = arena.allocate<std::uint8_t>(size);
  if (out_ == nullptr) {
    refuse(begin_, Errc::limit_exceeded, "limit arena");
    return {};
  }
  std::uint8_t* unused_bits = nullptr;  // of the BIT STRING that is being joined
  const Node* last_segment = nullptr;
  for (const Node& node : nodes_) {
    place_end(static_cast<std::uint32_t>(&node - nodes_.data()));
    const bool primitive = !tlv::is_constructed(node.id);
    const bool joined_bits = (node.id & ~tlv::constructed_bit) == tlv::bit_string && node.role != Role::element;
    if (node.role != Role::segment) {
      mark(runs, at(node));
      std::memcpy(out_, at(node), node.tag_octets);
      if (node.role == Role::string) *out_ = static_cast<std::uint8_t>(*out_ & ~tlv::constructed_bit);
      out_ = write_length(out_ + node.tag_octets, node.length);
      if (joined_bits) {
        mark(runs, at(node));
        unused_bits = out_;
        *out_++ = 0;
      }
    }
    const std::uint8_t* const content = at(node) + node.header;
    if (joined_bits && primitive) {
      if (*unused_bits != 0) {
        refuse(at(*last_segment), Errc::bad_bit_string, "unused bits before the last segment");
        return {};
      }
      last_segment = &node;
      *unused_bits = content[-1];
    }
    if (!primitive || node.length == 0) continue;
    mark(runs, content);
    std::memcpy(out_, content, node.length);
    if (node.id == tlv::boolean && *out_ != 0) *out_ = 0xFF;
    if (joined_bits) out_[node.length - 1] &= static_cast<std::uint8_t>(0xFFu << content[-1]);
    if (node.id == tlv::bit_string && !joined_bits) out_[node.length - 1] &= static_cast<std::uint8_t>(0xFFu << *out_);
    out_ += node.length;
  }
  ends.resize(placed_ends_);
  return Octets(out_begin_, out_);
}

}  // namespace

Normalised normalise_ber(Octets bytes, const Limits& limits, std::size_t depth, Arena& arena, SourceMap& map,
                         Scan& scan) {
  Normaliser normaliser(bytes, limits, depth, scan);
  scan.outcome = Scan::Outcome::der;
  if (bytes.size() > std::min<std::size_t>(limits.message_octets, UINT32_MAX)) {
    scan.outcome = Scan::Outcome::refused;
    scan.code = Errc::limit_exceeded;
    scan.detail = "limit message_octets";
    return {};
  }
  if (!normaliser.read()) return {};
  normaliser.measure();
  std::vector<SourceMap::Run> runs;
  const Octets der = normaliser.write(arena, runs);
  if (scan.outcome != Scan::Outcome::der) return {};
  map.add(der, std::move(runs), std::move(normaliser.ends));
  return {der, normaliser.notes};
}

}  // namespace cmcctl
