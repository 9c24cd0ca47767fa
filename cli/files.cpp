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

/// errno of the failure, or 0. Closes the descriptor.
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

int write_in_place(const std::string& name, Octets bytes) {
  const int descriptor = ::open(name.c_str(), O_WRONLY | O_CLOEXEC);
  return descriptor < 0 ? errno : write_all(descriptor, bytes);
}

int write_and_rename(const std::string& name, Octets bytes) {
  const std::string temporary = name + ".tmp" + std::to_string(::getpid());
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) return errno;
  struct stat old {};
  // The new file is open to no more readers than the one that it replaces.
  const bool exists = ::stat(name.c_str(), &old) == 0;
  int error = exists && ::fchmod(descriptor, old.st_mode & 07777) != 0 ? errno : 0;
  const int write_error = write_all(descriptor, bytes);
  if (error == 0) error = write_error;
  if (error == 0 && ::rename(temporary.c_str(), name.c_str()) != 0) error = errno;
  if (error != 0) ::unlink(temporary.c_str());
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
  namespace fs = std::filesystem;
  std::error_code error;
  const auto type = fs::status(name, error).type();
  if (type == fs::file_type::directory) return std::strerror(EISDIR);
  const bool is_new = type == fs::file_type::not_found;
  int problem = 0;
  if (is_new || type == fs::file_type::regular) {
    // A link stays one: the file that it leads to is replaced.
    const fs::path target = is_new ? fs::path(name) : fs::canonical(name, error);
    problem = write_and_rename(error && !is_new ? name : target.string(), bytes);
  } else {
    problem = write_in_place(name, bytes);
  }
  return problem == 0 ? std::string() : std::strerror(problem);
}

}  // namespace cmcctl::cli
