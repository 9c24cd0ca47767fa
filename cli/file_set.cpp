#include "file_set.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
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
  std::ifstream in(name, std::ios::binary);
  SecretOctets found(bytes.size() + 1);
  in.read(reinterpret_cast<char*>(found.data()), static_cast<std::streamsize>(found.size()));
  found.resize(static_cast<std::size_t>(in.gcount()));
  return Octets(found) == bytes;
}

// The new name is on the disk once its folder is.
void flush_folder(const std::string& name) {
  const fs::path folder = fs::path(name).parent_path();
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

std::string FileSet::write(bool overwrite) const {
  for (const File& file : files_) {
    std::error_code ignored;
    if (overwrite || !fs::exists(file.name, ignored) || holds(file.name, file.bytes)) continue;
    return file.name + ": " + std::strerror(EEXIST);
  }
  std::string problem;
  for (const File& file : files_) {
    problem = stage(file.name, file.bytes, file.secret);
    if (!problem.empty()) problem = file.name + ": " + problem;
    if (!problem.empty()) break;
  }
  for (const File& file : files_) {
    const std::string staged = staged_name(file.name);
    if (!problem.empty()) {
      ::unlink(staged.c_str());
    } else if (::rename(staged.c_str(), file.name.c_str()) != 0) {
      problem = file.name + ": " + std::strerror(errno);
      ::unlink(staged.c_str());
    } else {
      flush_folder(file.name);
    }
  }
  return problem;
}

std::string replace_secret_file(const std::string& name, Octets bytes) {
  std::string problem = stage(name, bytes, true);
  if (problem.empty() && ::rename(staged_name(name).c_str(), name.c_str()) != 0) problem = std::strerror(errno);
  if (problem.empty()) {
    flush_folder(name);
  } else {
    ::unlink(staged_name(name).c_str());
  }
  return problem;
}

}  // namespace cmcctl::cli
