#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "../unit/hex.hpp"

/// Parts of inputs that are made to hurt.
namespace cmcctl::test {

/// `levels` elements inside each other around `inner`, in linear time.
inline Bytes deep(std::uint8_t id, std::size_t levels, const Bytes& inner) {
  Bytes reversed(inner.rbegin(), inner.rend());
  for (std::size_t i = 0; i < levels; ++i) {
    std::size_t length = reversed.size();
    if (length < 0x80) {
      reversed.push_back(static_cast<std::uint8_t>(length));
    } else {
      std::uint8_t octets = 0;
      for (; length != 0; length >>= 8, ++octets) reversed.push_back(static_cast<std::uint8_t>(length));
      reversed.push_back(static_cast<std::uint8_t>(0x80 | octets));
    }
    reversed.push_back(id);
  }
  return Bytes(reversed.rbegin(), reversed.rend());
}

/// The same with indefinite lengths.
inline Bytes deep_indefinite(std::uint8_t id, std::size_t levels, const Bytes& inner, bool terminated) {
  return repeat({id, 0x80}, levels) + inner + (terminated ? repeat({0, 0}, levels) : Bytes{});
}

/// Where one element of DER lies.
struct Place {
  std::size_t start = 0;
  std::size_t content = 0;
  std::size_t end = 0;
  std::vector<std::size_t> parents;  // indices of the elements around it, outermost first
  std::uint8_t id = 0;
};

/// All elements of DER, in the order of their starts.
inline void find_places(const Bytes& bytes, std::size_t from, std::size_t to, const std::vector<std::size_t>& parents,
                        std::vector<Place>& places) {
  while (from + 1 < to) {
    Place place;
    place.start = from;
    place.id = bytes[from];
    place.parents = parents;
    std::size_t at = from + 1;
    if ((place.id & 0x1F) == 0x1F) {
      while ((bytes[at++] & 0x80) != 0) {
      }
    }
    std::size_t length = bytes[at++];
    if (length >= 0x80) {
      std::size_t octets = length & 0x7F;
      length = 0;
      while (octets-- != 0) length = length << 8 | bytes[at++];
    }
    place.content = at;
    place.end = at + length;
    from = place.end;
    places.push_back(place);
    if ((place.id & 0x20) != 0) {
      std::vector<std::size_t> around = parents;
      around.push_back(places.size() - 1);
      find_places(bytes, place.content, place.end, around, places);
    }
  }
}

inline std::vector<Place> places_of(const Bytes& bytes) {
  std::vector<Place> places;
  find_places(bytes, 0, bytes.size(), {}, places);
  return places;
}

inline Bytes part(const Bytes& bytes, std::size_t from, std::size_t to) {
  return Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.begin() + static_cast<std::ptrdiff_t>(to));
}

/// The DER with other contents in one element; the lengths around it are put right.
inline Bytes with_content(const Bytes& bytes, const std::vector<Place>& places, std::size_t which, const Bytes& content) {
  Bytes changed = element(places[which].id, content);
  std::size_t start = places[which].start;
  std::size_t end = places[which].end;
  for (std::size_t i = places[which].parents.size(); i-- != 0;) {
    const Place& parent = places[places[which].parents[i]];
    changed = element(parent.id, part(bytes, parent.content, start) + changed + part(bytes, end, parent.end));
    start = parent.start;
    end = parent.end;
  }
  return part(bytes, 0, start) + changed + part(bytes, end, bytes.size());
}

/// The DER with this element and all around it in indefinite length.
inline Bytes with_indefinite(const Bytes& bytes, const std::vector<Place>& places, std::size_t which) {
  Bytes changed = Bytes{places[which].id, 0x80} + part(bytes, places[which].content, places[which].end) + Bytes{0, 0};
  std::size_t start = places[which].start;
  std::size_t end = places[which].end;
  for (std::size_t i = places[which].parents.size(); i-- != 0;) {
    const Place& parent = places[places[which].parents[i]];
    changed = Bytes{parent.id, 0x80} + part(bytes, parent.content, start) + changed + part(bytes, end, parent.end) + Bytes{0, 0};
    start = parent.start;
    end = parent.end;
  }
  return part(bytes, 0, start) + changed + part(bytes, end, bytes.size());
}

}  // namespace cmcctl::test
