#pragma once

/// Everything that differs between Botan 2.19 and Botan 3 stands here.

#include <botan/build.h>
#include <botan/version.h>

#if BOTAN_VERSION_MAJOR >= 3
#include <botan/asn1_obj.h>
#else
#include <botan/alg_id.h>
#include <botan/asn1_oid.h>
#endif

#include <botan/auto_rng.h>
#include <botan/bigint.h>
#include <botan/cipher_mode.h>
#include <botan/exceptn.h>
#include <botan/pk_keys.h>
#include <botan/secmem.h>
#include <botan/system_rng.h>

#include <cmcctl/codec/octets.hpp>

namespace cmcctl {

constexpr bool botan_3 = BOTAN_VERSION_MAJOR >= 3;

inline Botan::RandomNumberGenerator& system_random() { return Botan::system_rng(); }

inline Botan::BigInt big_integer(Octets big_endian) {
  return Botan::BigInt(big_endian.data(), big_endian.size());
}

#if BOTAN_VERSION_MAJOR >= 3
constexpr auto encryption = Botan::Cipher_Dir::Encryption;
constexpr auto decryption = Botan::Cipher_Dir::Decryption;
#else
constexpr auto encryption = Botan::ENCRYPTION;
constexpr auto decryption = Botan::DECRYPTION;
#endif

}  // namespace cmcctl
