#pragma once

#include <string>
#include <string_view>

#include <cmcctl/codec/result.hpp>
#include <cmcctl/crypto/secret.hpp>

namespace cmcctl {

/// Where a password or another secret comes from: "file:PATH" (its first line), "env:NAME", "fd:NUMBER" (its first
/// line), "prompt" (the terminal, without echo) or "pass:TEXT", which every process can read off the command line.
class PasswordSource {
 public:
  /// `no_key` for what is none of these.
  static Result<PasswordSource> from(std::string_view text);

  /// The secret. `what` is asked for at a prompt: "password of agent.pem". `wrong_password` where there is none.
  Result<SecretOctets> get(std::string_view what) const;

  /// The secret itself stands in the text.
  bool is_visible() const { return kind_ == Kind::text; }

 private:
  enum class Kind : unsigned char { file, environment, descriptor, prompt, text };
  PasswordSource(Kind kind, std::string argument) : kind_(kind), argument_(std::move(argument)) {}

  Kind kind_;
  std::string argument_;
};

}  // namespace cmcctl
