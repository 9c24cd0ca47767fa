#pragma once

#include <array>
#include <cstddef>
#include <istream>
#include <streambuf>
#include <string>

namespace cmcctl {

/// Reads a text and knows how far it is, for the errors of whoever parses it.
class PositionedText : public std::streambuf {
 public:
  explicit PositionedText(std::istream& source) : source_(source) {}

  std::size_t offset() const { return before_ + static_cast<std::size_t>(gptr() - eback()); }

  /// "line 3, column 7", both from 1, `back` characters before what was read last.
  std::string place(std::size_t back = 0) const;

 protected:
  int_type underflow() override;

 private:
  std::istream& source_;
  std::array<char, 64 * 1024> chunk_;
  std::size_t before_ = 0;      // characters of earlier chunks
  std::size_t lines_ = 0;       // newlines in them
  std::size_t line_start_ = 0;  // offset behind the last of these
};

}  // namespace cmcctl
