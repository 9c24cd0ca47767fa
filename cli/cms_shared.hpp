#pragma once

#include <optional>
#include <string>
#include <vector>

#include <cmcctl/crypto/recipients.hpp>

#include "command_line.hpp"
#include "exit_code.hpp"
#include "io.hpp"
#include "output.hpp"
#include "reading.hpp"

/// What the verbs of `cms` share.
namespace cmcctl::cli {

/// What a verb says on stderr, under its name.
class CmsReport {
 public:
  CmsReport(Io& io, std::string command) : io_(io), command_(std::move(command)) {}

  ExitCode fail(ExitCode code, const std::string& problem) const;
  /// The exit code is that of the error: 7 for keys and passwords, 1 for algorithms, else 3.
  ExitCode refuse(const std::string& file, const Error& error) const;

  const std::string& command() const { return command_; }
  Io& io() const { return io_; }

 private:
  Io& io_;
  std::string command_;
};

/// What a secret source (file:, env:, fd:, prompt, pass:) holds; on a failure says what is wrong, and returns nothing
/// but the exit code. `what` names it in messages: "password".
std::optional<SecretOctets> read_secret(const std::string& source, std::string_view what, const CmsReport& report,
                                        ExitCode& code);
/// Likewise, of octets in hexadecimal.
std::optional<SecretOctets> read_hex_secret(const std::string& source, std::string_view what, const CmsReport& report,
                                            ExitCode& code);

/// --kek ID=SOURCE and --password SOURCE.
struct SecretOptions {
  std::vector<std::string> keks;
  std::vector<std::string> passwords;
};

void add_secret_options(Command command, SecretOptions& options);

struct Secrets {
  struct Kek {
    std::vector<std::uint8_t> identifier;
    SecretOctets key;
  };
  std::vector<Kek> keks;
  std::vector<SecretOctets> passwords;
};

/// Reads what they name; on a failure says what is wrong, and returns nothing but the exit code.
std::optional<Secrets> read_secrets(const SecretOptions& options, const CmsReport& report, ExitCode& code);

}  // namespace cmcctl::cli
