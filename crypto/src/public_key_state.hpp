#pragma once

#include <memory>
#include <vector>

#include <cmcctl/crypto/public_key.hpp>

#include "botan.hpp"

namespace cmcctl {

struct PublicKey::State {
  KeyKind kind{};
  std::size_t bits = 0;
  bool pss_only = false;  // the key's own algorithm is id-RSASSA-PSS
  std::vector<std::uint8_t> spki;
  Octets subject_public_key;  // in spki
  std::unique_ptr<Botan::Public_Key> key;
};

}  // namespace cmcctl
