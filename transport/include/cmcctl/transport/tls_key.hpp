#pragma once

#include <memory>
#include <optional>

#include <cmcctl/crypto/private_key.hpp>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace cmcctl {

/// A private key as OpenSSL's TLS takes it. One in a token stays there: OpenSSL hands it what is to be signed.
class TlsKey {
 public:
  /// RSA and EC, and in memory Ed25519, too; `key` has to stay. `unsupported_algorithm` for others.
  static Result<TlsKey> from(PrivateKey& key);

  TlsKey(TlsKey&&) noexcept;
  TlsKey& operator=(TlsKey&&) noexcept;
  ~TlsKey();

  evp_pkey_st* get() const;
  /// What the token said when it refused to sign.
  const std::optional<Error>& refusal() const;

  struct State;

 private:
  explicit TlsKey(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cmcctl
