#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <cmcctl/crypto/password.hpp>
#include <cmcctl/crypto/private_key.hpp>

#include "command_line.hpp"
#include "exit_code.hpp"
#include "io.hpp"

namespace cmcctl::cli {

/// --key and --password.
struct KeyOptions {
  std::string key;
  std::string password;
};

void add_key_options(Command command, KeyOptions& options);

/// A value, or the exit code of what has already been said on stderr.
template <class T>
class OrExit {
 public:
  OrExit(T value) : value_(std::move(value)) {}
  OrExit(ExitCode code) : code_(code) {}
  explicit operator bool() const { return code_ == ExitCode::ok; }
  T& operator*() { return value_; }
  ExitCode error() const { return code_; }

 private:
  T value_{};
  ExitCode code_ = ExitCode::ok;
};

/// What --password names, if anything; a password that others can see gets a warning.
OrExit<std::optional<PasswordSource>> password_of(const std::string& option, Io& io, std::string_view command);

/// Loads the key that the options name; complaints and warnings go to stderr.
OrExit<std::unique_ptr<PrivateKey>> load_key(const KeyOptions& options, Io& io, std::string_view command,
                                             const Limits& limits);

/// Says what is wrong with a key, a token or a password, and what to try next. Exit code 7, or 3 where it was a
/// message that does not decode.
ExitCode report_key_error(Io& io, std::string_view command, const Error& error);

}  // namespace cmcctl::cli
