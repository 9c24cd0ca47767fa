#include <cmcctl/transport/http_client.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <thread>

#include <httplib.h>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/version.hpp>

#include "connection.hpp"
#include "tls_client.hpp"
#include "url.hpp"

// cpp-httplib writes the request and reads the answer. Below it stands our own stream, because that of 0.11.4 knows no
// end of the whole exchange, lets lines grow as long as octets come, and matches them with std::regex, which recurses.
namespace cmcctl {
namespace {

constexpr std::size_t status_line_octets = 1'024;
constexpr std::size_t overhead_octets = 64u << 10;  // of header, or of chunk sizes between two pieces of the body
constexpr std::chrono::milliseconds first_pause{200};

class GuardedStream final : public httplib::Stream {
 public:
  GuardedStream(Connection& connection, const Deadline& deadline) : connection_(connection), deadline_(deadline) {}

  bool is_readable() const override { return !failure_; }
  bool is_writable() const override { return !failure_; }

  ssize_t read(char* to, size_t size) override {
    if (failure_) return -1;
    if (next_ == end_ && !fill()) return failure_ ? -1 : 0;
    const std::size_t count = std::min(size, end_ - next_);
    std::copy_n(buffer_.data() + next_, count, to);
    next_ += count;
    return is_within_limits(std::string_view(to, count)) ? static_cast<ssize_t>(count) : -1;
  }

  ssize_t write(const char* from, size_t size) override {
    auto written = connection_.write(Octets(std::string_view(from, size)), deadline_);
    if (written) return static_cast<ssize_t>(size);
    failure_ = std::move(written.error());
    return -1;
  }

  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return INVALID_SOCKET; }

  /// A piece of the answer has arrived above: what comes next is counted anew.
  void has_progress() { overhead_ = 0; }
  void fail(Error error) { failure_ = std::move(error); }
  const std::optional<Error>& failure() const { return failure_; }
  bool has_answer() const { return received_; }
  bool has_ended() const { return ended_; }

 private:
  bool fill() {
    auto got = connection_.read(buffer_, deadline_);
    if (!got) failure_ = std::move(got.error());
    next_ = 0;
    end_ = got ? *got : 0;
    received_ = received_ || end_ != 0;
    ended_ = got && end_ == 0;
    return end_ != 0;
  }

  bool is_within_limits(std::string_view piece) {
    if (!status_line_ended_) {
      const std::size_t end = piece.find('\n');
      status_line_ended_ = end != std::string_view::npos;
      status_line_ += std::min(end, piece.size());
      if (status_line_ > status_line_octets) return refuse("status line of the answer", status_line_octets);
    }
    overhead_ += piece.size();
    return overhead_ <= overhead_octets || refuse("header of the answer", overhead_octets);
  }

  bool refuse(const std::string& what, std::size_t limit) {
    failure_ = Error{Errc::limit_exceeded, 0, {}, {}, what + " has more than " + std::to_string(limit) + " octets"};
    return false;
  }

  Connection& connection_;
  const Deadline& deadline_;
  std::optional<Error> failure_;
  std::array<std::uint8_t, 16'384> buffer_;
  std::size_t next_ = 0;
  std::size_t end_ = 0;
  std::size_t status_line_ = 0;
  std::size_t overhead_ = 0;
  bool status_line_ended_ = false;
  bool received_ = false;
  bool ended_ = false;
};

/// cpp-httplib's client on a connection that is there already. It sees no TLS.
class Client final : public httplib::ClientImpl {
 public:
  Client(const std::string& host, Connection& connection, GuardedStream& stream)
      : ClientImpl(host), connection_(connection), stream_(stream) {
    set_url_encode(false);
    set_decompress(false);
    set_follow_location(false);
    set_keep_alive(false);
  }

 private:
  bool create_and_connect_socket(Socket& socket, httplib::Error&) override {
    socket.sock = connection_.duplicate();
    return socket.sock != INVALID_SOCKET;
  }
  bool process_socket(const Socket&, std::function<bool(httplib::Stream&)> callback) override {
    return callback(stream_);
  }

  Connection& connection_;
  GuardedStream& stream_;
};

class Exchange {
 public:
  Exchange(Url url, const HttpOptions& options)
      : url_(std::move(url)), options_(options), deadline_(options.deadline) {}

  Result<HttpAnswer> run(const std::string& method, std::string_view content_type, Octets body) {
    CMC_CHECK(prepare());
    CMC_TRY(Connection connection, connect());
    GuardedStream stream(connection, deadline_);
    Client client(url_.host, connection, stream);
    httplib::Request request = make_request(method, content_type, body);
    request.response_handler = [&](const httplib::Response& head) { return take_head(head, stream); };
    request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
      return take_body(Octets(std::string_view(data, size)), stream);
    };
    httplib::Response response;
    auto error = httplib::Error::Success;
    if (!client.send(request, response, error)) return why_not(stream);
    answer_.tls = connection.tls_text();
    return std::move(answer_);
  }

 private:
  Result<void> prepare() {
    if (url_.tls) {
      CMC_TRY(tls_, TlsClient::make(options_.tls, url_.host));
    }
    if (options_.proxy.empty()) return {};
    CMC_TRY(proxy_, parse_url(options_.proxy));
    if (!proxy_->tls) return {};
    return Error{Errc::value_out_of_range, 0, {}, {}, "the proxy " + options_.proxy + " is not one of http://"};
  }

  bool take_head(const httplib::Response& head, GuardedStream& stream) {
    stream.has_progress();
    has_head_ = true;
    answer_.status = head.status;
    answer_.content_type = head.get_header_value("Content-Type");
    const std::string encoding = head.get_header_value("Content-Encoding");
    if (encoding.empty() || encoding == "identity") return true;
    stream.fail(
        {Errc::bad_http, 0, {}, {}, "the body is encoded with " + escape(encoding) + ", which nobody asked for"});
    return false;
  }

