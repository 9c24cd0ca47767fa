#include "http_connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmcctl/transport/http_status.hpp>

namespace cmcctl {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::chrono::milliseconds drain_time{1'000};
constexpr std::size_t drain_octets = 4u << 20;
constexpr int reads_in_a_row = 8;  // then the others have their turn

// RFC 9110 section 5.6.7.
std::string date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 40> text;
  const std::size_t size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {text.data(), size};
}

// Dogtag's HttpClient takes the first five lines for the header, whatever they are: so they are five, where the
// connection ends after the answer and the handler adds none.
std::string head_of(const HttpReply& reply, bool close) {
  std::string head =
      "HTTP/1.1 " + std::to_string(reply.status) + " " + std::string(http_reason(reply.status)) + "\r\n";
  head += "Content-Type: " + reply.content_type + "\r\n";
  head += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
  head += "Date: " + date_now() + "\r\n";
  if (close) head += "Connection: close\r\n";
  for (const HttpField& field : reply.fields) head += field.name + ": " + field.value + "\r\n";
  return head + "\r\n";
}

}  // namespace

HttpConnection::HttpConnection(int socket, std::string address, std::uint16_t port, Shared& shared)
    : socket_(socket),
      address_(std::move(address)),
      peer_(address_ + ":" + std::to_string(port)),
      shared_(shared),
      request_start_(Clock::now()) {
  if (shared_.options.tls != nullptr) {
    tls_ = SSL_new(shared_.options.tls->context());
    if (tls_ != nullptr) SSL_set_fd(tls_, socket_);
  }
  const bool plain = shared_.options.tls == nullptr;
  enter(plain ? Phase::head : tls_ != nullptr ? Phase::handshake : Phase::draining, shared_.options.header_time);
  events_ = EPOLLIN;
}

HttpConnection::~HttpConnection() {
  shared_.input_octets -= counted_;
  if (tls_ != nullptr) SSL_free(tls_);
  close(socket_);
}

void HttpConnection::enter(Phase phase, std::chrono::milliseconds time) {
  phase_ = phase;
  since_ = Clock::now();
  deadline_ = since_ + time;
}

int HttpConnection::worth() const {
  switch (phase_) {
    case Phase::draining:
      return 1;
    case Phase::handshake:
      return 2;
    case Phase::head:
      return 2;
    case Phase::body:
      return 3;
    case Phase::writing:
      return 4;
    default:
      return 0;
  }
}

HttpConnection::Step HttpConnection::on_ready() {
  switch (phase_) {
    case Phase::handshake:
      return shake_hands();
    case Phase::head:
    case Phase::body:
      return read_on();
    case Phase::writing:
      return write_on();
    case Phase::draining:
      return drain();
    default:
      return Step::close;  // nothing is waited for but the end of the connection
  }
}

HttpConnection::Step HttpConnection::on_deadline() {
  switch (phase_) {
    case Phase::head:
    case Phase::body:
      if (input_.empty() && phase_ == Phase::head) return Step::close;
      return refuse(408, "the request took too long");
    case Phase::delayed:
      enter(Phase::writing, shared_.options.request_time);
      return write_on();
    case Phase::answering:
      deadline_ = Clock::time_point::max();
      return Step::wait;
    default:
      return Step::close;
  }
}

HttpConnection::Step HttpConnection::shake_hands() {
  ERR_clear_error();
  switch (tls_outcome(SSL_accept(tls_))) {
    case Io::blocked:
      return Step::wait;
    case Io::ended:
      return Step::close;
    case Io::done:
      break;
  }
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
  enter(Phase::head, std::max(left, 0ms));
  return read_on();
}

HttpConnection::Step HttpConnection::read_on() {
  std::array<char, 16'384> buffer;
  for (int i = 0; i < reads_in_a_row || (tls_ != nullptr && SSL_pending(tls_) != 0); ++i) {
    std::size_t count = 0;
    const Io got = receive(buffer.data(), buffer.size(), count);
    if (got == Io::blocked) return Step::wait;
    if (got == Io::ended) return Step::close;
    if (std::exchange(waits_for_first_octet_, false)) {
      request_start_ = Clock::now();
      deadline_ = request_start_ + shared_.options.header_time;
    }
    input_.append(buffer.data(), count);
    const Step step = look_at_input();
    count_input();
    if (step != Step::wait || (phase_ != Phase::head && phase_ != Phase::body)) return step;
  }
  return Step::wait;
}

HttpConnection::Step HttpConnection::look_at_input() {
  if (phase_ == Phase::head) {
    const Step step = look_at_head();
    if (phase_ != Phase::body) return step;
  }
  if (input_.size() < head_.content_length) return Step::wait;
  head_.request.body.assign(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(head_.content_length));
  input_.erase(0, head_.content_length);
  input_.shrink_to_fit();
  enter(Phase::answering, 1h);
  events_ = 0;
  return Step::request_ready;
}

HttpConnection::Step HttpConnection::look_at_head() {
  const std::size_t end = input_.find(head_end, searched_);
  if (end == std::string::npos) {
    searched_ = input_.size() - std::min(input_.size(), head_end.size() - 1);
    return input_.size() > head_octets ? refuse(431, "the header is too long") : Step::wait;
  }
  const std::size_t size = end + head_end.size();
  if (size > head_octets) return refuse(431, "the header is too long");
  auto parsed = parse_head(std::string_view(input_).substr(0, size), shared_.options.body_octets);
  if (const auto* refusal = std::get_if<HttpRefusal>(&parsed)) return refuse(refusal->status, refusal->text);
  head_ = std::get<HttpHead>(std::move(parsed));
  head_.request.peer = peer_;
  close_after_ = !head_.keep_alive;
  input_.erase(0, size);
  searched_ = 0;
  enter(Phase::body, shared_.options.request_time);
  deadline_ = request_start_ + shared_.options.request_time;
  return Step::wait;
}

