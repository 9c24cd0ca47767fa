#include "tls_client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <cmcctl/codec/text.hpp>

#include "tls_errors.hpp"

namespace cmcctl {

struct TlsClient::State {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  std::optional<TlsKey> key{};
  std::string host{};
  std::string complaint{};  // about the server's certificate

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { SSL_CTX_free(context); }
};

namespace {

Error failed() { return {Errc::tls_failed, 0, {}, {}, tls_reason()}; }

struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

std::unique_ptr<X509, FreeX509> x509_of(Octets der) {
  const unsigned char* from = der.data();
  return std::unique_ptr<X509, FreeX509>(d2i_X509(nullptr, &from, static_cast<long>(der.size())));
}

int check_server(X509_STORE_CTX* store, void* argument) {
  const int good = X509_verify_cert(store);
  if (good == 1) return 1;
  auto* const state = static_cast<TlsClient::State*>(argument);
  const int error = X509_STORE_CTX_get_error(store);
  state->complaint = X509_verify_cert_error_string(error);
  if (error == X509_V_ERR_HOSTNAME_MISMATCH || error == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    state->complaint += ": its subjectAltName does not have " + state->host;
  }
  return 0;
}

Result<void> set_anchors(SSL_CTX* context, const TlsOptions& options) {
  if (options.anchors.empty()) {
    if (SSL_CTX_set_default_verify_paths(context) != 1) return failed();
    return {};
  }
  X509_STORE* const store = SSL_CTX_get_cert_store(context);
  for (const X509Certificate& anchor : options.anchors) {
    const auto x509 = x509_of(anchor.der());
    if (!x509 || X509_STORE_add_cert(store, x509.get()) != 1) return failed();
  }
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);  // an anchor need not be self-signed
  return {};
}

Result<void> check_servers(TlsClient::State& state, const TlsOptions& options) {
  CMC_CHECK(set_anchors(state.context, options));
  X509_VERIFY_PARAM* const parameters = SSL_CTX_get0_param(state.context);
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, state.host.c_str()) != 1 &&
      X509_VERIFY_PARAM_set1_host(parameters, state.host.c_str(), state.host.size()) != 1) {
    return failed();
  }
  SSL_CTX_set_verify(state.context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(state.context, check_server, &state);
  return {};
}

Result<void> take_credentials(TlsClient::State& state, const TlsOptions& options) {
  if (options.certificates.empty()) {
    return Error{Errc::no_key, 0, {}, {}, "TLS with a client's key needs its certificate"};
  }
  CMC_TRY(state.key, TlsKey::from(*options.key));
  const auto own = x509_of(options.certificates.front());
  if (!own || SSL_CTX_use_certificate(state.context, own.get()) != 1) return failed();
  for (const auto& der : options.certificates.subspan(1)) {
    const auto other = x509_of(der);
    if (!other || SSL_CTX_add1_chain_cert(state.context, other.get()) != 1) return failed();
  }
  if (SSL_CTX_use_PrivateKey(state.context, state.key->get()) != 1) return failed();
  return {};
}

}  // namespace

TlsClient::TlsClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsClient::TlsClient(TlsClient&&) noexcept = default;
TlsClient& TlsClient::operator=(TlsClient&&) noexcept = default;
TlsClient::~TlsClient() = default;

ssl_ctx_st* TlsClient::context() const { return state_->context; }

Result<TlsClient> TlsClient::make(const TlsOptions& options, const std::string& host) {
  ERR_clear_error();
  auto state = std::make_unique<State>();
  state->host = host;
  if (state->context == nullptr) return failed();
  SSL_CTX_set_min_proto_version(state->context, TLS1_2_VERSION);
  SSL_CTX_set_options(state->context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(state->context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (!options.insecure) CMC_CHECK(check_servers(*state, options));
  if (options.key != nullptr) CMC_CHECK(take_credentials(*state, options));
  return TlsClient(std::move(state));
}

Error TlsClient::explained(Error error) const {
  if (error.code != Errc::tls_failed) return error;
  if (state_->key && state_->key->refusal()) return *state_->key->refusal();
  if (!state_->complaint.empty()) {
    error.detail = escape(state_->host) + ": the server's certificate is not trusted: " + state_->complaint;
  }
  return error;
}

}  // namespace cmcctl
