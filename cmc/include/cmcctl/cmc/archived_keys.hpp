#pragma once

#include <string>
#include <vector>

#include <cmcctl/cmc/archive.hpp>
#include <cmcctl/codec/message.hpp>

namespace cmcctl {

/// A private key that came with a CRMF request.
struct RequestArchive {
  std::string path;                   ///< of the request, as that of its VerifiedPart
  std::vector<std::uint8_t> subject;  ///< DER of the Name in the template; may be empty
  Result<ArchivedKey> key;
};

/// Opens the pkiArchiveOptions of all requests of a message, at every level of nesting, as `open_archive_options` does.
/// `bad_key` for a private key that is not that of its request's public key.
std::vector<RequestArchive> open_archived_keys(Decoder& decoder, const Message& message, PrivateKey& key,
                                               Octets certificate = {}, const Limits& limits = {});

}  // namespace cmcctl
