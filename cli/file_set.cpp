#include "file_set.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <cmcctl/crypto/key_writing.hpp>

namespace cmcctl::cli {
namespace {

namespace fs = std::filesystem;

std::string staged_name(const std::string& name) { return name + ".new"; }

mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return static_cast<mode_t>(0666) & ~mask;
}

std::string stage(const std::string& name, Octets bytes, bool secret) {
  const std::string staged = staged_name(name);
  ::unlink(staged.c_str());  // of a run that was interrupted
  std::string problem = write_new_secret_file(staged, bytes);
  if (problem.empty() && !secret && ::chmod(staged.c_str(), usual_mode()) != 0) problem = std::strerror(errno);
  return problem;
}

bool holds(const std::string& name, Octets bytes) {
  SecretOctets found;
  return read_secret_file(name, found).empty() && Octets(found) == bytes;
}

std::string folder_of(const std::string& file) {
  const fs::path folder = fs::path(file).parent_path();
  return folder.empty() ? "." : folder.string();
}

// The new name is on the disk once its folder is.
void flush_folder(const std::string& name) {
  const int descriptor = ::open(folder_of(name).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

FolderLock::FolderLock(const std::string& file)
    : descriptor_(::open(folder_of(file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  while (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string FileSet::write(bool overwrite) const {
  if (files_.empty()) return {};
  const FolderLock lock(files_.front().name);
  std::error_code ignored;
  for (const std::string& obstacle : obstacles_) {
    if (fs::exists(obstacle, ignored)) return obstacle + ": " + std::strerror(EEXIST);
  }
  for (const std::string& needed : needed_) {
    if (!fs::exists(needed, ignored)) return needed + ": " + std::strerror(ENOENT);
  }
  for (const File& file : files_) {
    if (overwrite || !fs::exists(file.name, ignored) || holds(file.name, file.bytes)) continue;
    return file.name + ": " + std::strerror(EEXIST);
  }
  const std::string problem = stage();
  return problem.empty() ? rename() : problem;
}

std::string FileSet::stage() const {
  for (const File& file : files_) {
    const std::string problem = cli::stage(file.name, file.bytes, file.secret);
    if (problem.empty()) continue;
    for (const File& staged : files_) ::unlink(staged_name(staged.name).c_str());
    return file.name + ": " + problem;
  }
  return {};
}

std::string FileSet::rename() const {
  std::string problem;
  for (const File& file : files_) {
    const std::string staged = staged_name(file.name);
    if (problem.empty() && ::rename(staged.c_str(), file.name.c_str()) != 0) {
      problem = file.name + ": " + std::strerror(errno);
    }
    if (problem.empty()) {
      flush_folder(file.name);
    } else {
      ::unlink(staged.c_str());
    }
  }
  return problem;
}

std::string read_secret_file(const std::string& name, SecretOctets& bytes) {
  constexpr std::size_t longest = 1u << 20;
  const int descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::strerror(errno);
  bytes.resize(longest);  // at once: growing would leave copies
  std::size_t size = 0;
  int error = 0;
  while (error == 0 && size < bytes.size()) {
    const ssize_t got = ::read(descriptor, bytes.data() + size, bytes.size() - size);
    if (got == 0) break;
    if (got > 0) size += static_cast<std::size_t>(got);
    if (got < 0 && errno != EINTR) error = errno;
  }
  ::close(descriptor);
  bytes.resize(size);
  return error == 0 ? std::string() : std::strerror(error);
}

}  // namespace cmcctl::cli
