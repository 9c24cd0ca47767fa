// What the test CA answers in a second, beside the ECDSA that this takes at least. Prints one line of JSON.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <httplib.h>

#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/cmc/names.hpp>
#include <cmcctl/cmc/pkcs10.hpp>
#include <cmcctl/cmc/pki_data.hpp>
#include <cmcctl/cmc/transaction.hpp>
#include <cmcctl/crypto/random.hpp>
#include <cmcctl/server/test_ca.hpp>
#include <cmcctl/transport/media_type.hpp>

namespace {

using namespace cmcctl;
using Bytes = std::vector<std::uint8_t>;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::size_t clients = 4;

template <class T>
T value(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "bench_server: %s\n", to_string(result.error()).c_str());
  std::exit(1);
}

// Each with a key of its own, signed by the agent.
Bytes agent_signed_request(CaKey& agent, std::size_t number) {
  const auto key = value(generate_private_key("ec:P-256"));
  Pkcs10Options options;
  const Bytes subject = value(parse_name("CN=load " + std::to_string(number)));
  options.subject = subject;
  const Bytes request = value(make_pkcs10(options, OwnSignature{key.get(), usual_scheme(key->public_key())}));
  PkiDataBuilder data;
  value(data.request(request));
  value(data.sender_nonce(random_octets(nonce_octets)));
  value(data.transaction_id(Integer{new_transaction_id()}));
  const Octets certificate = agent.certificate.der();
  const std::vector<Bytes> certificates{{certificate.begin(), certificate.end()}};
  Signer signer{agent.key.get(), usual_scheme(agent.key->public_key()), certificates[0]};
  SignedDataOptions how;
  how.certificates = certificates;
  return value(sign_full(FullContent::pki_data, value(data.der()), {&signer, 1}, how));
}

// Of all threads: what other programs do beside this does not count.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Bare {
  double per_second = 0;
  double processor = 0;  // seconds for each
};

// Three verifications (the agent's signature, its certificate, the request's) and two signatures (certificate, answer).
void bare_work(int rounds) {
  const auto key = value(generate_private_key("ec:P-256"));
  const SignatureScheme scheme = usual_scheme(key->public_key());
  const Bytes message(256, 1);
  const Bytes signature = value(key->sign(scheme, message));
  for (int i = 0; i < rounds; ++i) {
    for (int verification = 0; verification < 3; ++verification) {
      if (!value(key->public_key().verify(scheme, message, signature))) std::exit(1);
    }
    for (int made = 0; made < 2; ++made) value(key->sign(scheme, message));
  }
}

// On all cores at once: each is slower then than it is alone.
Bare bare_limit() {
  constexpr int rounds = 300;
  const unsigned cores = std::thread::hardware_concurrency();
  const auto begin = Clock::now();
  const double processor = processor_seconds();
  std::vector<std::thread> threads;
  for (unsigned core = 0; core < cores; ++core) threads.emplace_back(bare_work, rounds);
  for (std::thread& thread : threads) thread.join();
  const double all = static_cast<double>(rounds) * cores;
  return {all / Seconds(Clock::now() - begin).count(), (processor_seconds() - processor) / all};
}

struct Load {
  double per_second = 0;
  double processor = 0;         // seconds for each, the client's work included
  double p50 = 0, p99 = 0;  // milliseconds
};

// At `rate` requests a second, or as fast as they are answered when it is 0.
Load run(const std::string& url, const std::vector<Bytes>& messages, std::size_t first, std::size_t count, double rate) {
  const std::string host = url.substr(0, url.rfind('/'));
  std::vector<double> latencies(count);
  const double processor = processor_seconds();
  std::atomic<std::size_t> next{0};
  const auto begin = Clock::now();
  std::vector<std::thread> threads;
  for (std::size_t c = 0; c < clients; ++c) {
    threads.emplace_back([&] {
      httplib::Client client(host);
      client.set_keep_alive(true);
      client.set_tcp_nodelay(true);
      for (std::size_t i = next++; i < count; i = next++) {
        auto due = Clock::now();
        if (rate > 0) {
          due = begin + std::chrono::duration_cast<Clock::duration>(Seconds(static_cast<double>(i) / rate));
          std::this_thread::sleep_until(due);
        }
        const Bytes& body = messages[first + i];
        const auto answer = client.Post("/cmc", reinterpret_cast<const char*>(body.data()), body.size(),
                                        std::string(media_type(Carried::full_request)).c_str());
        if (!answer || answer->status != 200) {
          std::fprintf(stderr, "bench_server: no answer\n");
          std::exit(1);
        }
        latencies[i] = Seconds(Clock::now() - due).count() * 1'000;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double took = Seconds(Clock::now() - begin).count();
  std::ranges::sort(latencies);
  const double each = (processor_seconds() - processor) / static_cast<double>(count);
  return {static_cast<double>(count) / took, each, latencies[count / 2], latencies[count * 99 / 100]};
}

long resident_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::stoul(argv[1]) : 2'000;
  TestCaOptions options;
  options.ca.name = "cmcctl TEST ONLY CA";
  const auto ca = value(TestCa::start(std::move(options)));
  CaKey agent = value(ca->new_ra());
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < 3 * count; ++i) messages.push_back(agent_signed_request(agent, i));

  run(ca->url(), messages, 0, count, 0);  // warm
  const long before = resident_kilobytes();
  const Bare bare = bare_limit();
  const Load full = run(ca->url(), messages, count, count, 0);
  const Load half = run(ca->url(), messages, 2 * count, count, full.per_second / 2);
  const long after = resident_kilobytes();
  std::printf("{\"requests_per_second\":%.0f,\"ecdsa_limit\":%.0f,\"ratio\":%.2f,\"processor_ratio\":%.2f,"
              "\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"half_load_p99_ms\":%.2f,\"grown_kilobytes\":%ld}\n",
              full.per_second, bare.per_second, full.per_second / bare.per_second, bare.processor / full.processor,
              full.p50, full.p99, half.p99, after - before);
  return 0;
}
