#include "messages.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "subject.hpp"

namespace cmcctl::bench {

Bytes read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Bytes bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file || bytes.empty()) {
    std::cerr << path << ": cannot be read, or is empty\n";
    std::exit(1);
  }
  return bytes;
}

Bytes committed(const std::string& name) { return read_file(CMCCTL_BENCH_MESSAGES "/" + name + ".der"); }

Bytes make_batch(Octets request, std::size_t count) {
  Subject subject;
  require(subject.decode(request));
  auto& pki_data = std::get<PKIData>(subject.content);

  constexpr std::uint32_t first_id = 100;
  std::vector<TaggedRequest> requests(count, pki_data.req_sequence[0]);
  for (std::size_t i = 0; i < count; ++i) {
    auto& tcr = std::get<TaggedCertificationRequest>(requests[i].choice);
    tcr.body_part_id = BodyPartID(first_id + static_cast<std::uint32_t>(i));
  }
  pki_data.req_sequence = List<TaggedRequest>(requests);
  const Octets batch = require(subject.encode());
  return Bytes(batch.begin(), batch.end());
}

std::size_t requests_in(std::size_t octets) {
  constexpr std::size_t octets_each = 838;
  return octets / octets_each;
}

Limits wide_limits() {
  Limits limits;
  limits.message_octets = 1u << 30;
  limits.nodes = 100'000'000;
  limits.body_parts = 10'000'000;
  return limits;
}

}  // namespace cmcctl::bench
