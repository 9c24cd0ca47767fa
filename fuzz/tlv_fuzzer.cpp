// The scan and the normaliser of BER, held against walkers that are slow and obviously right.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <vector>

#include "ber.hpp"
#include "scan.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace {

using cmcctl::Octets;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t depth_limit = 16;

#define FUZZ_CHECK(condition)                                        \
  do {                                                               \
    if (!(condition)) {                                              \
      std::fprintf(stderr, "%d: %s\n", __LINE__, #condition);        \
      std::abort();                                                  \
    }                                                                \
  } while (false)

// --- The reference ------------------------------------------------------------------------------------------------

enum class Rules { der, ber };

/// One element as X.690 has it. The walker copies and recurses as it likes.
class Reference {
 public:
  Reference(Rules rules, const Bytes& bytes) : rules_(rules), bytes_(bytes) {}

  bool accepts() {
    std::size_t at = 0;
    return element(at, bytes_.size(), 1, {}) && at == bytes_.size();
  }

  bool long_length = false;  // a length of more than 8 octets: the scan does not take it, although BER allows zeros

 private:
  struct Segment {
    unsigned string = 0;   // universal number of the string that the element is a segment of; 0: of none
    bool* complete = nullptr;  // whether the next segment of a BIT STRING may still come
  };

  bool element(std::size_t& at, std::size_t end, std::size_t depth, Segment segment) {
    // identifier octets
    if (at == end) return false;
    const std::uint8_t id = bytes_[at++];
    const bool universal = id < 0x40;
    const bool constructed = (id & 0x20) != 0;
    unsigned number = id & 0x1F;
    if (number == 31) {
      number = 0;
      std::size_t octets = 0;
      std::uint8_t octet = 0;
      do {
        if (at == end || ++octets > 4) return false;
        octet = bytes_[at++];
        if (octets == 1 && octet == 0x80) return false;
        number = number * 128 + octet % 128;
      } while (octet >= 128);
      if (number < 31) return false;
    }
    if (universal && number == 0) return false;
    if (universal && number < 31 && !form_allowed(number, constructed)) return false;
    if (segment.string != 0) {
      const bool same = universal && number == segment.string;
      const bool octets = universal && number == 4 && segment.string != 3;
      if (!same && !octets) return false;
    }

    // length octets
    if (at == end) return false;
    const std::uint8_t first = bytes_[at++];
    bool indefinite = false;
    std::size_t length = first;
    if (first == 0x80) {
      if (rules_ == Rules::der || !constructed) return false;
      indefinite = true;
    } else if (first > 0x80) {
      if (first == 0xFF) return false;
      const std::size_t count = first - 0x80u;
      if (count > 8) long_length = true;
      if (count > end - at) return false;
      const bool shortest_count = bytes_[at] != 0;
      length = 0;
      for (std::size_t i = 0; i < count; ++i) {
        if (length > SIZE_MAX / 256) return false;
        length = length * 256 + bytes_[at++];
      }
      if (rules_ == Rules::der && (length < 128 || !shortest_count)) return false;
    }
    if (!indefinite && length > end - at) return false;

    // contents octets
    if (constructed) {
      if (depth >= depth_limit) return false;
      // CHARACTER STRING (29) is no string of segments: it has SEQUENCE's encoding
      const bool string = universal && number < 31 && number != 8 && number != 11 && number != 16 && number != 17 && number != 29;
      bool bits_complete = true;
      Segment inner{string ? number : 0, &bits_complete};
      if (segment.string == 3 && number == 3) inner.complete = segment.complete;
      const std::size_t inner_end = indefinite ? end : at + length;
      while (true) {
        if (indefinite && inner_end - at >= 2 && bytes_[at] == 0 && bytes_[at + 1] == 0) {
          at += 2;
          return true;
        }
        if (at == inner_end) return !indefinite;
        if (!element(at, inner_end, depth + 1, inner)) return false;
      }
    }
    const Bytes content(bytes_.begin() + static_cast<std::ptrdiff_t>(at),
                        bytes_.begin() + static_cast<std::ptrdiff_t>(at + length));
    at += length;
    if (!universal) return true;
    if (segment.string == 3) {
      // each segment but the last holds whole octets
      if (!*segment.complete) return false;
      if (!content.empty() && content[0] != 0) *segment.complete = false;
    }
    return primitive(number, content);
  }

  bool form_allowed(unsigned number, bool constructed) const {
    switch (number) {
      case 8: case 11: case 16: case 17: case 29:
        return constructed;
      case 3: case 4: case 7: case 12: case 18: case 19: case 20: case 21: case 22: case 23: case 24: case 25: case 26:
      case 27: case 28: case 30:
        return !constructed || rules_ == Rules::ber;
      default:
        return !constructed;
    }
  }

  bool primitive(unsigned number, const Bytes& content) const {
    switch (number) {
      case 1:
        return content.size() == 1 && (rules_ == Rules::ber || content[0] == 0 || content[0] == 0xFF);
      case 2: case 10: {
        if (content.empty()) return false;
        if (content.size() == 1) return true;
        const unsigned nine = (content[0] * 256u + content[1]) >> 7;
        return nine != 0 && nine != 0x1FF;
      }
      case 3: {
        if (content.empty() || content[0] > 7) return false;
        if (content.size() == 1) return content[0] == 0;
        return rules_ == Rules::ber || content.back() % (1u << content[0]) == 0;
      }
      case 5:
        return content.empty();
      case 6: {
        if (content.empty() || content.size() > cmcctl::Limits{}.oid_octets || content.back() >= 0x80) return false;
        std::size_t start = 0;
        for (std::size_t i = 0; i < content.size(); ++i) {
          if (i == start && content[i] == 0x80) return false;
          if (content[i] >= 0x80) continue;
          if (i + 1 - start > 9) return false;  // an arc above 2^63-1
          start = i + 1;
        }
        return true;
      }
      default:
        return true;
    }
  }

  Rules rules_;
  const Bytes& bytes_;
};

// --- Properties -----------------------------------------------------------------------------------------------------

void check_places(const cmcctl::SourceMap& map, Octets der, std::size_t input_size) {
  for (cmcctl::tlv::Cursor cursor(der); !cursor.at_end();) {
    const cmcctl::tlv::Element element = cursor.next();
    FUZZ_CHECK(map.knows(element.whole.data()));
    FUZZ_CHECK(map.offset(element.whole.data()) < input_size);
    const Octets original = map.original(element.whole);
    FUZZ_CHECK(original.begin_ptr() >= map.input().begin_ptr() && original.end_ptr() <= map.input().end_ptr());
    // The element's tag stood where the map says, but for the bit that makes a string constructed.
    const std::uint8_t tag = map.input()[map.offset(element.whole.data())];
    FUZZ_CHECK((tag & 0xDF) == (element.id & 0xDF));
    if (cmcctl::tlv::is_constructed(element.id)) check_places(map, element.content, input_size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using Outcome = cmcctl::Scan::Outcome;
  const Bytes bytes(data, data + size);
  const Octets input(bytes);
  cmcctl::Limits limits;
  limits.depth = depth_limit;

  const cmcctl::Scan scan = scan_der(input, limits);
  FUZZ_CHECK(scan.offset <= size);
  FUZZ_CHECK(scan.nodes <= limits.nodes);
  FUZZ_CHECK((scan.outcome == Outcome::der) == Reference(Rules::der, bytes).accepts());

  cmcctl::Arena arena;
  cmcctl::SourceMap map;
  map.reset(input);
  cmcctl::Scan refusal;
  const cmcctl::Normalised normalised = normalise_ber(input, limits, 0, arena, map, refusal);
  const bool accepted = refusal.outcome == Outcome::der;
  Reference ber(Rules::ber, bytes);
  FUZZ_CHECK(accepted == ber.accepts());
  if (scan.outcome == Outcome::der) FUZZ_CHECK(accepted);
  if (scan.outcome == Outcome::refused && !ber.long_length) FUZZ_CHECK(!accepted);
  if (!accepted) {
    FUZZ_CHECK(refusal.offset <= size);
    FUZZ_CHECK(!refusal.detail.empty());
    return 0;
  }
  FUZZ_CHECK(scan_der(normalised.der, limits).outcome == Outcome::der);
  if (scan.outcome == Outcome::der) {
    FUZZ_CHECK(normalised.der == input);
    for (const auto& note : normalised.notes.notes) FUZZ_CHECK(note.count == 0);
  }
  check_places(map, normalised.der, size);

  // What is DER already stays as it is.
  cmcctl::Scan again;
  const cmcctl::Normalised twice = normalise_ber(normalised.der, limits, 0, arena, map, again);
  FUZZ_CHECK(again.outcome == Outcome::der && twice.der == normalised.der);
  check_places(map, twice.der, size);
  return 0;
}
