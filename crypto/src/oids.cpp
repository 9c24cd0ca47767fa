#include <cmcctl/crypto/oids.hpp>

#include <charconv>

namespace cmcctl::oids {
namespace {

// Takes the next arc off.
std::uint64_t next_arc(std::string_view& dotted) {
  std::uint64_t arc = 0;
  const char* const end = dotted.data() + dotted.size();
  const char* const rest = std::from_chars(dotted.data(), end, arc).ptr;
  dotted.remove_prefix(static_cast<std::size_t>(rest - dotted.data()));
  if (!dotted.empty()) dotted.remove_prefix(1);
  return arc;
}

// Most identifiers that are compared differ in their last octet, which the last arc tells. Of two arcs there is one.
bool last_octet_fits(const Oid& oid, std::string_view dotted) {
  std::size_t start = dotted.rfind('.') + 1;
  const bool two_arcs = start == 2;
  unsigned arc = 0;
  for (; start < dotted.size(); ++start) arc = 10 * arc + static_cast<unsigned>(dotted[start] - '0');
  return two_arcs || (!oid.content.empty() && oid.content.back() == (arc & 0x7F));
}

}  // namespace

bool is(const Oid& oid, std::string_view dotted) {
  if (!last_octet_fits(oid, dotted)) return false;
  std::uint64_t wanted = 40 * next_arc(dotted);
  wanted += next_arc(dotted);
  std::uint64_t arc = 0;
  for (std::size_t i = 0; i < oid.content.size(); ++i) {
    if (arc >> 57 != 0 || (arc == 0 && oid.content[i] == 0x80)) return false;  // too large, or not minimal
    arc = arc << 7 | (oid.content[i] & 0x7F);
    if ((oid.content[i] & 0x80) != 0) continue;
    if (arc != wanted) return false;
    if (dotted.empty()) return i + 1 == oid.content.size();
    wanted = next_arc(dotted);
    arc = 0;
  }
  return false;
}

}  // namespace cmcctl::oids
