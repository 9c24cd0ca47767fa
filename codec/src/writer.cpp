#include "writer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {

int set_order(Octets a, Octets b) {
  const std::size_t common = std::min(a.size(), b.size());
  const int order = common == 0 ? 0 : std::memcmp(a.data(), b.data(), common);
  if (order != 0 || a.size() == b.size()) return order;
  // The shorter one counts as padded with zeros. Of two complete elements none is the other's beginning.
  return a.size() < b.size() ? -1 : 1;
}

void Writer::make_room(std::size_t octets) {
  if (start_ >= octets) return;
  const std::size_t used = size();
  const std::size_t wanted = std::max(buffer_.size() * 2, used + octets + 512);
  std::vector<std::uint8_t> larger(wanted);
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(start_), buffer_.end(),
            larger.begin() + static_cast<std::ptrdiff_t>(wanted - used));
  buffer_.swap(larger);
  start_ = wanted - used;
}

void Writer::prepend(Octets bytes) {
  if (bytes.empty()) return;
  make_room(bytes.size());
  start_ -= bytes.size();
  std::memcpy(buffer_.data() + start_, bytes.data(), bytes.size());
}

void Writer::prepend(std::uint8_t octet) {
  make_room(1);
  buffer_[--start_] = octet;
}

bool Writer::prepend_element(Octets element) {
  if (!tlv::is_one_element(element)) return fail("not exactly one element where one belongs");
  prepend(element);
  return true;
}

void Writer::prepend_header(std::uint8_t id, std::size_t length) {
  make_room(sizeof length + 2);
  if (length < 0x80) {
    buffer_[--start_] = static_cast<std::uint8_t>(length);
  } else {
    std::uint8_t octets = 0;
    for (; length != 0; length >>= 8, ++octets) buffer_[--start_] = static_cast<std::uint8_t>(length);
    buffer_[--start_] = static_cast<std::uint8_t>(0x80 | octets);
  }
  buffer_[--start_] = id;
}

bool Writer::wrap(const schema::Member& member, std::size_t end) {
  using schema::Kind;
  const Kind kind = member.type->kind;
  std::size_t tags = member.tag_count;
  if (kind == Kind::raw && tags != 0) {
    // The element is complete; only an IMPLICIT tag may differ from the one it was written with.
    --tags;
    buffer_[start_] = static_cast<std::uint8_t>(member.tags[tags] | tlv::constructed_bit);
  } else if (kind != Kind::any && kind != Kind::choice && tags != 0) {
    --tags;
    const std::uint8_t form = member.type->constructed() ? tlv::constructed_bit : 0;
    prepend_header(static_cast<std::uint8_t>(member.tags[tags] | form), size() - end);
  }
  while (tags-- != 0) prepend_header(static_cast<std::uint8_t>(member.tags[tags] | tlv::constructed_bit), size() - end);
  return true;
}

void Writer::sort_elements(std::size_t end) {
  const Octets list(buffer_.data() + start_, buffer_.data() + (buffer_.size() - end));
  bool sorted = true;
  Octets previous;
  for (tlv::Cursor cursor(list); sorted && !cursor.at_end();) {
    const Octets element = cursor.next().whole;
    sorted = previous.empty() || set_order(previous, element) <= 0;
    previous = element;
  }
  if (sorted) return;

  const std::vector<std::uint8_t> copy(list.begin(), list.end());
  std::vector<Octets> elements;
  for (tlv::Cursor cursor{Octets(copy)}; !cursor.at_end();) elements.push_back(cursor.next().whole);
  std::ranges::sort(elements, [](Octets a, Octets b) { return set_order(a, b) < 0; });
  std::uint8_t* out = buffer_.data() + start_;
  for (const Octets element : elements) out = std::ranges::copy(element, out).out;
}

bool Writer::fail(std::string detail) {
  error_.code = Errc::not_encodable;
  error_.detail = std::move(detail);
  return false;
}

}  // namespace cmcctl
