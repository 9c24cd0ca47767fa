#pragma once

#include <string_view>

#include <cmcctl/crypto/content_cipher.hpp>

namespace cmcctl {

/// What is fixed for a content cipher.
struct CipherRow {
  ContentCipher cipher;
  std::string_view name;
  std::string_view oid;
  std::string_view block_cipher;  // Botan's name
  std::size_t key_octets;
  std::size_t iv_octets;
  bool aead;
};

const CipherRow& cipher_row(ContentCipher cipher);

}  // namespace cmcctl
