#pragma once

#include <span>
#include <string_view>

#include <cmcctl/crypto/public_key.hpp>

namespace cmcctl {

/// What is fixed for a kind of key.
struct KeyRow {
  KeyKind kind;
  std::string_view oid;          // of the algorithm in SubjectPublicKeyInfo
  std::string_view curve;        // the parameters of id-ecPublicKey
  std::string_view text;         // "EC P-256"; of RSA without its size
  std::string_view spec;         // "ec:P-256", for generate_private_key
  std::string_view botan_name;   // for Botan::create_private_key
  std::string_view botan_params;
  std::size_t bits;
};

std::span<const KeyRow> key_rows();
const KeyRow& row_of(KeyKind kind);

}  // namespace cmcctl
