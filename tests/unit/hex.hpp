#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/octets.hpp>

/// Bytes as the tests write them.
namespace cmcctl::test {

using Bytes = std::vector<std::uint8_t>;

inline Bytes hex(std::string_view text) {
  Bytes bytes;
  int high = -1;
  for (const char c : text) {
    if (c == ' ' || c == '\n') continue;
    const std::size_t digit = std::string_view("0123456789abcdef").find(static_cast<char>(c | 0x20));
    if (digit == std::string_view::npos) throw std::runtime_error("no hexadecimal digit: " + std::string(1, c));
    if (high < 0) {
      high = static_cast<int>(digit);
    } else {
      bytes.push_back(static_cast<std::uint8_t>(high << 4 | static_cast<int>(digit)));
      high = -1;
    }
  }
  if (high >= 0) throw std::runtime_error("half an octet at the end: " + std::string(text));
  return bytes;
}

inline std::string to_hex(Octets bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t octet : bytes) {
    text += digits[octet >> 4];
    text += digits[octet & 15];
  }
  return text;
}

inline Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// An element with its length as DER has it.
inline Bytes element(std::uint8_t id, const Bytes& content) {
  Bytes bytes{id};
  const std::size_t length = content.size();
  if (length < 0x80) {
    bytes.push_back(static_cast<std::uint8_t>(length));
  } else {
    std::uint8_t octets = 0;
    for (std::size_t rest = length; rest != 0; rest >>= 8) ++octets;
    bytes.push_back(static_cast<std::uint8_t>(0x80 | octets));
    while (octets-- != 0) bytes.push_back(static_cast<std::uint8_t>(length >> (8 * octets)));
  }
  return bytes + content;
}

/// Hexadecimal digits, with braces around contents whose length is to be written: asn1("30{020101 0c{6162}}").
inline Bytes asn1(std::string_view text) {
  struct Open {
    std::uint8_t id;
    Bytes content;
  };
  std::vector<Open> open{{0, {}}};
  std::string digits;
  const auto flush = [&] {
    const Bytes bytes = hex(digits);
    open.back().content.insert(open.back().content.end(), bytes.begin(), bytes.end());
    digits.clear();
  };
  for (const char c : text) {
    if (c == '{') {
      flush();
      const std::uint8_t id = open.back().content.back();
      open.back().content.pop_back();
      open.push_back({id, {}});
    } else if (c == '}') {
      flush();
      const Bytes bytes = element(open.back().id, open.back().content);
      open.pop_back();
      open.back().content.insert(open.back().content.end(), bytes.begin(), bytes.end());
    } else {
      digits += c;
    }
  }
  flush();
  if (open.size() != 1) throw std::runtime_error("braces do not match: " + std::string(text));
  return open.back().content;
}

inline Bytes repeat(const Bytes& part, std::size_t count) {
  Bytes bytes;
  bytes.reserve(part.size() * count);
  for (std::size_t i = 0; i < count; ++i) bytes.insert(bytes.end(), part.begin(), part.end());
  return bytes;
}

/// `content` inside `count` elements of this kind.
inline Bytes nested(std::uint8_t id, std::size_t count, Bytes content) {
  for (std::size_t i = 0; i < count; ++i) content = element(id, content);
  return content;
}

}  // namespace cmcctl::test
