#pragma once

#include <string>
#include <vector>

#include <cmcctl/crypto/secret.hpp>

namespace cmcctl::cli {

/// Files that are written together or not at all: each is complete on the disk under another name before the first one
/// gets its own.
class FileSet {
 public:
  /// A `secret` file may be read by its owner only.
  void add(std::string name, Octets bytes, bool secret) { files_.push_back({std::move(name), secret_copy(bytes), secret}); }

  /// Returns the problem, "me.pem: No space left on device", or nothing. Replaces files of these names with `overwrite`
  /// only, unless they have the same octets already.
  std::string write(bool overwrite) const;

 private:
  struct File {
    std::string name;
    SecretOctets bytes;
    bool secret = false;
  };
  std::vector<File> files_;
};

/// Replaces a file, or makes it, that only its owner may read. After a crash there is the old one or the new one.
/// Returns the problem or nothing.
std::string replace_secret_file(const std::string& name, Octets bytes);

}  // namespace cmcctl::cli
