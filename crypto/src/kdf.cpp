#include <cmcctl/crypto/kdf.hpp>

#include <algorithm>
#include <cassert>

#include <botan/pwdhash.h>

#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/crypto/mac.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "algorithm_rows.hpp"
#include "botan.hpp"
#include "password_limits.hpp"

namespace cmcctl {
namespace {

constexpr std::size_t password_octets = 4'096;  // what Botan's HMAC takes as a key

std::vector<std::uint8_t> counter_octets(std::uint32_t counter) {
  return {static_cast<std::uint8_t>(counter >> 24), static_cast<std::uint8_t>(counter >> 16),
          static_cast<std::uint8_t>(counter >> 8), static_cast<std::uint8_t>(counter)};
}

void append(SecretOctets& to, Octets part) { to.insert(to.end(), part.begin(), part.end()); }

}  // namespace

Result<SecretOctets> pbkdf2(Hash prf, Octets password, Octets salt, std::size_t iterations, std::size_t octets) {
  assert(iterations > 0 && octets > 0);
  if (password.size() > password_octets) {
    return Error{Errc::bad_algorithm, 0, {}, {}, "PBKDF2 with a password beyond 4096 octets"};
  }
  const auto family = Botan::PasswordHashFamily::create_or_throw("PBKDF2(" + std::string(to_string(prf)) + ")");
  SecretOctets key(octets);
  family->from_params(iterations)
      ->derive_key(key.data(), key.size(), password.chars().data(), password.size(), salt.data(), salt.size());
  return key;
}

Result<Pbkdf2> pbkdf2_of(Decoder& decoder, const AlgorithmIdentifier& algorithm, const Limits& limits) {
  if (to_string(algorithm.algorithm) != oids::pbkdf2) return unsupported(algorithm, "the key derivation");
  if (!algorithm.parameters) return bad_parameters(algorithm, "PBKDF2-params");
  const auto parameters = decoder.decode<PBKDF2Params>(*algorithm.parameters);
  if (!parameters) return bad_parameters(algorithm, "PBKDF2-params");
  const auto* salt = std::get_if<Octets>(&parameters->salt.choice);
  if (salt == nullptr) return unsupported(algorithm, "a salt from elsewhere in");
  Pbkdf2 result;
  result.prf = Hash::sha1;
  if (parameters->prf) {
    CMC_TRY(result.prf, hmac_hash_of(*parameters->prf));
  }
  result.salt = *salt;
  CMC_CHECK(check_salt(*salt, limits));
  CMC_TRY(result.iterations,
          iterations_within(parameters->iteration_count, {1, limits.pbkdf2_iterations, "PBKDF2", "pbkdf2_iterations"}));
  if (parameters->key_length) {
    const auto octets = parameters->key_length->to_int64();
    if (!octets || *octets < 1 || *octets > 64) return bad_parameters(algorithm, "of a keyLength from 1 to 64");
    result.key_octets = static_cast<std::size_t>(*octets);
  }
  return result;
}

OwnedAlgorithm algorithm_of(const Pbkdf2& parameters) {
  const auto iterations = integer_content(static_cast<std::int64_t>(parameters.iterations));
  const OwnedAlgorithm prf = hmac_algorithm(parameters.prf);
  PBKDF2Params value;
  value.salt.choice = parameters.salt;
  value.iteration_count = Integer{iterations};
  std::vector<std::uint8_t> key_length;
  if (parameters.key_octets) {
    key_length = integer_content(static_cast<std::int64_t>(*parameters.key_octets));
    value.key_length = Integer{key_length};
  }
  if (parameters.prf != Hash::sha1) value.prf = prf.view();  // SHA-1 is the default
  return {oids::pbkdf2, *encode(value)};
}

SecretOctets x963_kdf(Hash hash, Octets secret, Octets shared_info, std::size_t octets) {
  SecretOctets key;
  for (std::uint32_t counter = 1; key.size() < octets; ++counter) {
    Digester digester(hash);
    digester.update(secret);
    digester.update(counter_octets(counter));
    digester.update(shared_info);
    append(key, secret_taken(digester.finish()));
  }
  key.resize(octets);
  return key;
}

SecretOctets hkdf(Hash hash, Octets secret, Octets salt, Octets info, std::size_t octets) {
  assert(octets <= 255 * output_octets(hash));
  const auto pseudorandom_key = hmac(hash, salt, secret);
  SecretOctets key;
  SecretOctets block;
  for (std::uint8_t counter = 1; key.size() < octets; ++counter) {
    append(block, info);
    block.push_back(counter);
    block = hmac(hash, pseudorandom_key, block);
    append(key, block);
  }
  key.resize(octets);
  return key;
}

}  // namespace cmcctl
