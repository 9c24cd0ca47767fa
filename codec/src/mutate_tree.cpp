#include "mutate_tree.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include <cmcctl/codec/limits.hpp>

#include <cmcctl/codec/tlv.hpp>

namespace cmcctl::mutation {
namespace {

/// Takes bytes apart. Contents are looked at only once: what turns out not to be elements stays contents.
class Parser {
 public:
  explicit Parser(Octets bytes) : next_(bytes.begin_ptr()) {}

  // Elements, and then what does not follow the rules. Left alone when not even the first one does.
  void message(const std::uint8_t* end, Element& root) {
    while (next_ != end) {
      const std::uint8_t* const start = next_;
      Element one;
      if (count_ >= most_elements || !element(end, Limits{}.depth, one)) {
        if (root.children.empty()) return;
        next_ = start;
        one = rest(end);
      }
      root.children.push_back(std::move(one));
    }
    root.parsed = !root.children.empty();
  }

  // Elements up to `end`, or up to end-of-contents octets; false where something else stands.
  bool elements(const std::uint8_t* end, bool until_end_of_contents, std::size_t depth, std::vector<Element>& out) {
    const std::size_t first = siblings_.size();
    const bool sound = siblings(end, until_end_of_contents, depth);
    const auto begin = siblings_.begin() + static_cast<std::ptrdiff_t>(first);
    if (sound) out.assign(std::make_move_iterator(begin), std::make_move_iterator(siblings_.end()));
    siblings_.erase(begin, siblings_.end());
    return sound;
  }

  bool siblings(const std::uint8_t* end, bool until_end_of_contents, std::size_t depth) {
    while (next_ != end) {
      if (until_end_of_contents && end - next_ >= 2 && next_[0] == 0 && next_[1] == 0) {
        next_ += 2;
        return true;
      }
      if (count_ >= most_elements && !until_end_of_contents) {
        siblings_.push_back(rest(end));
        return true;
      }
      Element one;
      if (!element(end, depth, one)) return false;
      siblings_.push_back(std::move(one));
    }
    return !until_end_of_contents;
  }

  bool element(const std::uint8_t* end, std::size_t depth, Element& out) {
    const std::uint8_t* const start = next_;
    std::size_t length = 0;
    if (!header(end, out, length)) return false;
    if (out.indefinite) {
      if (depth == 0) return false;
      out.parsed = true;
      if (!elements(end, true, depth - 1, out.children)) return false;
    } else {
      out.content = Octets(next_, next_ + length);
      if (depth != 0 && count_ < most_elements) open(depth, out);
      next_ = out.content.end_ptr();
    }
    out.whole = Octets(start, next_);
    return true;
  }

  // What stands alone from here to the end.
  Element rest(const std::uint8_t* end) {
    Element octets;
    octets.content = octets.whole = Octets(next_, end);
    next_ = end;
    return octets;
  }

 private:
  // One change is made among so many; they take memory, and there is no need for more.
  static constexpr std::size_t most_elements = 1u << 16;

  bool header(const std::uint8_t* end, Element& out, std::size_t& length) {
    const std::uint8_t* p = next_;
    if (*p == tlv::end_of_contents) return false;
    if ((*p++ & tlv::number_bits) == tlv::number_bits) {
      while (p != end && (*p & 0x80) != 0) ++p;
      if (p != end) ++p;
    }
    if (p == end) return false;
    out.tag = Octets(next_, p);
    length = *p++;
    if (length == 0x80) {
      out.indefinite = true;
      if (!tlv::is_constructed(out.id())) return false;
    } else if (length > 0x80 && !long_length(p, end, out, length)) {
      return false;
    }
    if (!out.indefinite && length > static_cast<std::size_t>(end - p)) return false;
    next_ = p;
    ++count_;
    return true;
  }

