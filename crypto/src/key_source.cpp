#include <cmcctl/crypto/key_source.hpp>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "key_file.hpp"

namespace cmcctl {
namespace {

constexpr std::size_t longest_file = 1u << 20;

struct File {
  SecretOctets bytes;
  std::string warning;
};

Result<File> read_secret_file(const std::string& name) {
  const auto failed = [&] { return Error{Errc::no_key, 0, {}, {}, name + ": " + std::strerror(errno)}; };
  const int descriptor = open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failed();
  File file;
  struct stat status{};
  if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & (S_IRGRP | S_IROTH)) != 0) {
    file.warning = "others may read " + name + "; chmod 600 mends that";
  }
  file.bytes.resize(longest_file + 1);  // at once: growing would leave copies
  std::size_t size = 0;
  while (size < file.bytes.size()) {
    const ssize_t got = read(descriptor, file.bytes.data() + size, file.bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      close(descriptor);
      return failed();
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  close(descriptor);
  if (size > longest_file) return Error{Errc::no_key, 0, {}, {}, name + " is larger than 1 MiB"};
  file.bytes.resize(size);
  return file;
}

}  // namespace

Result<LoadedKey> load_private_key(const std::string& source, const PasswordSource* password, const Limits& limits) {
  CMC_TRY(const File file, read_secret_file(source));
  const PasswordAsker ask = [&]() -> Result<SecretOctets> {
    if (password == nullptr) return Error{Errc::wrong_password, 0, {}, {}, source + " is encrypted"};
    return password->get("password of " + source);
  };
  auto key = private_key_from_file(Octets(file.bytes), ask, limits);
  if (!key) {
    Error error = key.error();
    if (!error.detail.starts_with(source)) error.detail = source + ": " + error.detail;
    return error;
  }
  return LoadedKey{*std::move(key), file.warning};
}

}  // namespace cmcctl
