// bench_gate: operations to be counted instead of timed; gate.sh runs it under callgrind.
//
//   bench_gate decode|decode_all|encode|to_json request|response|REQUESTS TIMES   does it TIMES times, prints nothing
//   bench_gate mallocs                                                    prints allocations per operation
//   bench_gate arena MEGABYTES                                            prints arena octets per octet of a batch
//   bench_gate write-batch REQUESTS FILE                                  writes the batch that the benchmarks decode

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>

#include <cmcctl/codec/json.hpp>

#include "allocations.hpp"
#include "messages.hpp"
#include "subject.hpp"

namespace cmcctl::bench {
namespace {

using Operation = void (*)(Subject&, Octets);

Operation operation(std::string_view name) {
  if (name == "decode") return [](Subject& subject, Octets bytes) { require(subject.decode(bytes)); };
  if (name == "decode_all") {
    return [](Subject& subject, Octets bytes) {
      require(subject.decode(bytes));
      require(subject.decode_all());
    };
  }
  if (name == "encode") return [](Subject& subject, Octets) { require(subject.encode()); };
  if (name == "to_json") {
    return [](Subject&, Octets bytes) {
      static std::ostringstream out;  // as the Subject's buffers, it has grown after the first time
      out.seekp(0);
      require(write_json(out, bytes, wide_limits()));
    };
  }
  std::cerr << "bench_gate: no operation " << name << '\n';
  std::exit(2);
}

/// A committed message, or a batch of that many requests.
Bytes message(const std::string& name) {
  const std::size_t requests = std::strtoul(name.c_str(), nullptr, 10);
  return requests == 0 ? committed(name) : make_batch(Octets(committed("request")), requests);
}

void run(const std::string& what, const std::string& name, std::size_t times) {
  const Operation operate = operation(what);
  const Bytes bytes = message(name);
  Subject subject;
  require(subject.decode(Octets(bytes)));
  for (std::size_t i = 0; i < times; ++i) operate(subject, Octets(bytes));
}

void print_mallocs() {
  for (const char* what : {"decode", "decode_all", "encode"}) {
    for (const char* name : {"request", "response"}) {
      const Operation operate = operation(what);
      const Bytes bytes = committed(name);
      Subject subject;
      require(subject.decode(Octets(bytes)));
      operate(subject, Octets(bytes));
      const std::size_t before = allocations();
      operate(subject, Octets(bytes));
      const std::size_t count = allocations() - before;
      std::cout << what << ' ' << name << ' ' << count << '\n';
    }
  }
}

void print_arena(std::size_t megabytes) {
  const Bytes bytes = make_batch(Octets(committed("request")), requests_in(megabytes * 1'000'000));
  Subject subject;
  require(subject.decode(Octets(bytes)));
  std::cout << static_cast<double>(subject.decoder.arena().used()) / static_cast<double>(bytes.size()) << '\n';
}

void write_batch(std::size_t requests, const std::string& path) {
  const Bytes bytes = make_batch(Octets(committed("request")), requests);
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) {
    std::cerr << path << ": cannot be written\n";
    std::exit(1);
  }
}

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "mallocs" && argc == 2) {
    print_mallocs();
  } else if (what == "arena" && argc == 3) {
    print_arena(std::strtoul(argv[2], nullptr, 10));
  } else if (what == "write-batch" && argc == 4) {
    write_batch(std::strtoul(argv[2], nullptr, 10), argv[3]);
  } else if (argc == 4) {
    run(what, argv[2], std::strtoul(argv[3], nullptr, 10));
  } else {
    std::cerr << "usage: see the head of bench/gate.cpp\n";
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace cmcctl::bench

int main(int argc, char** argv) { return cmcctl::bench::main(argc, argv); }
