#include <cmcctl/crypto/encapsulate.hpp>

#include <botan/pubkey.h>

#include "botan.hpp"
#include "public_key_state.hpp"

namespace cmcctl {

Result<Encapsulated> encapsulate(const PublicKey& key) {
#if BOTAN_VERSION_MAJOR >= 3
  constexpr std::size_t secret_octets = 32;
  try {
    Botan::PK_KEM_Encryptor encryptor(*key.state().key, "Raw");
    const auto result = encryptor.encrypt(system_random(), secret_octets);
    const auto& secret = result.shared_key();
    return Encapsulated{result.encapsulated_shared_key(), SecretOctets(secret.begin(), secret.end())};
  } catch (const Botan::Exception&) {
    return Error{Errc::bad_key, 0, {}, {}, key.text() + " key does not encapsulate"};
  }
#else
  return Error{
      Errc::unsupported_algorithm, 0, {}, {}, key.text() + ": " + Botan::version_string() + " does not have it"};
#endif
}

}  // namespace cmcctl
