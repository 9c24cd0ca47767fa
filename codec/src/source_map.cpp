#include "source_map.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {
namespace {

bool inside(Octets bytes, const std::uint8_t* byte) {
  const std::less<> before;
  return !before(byte, bytes.begin_ptr()) && !before(bytes.end_ptr(), byte);
}

}  // namespace

void SourceMap::reset(Octets input) {
  input_ = input;
  regions_.clear();
}

void SourceMap::add(Octets copy, std::vector<Run> runs, std::vector<End> ends) {
  regions_.push_back({copy, std::move(runs), std::move(ends)});
}

const std::uint8_t* SourceMap::trace(const std::uint8_t* byte) const {
  // A region copies from the input or from an older region, so one walk from the newest to the oldest is enough.
  for (auto region = regions_.rbegin(); region != regions_.rend(); ++region) {
    if (!inside(region->copy, byte)) continue;
    const auto at = static_cast<std::size_t>(byte - region->copy.begin_ptr());
    auto run = std::ranges::upper_bound(region->runs, at, {}, &Run::copy);
    if (run == region->runs.begin()) return nullptr;
    --run;
    byte = run->original + (at - run->copy);
  }
  return inside(input_, byte) ? byte : nullptr;
}

bool SourceMap::knows(const std::uint8_t* byte) const { return trace(byte) != nullptr; }

std::size_t SourceMap::offset(const std::uint8_t* byte) const {
  const std::uint8_t* original = trace(byte);
  return original == nullptr ? 0 : static_cast<std::size_t>(original - input_.begin_ptr());
}

// The last octet of `bytes`; of an element with a known end the last one that it was made from.
const std::uint8_t* SourceMap::last_octet(Octets bytes) const {
  const std::uint8_t* const last = bytes.end_ptr() - 1;
  for (auto region = regions_.rbegin(); region != regions_.rend(); ++region) {
    if (!inside(region->copy, bytes.begin_ptr())) continue;
    const auto at = static_cast<std::size_t>(bytes.begin_ptr() - region->copy.begin_ptr());
    const auto end = std::ranges::lower_bound(region->ends, at, {}, &End::copy);
    const bool known = end != region->ends.end() && end->copy == at && tlv::is_one_element(bytes);
    return known ? region->runs.front().original + end->original - 1 : last;
  }
  return last;
}

Octets SourceMap::original(Octets bytes) const {
  const std::uint8_t* begin = trace(bytes.begin_ptr());
  if (begin == nullptr || bytes.empty()) return bytes;
  // The end is traced through the last byte: the byte behind it may belong to another run.
  const std::uint8_t* last = trace(last_octet(bytes));
  if (last == nullptr || last < begin || last == input_.end_ptr()) return bytes;
  return Octets(begin, last + 1);
}

}  // namespace cmcctl
