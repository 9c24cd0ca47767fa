#include "json_position.hpp"

#include <algorithm>

namespace cmcctl {

PositionedText::int_type PositionedText::underflow() {
  for (const char* p = eback(); p != egptr(); ++p) {
    if (*p != '\n') continue;
    ++lines_;
    line_start_ = before_ + static_cast<std::size_t>(p - eback()) + 1;
  }
  before_ += static_cast<std::size_t>(egptr() - eback());
  source_.read(chunk_.data(), static_cast<std::streamsize>(chunk_.size()));
  setg(chunk_.data(), chunk_.data(), chunk_.data() + source_.gcount());
  return source_.gcount() == 0 ? traits_type::eof() : traits_type::to_int_type(chunk_[0]);
}

std::string PositionedText::place(std::size_t back) const {
  std::size_t line = lines_;
  std::size_t start = line_start_;
  for (const char* p = eback(); p < gptr(); ++p) {
    if (*p != '\n' || p + 1 == gptr()) continue;
    ++line;
    start = before_ + static_cast<std::size_t>(p - eback()) + 1;
  }
  const std::size_t column = std::max<std::size_t>(offset() - start, 1);
  return "line " + std::to_string(line + 1) + ", column " + std::to_string(column > back ? column - back : 1);
}

}  // namespace cmcctl
