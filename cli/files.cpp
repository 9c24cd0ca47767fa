#include "files.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace cmcctl::cli {
namespace {

void read_stream(std::istream& in, std::size_t limit, FileBytes& file) {
  std::array<char, 64 * 1024> buffer;
  while (in) {
    in.read(buffer.data(), buffer.size());
    file.bytes.insert(file.bytes.end(), buffer.data(), buffer.data() + in.gcount());
    if (file.bytes.size() > limit) {
      file.too_large = true;
      return;
    }
  }
  if (in.bad()) file.problem = "reading failed";
}

}  // namespace

FileBytes read_file(const std::string& name, Io& io, std::size_t limit) {
  FileBytes file;
  if (name == "-") {
    read_stream(io.in, limit, file);
    return file;
  }
  std::error_code error;
  if (std::filesystem::is_directory(name, error)) {
    file.problem = std::strerror(EISDIR);
    return file;
  }
  errno = 0;
  std::ifstream in(name, std::ios::binary);
  if (!in) {
    file.problem = std::strerror(errno != 0 ? errno : EIO);
    return file;
  }
  read_stream(in, limit, file);
  return file;
}

}  // namespace cmcctl::cli
