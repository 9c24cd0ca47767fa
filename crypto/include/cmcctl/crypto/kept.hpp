#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <utility>
#include <vector>

#include <cmcctl/codec/values.hpp>
#include <cmcctl/crypto/owned_algorithm.hpp>

namespace cmcctl {

/// Keeps what the codec's types only look at until the whole is encoded.
class Kept {
 public:
  Octets octets(std::vector<std::uint8_t> bytes) { return octets_.emplace_back(std::move(bytes)); }
  AlgorithmIdentifier algorithm(OwnedAlgorithm owned) { return algorithms_.emplace_back(std::move(owned)).view(); }
  Oid oid(std::string_view dotted) { return {octets(*oid_content(dotted))}; }
  Integer integer(std::int64_t value) { return {octets(integer_content(value))}; }

 private:
  std::deque<std::vector<std::uint8_t>> octets_;
  std::deque<OwnedAlgorithm> algorithms_;
};

}  // namespace cmcctl
