#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/cmc/enrollment.hpp>

#include "command.hpp"
#include "enroll_options.hpp"
#include "enrollment_file.hpp"
#include "file_set.hpp"

namespace cmcctl::cli {

/// From the key to the files with key, certificate and chain, over all round trips. `enroll`, `renew` and `poll` are
/// this with other options. What was begun goes on from the state file, wherever it was interrupted.
class Enrolling {
 public:
  Enrolling(EnrollOptions options, const Globals& globals, std::string command);
  ExitCode run();

 private:
  using Bytes = std::vector<std::uint8_t>;

  std::string wrong_call() const;
  ExitCode take_up();
  ExitCode go();

  // before the first message
  ExitCode load();
  ExitCode load_trust();
  ExitCode load_own_key();
  std::vector<std::string> results() const;
  ExitCode check_files() const;
  ExitCode begin();
  OrExit<Bytes> certification_request();

  // round trips
  EnrollmentKeys keys() const;
  VerifyOptions how_to_verify() const;
  ExitCode round_trips();
  ExitCode wait(std::int64_t least);
  ExitCode take(Octets response, bool& goes_on);
  ExitCode stopped(const ResponseReport& report) const;
  ExitCode pending(ExitCode code) const;
  ExitCode refused(const ResponseReport& report);
  ExitCode gave_up();

  // after the last
  ExitCode finish();
  OrExit<FileSet> result_files() const;
  ExitCode import_certificate() const;
  ExitCode report_issued(bool before) const;
  void forget() const;
  bool never_sent() const;
  ExitCode seal();
  ExitCode save() const;
  ExitCode ended_elsewhere() const;

  bool makes_key() const { return !options_.request.new_key.empty(); }
  bool key_in_output() const { return makes_key() && options_.request.key_out.empty(); }
  std::string key_file() const { return key_file_of(state_name_); }

  EnrollOptions options_;
  NewRequestOptions request_options_;  // what NewRequest is to see of them
  const Globals& globals_;
  Maker maker_;
  Limits limits_;
  NewRequest request_;
  Exchange exchange_;
  Trust trust_;
  Signers signers_;
  SecretOctets secret_;
  SecretOctets recipient_password_;
  std::vector<RecipientKeys::Pair> pairs_;
  std::vector<Octets> passwords_;
  std::string state_name_;
  EnrollmentFile file_;
  bool resumed_ = false;
  bool undecided_ = false;  // said the CA just now
  std::int64_t wait_seconds_ = 0;
  std::int64_t pause_ = 1;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace cmcctl::cli
