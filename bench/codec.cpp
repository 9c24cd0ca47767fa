// bench_codec: how long the codec takes, beside Botan's BER decoder and OpenSSL in the same process on the same bytes.

#include <benchmark/benchmark.h>

#include <cmcctl/codec/inspect.hpp>
#include <cmcctl/codec/json.hpp>
#include <cmcctl/codec/version.hpp>

#include <cstring>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "allocations.hpp"
#include "botan_peer.hpp"
#include "messages.hpp"
#include "openssl_peer.hpp"
#include "scan.hpp"
#include "subject.hpp"

namespace cmcctl::bench {
namespace {

constexpr std::size_t batch_requests = 1'000;
constexpr std::size_t large_batch_octets = 100'000'000;

std::string own_file;  // --message

/// A message of the benchmarks. Made when the first benchmark asks for it: the large one takes a second.
const Bytes& message(const std::string& name) {
  static std::map<std::string, Bytes> made;
  const auto known = made.find(name);
  if (known != made.end()) return known->second;
  Bytes bytes;
  if (name == "file")
    bytes = read_file(own_file);
  else if (name == "batch")
    bytes = make_batch(Octets(committed("request")), batch_requests);
  else if (name == "batch_100MB")
    bytes = make_batch(Octets(committed("request")), requests_in(large_batch_octets));
  else
    bytes = committed(name);
  return made[name] = std::move(bytes);
}

template <class Operation>
void measure(benchmark::State& state, const Bytes& bytes, Operation operation) {
  operation();  // buffers grow to their final size
  const std::size_t before = allocations();
  operation();
  state.counters["mallocs"] = static_cast<double>(allocations() - before);
  for (auto _ : state) operation();
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

/// How much of the arena the decoded message takes, in octets per octet of input.
void report_arena(benchmark::State& state, Subject& subject, const Bytes& bytes) {
  state.counters["arena"] = static_cast<double>(subject.decoder.arena().used()) / static_cast<double>(bytes.size());
}

// --- The codec ----------------------------------------------------------------------------------------------------

/// The look over every byte that precedes decoding: over the message, and over what is in its eContent.
void scan(benchmark::State& state, const std::string& name) {
  const Bytes& bytes = message(name);
  const Limits limits = wide_limits();
  Subject subject;
  require(subject.decode(Octets(bytes)));
  const auto content = content_octets(subject.signed_data.encap_content_info);
  measure(state, bytes, [&] {
    benchmark::DoNotOptimize(scan_der(Octets(bytes), limits));
    if (content) benchmark::DoNotOptimize(scan_der(*content, limits));
  });
}

void decode(benchmark::State& state, const std::string& name) {
  const Bytes& bytes = message(name);
  Subject subject;
  measure(state, bytes, [&] { require(subject.decode(Octets(bytes))); });
  report_arena(state, subject, bytes);
}

void decode_requests(benchmark::State& state, const std::string& name) {
  const Bytes& bytes = message(name);
  Subject subject;
  measure(state, bytes, [&] {
    require(subject.decode(Octets(bytes)));
    require(subject.decode_requests());
  });
  report_arena(state, subject, bytes);
}

void decode_all(benchmark::State& state, const std::string& name) {
  const Bytes& bytes = message(name);
  Subject subject;
  measure(state, bytes, [&] {
    require(subject.decode(Octets(bytes)));
    require(subject.decode_all());
  });
  report_arena(state, subject, bytes);
}

void encode(benchmark::State& state, const std::string& name) {
  const Bytes& bytes = message(name);
  Subject subject;
  require(subject.decode(Octets(bytes)));
  if (!(require(subject.encode()) == Octets(bytes))) state.SetLabel("differs from the input");
  measure(state, bytes, [&] { benchmark::DoNotOptimize(require(subject.encode())); });
}

/// What `cmcctl inspect` does between reading the file and printing.
template <class Show>
void inspect(benchmark::State& state, const std::string& name, Show show) {
  const Bytes& bytes = message(name);
  Decoder decoder(wide_limits());
  std::ostringstream out;
  measure(state, bytes, [&] {
    decoder.reset(Octets(bytes));
    const Message opened = require(open_message(decoder, Octets(bytes)));
    out.str({});
    show(out, decoder, opened);
  });
  state.counters["characters"] = static_cast<double>(out.view().size());
}

void inspect_as_text(benchmark::State& state, const std::string& name) {
  inspect(state, name, [](std::ostream& out, Decoder& decoder, const Message& opened) {
    inspect_text(out, decoder, opened, {}, {});
  });
}

void inspect_as_json(benchmark::State& state, const std::string& name) {
  inspect(state, name, [](std::ostream& out, Decoder& decoder, const Message& opened) {
    inspect_json(out, decoder, opened, {}, {});
  });
}

/// `cmcctl decode` between reading the file and printing.
void to_json(benchmark::State& state, const std::string& name) {
  const Bytes& bytes = message(name);
  std::ostringstream out;
  measure(state, bytes, [&] {
    out.seekp(0);
    require(write_json(out, Octets(bytes), wide_limits()));
  });
}

/// `cmcctl encode` likewise.
void from_json(benchmark::State& state, const std::string& name) {
  const Bytes& bytes = message(name);
  std::ostringstream text;
  require(write_json(text, Octets(bytes), wide_limits()));
  std::istringstream in(text.str());
  measure(state, bytes, [&] {
    in.clear();
    in.seekg(0);
    require(read_json(in, wide_limits()));
  });
}

// --- Peers --------------------------------------------------------------------------------------------------------

void botan(benchmark::State& state, const std::string& name) {
  const Bytes& bytes = message(name);
  try {
    measure(state, bytes, [&] { benchmark::DoNotOptimize(botan_decode(Octets(bytes))); });
  } catch (const std::exception& error) {
    state.SkipWithError(error.what());
  }
}

void openssl(benchmark::State& state, const std::string& name) {
  const Bytes& bytes = message(name);
  if (!openssl_decode(Octets(bytes))) return state.SkipWithError("OpenSSL refuses the message");
  measure(state, bytes, [&] { benchmark::DoNotOptimize(openssl_decode(Octets(bytes))); });
}

// --- Program ------------------------------------------------------------------------------------------------------

struct Operation {
  const char* name;
  void (*run)(benchmark::State&, const std::string&);
  bool with_large_batch;
};

constexpr Operation operations[]{
    {"scan", scan, true},
    {"decode", decode, true},
    {"decode_requests", decode_requests, true},
    {"decode_all", decode_all, false},
    {"encode", encode, false},
    {"inspect_text", inspect_as_text, false},
    {"inspect_json", inspect_as_json, false},
    {"to_json", to_json, false},
    {"from_json", from_json, false},
    {"botan", botan, false},
    {"openssl", openssl, false},
};

void add(const Operation& operation, const std::string& name) {
  auto* added =
      benchmark::RegisterBenchmark((std::string(operation.name) + "/" + name).c_str(),
                                   [&operation, name](benchmark::State& state) { operation.run(state, name); });
  added->Unit(name.starts_with("batch") ? benchmark::kMillisecond : benchmark::kMicrosecond);
}

void add_all() {
  const std::vector<std::string> names =
      own_file.empty() ? std::vector<std::string>{"request", "response", "batch"} : std::vector<std::string>{"file"};
  for (const std::string& name : names) {
    for (const Operation& operation : operations) add(operation, name);
  }
  if (!own_file.empty()) return;
  for (const Operation& operation : operations) {
    if (operation.with_large_batch) add(operation, "batch_100MB");
  }
}

/// Both decoders have to see the same parts, or the comparison is worth nothing.
void compare_peers(const std::string& name) {
  Subject subject;
  const Octets bytes(message(name));
  require(subject.decode(bytes));
  const BotanCounts theirs = botan_decode(bytes);
  BotanCounts ours;
  if (const auto* data = std::get_if<PKIData>(&subject.content)) {
    ours = {data->control_sequence.size(), data->req_sequence.size()};
  } else if (const auto* response = std::get_if<PKIResponse>(&subject.content)) {
    ours = {response->control_sequence.size(), 0};
  }
  if (ours.controls != theirs.controls || ours.requests != theirs.requests) {
    std::cerr << name << ": Botan finds " << theirs.controls << " controls and " << theirs.requests
              << " requests, the codec " << ours.controls << " and " << ours.requests << '\n';
    std::exit(1);
  }
}

/// Takes `--message FILE` and `--message=FILE` out of the arguments; the others are Google Benchmark's.
int take_own_options(int argc, char** argv) {
  constexpr std::string_view option = "--message";
  int kept = 0;
  for (int i = 0; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == option) {
      if (i + 1 == argc) {
        std::cerr << "--message needs a file\n";
        std::exit(2);
      }
      own_file = argv[++i];
    } else if (argument.starts_with("--message=")) {
      own_file = argument.substr(option.size() + 1);
    } else {
      if (argument == "--help") {
        std::cout << "bench_codec [--message FILE] [Google Benchmark's options]\n\n"
                     "  --message FILE   measures this message (DER, a CMS SignedData) instead of the built-in ones;\n"
                     "                   its benchmarks are called scan/file, decode/file and so on\n\n";
      }
      argv[kept++] = argv[i];
    }
  }
  argv[kept] = nullptr;
  return kept;
}

int run(int argc, char** argv) {
  argc = take_own_options(argc, argv);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  if (own_file.empty()) {
    compare_peers("request");
    compare_peers("response");
  } else {
    Subject subject;
    require(subject.decode(Octets(message("file"))));
  }
  benchmark::AddCustomContext("cmcctl", std::string(version));
  benchmark::AddCustomContext("botan", botan_version());
  benchmark::AddCustomContext("openssl", openssl_version());
  add_all();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace
}  // namespace cmcctl::bench

int main(int argc, char** argv) { return cmcctl::bench::run(argc, argv); }
