#pragma once

#include <array>
#include <iosfwd>
#include <streambuf>
#include <string_view>

namespace cmcctl::cli {

/// Where a command reads and writes: the answer goes to `out`, everything else to `err`.
struct Io {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool color = false;
};

/// Output to a file descriptor that remembers why a write failed. std::cout forgets it, and a reader that went away
/// must be told from a full disk.
class FileOutput : public std::streambuf {
 public:
  explicit FileOutput(int descriptor);
  ~FileOutput() override;
  FileOutput(const FileOutput&) = delete;
  FileOutput& operator=(const FileOutput&) = delete;

  /// errno of the first write that failed, or 0.
  int error() const { return error_; }

 protected:
  int_type overflow(int_type c) override;
  int sync() override;

 private:
  bool write_out();

  int descriptor_;
  int error_ = 0;
  std::array<char, 8192> buffer_;
};

bool is_terminal(int descriptor);

/// Whether to colour the output. `mode` is auto, always or never; auto looks at the terminal, NO_COLOR and TERM.
bool wants_color(std::string_view mode, bool out_is_terminal);

}  // namespace cmcctl::cli
