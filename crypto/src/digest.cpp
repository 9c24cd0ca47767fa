#include <cmcctl/crypto/digest.hpp>

#include <array>

#include <botan/hash.h>
#include <cmcctl/crypto/oids.hpp>

#include "algorithm_rows.hpp"

namespace cmcctl {
namespace {

struct HashRow {
  Hash hash;
  std::string_view name;
  std::string_view oid;
  std::size_t octets;
};

constexpr std::array hashes{
    HashRow{Hash::sha1, "SHA-1", "1.3.14.3.2.26", 20},
    HashRow{Hash::sha224, "SHA-224", "2.16.840.1.101.3.4.2.4", 28},
    HashRow{Hash::sha256, "SHA-256", "2.16.840.1.101.3.4.2.1", 32},
    HashRow{Hash::sha384, "SHA-384", "2.16.840.1.101.3.4.2.2", 48},
    HashRow{Hash::sha512, "SHA-512", "2.16.840.1.101.3.4.2.3", 64},
};

const HashRow& row_of(Hash hash) { return hashes[static_cast<std::size_t>(hash)]; }

}  // namespace

std::string_view to_string(Hash hash) { return row_of(hash).name; }
std::string_view oid_of(Hash hash) { return row_of(hash).oid; }
std::size_t output_octets(Hash hash) { return row_of(hash).octets; }

Result<Hash> hash_of(const AlgorithmIdentifier& algorithm) {
  for (const HashRow& row : hashes) {
    if (!oids::is(algorithm.algorithm, row.oid)) continue;
    if (!absent_or_null(algorithm)) return bad_parameters(algorithm, "absent or NULL");
    return row.hash;
  }
  return unsupported(algorithm, "hash function");
}

struct Digester::State {
  std::unique_ptr<Botan::HashFunction> function;
};

Digester::Digester(Hash hash)
    : state_(new State{Botan::HashFunction::create_or_throw(std::string(to_string(hash)))}) {}
Digester::~Digester() = default;

void Digester::update(Octets piece) { state_->function->update(piece.data(), piece.size()); }

std::vector<std::uint8_t> Digester::finish() {
  std::vector<std::uint8_t> result(state_->function->output_length());
  state_->function->final(result.data());
  return result;
}

std::vector<std::uint8_t> digest(Hash hash, Octets message) {
  Digester digester(hash);
  digester.update(message);
  return digester.finish();
}

}  // namespace cmcctl
