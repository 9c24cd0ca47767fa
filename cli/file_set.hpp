#pragma once

#include <string>
#include <vector>

#include <cmcctl/crypto/secret.hpp>

namespace cmcctl::cli {

/// Keeps others who take it from the folder of this file; for moments only.
class FolderLock {
 public:
  explicit FolderLock(const std::string& file);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

/// Files that are written together or not at all, under the lock of the first one's folder: each is complete on the
/// disk under another name before the first one gets its own. They get their names in the order in which they were
/// added.
class FileSet {
 public:
  /// A `secret` file may be read by its owner only.
  void add(std::string name, Octets bytes, bool secret) {
    files_.push_back({std::move(name), secret_copy(bytes), secret});
  }

  /// Nothing is written when there is this file by then.
  void unless(std::string name) { obstacles_.push_back(std::move(name)); }
  /// Nothing is written when this file is gone by then.
  void only_with(std::string name) { needed_.push_back(std::move(name)); }

  /// Returns the problem, "me.pem: No space left on device", or nothing. Replaces files of these names with `overwrite`
  /// only, unless they have the same octets already.
  std::string write(bool overwrite) const;

 private:
  struct File {
    std::string name;
    SecretOctets bytes;
    bool secret = false;
  };
  std::string stage() const;
  std::string rename() const;

  std::vector<File> files_;
  std::vector<std::string> obstacles_;
  std::vector<std::string> needed_;
};

/// The octets of a small file; the problem, or nothing.
std::string read_secret_file(const std::string& name, SecretOctets& bytes);

}  // namespace cmcctl::cli
