#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <cmcctl/codec/octets.hpp>
#include <cmcctl/codec/result.hpp>

struct ssl_ctx_st;
struct ssl_st;

namespace cmcctl {

/// The point in time by which everything has to be done.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;
  explicit Deadline(std::chrono::milliseconds from_now) : end_(Clock::now() + from_now), total_(from_now) {}

  bool is_over() const { return Clock::now() >= end_; }
  Clock::time_point end() const { return end_; }
  int milliseconds_left() const;
  /// `deadline_passed`, with what was going on: "connecting to example.org:80".
  Error passed(const std::string& doing) const;

 private:
  Clock::time_point end_;
  std::chrono::milliseconds total_;
};

/// A TCP connection of a client, with TLS above it once it was started. Every call ends at the deadline.
class Connection {
 public:
  /// Tries all addresses of the host. `connection_failed`, `deadline_passed`.
  static Result<Connection> open(const std::string& host, const std::string& port, const Deadline& deadline);

  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&&) = delete;
  ~Connection();

  /// The handshake; `context` has to stay. `tls_failed` without a reason: the context's callbacks know more.
  Result<void> start_tls(ssl_ctx_st* context, const std::string& host, const Deadline& deadline);
  /// "TLSv1.3 TLS_AES_256_GCM_SHA384"; empty without TLS.
  std::string tls_text() const;

  /// 0 octets: the other side is done.
  Result<std::size_t> read(std::span<std::uint8_t> to, const Deadline& deadline);
  Result<void> write(Octets bytes, const Deadline& deadline);

  /// Another descriptor of the same socket; the caller closes it.
  int duplicate() const;

 private:
  Connection(int socket, std::string peer) : socket_(socket), peer_(std::move(peer)) {}
  Result<void> wait(short events, const Deadline& deadline) const;
  /// After a call of OpenSSL: waits for what it needs; false when the other side is done.
  Result<bool> wait_for_tls(int result, const Deadline& deadline) const;
  Error lost(const std::string& why) const;

  int socket_;
  std::string peer_;
  ssl_st* tls_ = nullptr;
};

}  // namespace cmcctl
