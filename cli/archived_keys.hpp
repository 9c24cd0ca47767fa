#pragma once

#include <optional>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "keys.hpp"
#include "reading.hpp"

namespace cmcctl::cli {

/// `convert --extract archive`: the archive's side of pkiArchiveOptions (RFC 4211 section 6.4).
struct ArchiveOptions {
  KeyOptions key;           ///< the archive's
  std::string certificate;  ///< of that key; may be empty
};

void add_archive_options(Command command, ArchiveOptions& options);

/// Where the private keys go.
struct ArchivedKeysOutput {
  std::string file;  ///< a new one; empty is stdout
  bool der = false;
  std::optional<std::size_t> index{};
};

/// Opens the private keys that came with the requests of all these messages, and writes them as PKCS #8.
ExitCode extract_archived_keys(const ArchiveOptions& options, const std::vector<std::string>& files,
                               const ArchivedKeysOutput& output, const ReadOptions& reading, Io& io);

}  // namespace cmcctl::cli
