// bench_cmc: what building Full PKI Requests costs beside the bare signatures of Botan that they contain.

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/cmc/names.hpp>
#include <cmcctl/cmc/pkcs10.hpp>
#include <cmcctl/cmc/pki_data.hpp>
#include <cmcctl/cmc/transaction.hpp>
#include <cmcctl/crypto/random.hpp>

namespace cmcctl::bench {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr const char* kind = "ec:P-256";

template <class T>
T value(Result<T> result) {
  if (result) return *std::move(result);
  std::cerr << "bench_cmc: " << to_string(result.error()) << '\n';
  std::exit(1);
}

Bytes new_pkcs10(PrivateKey& key) {
  const Pkcs10Options options{value(parse_name("CN=me,O=Example"))};
  return value(make_pkcs10(options, OwnSignature{&key, usual_scheme(key.public_key())}));
}

Bytes signed_by(PrivateKey& agent, const PkiDataBuilder& data) {
  const Bytes identifier = agent.public_key().key_identifier();
  const Signer signer{&agent, usual_scheme(agent.public_key()), {}, identifier};
  return value(sign_full(FullContent::pki_data, value(data.der()), {&signer, 1}));
}

Bytes full_request(PrivateKey& agent, const Bytes& pkcs10) {
  PkiDataBuilder data;
  value(data.request(pkcs10));
  value(data.sender_nonce(random_octets(nonce_octets)));
  value(data.transaction_id(Integer{new_transaction_id()}));
  return signed_by(agent, data);
}

/// RFC 10002 section 6.17: each request in a signed message of its own, all of them in one.
Bytes batch(PrivateKey& ra, PrivateKey& agent, PrivateKey& key, std::size_t count) {
  PkiDataBuilder data;
  std::vector<BodyPartID> parts;
  for (std::size_t i = 0; i < count; ++i) parts.push_back(value(data.nested(full_request(agent, new_pkcs10(key)))));
  value(data.batch_requests(parts));
  return signed_by(ra, data);
}

void bare_signatures(benchmark::State& state) {
  const auto key = value(generate_private_key(kind));
  const Bytes attributes(100, 0x31);
  const SignatureScheme scheme = usual_scheme(key->public_key());
  for (auto _ : state) {
    for (std::int64_t i = 0; i < state.range(0); ++i) benchmark::DoNotOptimize(key->sign(scheme, Octets(attributes)));
  }
}

void build_request(benchmark::State& state) {
  const auto key = value(generate_private_key(kind));
  const Bytes pkcs10 = new_pkcs10(*key);
  for (auto _ : state) benchmark::DoNotOptimize(full_request(*key, pkcs10));
}

void build_both(benchmark::State& state) {
  const auto key = value(generate_private_key(kind));
  for (auto _ : state) benchmark::DoNotOptimize(full_request(*key, new_pkcs10(*key)));
}

void build_batch(benchmark::State& state) {
  const auto key = value(generate_private_key(kind));
  for (auto _ : state) benchmark::DoNotOptimize(batch(*key, *key, *key, static_cast<std::size_t>(state.range(0))));
}

}  // namespace

void add_benchmarks() {
  benchmark::RegisterBenchmark("bare_signatures", bare_signatures)->Arg(1)->Arg(2);
  benchmark::RegisterBenchmark("full_request", build_request);
  benchmark::RegisterBenchmark("pkcs10_and_full_request", build_both);
  benchmark::RegisterBenchmark("bare_signatures", bare_signatures)->Arg(2'001)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("batch", build_batch)->Arg(1'000)->Unit(benchmark::kMillisecond);
}

}  // namespace cmcctl::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  cmcctl::bench::add_benchmarks();
  benchmark::RunSpecifiedBenchmarks();
}
