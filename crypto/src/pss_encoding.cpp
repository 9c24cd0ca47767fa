#include "pss_encoding.hpp"

#include <cmcctl/crypto/random.hpp>

namespace cmcctl {
namespace {

// RFC 8017 appendix B.2.1, over what stands in `masked`.
void apply_mgf1(Hash hash, Octets seed, std::span<std::uint8_t> masked) {
  std::vector<std::uint8_t> mask;
  for (std::uint8_t counter = 0; mask.size() < masked.size(); ++counter) {
    const std::uint8_t octets[4]{0, 0, 0, counter};
    Digester digester(hash);
    digester.update(seed);
    digester.update(Octets(octets));
    const auto block = digester.finish();
    mask.insert(mask.end(), block.begin(), block.end());
  }
  for (std::size_t i = 0; i < masked.size(); ++i) masked[i] ^= mask[i];
}

}  // namespace

Result<std::vector<std::uint8_t>> pss_encoding(const SignatureScheme& scheme, std::size_t modulus_bits, Octets message) {
  const std::size_t bits = modulus_bits - 1;
  const std::size_t size = (bits + 7) / 8;
  const std::size_t hash_size = output_octets(scheme.hash);
  if (size < hash_size + scheme.salt_octets + 2) {
    return Error{Errc::bad_algorithm, 0, {}, {}, "RSASSA-PSS with an RSA key that is too short for it"};
  }
  const SecretOctets salt = random_octets(scheme.salt_octets);
  static constexpr std::uint8_t zeros[8]{};
  Digester digester(scheme.hash);
  digester.update(Octets(zeros));
  digester.update(digest(scheme.hash, message));
  digester.update(salt);
  const auto hash = digester.finish();

  std::vector<std::uint8_t> encoded(size - hash_size - scheme.salt_octets - 2);
  encoded.push_back(0x01);
  encoded.insert(encoded.end(), salt.begin(), salt.end());
  apply_mgf1(scheme.hash, hash, encoded);
  encoded[0] = static_cast<std::uint8_t>(encoded[0] & (0xFFu >> (8 * size - bits)));
  encoded.insert(encoded.end(), hash.begin(), hash.end());
  encoded.push_back(0xBC);
  if (size < (modulus_bits + 7) / 8) encoded.insert(encoded.begin(), 0);
  return encoded;
}

}  // namespace cmcctl
