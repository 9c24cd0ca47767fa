#include <cmcctl/crypto/secret.hpp>

#include <botan/mem_ops.h>

#include <cmcctl/crypto/random.hpp>

#include "botan.hpp"

namespace cmcctl {

bool equal_in_constant_time(Octets a, Octets b) {
  return a.size() == b.size() && Botan::constant_time_compare(a.data(), b.data(), a.size());
}

SecretOctets random_octets(std::size_t count) {
  SecretOctets octets(count);
  system_random().randomize(octets.data(), octets.size());
  return octets;
}

}  // namespace cmcctl
