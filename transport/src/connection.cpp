#include "connection.hpp"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tls_errors.hpp"

namespace cmcctl {
namespace {

struct Resolved {
  std::mutex mutex;
  std::condition_variable done;
  bool is_done = false;
  int error = 0;
  addrinfo* addresses = nullptr;
  ~Resolved() {
    if (addresses != nullptr) freeaddrinfo(addresses);
  }
};

// getaddrinfo knows no deadline, so it runs beside us, and is left behind when it takes too long.
std::shared_ptr<Resolved> resolve(const std::string& host, const std::string& port, const Deadline& deadline) {
  auto resolved = std::make_shared<Resolved>();
  std::thread([resolved, host, port] {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* addresses = nullptr;
    const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &addresses);
    const std::lock_guard lock(resolved->mutex);
    resolved->error = error;
    resolved->addresses = addresses;
    resolved->is_done = true;
    resolved->done.notify_all();
  }).detach();
  std::unique_lock lock(resolved->mutex);
  const bool in_time = resolved->done.wait_until(lock, deadline.end(), [&] { return resolved->is_done; });
  return in_time ? resolved : nullptr;
}

Result<void> wait_for(int socket, short events, const Deadline& deadline) {
  pollfd wanted{socket, events, 0};
  while (true) {
    const int left = deadline.milliseconds_left();
    if (left == 0) return Error{Errc::deadline_passed, 0, {}, {}, {}};
    const int ready = poll(&wanted, 1, left);
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return Error{Errc::connection_failed, 0, {}, {}, std::strerror(errno)};
  }
}

// A connected socket, or the reason why there is none.
Result<int> connect_to(const addrinfo& address, const Deadline& deadline) {
  const int made = socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (made < 0) return Error{Errc::connection_failed, 0, {}, {}, std::strerror(errno)};
  int error = connect(made, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    auto waited = wait_for(made, POLLOUT, deadline);
    if (!waited) {
      close(made);
      return waited.error();
    }
    socklen_t size = sizeof error;
    if (getsockopt(made, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  }
  if (error != 0) {
    close(made);
    return Error{Errc::connection_failed, 0, {}, {}, std::strerror(error)};
  }
  const int on = 1;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return made;
}

bool is_address(const std::string& host) {
  in6_addr address;
  return inet_pton(AF_INET, host.c_str(), &address) == 1 || inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

}  // namespace

int Deadline::milliseconds_left() const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

Error Deadline::passed(const std::string& doing) const {
  return {Errc::deadline_passed, 0, {}, {}, doing + ", after " + std::to_string(total_.count()) + " ms"};
}

Result<Connection> Connection::open(const std::string& host, const std::string& port, const Deadline& deadline) {
  const std::string peer = host + ":" + port;
  const auto resolved = resolve(host, port, deadline);
  if (!resolved) return deadline.passed("looking up " + host);
  if (resolved->error != 0) {
    return Error{Errc::connection_failed, 0, {}, {}, host + ": " + gai_strerror(resolved->error)};
  }
  Error last{Errc::connection_failed, 0, {}, {}, peer + ": no address"};
  for (const addrinfo* address = resolved->addresses; address != nullptr; address = address->ai_next) {
    auto connected = connect_to(*address, deadline);
    if (connected) return Connection(*connected, peer);
    if (connected.error().code == Errc::deadline_passed) return deadline.passed("connecting to " + peer);
    last.detail = peer + ": " + connected.error().detail;
  }
  return last;
}

Connection::Connection(Connection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      peer_(std::move(other.peer_)),
      tls_(std::exchange(other.tls_, nullptr)) {}

Connection::~Connection() {
  if (tls_ != nullptr) {
    if (SSL_is_init_finished(tls_) == 1) SSL_shutdown(tls_);
    SSL_free(tls_);
    ERR_clear_error();
  }
  if (socket_ >= 0) close(socket_);
}

Result<void> Connection::start_tls(ssl_ctx_st* context, const std::string& host, const Deadline& deadline) {
  ERR_clear_error();
  tls_ = SSL_new(context);
  if (tls_ == nullptr || SSL_set_fd(tls_, socket_) != 1) return Error{Errc::tls_failed, 0, {}, {}, tls_reason()};
  if (!is_address(host)) SSL_set_tlsext_host_name(tls_, host.c_str());
  while (true) {
    ERR_clear_error();
    const int result = SSL_connect(tls_);
    if (result == 1) return {};
    auto waited = wait_for_tls(result, deadline);
    if (!waited && waited.error().code == Errc::deadline_passed) return waited.error();
    if (!waited) return Error{Errc::tls_failed, 0, {}, {}, peer_ + ": " + waited.error().detail};
    if (!*waited) return Error{Errc::tls_failed, 0, {}, {}, peer_ + ": the other side hung up during the handshake"};
  }
}

std::string Connection::tls_text() const {
  if (tls_ == nullptr) return {};
  return std::string(SSL_get_version(tls_)) + " " + SSL_get_cipher_name(tls_);
}

Result<void> Connection::wait(short events, const Deadline& deadline) const {
  auto waited = wait_for(socket_, events, deadline);
  if (!waited && waited.error().code == Errc::deadline_passed) return deadline.passed("waiting for " + peer_);
  return waited;
}

Result<bool> Connection::wait_for_tls(int result, const Deadline& deadline) const {
  const int system_error = errno;
  switch (SSL_get_error(tls_, result)) {
    case SSL_ERROR_WANT_READ:
      CMC_CHECK(wait(POLLIN, deadline));
      return true;
    case SSL_ERROR_WANT_WRITE:
      CMC_CHECK(wait(POLLOUT, deadline));
      return true;
    case SSL_ERROR_ZERO_RETURN:
      return false;
    case SSL_ERROR_SYSCALL:
      if (system_error == 0) return false;
      return Error{Errc::connection_failed, 0, {}, {}, peer_ + ": " + std::strerror(system_error)};
    default:
      return Error{Errc::tls_failed, 0, {}, {}, tls_reason()};
  }
}

Error Connection::lost(const std::string& why) const {
  return {Errc::connection_failed, 0, {}, {}, peer_ + ": " + why};
}

Result<std::size_t> Connection::read(std::span<std::uint8_t> to, const Deadline& deadline) {
  while (true) {
    if (deadline.is_over()) return deadline.passed("waiting for " + peer_);
    errno = 0;
    ERR_clear_error();
    if (tls_ != nullptr) {
      const int size = static_cast<int>(std::min<std::size_t>(to.size(), 1u << 20));
      const int result = SSL_read(tls_, to.data(), size);
      if (result > 0) return static_cast<std::size_t>(result);
      CMC_TRY(const bool more, wait_for_tls(result, deadline));
      if (!more) return std::size_t{0};
      continue;
    }
    const ssize_t result = recv(socket_, to.data(), to.size(), 0);
    if (result >= 0) return static_cast<std::size_t>(result);
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return lost(std::strerror(errno));
    CMC_CHECK(wait(POLLIN, deadline));
  }
}

Result<void> Connection::write(Octets bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    if (deadline.is_over()) return deadline.passed("sending to " + peer_);
    errno = 0;
    ERR_clear_error();
    const std::size_t piece = std::min<std::size_t>(bytes.size(), 1u << 16);
    if (tls_ != nullptr) {
      const int result = SSL_write(tls_, bytes.data(), static_cast<int>(piece));
      if (result > 0) {
        bytes = bytes.from(static_cast<std::size_t>(result));
        continue;
      }
      CMC_TRY(const bool more, wait_for_tls(result, deadline));
      if (!more) return lost("the other side hung up");
      continue;
    }
    const ssize_t result = send(socket_, bytes.data(), piece, MSG_NOSIGNAL);
    if (result >= 0) {
      bytes = bytes.from(static_cast<std::size_t>(result));
    } else if (errno == EAGAIN) {
      CMC_CHECK(wait(POLLOUT, deadline));
    } else if (errno != EINTR) {
      return lost(std::strerror(errno));
    }
  }
  return {};
}

int Connection::duplicate() const { return dup(socket_); }

}  // namespace cmcctl
