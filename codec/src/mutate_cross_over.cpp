#include <algorithm>

#include <cmcctl/codec/mutate.hpp>

#include "mutate_cmc.hpp"
#include "mutate_edit.hpp"

namespace cmcctl {
namespace {

using namespace mutation;

std::vector<Element*> elements(Element& root, bool (*wanted)(const Element&)) {
  std::vector<Element*> found;
  for (const Place& place : places(root)) {
    if (place.element != &root && wanted(*place.element)) found.push_back(place.element);
  }
  return found;
}

bool has_tag(const Element& element) { return !element.tag.empty(); }
bool any_control(const Element& element) { return is_control(element); }

/// Puts a control of `b` among those of `a`, or in the place of one.
bool cross_controls(Element& a, Element& b, Random& random) {
  const auto bodies = elements(a, is_pki_body);
  const auto controls = elements(b, any_control);
  if (bodies.empty() || controls.empty()) return false;
  const Element& control = *random.of(controls);
  auto& list = random.of(bodies)->children[0].children;
  const std::size_t at = random.below(list.size() + 1);
  if (at < list.size() && random.one_in(2)) {
    list[at] = control;
  } else {
    list.insert(list.begin() + static_cast<std::ptrdiff_t>(at), control);
  }
  return true;
}

/// Puts an element of `b` in the place of one of `a` with the same tag.
bool cross_elements(Element& a, Element& b, Random& random) {
  const auto ours = elements(a, has_tag);
  const auto theirs = elements(b, has_tag);
  if (ours.empty() || theirs.empty()) return false;
  const Element& source = *random.of(theirs);
  std::vector<Element*> targets;
  std::ranges::copy_if(ours, std::back_inserter(targets), [&](const Element* one) { return one->tag == source.tag; });
  if (targets.empty()) return false;
  *random.of(targets) = source;
  return true;
}

}  // namespace

std::vector<std::uint8_t> cross_over(Octets a, Octets b, std::uint64_t seed, std::size_t max_size) {
  constexpr int attempts = 4;
  Random random(seed);
  Element theirs = parse(b);
  Element ours = parse(a);
  for (int i = 0; i < attempts; ++i) {
    const bool done = random.one_in(2) ? cross_controls(ours, theirs, random) : cross_elements(ours, theirs, random);
    if (!done) continue;
    Bytes bytes = write(ours);
    if (bytes.size() <= max_size && Octets(bytes) != a) return bytes;
    ours = parse(a);
  }
  return mutate_octets(a, MutationKind::all, random.next(), max_size);
}

}  // namespace cmcctl