  bool take_body(Octets piece, GuardedStream& stream) {
    stream.has_progress();
    if (piece.size() > options_.response_octets - answer_.body.size()) {
      stream.fail({Errc::limit_exceeded,
                   0,
                   {},
                   {},
                   "the answer has more than " + std::to_string(options_.response_octets) + " octets"});
      return false;
    }
    answer_.body.insert(answer_.body.end(), piece.begin(), piece.end());
    return true;
  }

  // The connection, through the proxy and with TLS. Nothing of the request is sent yet, so it may be tried again.
  Result<Connection> connect() {
    auto pause = first_pause;
    for (unsigned attempt = 0;; ++attempt) {
      auto connection = connect_once();
      const bool final =
          connection || connection.error().code != Errc::connection_failed || attempt == options_.retries;
      if (final || deadline_.milliseconds_left() <= pause.count()) return connection;
      std::this_thread::sleep_for(pause);
      pause *= 2;
    }
  }

  Result<Connection> connect_once() {
    const Url& first = proxy_ ? *proxy_ : url_;
    CMC_TRY(Connection connection, Connection::open(first.host, first.port, deadline_));
    if (!tls_) return connection;
    if (proxy_) CMC_CHECK(open_tunnel(connection));
    auto started = connection.start_tls(tls_->context(), url_.host, deadline_);
    if (!started) return tls_->explained(std::move(started.error()));
    return connection;
  }

  // RFC 9110 section 9.3.6.
  Result<void> open_tunnel(Connection& connection) {
    const bool address = url_.host.find(':') != std::string::npos;
    const std::string target = (address ? "[" + url_.host + "]" : url_.host) + ":" + url_.port;
    const std::string request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n";
    CMC_CHECK(connection.write(Octets(request), deadline_));
    std::string head;
    while (!head.ends_with("\r\n\r\n")) {  // octet by octet: what follows belongs to TLS
      std::uint8_t octet = 0;
      CMC_TRY(const std::size_t count, connection.read({&octet, 1}, deadline_));
      if (count == 0) return Error{Errc::connection_failed, 0, {}, {}, "the proxy " + options_.proxy + " hung up"};
      head += static_cast<char>(octet);
      if (head.size() > overhead_octets) {
        return Error{Errc::limit_exceeded, 0, {}, {}, "the header of the proxy's answer"};
      }
    }
    const std::string line = head.substr(0, head.find('\r'));
    if (line.starts_with("HTTP/1.") && line.size() >= 12 && line.substr(9, 1) == "2") return {};
    return Error{Errc::connection_failed, 0, {}, {}, "the proxy " + options_.proxy + " answered: " + escape(line, 200)};
  }

  httplib::Request make_request(const std::string& method, std::string_view content_type, Octets body) const {
    httplib::Request request;
    request.method = method;
    request.path = proxy_ && !url_.tls ? "http://" + url_.authority() + url_.target : url_.target;
    request.headers = {{"Host", url_.authority()},
                       {"User-Agent", "cmcctl/" + std::string(version)},
                       {"Accept", "*/*"},
                       {"Accept-Encoding", "identity"},
                       {"Connection", "close"}};
    if (!content_type.empty()) request.headers.emplace("Content-Type", content_type);
    for (const auto& [name, value] : options_.headers) request.headers.emplace(name, value);
    request.body.assign(body.chars());
    return request;
  }

  Error why_not(const GuardedStream& stream) const {
    const std::string peer = url_.host + ":" + url_.port;
    if (stream.failure()) return *stream.failure();
    if (has_head_ && stream.has_ended()) {
      return {Errc::connection_failed, 0, {}, {}, peer + ": the other side hung up in the middle of its answer"};
    }
    if (stream.has_answer()) return {Errc::bad_http, 0, {}, {}, peer + ": what came is no answer of HTTP/1.x"};
    return {Errc::connection_failed, 0, {}, {}, peer + ": the other side hung up without an answer"};
  }

  Url url_;
  const HttpOptions& options_;
  Deadline deadline_;
  std::optional<TlsClient> tls_;
  std::optional<Url> proxy_;
  HttpAnswer answer_;
  bool has_head_ = false;
};

bool is_field(std::string_view name, std::string_view value) {
  constexpr std::string_view separators = "()<>@,;:\\\"/[]?={} \t";
  return !name.empty() && std::ranges::all_of(name, [&](char c) {
    return c > ' ' && c < 0x7F && separators.find(c) == std::string_view::npos;
  }) && std::ranges::all_of(value, [](char c) { return (c >= ' ' || c == '\t' || c < 0) && c != 0x7F; });
}

Result<HttpAnswer> exchange(const std::string& url, const std::string& method, std::string_view content_type,
                            Octets body, const HttpOptions& options) {
  CMC_TRY(Url parsed, parse_url(url));
  for (const auto& [name, value] : options.headers) {
    if (is_field(name, value)) continue;
    return Error{Errc::value_out_of_range, 0, {}, {}, escape(name + ": " + value, 200) + " is no HTTP header field"};
  }
  return Exchange(std::move(parsed), options).run(method, content_type, body);
}

}  // namespace

Result<HttpAnswer> http_post(const std::string& url, std::string_view content_type, Octets body,
                             const HttpOptions& options) {
  return exchange(url, "POST", content_type, body, options);
}

Result<HttpAnswer> http_get(const std::string& url, const HttpOptions& options) {
  return exchange(url, "GET", {}, {}, options);
}

}  // namespace cmcctl