// What is held of this connection's input, in the sum of all.
void HttpConnection::count_input() {
  shared_.input_octets += input_.size() - counted_;
  counted_ = input_.size();
}

HttpRequest HttpConnection::take_request() {
  if (tls_ != nullptr) head_.request.tls_client = client_certificate();
  return std::move(head_.request);
}

HttpConnection::Step HttpConnection::refuse(int status, std::string_view text) {
  if (shared_.log) shared_.log(peer_, status, text);
  input_.clear();
  count_input();
  close_after_ = true;
  return answer(text_reply(status, text));
}

HttpConnection::Step HttpConnection::answer(HttpReply reply) {
  cut_after_ = reply.body_octets_sent < reply.body.size();
  output_ = head_of(reply, close_after_);
  output_.append(Octets(reply.body).sub(0, std::min(reply.body_octets_sent, reply.body.size())).chars());
  written_ = 0;
  if (reply.delay > 0ms) {
    enter(Phase::delayed, reply.delay);
    events_ = 0;
    return Step::wait;
  }
  enter(Phase::writing, shared_.options.request_time);
  return write_on();
}

HttpConnection::Step HttpConnection::write_on() {
  while (written_ < output_.size()) {
    std::size_t count = 0;
    const Io sent = send_some(std::string_view(output_).substr(written_), count);
    if (sent == Io::blocked) return Step::wait;
    if (sent == Io::ended) return Step::close;
    written_ += count;
  }
  return after_writing();
}

HttpConnection::Step HttpConnection::after_writing() {
  output_ = {};
  if (cut_after_) return Step::close;
  if (close_after_) {
    // A socket that is closed while octets wait in it takes the answer back from the client.
    if (tls_ != nullptr) SSL_shutdown(tls_);
    shutdown(socket_, SHUT_WR);
    enter(Phase::draining, drain_time);
    events_ = EPOLLIN;
    return Step::wait;
  }
  enter(Phase::head, input_.empty() ? shared_.options.idle_time : shared_.options.header_time);
  events_ = EPOLLIN;
  waits_for_first_octet_ = input_.empty();
  request_start_ = Clock::now();
  if (input_.empty() && (tls_ == nullptr || SSL_pending(tls_) == 0)) return Step::wait;
  const Step step = look_at_input();
  count_input();
  return step == Step::wait && phase_ == Phase::head && tls_ != nullptr ? read_on() : step;
}

HttpConnection::Step HttpConnection::drain() {
  std::array<char, 16'384> buffer;
  const ssize_t count = recv(socket_, buffer.data(), buffer.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return Step::wait;
  if (count <= 0) return Step::close;
  drained_ += static_cast<std::size_t>(count);
  return drained_ > drain_octets ? Step::close : Step::wait;
}

HttpConnection::Io HttpConnection::tls_outcome(int result) {
  if (result > 0) return Io::done;
  switch (SSL_get_error(tls_, result)) {
    case SSL_ERROR_WANT_READ:
      events_ = EPOLLIN;
      return Io::blocked;
    case SSL_ERROR_WANT_WRITE:
      events_ = EPOLLOUT;
      return Io::blocked;
    default:
      return Io::ended;
  }
}

HttpConnection::Io HttpConnection::receive(char* to, std::size_t size, std::size_t& count) {
  if (tls_ != nullptr) {
    ERR_clear_error();
    const int result = SSL_read(tls_, to, static_cast<int>(size));
    count = static_cast<std::size_t>(std::max(result, 0));
    return tls_outcome(result);
  }
  const ssize_t result = recv(socket_, to, size, 0);
  count = static_cast<std::size_t>(std::max<ssize_t>(result, 0));
  if (result > 0) return Io::done;
  events_ = EPOLLIN;
  return result < 0 && (errno == EAGAIN || errno == EINTR) ? Io::blocked : Io::ended;
}

HttpConnection::Io HttpConnection::send_some(std::string_view from, std::size_t& count) {
  if (tls_ != nullptr) {
    ERR_clear_error();
    const int result = SSL_write(tls_, from.data(), static_cast<int>(std::min<std::size_t>(from.size(), 1u << 20)));
    count = static_cast<std::size_t>(std::max(result, 0));
    return tls_outcome(result);
  }
  const ssize_t result = send(socket_, from.data(), from.size(), MSG_NOSIGNAL);
  count = static_cast<std::size_t>(std::max<ssize_t>(result, 0));
  if (result >= 0) return Io::done;
  events_ = EPOLLOUT;
  return errno == EAGAIN || errno == EINTR ? Io::blocked : Io::ended;
}

std::vector<std::uint8_t> HttpConnection::client_certificate() const {
  X509* const certificate = SSL_get1_peer_certificate(tls_);
  if (certificate == nullptr || SSL_get_verify_result(tls_) != X509_V_OK) {
    X509_free(certificate);
    return {};
  }
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  std::vector<std::uint8_t> octets(der, der + std::max(size, 0));
  OPENSSL_free(der);
  X509_free(certificate);
  return octets;
}

}  // namespace cmcctl
