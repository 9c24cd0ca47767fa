#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cmcctl/codec/result.hpp>
#include <cmcctl/server/tls_server.hpp>

/// A small HTTP/1.1 server for test CAs (RFC 9112), made for hostile clients: one thread reads and writes without ever
/// waiting for anybody, a few others answer. Everything that a client can make grow has a limit.
namespace cmcctl {

struct HttpField {
  std::string name;  ///< of requests: in lower case
  std::string value;
};

struct HttpRequest {
  std::string method;
  std::string path;   ///< as it was sent, without the query
  std::string query;  ///< what follows the '?'
  std::vector<HttpField> fields;
  std::vector<std::uint8_t> body;
  std::string peer;                        ///< "127.0.0.1:49152", from the socket
  std::vector<std::uint8_t> tls_client{};  ///< DER of the client's certificate, verified; empty: none

  /// The value of the first field of this name (in lower case), or nothing.
  std::string_view field(std::string_view name) const;
  /// The value of NAME=VALUE in the query, as it was sent, or nothing.
  std::string_view parameter(std::string_view name) const;
};

struct HttpReply {
  int status = 200;
  std::string content_type{};
  std::vector<std::uint8_t> body{};
  std::vector<HttpField> fields{};          ///< besides Content-Type, Content-Length, Date and Connection
  std::chrono::milliseconds delay{0};       ///< before its first octet
  std::size_t body_octets_sent = SIZE_MAX;  ///< fewer than the body has: then the connection is cut
};

/// A plain text of one line.
HttpReply text_reply(int status, std::string_view text);

struct HttpServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any
  TlsServer* tls = nullptr;
  std::size_t body_octets = 1u << 20;    ///< of a request
  std::size_t input_octets = 64u << 20;  ///< of all requests that are being received; with more, the largest are cut
  std::size_t connections = 512;         ///< with more, those are cut that send nothing, the oldest first
  std::size_t connections_of_address = 256;
  std::size_t waiting_requests = 64;  ///< with more, the answer is 503
  unsigned workers = 2;
  std::chrono::milliseconds header_time{10'000};
  std::chrono::milliseconds request_time{30'000};
  std::chrono::milliseconds idle_time{30'000};  ///< between two requests
};

/// Answers in one of several threads.
using HttpHandler = std::function<HttpReply(const HttpRequest&)>;
/// What never became a request: who it was and what was said. Called in the thread that reads.
using HttpRefusalLog = std::function<void(const std::string& peer, int status, std::string_view text)>;

class HttpServer {
 public:
  /// Listens. `connection_failed` where the address or the port cannot be had.
  static Result<std::unique_ptr<HttpServer>> listen(const HttpServerOptions& options, HttpHandler handler,
                                                    HttpRefusalLog log = {});
  ~HttpServer();

  std::uint16_t port() const;
  /// Serves until `stop`; then what is being answered has two seconds.
  void run();
  /// From any thread, and from a signal handler.
  void stop() noexcept;

  struct State;

 private:
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cmcctl
