#include "unsorted_sets.hpp"

#include <vector>

#include <cmcctl/codec/tlv.hpp>

#include "wire.hpp"

namespace cmcctl {
namespace {

// An element around the place where the walk is.
struct Around {
  tlv::Element element;
  tlv::Cursor rest;
  Octets previous{};
  bool looks = false;  // a SET in which nothing was found yet
};

Around enter(const tlv::Element& element) {
  return {element, tlv::Cursor(element.content), {}, element.id == tlv::set};
}

}  // namespace

void note_unsorted_sets(Decoder& decoder, Octets der) {
  std::vector<Around> open;
  if (tlv::is_constructed(der[0])) open.push_back(enter(tlv::first(der)));
  while (!open.empty()) {
    Around& around = open.back();
    if (around.rest.at_end()) {
      open.pop_back();
      continue;
    }
    const tlv::Element next = around.rest.next();
    if (around.looks) {
      const bool same_tag = !around.previous.empty() && around.previous[0] == next.id;
      if (same_tag && set_order(next.whole, around.previous) < 0) {
        decoder.add_oddity(Severity::note, "CMC-X690-11-01", unsorted_text(around.element), next.whole);
        around.looks = false;
      }
      around.previous = next.whole;
    }
    if (tlv::is_constructed(next.id)) open.push_back(enter(next));
  }
}

}  // namespace cmcctl
