#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "command_line.hpp"
#include "exchange.hpp"
#include "new_request.hpp"
#include "trust.hpp"

namespace cmcctl::cli {

/// In a state file: a secret that stood on the command line.
inline constexpr std::string_view kept_nowhere = "pass:";
inline constexpr const char* endless_wait = "forever";

/// What an enrolment is to be, as the command line says it. The password of all keys that are there is
/// `signer.password`.
struct EnrollOptions {
  ExchangeOptions exchange;
  NewRequestOptions request;
  SignerOptions signer;
  EncryptionOptions encryption;
  TrustOptions trust;
  std::string output;
  std::string chain;
  std::string import;
  std::string label;
  std::string archive_to;
  std::string state;
  std::string wait;
  bool encryption_key = false;
  bool force = false;
  bool dry_run = false;
};

/// What `enroll` and `renew` share: all but who asks and for which key and name.
void add_enroll_options(Command command, EnrollOptions& options);
/// --new-key, and what else is said of the key.
void add_enroll_key_options(Command command, EnrollOptions& options);
/// --secret and --identification.
void add_shared_secret_options(Command command, EnrollOptions& options);
/// --wait and --state.
void add_wait_options(Command command, EnrollOptions& options);

/// The options as a state file keeps them, so that `poll` needs no others: sources of secrets, and never secrets.
nlohmann::ordered_json json_of(const EnrollOptions& options);
/// False for what json_of did not write.
bool take_json(const nlohmann::ordered_json& json, EnrollOptions& options);

/// The option that makes another enrolment of the one that was begun, "--subject"; empty when there is none.
std::string differing_option(const EnrollOptions& begun, const EnrollOptions& now);

/// Seconds of --wait: "600", "10m", "2h"; the largest number for no end; nullopt for what is no time.
std::optional<std::int64_t> seconds_of_wait(const std::string& text);

}  // namespace cmcctl::cli
