#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace cmcctl {

/// A view of bytes that somebody else owns. Two views are equal when their bytes are.
class Octets : public std::span<const std::uint8_t> {
 public:
  using std::span<const std::uint8_t>::span;
  constexpr Octets() = default;
  constexpr Octets(std::span<const std::uint8_t> bytes) : span(bytes) {}
  constexpr Octets(const std::uint8_t* begin, const std::uint8_t* end)
      : span(begin, static_cast<std::size_t>(end - begin)) {}
  explicit Octets(std::string_view text)
      : span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()) {}

  const std::uint8_t* begin_ptr() const { return data(); }
  const std::uint8_t* end_ptr() const { return data() + size(); }

  Octets from(std::size_t start) const { return Octets(subspan(start)); }
  Octets sub(std::size_t start, std::size_t count) const { return Octets(subspan(start, count)); }

  /// The same bytes as characters; says nothing about their character set.
  std::string_view chars() const { return {reinterpret_cast<const char*>(data()), size()}; }

  friend bool operator==(const Octets& a, const Octets& b) { return std::ranges::equal(a, b); }
};

/// Where a decoded value came from: its complete encoding, tag and length included. Empty for a value that was
/// built and not decoded. It takes no part in comparisons, so a built value can equal a decoded one.
struct Source {
  Octets bytes;
  friend bool operator==(const Source&, const Source&) { return true; }
};

}  // namespace cmcctl
