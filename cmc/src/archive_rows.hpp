#pragma once

#include <cmcctl/cmc/archive.hpp>

namespace cmcctl {

enum class Transformation : std::uint8_t { nss_key_wrap_pad, key_wrap_pad, key_wrap, aes_cbc, des_ede3_cbc };

/// What a symmAlg of EncryptedValue may stand for.
struct ArchiveRow {
  std::string_view oid;
  Transformation transformation;
  std::size_t key_octets;
  std::size_t iv_octets;  // in the parameters, whether it is used or not
  std::string_view text;
};

/// The row that makes a wrap; null for `enveloped`.
const ArchiveRow* row_of(ArchiveWrap wrap);

Result<ArchivedKey> open_encrypted_value(Decoder& decoder, const EncryptedValue& value, PrivateKey& key,
                                         const Limits& limits);

/// Whether these bytes, which may be anything, have the form of PrivateKeyInfo ::= SEQUENCE { version INTEGER,
/// privateKeyAlgorithm SEQUENCE, privateKey OCTET STRING, ... }.
bool is_private_key_info(Octets bytes, const Limits& limits);

}  // namespace cmcctl
