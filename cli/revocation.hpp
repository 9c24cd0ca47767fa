#pragma once

#include <string>
#include <vector>

#include "command_line.hpp"
#include "one_control.hpp"

/// What `request revoke` and `revoke` share.
namespace cmcctl::cli {

struct RevocationOptions {
  CertificateName certificate;
  std::string reason = "unspecified";
  std::string invalidity_date;
  std::string comment;
};

/// All but --secret, which goes into OneControlOptions.
void add_revocation_options(Command command, RevocationOptions& options);

/// The message of RFC 10002 section 6.11, signed, or speaking through the secret that was agreed on for it.
OrExit<std::vector<std::uint8_t>> revocation_message(const RevocationOptions& options,
                                                     const NamedCertificate& certificate,
                                                     const OneControlOptions& message, const Maker& maker);

}  // namespace cmcctl::cli
