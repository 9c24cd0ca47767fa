#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <cmcctl/codec/octets.hpp>

namespace cmcctl::der_text {

inline void append(std::vector<std::uint8_t>& bytes, Octets more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

/// Elements while they are put together: the headers stand apart from the contents until the end, because a header is
/// known only when its contents are, and so nothing has to move to make room for it.
class Bytes {
 public:
  std::size_t size() const { return contents.size() + header_octets_.size(); }

  /// A header belongs at the present end of the contents; returns its index.
  std::size_t reserve_header() {
    headers_.push_back({contents.size(), 0, 0});
    return headers_.size() - 1;
  }

  void set_header(std::size_t index, Octets octets) {
    headers_[index].start = header_octets_.size();
    headers_[index].size = octets.size();
    append(header_octets_, octets);
  }

  std::vector<std::uint8_t> joined() const {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(size());
    std::size_t at = 0;
    for (const Header& header : headers_) {
      append(bytes, Octets(contents).sub(at, header.before - at));
      append(bytes, Octets(header_octets_).sub(header.start, header.size));
      at = header.before;
    }
    append(bytes, Octets(contents).from(at));
    return bytes;
  }

  std::vector<std::uint8_t> contents;

 private:
  struct Header {
    std::size_t before;  // octets of the contents in front of it
    std::size_t start;   // in header_octets_
    std::size_t size;
  };
  std::vector<Header> headers_;
  std::vector<std::uint8_t> header_octets_;
};

}  // namespace cmcctl::der_text
