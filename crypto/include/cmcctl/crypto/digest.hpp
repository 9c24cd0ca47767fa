#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <cmcctl/codec/pkix.hpp>

namespace cmcctl {

/// The hash functions that messages name. SHA-1 serves for verification and key identifiers only.
enum class Hash : std::uint8_t { sha1, sha224, sha256, sha384, sha512 };

/// "SHA-256"
std::string_view to_string(Hash hash);
std::size_t output_octets(Hash hash);

/// RFC 5754 section 2. Parameters may be absent or NULL. `unsupported_algorithm` for another OID, `bad_algorithm` for
/// other parameters.
Result<Hash> hash_of(const AlgorithmIdentifier& algorithm);

/// The dotted OID of the hash function alone: "2.16.840.1.101.3.4.2.1".
std::string_view oid_of(Hash hash);

std::vector<std::uint8_t> digest(Hash hash, Octets message);

/// A digest of what comes in pieces.
class Digester {
 public:
  explicit Digester(Hash hash);
  ~Digester();
  void update(Octets piece);
  std::vector<std::uint8_t> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cmcctl
