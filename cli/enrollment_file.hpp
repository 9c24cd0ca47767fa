#pragma once

#include <optional>
#include <string>

#include <cmcctl/cmc/enrollment.hpp>

#include "enroll_options.hpp"

namespace cmcctl::cli {

/// What an interrupted enrolment goes on from. A new private key stands in a file beside it, `key_file`.
struct EnrollmentFile {
  EnrollOptions options;  ///< of the run that began it
  EnrollmentState state;
  std::vector<std::uint8_t> sealed;  ///< state.message as it is sent, where it is encrypted
  bool done = false;                 ///< certificate and key are where they belong
  bool stays = false;                ///< the user named the file: it is not removed when all is done
};

/// "me.pem.state.key"
std::string key_file_of(const std::string& state_file);

/// nullopt when there is no such file.
OrExit<std::optional<EnrollmentFile>> read_enrollment_file(const std::string& name, const Maker& maker);

/// What `read_enrollment_file` reads.
std::string text_of(const EnrollmentFile& file);

}  // namespace cmcctl::cli
