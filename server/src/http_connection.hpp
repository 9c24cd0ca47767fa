#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "http_head.hpp"

struct ssl_st;

namespace cmcctl {

/// One connection of the server. Nothing here waits: each call does what can be done at once.
class HttpConnection {
 public:
  using Clock = std::chrono::steady_clock;

  enum class Step : std::uint8_t {
    wait,           ///< until the socket is ready as `events` says, or the deadline has come
    request_ready,  ///< `take_request`, and `answer` it
    close,
  };

  /// What all connections share; for the thread that serves them alone.
  struct Shared {
    const HttpServerOptions& options;
    const HttpRefusalLog& log;
    std::size_t input_octets = 0;  ///< of requests that are being received
  };

  HttpConnection(int socket, std::string address, std::uint16_t port, Shared& shared);
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;
  ~HttpConnection();

  int socket() const { return socket_; }
  const std::string& address() const { return address_; }
  std::uint32_t events() const { return events_; }  ///< for epoll
  Clock::time_point deadline() const { return deadline_; }
  Clock::time_point since() const { return since_; }
  std::size_t input_octets() const { return counted_; }
  /// The lower, the less is lost when the connection is cut; 0: it must not be.
  int worth() const;
  bool is_being_answered() const { return worth() == 0 || phase_ == Phase::writing; }

  Step on_ready();
  Step on_deadline();
  HttpRequest take_request();
  Step answer(HttpReply reply);
  /// An answer of our own, after which the connection ends.
  Step refuse(int status, std::string_view text);

 private:
  enum class Phase : std::uint8_t { handshake, head, body, answering, delayed, writing, draining };
  enum class Io : std::uint8_t { done, blocked, ended };

  void enter(Phase phase, std::chrono::milliseconds time);
  Step shake_hands();
  Step read_on();
  Step look_at_input();
  Step look_at_head();
  Step write_on();
  Step after_writing();
  Step drain();
  void count_input();
  Io receive(char* to, std::size_t size, std::size_t& count);
  Io send_some(std::string_view from, std::size_t& count);
  Io tls_outcome(int result);
  std::vector<std::uint8_t> client_certificate() const;

  int socket_;
  std::string address_;
  std::string peer_;
  Shared& shared_;
  ssl_st* tls_ = nullptr;
  Phase phase_ = Phase::head;
  std::uint32_t events_ = 0;
  Clock::time_point since_;
  Clock::time_point deadline_;
  Clock::time_point request_start_;
  std::string input_;
  std::size_t searched_ = 0;
  HttpHead head_;
  std::size_t counted_ = 0;
  std::string output_;
  std::size_t written_ = 0;
  bool waits_for_first_octet_ = false;
  bool close_after_ = false;
  bool cut_after_ = false;
  std::size_t drained_ = 0;
};

}  // namespace cmcctl
