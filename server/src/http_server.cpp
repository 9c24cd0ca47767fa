#include <cmcctl/server/http_server.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <unordered_map>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_connection.hpp"
#include "worker_pool.hpp"

namespace cmcctl {
namespace {

using namespace std::chrono_literals;
using Clock = HttpConnection::Clock;
using Step = HttpConnection::Step;

constexpr std::uint64_t listener_id = 0;
constexpr std::uint64_t wake_id = 1;
constexpr std::uint64_t first_connection_id = 2;
constexpr std::chrono::milliseconds grace{2'000};

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { reset(); }
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  void reset() {
    if (number_ >= 0) close(release());
  }

 private:
  int number_;
};

std::pair<std::string, std::uint16_t> name_of(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    return {text.data(), ntohs(v6.sin6_port)};
  }
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
  inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
  return {text.data(), ntohs(v4.sin_port)};
}

Result<Descriptor> listening_socket(const std::string& host, std::uint16_t port) {
  const std::string place = host + ":" + std::to_string(port);
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return Error{Errc::connection_failed, 0, {}, {}, place + ": no IP address; give one like 127.0.0.1 or ::1"};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> address(found, freeaddrinfo);
  Descriptor made(socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(made.get(), address->ai_addr, address->ai_addrlen) != 0 || ::listen(made.get(), 512) != 0) {
    return Error{Errc::connection_failed, 0, {}, {}, place + ": " + std::strerror(errno)};
  }
  return made;
}

}  // namespace

