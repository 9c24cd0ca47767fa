#include <cmcctl/crypto/key_wrap.hpp>

#include <array>
#include <cstdlib>

#include <botan/block_cipher.h>
#include <botan/nist_keywrap.h>

#include "algorithm_rows.hpp"
#include "botan.hpp"

namespace cmcctl {
namespace {

struct WrapRow {
  std::string_view oid;
  KeyWrap wrap;
};

constexpr std::array rows{
    WrapRow{"2.16.840.1.101.3.4.1.5", {16, false}},  WrapRow{"2.16.840.1.101.3.4.1.25", {24, false}},
    WrapRow{"2.16.840.1.101.3.4.1.45", {32, false}}, WrapRow{"2.16.840.1.101.3.4.1.8", {16, true}},
    WrapRow{"2.16.840.1.101.3.4.1.28", {24, true}},  WrapRow{"2.16.840.1.101.3.4.1.48", {32, true}},
};

std::unique_ptr<Botan::BlockCipher> aes_with(Octets kek) {
  auto cipher = Botan::BlockCipher::create_or_throw("AES-" + std::to_string(kek.size() * 8));
  cipher->set_key(kek.data(), kek.size());
  return cipher;
}

}  // namespace

Result<KeyWrap> key_wrap_of(const AlgorithmIdentifier& algorithm) {
  const std::string dotted = to_string(algorithm.algorithm);
  for (const WrapRow& row : rows) {
    if (row.oid != dotted) continue;
    if (!absent_or_null(algorithm)) return bad_parameters(algorithm, "absent");
    return row.wrap;
  }
  return unsupported(algorithm, "the key wrap algorithm");
}

OwnedAlgorithm algorithm_of(const KeyWrap& wrap) {
  for (const WrapRow& row : rows) {
    if (row.wrap == wrap) return {row.oid, OwnedAlgorithm::Parameters::absent};
  }
  std::abort();  // a KeyWrap has 16, 24 or 32 octets
}

Result<std::vector<std::uint8_t>> wrap_key(const KeyWrap& wrap, Octets kek, Octets key) {
  const bool fits = wrap.padded ? !key.empty() : key.size() >= 16 && key.size() % 8 == 0;
  if (!fits || kek.size() != wrap.kek_octets) {
    return Error{
        Errc::bad_algorithm,
        0,
        {},
        {},
        "a key of " + std::to_string(key.size()) + " octets wrapped with " + std::to_string(kek.size()) + " octets"};
  }
  const auto cipher = aes_with(kek);
  return wrap.padded ? Botan::nist_key_wrap_padded(key.data(), key.size(), *cipher)
                     : Botan::nist_key_wrap(key.data(), key.size(), *cipher);
}

Result<SecretOctets> unwrap_key(const KeyWrap& wrap, Octets kek, Octets wrapped) {
  const Error failed{Errc::decryption_failed, 0, {}, {}, {}};
  if (kek.size() != wrap.kek_octets) return failed;
  try {
    const auto cipher = aes_with(kek);
    const auto key = wrap.padded ? Botan::nist_key_unwrap_padded(wrapped.data(), wrapped.size(), *cipher)
                                 : Botan::nist_key_unwrap(wrapped.data(), wrapped.size(), *cipher);
    return SecretOctets(key.begin(), key.end());
  } catch (const Botan::Exception&) {
    return failed;
  }
}

}  // namespace cmcctl
