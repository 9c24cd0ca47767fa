#pragma once

#include <memory>
#include <span>
#include <vector>

#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/private_key.hpp>

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace cmcctl {

/// TLS as a server does it: version 1.2 at least, no renegotiation, no sessions to resume, no early data. Clients may
/// show a certificate; one that does not lead to an anchor, or is not for clients, ends the handshake.
class TlsServer {
 public:
  /// `key` has to stay. `certificates` are in DER, the server's own first. `tls_failed` where they do not fit.
  static Result<TlsServer> make(PrivateKey& key, std::span<const std::vector<std::uint8_t>> certificates,
                                std::span<const X509Certificate> client_anchors);

  TlsServer(TlsServer&&) noexcept;
  TlsServer& operator=(TlsServer&&) noexcept;
  ~TlsServer();

  ssl_ctx_st* context() const;

  struct State;

 private:
  explicit TlsServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cmcctl
