#include <catch.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmcctl/transport/http_client.hpp>

using namespace cmcctl;
using namespace std::chrono_literals;

namespace {

// Takes connections one after the other; `answer` says what each of them gets.
class Peer {
 public:
  using Behaviour = std::function<void(int socket)>;

  explicit Peer(Behaviour behaviour) : listener_(socket(AF_INET, SOCK_STREAM, 0)), behaviour_(std::move(behaviour)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(listen(listener_, 4) == 0);
    socklen_t size = sizeof address;
    REQUIRE(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] {
      for (int one = accept(listener_, nullptr, nullptr); one >= 0; one = accept(listener_, nullptr, nullptr)) {
        timeval wait{3, 0};
        setsockopt(one, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        behaviour_(one);
        shutdown(one, SHUT_WR);
        char rest[4096];
        while (recv(one, rest, sizeof rest, 0) > 0) continue;
        close(one);
      }
    });
  }

  ~Peer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  std::string url(const std::string& target = "/cmc") const {
    return "http://127.0.0.1:" + std::to_string(port_) + target;
  }

 private:
  int listener_;
  Behaviour behaviour_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

std::string read_head(int socket) {
  std::string head;
  char octet = 0;
  while (!head.ends_with("\r\n\r\n") && recv(socket, &octet, 1, 0) == 1) head += octet;
  return head;
}

bool write(int socket, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

Peer answering(std::string answer) {
  return Peer([answer](int socket) {
    read_head(socket);
    write(socket, answer);
  });
}

const std::vector<std::uint8_t> body{'b', 'o', 'd', 'y'};

Result<HttpAnswer> post(const Peer& peer, const HttpOptions& options = {}) {
  return http_post(peer.url(), "application/pkcs10", Octets(body), options);
}

Errc refusal(const std::string& answer, HttpOptions options = {}) {
  options.deadline = 5s;
  const Peer peer = answering(answer);
  const auto got = post(peer, options);
  REQUIRE(!got);
  return got.error().code;
}

}  // namespace

TEST_CASE("a request goes out as it should, and the answer comes back whole") {
  std::string seen;
  const Peer peer([&](int socket) {
    seen = read_head(socket);
    char sent[4];
    if (recv(socket, sent, sizeof sent, MSG_WAITALL) == 4) seen.append(sent, 4);
    write(socket,
          "HTTP/1.1 403 No\r\nContent-Type: application/pkcs7-mime; smime-type=CMC-Response\r\nContent-Length: "
          "3\r\n\r\n" +
              std::string("a\0b", 3));
  });
  HttpOptions options;
  options.headers = {{"X-Test", "yes"}};
  const auto answer = post(peer, options);
  REQUIRE(answer);
  CHECK(answer->status == 403);
  CHECK(answer->content_type == "application/pkcs7-mime; smime-type=CMC-Response");
  CHECK(answer->body.size() == 3);
  CHECK(answer->tls.empty());
  CHECK(seen.starts_with("POST /cmc HTTP/1.1\r\n"));
  CHECK(seen.ends_with("\r\n\r\nbody"));
  CHECK(seen.find("Content-Type: application/pkcs10\r\n") != std::string::npos);
  CHECK(seen.find("Content-Length: 4\r\n") != std::string::npos);
  CHECK(seen.find("X-Test: yes\r\n") != std::string::npos);
  CHECK(seen.find(" gzip") == std::string::npos);
}

TEST_CASE("bodies come in chunks, with a length, and until the end") {
  for (const std::string answer :
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde", "HTTP/1.0 200 OK\r\n\r\nabcde"}) {
    CAPTURE(answer);
    const Peer peer = answering(answer);
    const auto got = post(peer);
    REQUIRE(got);
    CHECK(Octets(got->body).chars() == "abcde");
  }
}

TEST_CASE("a redirect is an answer like others") {
  std::atomic<int> connections = 0;
  const Peer peer([&](int socket) {
    ++connections;
    read_head(socket);
    write(socket, "HTTP/1.1 307 Elsewhere\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n");
  });
  const auto got = post(peer);
  REQUIRE(got);
  CHECK(got->status == 307);
  CHECK(connections == 1);
}

TEST_CASE("what is no answer is refused, each with its own error") {
  CHECK(refusal("") == Errc::connection_failed);
  CHECK(refusal("SSH-2.0-OpenSSH_9.2\r\n") == Errc::bad_http);
  CHECK(refusal("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc") == Errc::connection_failed);
  CHECK(refusal("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc") == Errc::bad_http);
  CHECK(refusal("HTTP/1.1 200 " + std::string(200'000, 'x') + "\r\n\r\n") == Errc::limit_exceeded);
  // Where our own limit is not the first one, cpp-httplib's is, or its grammar.
  const auto is_refused = [](const std::string& answer) {
    const Errc code = refusal(answer);
    return code == Errc::limit_exceeded || code == Errc::bad_http;
  };
  CHECK(is_refused("HTTP/1.1 200 OK\r\nX: " + std::string(200'000, 'x') + "\r\n\r\n"));
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 20'000; ++i) many += "X: y\r\n";
  CHECK(is_refused(many + "\r\n"));
  CHECK(is_refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(200'000, '0')));
  CHECK(is_refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"));
  std::string continues;
  for (int i = 0; i < 10'000; ++i) continues += "HTTP/1.1 100 Continue\r\n\r\n";
  CHECK(refusal(continues) == Errc::limit_exceeded);
}

TEST_CASE("an answer that is too long is not read to its end") {
  HttpOptions options;
  options.response_octets = 1'000;
  CHECK(refusal("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + std::string(1'001, 'x'), options) ==
        Errc::limit_exceeded);
  CHECK(refusal("HTTP/1.1 200 OK\r\n\r\n" + std::string(1'001, 'x'), options) == Errc::limit_exceeded);
  CHECK(refusal("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n" + std::string(5'000, 'x'), options) !=
        Errc::deadline_passed);
  const Peer peer = answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + std::string(1'000, 'x'));
  CHECK(post(peer, options));
}

TEST_CASE("the deadline is that of the whole exchange, for a server that drips octets, too") {
  const Peer peer([](int socket) {
    read_head(socket);
    write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    for (int i = 0; i < 30 && write(socket, "x"); ++i) std::this_thread::sleep_for(50ms);
  });
  HttpOptions options;
  options.deadline = 400ms;
  const auto start = std::chrono::steady_clock::now();
  const auto got = post(peer, options);
  REQUIRE(!got);
  CHECK(got.error().code == Errc::deadline_passed);
  CHECK(std::chrono::steady_clock::now() - start < 1'200ms);
}

TEST_CASE("a connection that is refused is tried again only when asked, a request that was sent never") {
  std::atomic<int> connections = 0;
  std::string closed;
  {
    const Peer peer([&](int) { ++connections; });
    closed = peer.url();
    HttpOptions options;
    options.retries = 3;
    CHECK(post(peer, options).error().code == Errc::connection_failed);
    CHECK(connections == 1);
  }
  HttpOptions options;
  options.retries = 1;
  const auto start = std::chrono::steady_clock::now();
  CHECK(http_post(closed, "text/plain", {}, options).error().code == Errc::connection_failed);
  CHECK(std::chrono::steady_clock::now() - start >= 200ms);
}

TEST_CASE("a proxy gets the whole URL") {
  std::string seen;
  const Peer proxy([&](int socket) {
    seen = read_head(socket);
    write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  HttpOptions options;
  options.proxy = proxy.url("/");
  CHECK(http_get("http://ca.example.invalid:8080/roots?x=1", options));
  CHECK(seen.starts_with("GET http://ca.example.invalid:8080/roots?x=1 HTTP/1.1\r\n"));
  CHECK(seen.find("Host: ca.example.invalid:8080\r\n") != std::string::npos);
}

TEST_CASE("URLs and header fields that cannot be are refused before anything is sent") {
  for (const char* url : {"", "ftp://host/", "http://", "http:///path", "http://user@host/", "http://host:0/",
                          "http://host:65536/", "http://host:1x/", "http://host/a b", "http://host/a\r\nX: y",
                          "http://host/#part", "http://[::1", "http://ho st/"}) {
    CAPTURE(url);
    CHECK(http_get(url).error().code == Errc::value_out_of_range);
  }
  HttpOptions options;
  options.headers = {{"X", "a\r\nY: b"}};
  CHECK(http_get("http://127.0.0.1:1/", options).error().code == Errc::value_out_of_range);
  options.headers = {{"X Y", "a"}};
  CHECK(http_get("http://127.0.0.1:1/", options).error().code == Errc::value_out_of_range);
}
