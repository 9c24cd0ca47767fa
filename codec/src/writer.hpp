#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <cmcctl/codec/octets.hpp>
#include <cmcctl/codec/result.hpp>

#include "schema.hpp"

namespace cmcctl {

/// The order DER puts the elements of a SET OF into: negative when a comes before b (X.690 section 11.6).
int set_order(Octets a, Octets b);

/// Writes an encoding from its end to its start into the back of a buffer: when a header's turn comes, its contents
/// are there and their length is known.
class Writer {
 public:
  explicit Writer(std::vector<std::uint8_t>& buffer) : buffer_(buffer), start_(buffer.size()) {}

  std::size_t size() const { return buffer_.size() - start_; }
  Octets written() const { return Octets(buffer_.data() + start_, buffer_.data() + buffer_.size()); }
  Error& error() { return error_; }

  void prepend(Octets bytes);
  void prepend(std::uint8_t octet);
  bool prepend_element(Octets element);  // fails when there is none

  /// Puts the member's tags and lengths around everything written since size() was `end`.
  bool wrap(const schema::Member& member, std::size_t end);
  /// Sorts the elements written since size() was `end`.
  void sort_elements(std::size_t end);

  bool fail(std::string detail);

 private:
  void make_room(std::size_t octets);
  void prepend_header(std::uint8_t id, std::size_t length);

  std::vector<std::uint8_t>& buffer_;
  std::size_t start_;  // the encoding so far is buffer_[start_..]
  Error error_;
};

}  // namespace cmcctl
