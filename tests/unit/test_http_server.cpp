#include <catch.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <cmcctl/server/faults.hpp>
#include <cmcctl/server/http_server.hpp>
#include <cmcctl/transport/http_client.hpp>

#include "http_head.hpp"

using namespace cmcctl;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most = 1'000;

HttpHead head_of(const std::string& text) {
  auto parsed = parse_head(text, most);
  REQUIRE(std::holds_alternative<HttpHead>(parsed));
  return std::get<HttpHead>(std::move(parsed));
}

int refusal_of(const std::string& text) {
  const auto parsed = parse_head(text, most);
  return std::holds_alternative<HttpRefusal>(parsed) ? std::get<HttpRefusal>(parsed).status : 0;
}

// A server that runs as long as this does.
class Running {
 public:
  explicit Running(HttpHandler handler, const HttpServerOptions& options = {}) {
    auto listening = HttpServer::listen(options, std::move(handler));
    REQUIRE(listening);
    server_ = std::move(*listening);
    thread_ = std::thread([this] { server_->run(); });
  }
  ~Running() {
    server_->stop();
    thread_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/"; }

 private:
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

Result<Fault> fault(std::string_view text) { return Fault::parse(text); }

}  // namespace

TEST_CASE("a request's head is taken apart") {
  const HttpHead head =
      head_of("POST /cmc?profile=a&b=&profileId=c%20d HTTP/1.1\r\nHost: x\r\nContent-length: 7 \r\nX-A:\tb c\r\n\r\n");
  CHECK(head.request.method == "POST");
  CHECK(head.request.path == "/cmc");
  CHECK(head.request.parameter("profile") == "a");
  CHECK(head.request.parameter("profileId") == "c%20d");
  CHECK(head.request.parameter("b").empty());
  CHECK(head.request.parameter("c").empty());
  CHECK(head.request.field("x-a") == "b c");
  CHECK(head.content_length == 7);
  CHECK(head.keep_alive);
  CHECK(!head_of("GET / HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n").keep_alive);
  CHECK(!head_of("GET / HTTP/1.0\r\n\r\n").keep_alive);
}

TEST_CASE("at the limits of a head, and beyond them") {
  const std::string start = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ";
  CHECK(head_of(start + "1000\r\n\r\n").content_length == 1'000);
  CHECK(refusal_of(start + "1001\r\n\r\n") == 413);
  CHECK(refusal_of(start + "99999999999999999999999\r\n\r\n") == 413);
  std::string fields;
  for (std::size_t i = 0; i < most_fields - 1; ++i) fields += "X: y\r\n";
  CHECK(head_of("GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n").request.fields.size() == most_fields);
  CHECK(refusal_of("GET / HTTP/1.1\r\nHost: x\r\nX: y\r\n" + fields + "\r\n") == 431);
  const std::string value(line_octets - 3, 'y');
  CHECK(head_of("GET / HTTP/1.1\r\nHost: x\r\nX: " + value + "\r\n\r\n").request.field("x") == value);
  CHECK(refusal_of("GET / HTTP/1.1\r\nHost: x\r\nX: y" + value + "\r\n\r\n") == 431);
}

TEST_CASE("every head that is cut has a refusal, and none is read beyond its end") {
  const std::string whole = "POST /cmc HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\nX: y\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size) + "\r\n\r\n";
    CAPTURE(size);
    const auto parsed = parse_head(cut, most);
    if (const auto* const refusal = std::get_if<HttpRefusal>(&parsed)) CHECK(refusal->status >= 400);
  }
}

TEST_CASE("the server answers many clients at once") {
  const Running server([](const HttpRequest& request) { return text_reply(200, request.path); });
  std::atomic<int> good = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&, i] {
      for (int k = 0; k < 25; ++k) {
        const std::string path = std::to_string(i) + "/" + std::to_string(k);
        const auto answer = http_get(server.url() + path);
        if (answer && Octets(answer->body).chars() == "/" + path + "\n") ++good;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  CHECK(good == 200);
}

TEST_CASE("what a handler throws is not told") {
  const Running server([](const HttpRequest&) -> HttpReply { throw std::runtime_error("secret"); });
  const auto answer = http_get(server.url());
  REQUIRE(answer);
  CHECK(answer->status == 500);
  CHECK(Octets(answer->body).chars() == "internal error\n");
}

TEST_CASE("what waits has an end") {
  std::mutex mutex;
  std::condition_variable changed;
  bool open = false;
  std::atomic<bool> busy = false;
  HttpServerOptions options;
  options.workers = 1;
  options.waiting_requests = 2;
  const Running server(
      [&](const HttpRequest&) {
        busy = true;
        std::unique_lock lock(mutex);
        changed.wait_for(lock, 20s, [&] { return open; });
        return text_reply(200, "done");
      },
      options);
  std::atomic<int> done = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 6; ++i) {
    clients.emplace_back([&] {
      const auto answer = http_get(server.url());
      if (answer && answer->status == 200) ++done;
      if (answer && answer->status == 503) ++refused;
    });
    while (!busy) std::this_thread::sleep_for(1ms);  // the first is taken out of the queue before the others come
  }
  while (refused < 3) std::this_thread::sleep_for(5ms);
  {
    const std::lock_guard lock(mutex);
    open = true;
  }
  changed.notify_all();
  for (std::thread& client : clients) client.join();
  CHECK(refused == 3);
  CHECK(done == 3);
}

TEST_CASE("what is being answered when the server stops is answered") {
  std::optional<Result<HttpAnswer>> answer;
  std::thread client;
  {
    std::atomic<bool> called = false;
    const Running server([&](const HttpRequest&) {
      called = true;
      std::this_thread::sleep_for(200ms);
      return text_reply(200, "done");
    });
    client = std::thread([&answer, url = server.url()] { answer = http_get(url); });
    while (!called) std::this_thread::sleep_for(1ms);
  }
  client.join();
  REQUIRE(*answer);
  CHECK((*answer)->status == 200);
}

TEST_CASE("TLS needs a certificate beside its key") {
  auto key = generate_private_key("ec:P-256");
  REQUIRE(key);
  const std::vector<std::vector<std::uint8_t>> none;
  CHECK(TlsServer::make(**key, none, {}).error().code == Errc::no_key);
  CHECK((*key)->sign_prepared(std::vector<std::uint8_t>(32)).error().code == Errc::unsupported_algorithm);
}

TEST_CASE("an address or port that cannot be had is refused") {
  HttpServerOptions options;
  options.address = "no address";
  CHECK(HttpServer::listen(options, {}).error().code == Errc::connection_failed);
  options.address = "192.0.2.1";
  CHECK(HttpServer::listen(options, {}).error().code == Errc::connection_failed);
}

TEST_CASE("faults are read") {
  const auto status = fault("status=failed,badRequest,text=\"a:b, c\":every=3,times=2");
  REQUIRE(status);
  CHECK(status->argument == "failed,badRequest,text=\"a:b, c\"");
  CHECK(status->every == 3);
  CHECK(status->times == 2);
  CHECK(fault("slow:5s")->argument == "5s");
  CHECK(fault("slow=200ms:after=2m")->after == 2min);
  for (const char* text : {"", "nothing", "slow", "slow:x", "unsigned=1", "unsigned:1", "unsigned:every=0",
                           "unsigned:every=-1", "unsigned:times=1x", "unsigned:chance=101", "unsigned:after=1h",
                           "truncate:12a", "unsigned:what=1", "status=never", "status=failed,no"}) {
    CAPTURE(text);
    CHECK(fault(text).error().code == Errc::value_out_of_range);
  }
}

TEST_CASE("faults fire as often as they should, and the same ones for the same seed") {
  Faults faults;
  const std::vector<std::string> texts{"unsigned:every=2,times=2", "slow:1ms,after=1s"};
  REQUIRE(faults.set(texts));
  std::string fired;
  for (int i = 0; i < 6; ++i) fired += std::to_string(faults.next(0ms).size());
  CHECK(fired == "010100");
  CHECK(faults.next(1s).size() == 1);
  CHECK(faults.list()[0].fired == 2);

  const auto pattern = [](const std::string& text) {
    Faults some;
    const std::vector<std::string> one{text};
    REQUIRE(some.set(one));
    std::string result;
    for (int i = 0; i < 64; ++i) result += some.next(0ms).empty() ? '-' : 'x';
    return result;
  };
  CHECK(pattern("unsigned:chance=50,seed=7") == pattern("unsigned:chance=50,seed=7"));
  CHECK(pattern("unsigned:chance=50,seed=7") != pattern("unsigned:chance=50,seed=8"));
  CHECK(pattern("unsigned:chance=0") == std::string(64, '-'));
}
