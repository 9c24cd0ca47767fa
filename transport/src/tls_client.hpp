#pragma once

#include <memory>
#include <optional>
#include <string>

#include <cmcctl/transport/http_client.hpp>
#include <cmcctl/transport/tls_key.hpp>

struct ssl_ctx_st;

namespace cmcctl {

/// TLS as a client does it: version 1.2 at least; the server's certificate leads to an anchor and has the host in its
/// subjectAltName (never in its CN).
class TlsClient {
 public:
  /// `tls_failed`, or what is wrong with the client's key and certificates.
  static Result<TlsClient> make(const TlsOptions& options, const std::string& host);

  TlsClient(TlsClient&&) noexcept;
  TlsClient& operator=(TlsClient&&) noexcept;
  ~TlsClient();

  ssl_ctx_st* context() const;
  /// A handshake that failed, with what is known of it here: what is wrong with the server's certificate, or what the
  /// token with the client's key has said.
  Error explained(Error failed) const;

  struct State;

 private:
  explicit TlsClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cmcctl