struct HttpServer::State {
  State(const HttpServerOptions& how, HttpHandler answering, HttpRefusalLog refusal_log, Descriptor listening)
      : options(how),
        handler(std::move(answering)),
        log(std::move(refusal_log)),
        listener(std::move(listening)),
        wake(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
        epoll(epoll_create1(EPOLL_CLOEXEC)) {}

  void run();
  void watch(int descriptor, std::uint64_t id, std::uint32_t events, int operation) const;
  void take_events(const epoll_event& event);
  void accept_all();
  bool make_room(const std::string& address);
  void cut_largest();
  void take(std::uint64_t id, Step step);
  void start(std::uint64_t id, HttpConnection& connection);
  void take_answers();
  void take_deadlines();
  int milliseconds_to_wait() const;
  bool is_answering() const;
  HttpReply reply_to(const HttpRequest& request) const;

  struct Entry {
    std::unique_ptr<HttpConnection> connection;
    std::uint32_t watched = 0;
  };

  const HttpServerOptions options;
  const HttpHandler handler;
  const HttpRefusalLog log;
  Descriptor listener;
  Descriptor wake;
  Descriptor epoll;
  std::uint16_t port = 0;
  std::atomic<bool> stopping = false;
  HttpConnection::Shared shared{options, log};
  std::unordered_map<std::uint64_t, Entry> connections;
  std::uint64_t next_id = first_connection_id;

  std::mutex answers_mutex;
  std::vector<std::pair<std::uint64_t, HttpReply>> answers;

  std::optional<WorkerPool> pool;
};

void HttpServer::State::watch(int descriptor, std::uint64_t id, std::uint32_t events, int operation) const {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  epoll_ctl(epoll.get(), operation, descriptor, &event);
}

void HttpServer::State::run() {
  pool.emplace(options.workers, options.waiting_requests);
  watch(listener.get(), listener_id, EPOLLIN, EPOLL_CTL_ADD);
  watch(wake.get(), wake_id, EPOLLIN, EPOLL_CTL_ADD);
  std::optional<Clock::time_point> end;
  std::array<epoll_event, 64> events;
  while (!end || (is_answering() && Clock::now() < *end)) {
    const int count = epoll_wait(epoll.get(), events.data(), static_cast<int>(events.size()), milliseconds_to_wait());
    for (int i = 0; i < count; ++i) take_events(events[static_cast<std::size_t>(i)]);
    while (shared.input_octets > options.input_octets) cut_largest();
    take_answers();
    take_deadlines();
    if (stopping && !end) {
      listener.reset();
      end = Clock::now() + grace;
    }
  }
  pool.reset();
  connections.clear();
}

int HttpServer::State::milliseconds_to_wait() const {
  if (stopping) return 20;
  if (connections.empty()) return -1;
  Clock::time_point nearest = Clock::time_point::max();
  for (const auto& [id, entry] : connections) nearest = std::min(nearest, entry.connection->deadline());
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(nearest - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

bool HttpServer::State::is_answering() const {
  return std::ranges::any_of(connections,
                             [](const auto& entry) { return entry.second.connection->is_being_answered(); });
}

void HttpServer::State::take_events(const epoll_event& event) {
  const std::uint64_t id = event.data.u64;
  if (id == listener_id) return accept_all();
  if (id == wake_id) {
    std::uint64_t ignored = 0;
    while (read(wake.get(), &ignored, sizeof ignored) > 0) continue;
    return;
  }
  const auto found = connections.find(id);
  if (found != connections.end()) take(id, found->second.connection->on_ready());
}

void HttpServer::State::accept_all() {
  while (true) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    Descriptor socket(
        accept4(listener.get(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() < 0) {
      const bool out_of_descriptors = errno == EMFILE || errno == ENFILE;
      if (!out_of_descriptors || !make_room({})) return;
      continue;
    }
    const auto [host, port_number] = name_of(address);
    if (!make_room(host)) continue;
    const int on = 1;
    setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::uint64_t id = next_id++;
    auto connection = std::make_unique<HttpConnection>(socket.release(), host, port_number, shared);
    watch(connection->socket(), id, connection->events(), EPOLL_CTL_ADD);
    const std::uint32_t watched = connection->events();
    connections.emplace(id, Entry{std::move(connection), watched});
  }
}

// False where there is none to be had. An empty address stands for all of them, and always asks for one less.
bool HttpServer::State::make_room(const std::string& address) {
  const auto is_counted = [&](const auto& entry) {
    return address.empty() || entry.second.connection->address() == address;
  };
  const auto of_address = static_cast<std::size_t>(std::ranges::count_if(connections, is_counted));
  const bool is_full = address.empty() || connections.size() >= options.connections;
  if (!is_full && of_address < options.connections_of_address) return true;
  auto victim = connections.end();
  for (auto one = connections.begin(); one != connections.end(); ++one) {
    if (one->second.connection->worth() == 0 || (!is_full && !is_counted(*one))) continue;
    const auto rank = [](const auto& entry) {
      return std::pair(entry->second.connection->worth(), entry->second.connection->since());
    };
    if (victim == connections.end() || rank(one) < rank(victim)) victim = one;
  }
  if (victim == connections.end()) return false;
  connections.erase(victim);
  return true;
}

void HttpServer::State::cut_largest() {
  const auto input = [](const auto& entry) { return entry.second.connection->input_octets(); };
  connections.erase(std::ranges::max_element(connections, {}, input));
}

void HttpServer::State::take(std::uint64_t id, Step step) {
  Entry& entry = connections.at(id);
  if (step == Step::close) {
    connections.erase(id);
    return;
  }
  if (step == Step::request_ready) start(id, *entry.connection);
  const auto found = connections.find(id);
  if (found == connections.end()) return;
  const std::uint32_t wanted = entry.connection->events();
  if (wanted == entry.watched) return;
  entry.watched = wanted;
  watch(entry.connection->socket(), id, wanted, EPOLL_CTL_MOD);
}

HttpReply HttpServer::State::reply_to(const HttpRequest& request) const {
  try {
    return handler(request);
  } catch (...) {  // whatever it says, it is not for the client
    return text_reply(500, "internal error");
  }
}

void HttpServer::State::start(std::uint64_t id, HttpConnection& connection) {
  const auto request = std::make_shared<HttpRequest>(connection.take_request());
  const bool submitted = pool->submit([this, id, request] {
    HttpReply reply = reply_to(*request);
    {
      const std::lock_guard lock(answers_mutex);
      answers.emplace_back(id, std::move(reply));
    }
    const std::uint64_t one = 1;
    while (write(wake.get(), &one, sizeof one) < 0 && errno == EINTR) continue;
  });
  if (!submitted && connection.refuse(503, "too many requests are waiting; try again later") == Step::close) {
    connections.erase(id);
  }
}

void HttpServer::State::take_answers() {
  std::vector<std::pair<std::uint64_t, HttpReply>> ready;
  {
    const std::lock_guard lock(answers_mutex);
    ready.swap(answers);
  }
  for (auto& [id, reply] : ready) {
    const auto found = connections.find(id);  // the client may have gone
    if (found != connections.end()) take(id, found->second.connection->answer(std::move(reply)));
  }
}

void HttpServer::State::take_deadlines() {
  const auto now = Clock::now();
  std::vector<std::uint64_t> over;
  for (const auto& [id, entry] : connections) {
    if (entry.connection->deadline() <= now) over.push_back(id);
  }
  for (const std::uint64_t id : over) take(id, connections.at(id).connection->on_deadline());
}

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const { return state_->port; }
void HttpServer::run() { state_->run(); }

void HttpServer::stop() noexcept {
  state_->stopping = true;
  const std::uint64_t one = 1;
  while (write(state_->wake.get(), &one, sizeof one) < 0 && errno == EINTR) continue;
}

Result<std::unique_ptr<HttpServer>> HttpServer::listen(const HttpServerOptions& options, HttpHandler handler,
                                                       HttpRefusalLog log) {
  CMC_TRY(Descriptor listener, listening_socket(options.address, options.port));
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size);
  auto state = std::make_unique<State>(options, std::move(handler), std::move(log), std::move(listener));
  if (state->wake.get() < 0 || state->epoll.get() < 0) {
    return Error{Errc::connection_failed, 0, {}, {}, std::strerror(errno)};
  }
  state->port = name_of(address).second;
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

}  // namespace cmcctl
