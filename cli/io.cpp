#include "io.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace cmcctl::cli {

FileOutput::FileOutput(int descriptor) : descriptor_(descriptor) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

FileOutput::~FileOutput() { write_out(); }

FileOutput::int_type FileOutput::overflow(int_type c) {
  if (!write_out()) return traits_type::eof();
  if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
  return traits_type::not_eof(c);
}

int FileOutput::sync() { return write_out() ? 0 : -1; }

bool FileOutput::write_out() {
  const char* next = pbase();
  while (error_ == 0 && next != pptr()) {
    const ssize_t written = ::write(descriptor_, next, static_cast<std::size_t>(pptr() - next));
    if (written >= 0) {
      next += written;
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return error_ == 0;
}

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

bool wants_color(std::string_view mode, bool out_is_terminal) {
  if (mode == "always") return true;
  if (mode == "never" || !out_is_terminal) return false;
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool refused = no_color != nullptr && *no_color != '\0';
  return !refused && term != nullptr && std::string_view(term) != "dumb";
}

}  // namespace cmcctl::cli
