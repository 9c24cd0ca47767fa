#pragma once

#include <string>
#include <vector>

#include <cmcctl/cmc/pki_data.hpp>

#include "command_line.hpp"
#include "making.hpp"

namespace cmcctl::cli {

/// RFC 10002 section 6.18, publishCert: certificates that are to be published, or no longer.
struct PublicationOptions {
  std::vector<std::string> publish;
  std::vector<std::string> unpublish;
  std::vector<std::string> places;  ///< "[web|ldap|x500=]GENERALNAME", for those that are published
};

void add_publication_options(Command command, PublicationOptions& options);

/// What the options come to once their files are read.
struct Publication {
  using Hashes = std::vector<std::vector<std::uint8_t>>;  ///< SHA-256 of each certificate
  Hashes publish;
  Hashes unpublish;
  std::vector<std::string> places;
};
OrExit<Publication> read_publication(const PublicationOptions& options, const Maker& maker, const ReadOptions& reading);

/// A control for those to be published, and one for the others.
Result<void> add_publication(PkiDataBuilder& data, const Publication& publication);

}  // namespace cmcctl::cli
