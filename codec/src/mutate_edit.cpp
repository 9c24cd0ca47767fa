#include "mutate_edit.hpp"

#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/values.hpp>

namespace cmcctl::mutation {
namespace {

Octets length_octets(const Element& element) {
  const Octets from_length = element.whole.from(element.tag.size());
  const std::size_t first = from_length[0];
  return from_length.sub(0, first > 0x80 ? 1 + (first & 0x7F) : 1);
}

}  // namespace

bool Edit::leave_lengths() {
  if (changed_ == nullptr || changed_->parent == 0) return false;
  for (std::size_t i = changed_->parent; i != 0; i = places_[i].parent) {
    places_[i].element->length = length_octets(*places_[i].element);
  }
  return true;
}

std::span<const Operation> operations(MutationKind kind) {
  switch (kind) {
    case MutationKind::tlv:
      return tlv_operations();
    case MutationKind::der:
      return der_operations();
    case MutationKind::control:
      return control_operations();
    default:
      return {};
  }
}

Element made(Edit& edit, std::uint8_t id, Octets content) {
  Element element;
  element.tag = edit.keep({id});
  element.content = content;
  return element;
}

Element made(Edit& edit, std::uint8_t id, std::vector<Element> children) {
  Element element = group(std::move(children));
  element.tag = edit.keep({id});
  return element;
}

Element group(std::vector<Element> elements) {
  Element element;
  element.parsed = true;
  element.children = std::move(elements);
  return element;
}

Octets boundary_integer(Edit& edit) {
  static constexpr std::size_t powers[]{7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 159, 160, 1024};
  if (edit.random.one_in(4)) return edit.keep(integer_content(static_cast<std::int64_t>(edit.random.below(3)) - 1));
  // 2^n - 1 or 2^n, or the complement of one of them
  const std::size_t bits = edit.random.of(powers);
  const bool carries = edit.random.one_in(2);
  const bool negative = edit.random.one_in(2);
  Bytes content(bits / 8 + 1, carries ? 0x00 : 0xFF);
  const auto top = static_cast<std::uint8_t>(1u << bits % 8);
  content[0] = static_cast<std::uint8_t>(carries ? top : top - 1);
  if (content[0] == 0x80) content.insert(content.begin(), 0x00);
  if (negative) {
    for (std::uint8_t& octet : content) octet = static_cast<std::uint8_t>(~octet);
  }
  return edit.keep(std::move(content));
}

Octets known_oid(Edit& edit, std::string& name) {
  const OidEntry& entry = edit.random.of(oid_entries());
  name = entry.name;
  const auto content = oid_content(entry.dotted);
  return content ? edit.keep(*content) : Octets();
}

void set_content(Element& element, Octets content) {
  element.parsed = false;
  element.children.clear();
  element.lead = {};
  element.content = content;
}

Bytes contents_of(const Element& element) {
  Element bare = element;
  bare.tag = {};
  return write(bare);
}

Bytes change_octets(Octets message, Random& random, std::size_t max_size, std::string& what) {
  Bytes bytes(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(std::min(message.size(), max_size)));
  if (bytes.empty()) {
    bytes.resize(std::min<std::size_t>(random.between(1, 16), max_size));
    for (std::uint8_t& octet : bytes) octet = random.octet();
    what = std::to_string(bytes.size()) + " random octets";
    return bytes;
  }
  const std::size_t at = random.below(bytes.size());
  const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
  const std::string byte = "byte " + std::to_string(at) + ": ";
  switch (random.below(4)) {
    case 0:
      if (bytes.size() == max_size) break;
      bytes.insert(place, random.octet());
      what = byte + "an octet put in";
      if (Octets(bytes) != message) return bytes;
      break;
    case 1:
      if (bytes.size() == 1) break;
      bytes.erase(place);
      what = byte + "an octet taken out";
      return bytes;
    case 2:
      if (at == 0) break;
      bytes.resize(at);
      what = byte + "cut here";
      return bytes;
    default:
      break;
  }
  bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ random.between(1, 255));
  what = byte + "an octet changed";
  return bytes;
}

}  // namespace cmcctl::mutation
