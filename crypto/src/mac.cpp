#include <cmcctl/crypto/mac.hpp>

#include <array>
#include <cstdlib>

#include <botan/mac.h>

#include <cmcctl/codec/algorithms.hpp>
#include <cmcctl/codec/crmf.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/crypto/kdf.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "algorithm_rows.hpp"
#include "botan.hpp"
#include "password_limits.hpp"

namespace cmcctl {
namespace {

struct HmacRow {
  std::string_view oid;
  Hash hash;
};

constexpr std::array hmacs{
    HmacRow{"1.2.840.113549.2.7", Hash::sha1},    HmacRow{"1.2.840.113549.2.8", Hash::sha224},
    HmacRow{"1.2.840.113549.2.9", Hash::sha256},  HmacRow{"1.2.840.113549.2.10", Hash::sha384},
    HmacRow{"1.2.840.113549.2.11", Hash::sha512}, HmacRow{"1.3.6.1.5.5.8.1.2", Hash::sha1},
};

constexpr std::size_t longest_botan_key = 4'096;

// RFC 4211 section 4.4: the one-way function once over password and salt, then over its own result.
SecretOctets pbm_key(Hash owf, Octets password, Octets salt, std::size_t iterations) {
  SecretOctets key = secret_copy(password);
  key.insert(key.end(), salt.begin(), salt.end());
  for (std::size_t i = 0; i < iterations; ++i) key = secret_taken(digest(owf, key));
  return key;
}

Result<SecretOctets> password_based_mac(Decoder& decoder, const AlgorithmIdentifier& algorithm, Octets password,
                                        Octets message, const Limits& limits) {
  if (!algorithm.parameters) return bad_parameters(algorithm, "PBMParameter");
  const auto parameters = decoder.decode<PBMParameter>(*algorithm.parameters);
  if (!parameters) return bad_parameters(algorithm, "PBMParameter");
  CMC_TRY(const Hash owf, hash_of(parameters->owf));
  CMC_TRY(const Hash mac, hmac_hash_of(parameters->mac));
  CMC_CHECK(check_salt(parameters->salt, limits));
  CMC_TRY(const std::size_t iterations,
          iterations_within(parameters->iteration_count, {limits.pbm_iterations_least, limits.pbm_iterations,
                                                          "PasswordBasedMac", "pbm_iterations"}));
  return hmac(mac, pbm_key(owf, password, parameters->salt, iterations), message);
}

Result<SecretOctets> pbmac1(Decoder& decoder, const AlgorithmIdentifier& algorithm, Octets password, Octets message,
                            const Limits& limits) {
  if (!algorithm.parameters) return bad_parameters(algorithm, "PBMAC1-params");
  const auto parameters = decoder.decode<PBMAC1Params>(*algorithm.parameters);
  if (!parameters) return bad_parameters(algorithm, "PBMAC1-params");
  CMC_TRY(const Hash mac, hmac_hash_of(parameters->message_auth_scheme));
  CMC_TRY(const Pbkdf2 kdf, pbkdf2_of(decoder, parameters->key_derivation_func, limits));
  // RFC 9579 section 4 wants the length; what leaves it out means that of the hash function.
  CMC_TRY(const SecretOctets key,
          pbkdf2(kdf.prf, password, kdf.salt, kdf.iterations, kdf.key_octets.value_or(output_octets(mac))));
  return hmac(mac, key, message);
}

}  // namespace

SecretOctets hmac(Hash hash, Octets key, Octets message) {
  const auto mac = Botan::MessageAuthenticationCode::create_or_throw("HMAC(" + std::string(to_string(hash)) + ")");
  if (key.size() > longest_botan_key) {
    mac->set_key(digest(hash, key));  // as HMAC itself does with a key beyond a block
  } else {
    mac->set_key(key.data(), key.size());
  }
  mac->update(message.data(), message.size());
  SecretOctets result(mac->output_length());
  mac->final(result.data());
  return result;
}

Result<Hash> hmac_hash_of(const AlgorithmIdentifier& algorithm) {
  const std::string dotted = to_string(algorithm.algorithm);
  for (const HmacRow& row : hmacs) {
    if (row.oid != dotted) continue;
    if (!absent_or_null(algorithm)) return bad_parameters(algorithm, "absent or NULL");
    return row.hash;
  }
  return unsupported(algorithm, "the MAC algorithm");
}

OwnedAlgorithm hmac_algorithm(Hash hash) {
  for (const HmacRow& row : hmacs) {
    if (row.hash == hash) return {row.oid, OwnedAlgorithm::Parameters::null};
  }
  std::abort();  // every hash has its row
}

Result<SecretOctets> compute_mac(Decoder& decoder, const AlgorithmIdentifier& algorithm, Octets secret, Octets message,
                                 const Limits& limits) {
  const std::string dotted = to_string(algorithm.algorithm);
  if (dotted == oids::password_based_mac) return password_based_mac(decoder, algorithm, secret, message, limits);
  if (dotted == oids::pbmac1) return pbmac1(decoder, algorithm, secret, message, limits);
  CMC_TRY(const Hash hash, hmac_hash_of(algorithm));
  return hmac(hash, secret, message);
}

Result<bool> check_mac(Decoder& decoder, const AlgorithmIdentifier& algorithm, Octets secret, Octets message,
                       Octets mac, const Limits& limits) {
  CMC_TRY(const auto computed, compute_mac(decoder, algorithm, secret, message, limits));
  return equal_in_constant_time(computed, mac);
}

OwnedAlgorithm password_based_mac_algorithm(Hash hash, Octets salt, std::size_t iterations) {
  const OwnedAlgorithm owf(oid_of(hash), OwnedAlgorithm::Parameters::absent);
  const OwnedAlgorithm mac = hmac_algorithm(hash);
  const auto count = integer_content(static_cast<std::int64_t>(iterations));
  PBMParameter parameters;
  parameters.salt = salt;
  parameters.owf = owf.view();
  parameters.iteration_count = Integer{count};
  parameters.mac = mac.view();
  return {oids::password_based_mac, *encode(parameters)};
}

OwnedAlgorithm pbmac1_algorithm(Hash hash, Octets salt, std::size_t iterations) {
  const OwnedAlgorithm kdf = algorithm_of(Pbkdf2{hash, salt, iterations, output_octets(hash)});
  const OwnedAlgorithm mac = hmac_algorithm(hash);
  return {oids::pbmac1, *encode(PBMAC1Params{kdf.view(), mac.view()})};
}

}  // namespace cmcctl
