#include "files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

// Writes all bytes and closes; errno of what failed, or 0.
int write_all(int descriptor, Octets bytes) {
  int error = 0;
  while (error == 0 && !bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes = bytes.from(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  if (::close(descriptor) != 0 && error == 0) error = errno;
  return error;
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

std::string write_file(const std::string& name, Octets bytes) {
  struct stat old {};
  const bool exists = ::stat(name.c_str(), &old) == 0;
  if (exists && S_ISDIR(old.st_mode)) return std::strerror(EISDIR);
  const bool in_place = exists && !S_ISREG(old.st_mode);
  const std::string target = in_place ? name : name + ".tmp-" + std::to_string(::getpid());
  const int flags = O_WRONLY | O_CLOEXEC | (in_place ? 0 : O_CREAT | O_EXCL);
  const int descriptor = ::open(target.c_str(), flags, 0666);
  if (descriptor < 0) return std::strerror(errno);
  // Replacing a file does not open it to more readers than it had.
  int error = exists && !in_place && ::fchmod(descriptor, old.st_mode & 07777) != 0 ? errno : 0;
  const int write_error = write_all(descriptor, bytes);
  if (error == 0) error = write_error;
  if (error == 0 && !in_place && ::rename(target.c_str(), name.c_str()) != 0) error = errno;
  if (error != 0 && !in_place) ::unlink(target.c_str());
  return error == 0 ? std::string() : std::strerror(error);
}

}  // namespace cmcctl::cli
