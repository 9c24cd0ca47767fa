#include <cmcctl/server/tls_server.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cmcctl/transport/tls_key.hpp>

namespace cmcctl {

struct TlsServer::State {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  std::optional<TlsKey> key{};

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { SSL_CTX_free(context); }
};

namespace {

Error failed(const char* what) {
  const char* const reason = ERR_reason_error_string(ERR_peek_error());
  ERR_clear_error();
  return {
      Errc::tls_failed, 0, {}, {}, std::string(what) + ": " + (reason != nullptr ? reason : "OpenSSL gives no reason")};
}

struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

std::unique_ptr<X509, FreeX509> x509_of(Octets der) {
  const unsigned char* from = der.data();
  return std::unique_ptr<X509, FreeX509>(d2i_X509(nullptr, &from, static_cast<long>(der.size())));
}

Result<void> take_certificates(SSL_CTX* context, std::span<const std::vector<std::uint8_t>> certificates) {
  if (certificates.empty()) return Error{Errc::no_key, 0, {}, {}, "TLS needs a certificate for its key"};
  const auto own = x509_of(certificates.front());
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1) return failed("the server's certificate");
  for (const auto& der : certificates.subspan(1)) {
    const auto other = x509_of(der);
    if (!other || SSL_CTX_add1_chain_cert(context, other.get()) != 1) return failed("the server's chain");
  }
  return {};
}

Result<void> take_anchors(SSL_CTX* context, std::span<const X509Certificate> anchors) {
  for (const X509Certificate& anchor : anchors) {
    const auto x509 = x509_of(anchor.der());
    const bool taken = x509 && X509_STORE_add_cert(SSL_CTX_get_cert_store(context), x509.get()) == 1 &&
                       SSL_CTX_add_client_CA(context, x509.get()) == 1;
    if (!taken) return failed("an anchor for clients");
  }
  SSL_CTX_set_verify(context, anchors.empty() ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  return {};
}

}  // namespace

TlsServer::TlsServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsServer::TlsServer(TlsServer&&) noexcept = default;
TlsServer& TlsServer::operator=(TlsServer&&) noexcept = default;
TlsServer::~TlsServer() = default;

ssl_ctx_st* TlsServer::context() const { return state_->context; }

Result<TlsServer> TlsServer::make(PrivateKey& key, std::span<const std::vector<std::uint8_t>> certificates,
                                  std::span<const X509Certificate> client_anchors) {
  ERR_clear_error();
  auto state = std::make_unique<State>();
  SSL_CTX* const context = state->context;
  if (context == nullptr) return failed("TLS");
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(
      context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_mode(context,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  CMC_TRY(state->key, TlsKey::from(key));
  CMC_CHECK(take_certificates(context, certificates));
  if (SSL_CTX_use_PrivateKey(context, state->key->get()) != 1) return failed("the server's key");
  CMC_CHECK(take_anchors(context, client_anchors));
  return TlsServer(std::move(state));
}

}  // namespace cmcctl
