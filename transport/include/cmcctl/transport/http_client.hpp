#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/key_source.hpp>

/// HTTP as RFC 10003 section 6 wants it, for a client. It knows nothing of what it carries. A program that uses TLS ignores
/// SIGPIPE, with which OpenSSL would end it when the other side hangs up.
namespace cmcctl {

struct TlsOptions {
  std::span<const X509Certificate> anchors{};  ///< what the server's path leads to; empty: the system's anchors
  PrivateKey* key = nullptr;                   ///< of the client's certificate: in memory or in a token
  std::span<const std::vector<std::uint8_t>> certificates{};  ///< DER; the client's own first
  bool insecure = false;                                      ///< the server's certificate is not looked at
};

struct HttpOptions {
  TlsOptions tls{};
  std::chrono::milliseconds deadline{30'000};  ///< for the whole exchange, from the name to the last octet
  std::size_t response_octets = 16u << 20;     ///< more is refused
  std::vector<std::pair<std::string, std::string>> headers{};  ///< besides Content-Type
  std::string proxy{};                                         ///< "http://host:port"; never taken from the environment
  unsigned retries = 0;                                        ///< only while nothing of the request was sent
};

struct HttpAnswer {
  int status = 0;
  std::string content_type{};
  std::vector<std::uint8_t> body{};
  std::string tls{};  ///< "TLSv1.3 TLS_AES_256_GCM_SHA384"; empty without TLS
};

/// POSTs the body. Any complete answer is one, whatever its status; redirects are not followed. Errors:
/// `connection_failed` (the name, the port, the other side hung up), `tls_failed` (with the reason), `deadline_passed`,
/// `bad_http`, `limit_exceeded`, `value_out_of_range` for a URL that is none of http and https.
Result<HttpAnswer> http_post(const std::string& url, std::string_view content_type, Octets body,
                             const HttpOptions& options = {});
Result<HttpAnswer> http_get(const std::string& url, const HttpOptions& options = {});

}  // namespace cmcctl