  static bool long_length(const std::uint8_t*& p, const std::uint8_t* end, Element& out, std::size_t& length) {
    const std::size_t octets = length & 0x7F;
    if (octets > sizeof length || octets > static_cast<std::size_t>(end - p)) return false;
    if (p[0] == 0 || (octets == 1 && p[0] < 0x80)) out.least_length_octets = static_cast<std::uint8_t>(octets);
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) length = length << 8 | *p++;
    return true;
  }

  // Looks for elements in the contents of one with a definite length.
  void open(std::size_t depth, Element& out) {
    const std::uint8_t* const end = out.content.end_ptr();
    if (tlv::is_constructed(out.id())) {
      out.parsed = elements(end, false, depth - 1, out.children);
    } else if (may_hold_encoding(out)) {
      if (out.is(tlv::bit_string)) {
        out.lead = out.content.sub(0, 1);
        ++next_;
      }
      Element inner;
      out.parsed = element(end, depth - 1, inner) && next_ == end;
      if (out.parsed) out.children.push_back(std::move(inner));
    }
    if (out.parsed) return;
    out.children.clear();
    out.lead = {};
  }

  // Two octets, a tag and the right length: random octets hardly ever look so.
  static bool may_hold_encoding(const Element& element) {
    if (element.is(tlv::octet_string)) return tlv::is_one_element(element.content) && is_usual(element.content[0]);
    if (!element.is(tlv::bit_string) || element.content.empty() || element.content[0] != 0) return false;
    const Octets bytes = element.content.from(1);
    return tlv::is_one_element(bytes) && is_usual(bytes[0]);
  }
  static bool is_usual(std::uint8_t id) { return id != 0 && tlv::is_universal(id) && id != 0x1F && id != 0x3F; }

  const std::uint8_t* next_;
  std::vector<Element> siblings_;  // so far, of all open lists: each list then takes memory once
  std::size_t count_ = 0;  // elements so far
};

void prepend(BackwardWriter& writer, const Element& element) {
  if (element.indefinite && !element.tag.empty()) {
    writer.prepend(tlv::end_of_contents);
    writer.prepend(tlv::end_of_contents);
  }
  const std::size_t end = writer.mark();
  writer.prepend(element.tail);
  if (element.parsed) {
    std::for_each(element.children.rbegin(), element.children.rend(),
                  [&](const Element& child) { prepend(writer, child); });
    writer.prepend(element.lead);
  } else {
    writer.prepend(element.content);
  }
  if (element.tag.empty()) return;
  if (!element.length.empty()) {
    writer.prepend(element.length);
  } else if (element.indefinite) {
    writer.prepend(0x80);
  } else {
    writer.prepend_length(writer.mark() - end, element.least_length_octets);
  }
  writer.prepend(element.tag);
}

void add_places(Element& element, std::size_t parent, std::vector<Place>& all) {
  const std::size_t self = all.size();
  all.push_back({&element, parent, 0});
  for (Element& child : element.children) add_places(child, self, all);
  all[self].end = all.size();
}

}  // namespace

Element parse(Octets bytes) {
  Element root;
  root.whole = root.content = bytes;
  Parser(bytes).message(bytes.end_ptr(), root);
  return root;
}

Bytes write(const Element& element) {
  BackwardWriter writer;
  prepend(writer, element);
  return writer.take();
}

void BackwardWriter::prepend_length(std::size_t length, std::size_t least_octets) {
  if (length < 0x80 && least_octets == 0) return prepend(static_cast<std::uint8_t>(length));
  std::size_t octets = 0;
  for (std::size_t rest = length; rest != 0 || octets < least_octets; rest >>= 8, ++octets) {
    prepend(static_cast<std::uint8_t>(rest));
  }
  prepend(static_cast<std::uint8_t>(0x80 | octets));
}

void BackwardWriter::wrap(std::uint8_t tag, std::size_t end) {
  prepend_length(mark() - end);
  prepend(tag);
}

std::vector<Place> places(Element& root) {
  std::vector<Place> all;
  add_places(root, 0, all);
  return all;
}

}  // namespace cmcctl::mutation
