#include <array>
#include <functional>
#include <optional>
#include <string>

#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/encapsulate.hpp>
#include <cmcctl/crypto/key_wrap.hpp>

#include "archive_rows.hpp"

namespace cmcctl {
namespace {

// Two rows of one algorithm are tried in their order. Of two rows with one transformation the first is made: the KRA of
// Dogtag 10.10 takes 3DES under its own OID, and refuses the desCBC that Dogtag's clients of that time write.
constexpr std::array rows{
    ArchiveRow{"2.16.840.1.101.3.4.1.8", Transformation::key_wrap_pad, 16, 8, "AES key wrap with padding (RFC 5649)"},
    ArchiveRow{"2.16.840.1.101.3.4.1.8", Transformation::nss_key_wrap_pad, 16, 8, "AES key wrap after PKCS #7 padding"},
    ArchiveRow{"2.16.840.1.101.3.4.1.5", Transformation::key_wrap, 16, 8, "AES key wrap (RFC 3394)"},
    ArchiveRow{"2.16.840.1.101.3.4.1.2", Transformation::aes_cbc, 16, 16, "AES-128-CBC"},
    ArchiveRow{"1.2.840.113549.3.7", Transformation::des_ede3_cbc, 24, 8, "3DES-CBC"},
    ArchiveRow{"1.3.14.3.2.7", Transformation::des_ede3_cbc, 24, 8, "3DES-CBC, called desCBC"},
};

std::optional<SecretOctets> without_padding(SecretOctets text, std::size_t block) {
  if (text.empty()) return std::nullopt;
  const std::size_t count = text.back();
  if (count == 0 || count > block || count > text.size()) return std::nullopt;
  for (std::size_t i = text.size() - count; i < text.size(); ++i) {
    if (text[i] != count) return std::nullopt;
  }
  text.resize(text.size() - count);
  return text;
}

std::optional<SecretOctets> opened(const Result<SecretOctets>& result) {
  return result ? std::optional(*result) : std::nullopt;
}

std::optional<SecretOctets> unwrapped(const ArchiveRow& row, Octets session_key, Octets iv, Octets ciphertext) {
  const KeyWrap plain{session_key.size(), false};
  switch (row.transformation) {
    case Transformation::key_wrap_pad:
      return opened(unwrap_key({session_key.size(), true}, session_key, ciphertext));
    case Transformation::key_wrap:
      return opened(unwrap_key(plain, session_key, ciphertext));
    case Transformation::nss_key_wrap_pad: {
      auto text = opened(unwrap_key(plain, session_key, ciphertext));
      return text ? without_padding(*std::move(text), 8) : std::nullopt;
    }
    case Transformation::aes_cbc:
      return opened(decrypt({ContentCipher::aes_128_cbc, iv, 0}, session_key, ciphertext));
    case Transformation::des_ede3_cbc:
      return opened(decrypt({ContentCipher::des_ede3_cbc, iv, 0}, session_key, ciphertext));
  }
  return std::nullopt;
}

// The initialization vector, meaningless for key wraps.
Result<Octets> iv_of(Decoder& decoder, const AlgorithmIdentifier& algorithm) {
  if (!algorithm.parameters) return Octets();
  CMC_TRY(const Any parameters, decoder.scan(algorithm.parameters->der));
  const tlv::Element element = tlv::first(parameters.der);
  return element.id == tlv::octet_string ? element.content : Octets();
}

// Nothing tells how the session key was encrypted. A wrong guess of PKCS #1 v1.5 gives a random key, which opens
// nothing.
std::vector<SecretOctets> session_keys(PrivateKey& key, Octets ciphertext, std::size_t octets) {
  std::vector<SecretOctets> keys;
  for (const Hash hash : {Hash::sha256, Hash::sha1}) {
    auto found = key.decrypt_oaep({hash, hash}, ciphertext);
    if (found && found->size() == octets) keys.push_back(*std::move(found));
  }
  if (keys.empty()) {
    auto found = key.decrypt_pkcs1(ciphertext, octets);
    if (found) keys.push_back(*std::move(found));
  }
  return keys;
}

Result<const ArchiveRow*> first_row(const AlgorithmIdentifier& algorithm) {
  const std::string dotted = to_string(algorithm.algorithm);
  for (const ArchiveRow& row : rows) {
    if (row.oid == dotted) return &row;
  }
  return Error{Errc::unsupported_algorithm, 0, "EncryptedValue.symmAlg", {}, "no archive wraps keys with " + dotted};
}

// What symmAlg says does not count.
Result<ArchivedKey> open_encapsulated(const EncryptedValue& value, PrivateKey& key, const Limits& limits) {
  CMC_TRY(const SecretOctets shared, key.decapsulate(value.enc_symm_key->bytes));
  auto text = unwrap_key({shared.size(), true}, shared, value.enc_value.bytes);
  if (text && is_private_key_info(*text, limits)) {
    return ArchivedKey{*std::move(text), "ML-KEM, AES key wrap with padding (RFC 5649)"};
  }
  return Error{Errc::decryption_failed, 0, "EncryptedValue", {}, {}};
}

}  // namespace

const ArchiveRow* row_of(ArchiveWrap wrap) {
  for (const ArchiveRow& row : rows) {
    const bool made =
        (wrap == ArchiveWrap::nss_key_wrap_pad && row.transformation == Transformation::nss_key_wrap_pad) ||
        (wrap == ArchiveWrap::key_wrap_pad && row.transformation == Transformation::key_wrap_pad) ||
        (wrap == ArchiveWrap::key_wrap && row.transformation == Transformation::key_wrap) ||
        (wrap == ArchiveWrap::des_ede3_cbc && row.transformation == Transformation::des_ede3_cbc) ||
        (wrap == ArchiveWrap::aes_cbc && row.transformation == Transformation::aes_cbc);
    if (made) return &row;
  }
  return nullptr;
}

bool is_private_key_info(Octets bytes, const Limits& limits) {
  Decoder decoder(limits);
  const auto scanned = decoder.scan(bytes);
  if (!scanned || scanned->der[0] != tlv::sequence) return false;
  tlv::Cursor members(tlv::first(scanned->der).content);
  for (const std::uint8_t id : {tlv::integer, tlv::sequence, tlv::octet_string}) {
    if (members.at_end() || members.next().id != id) return false;
  }
  return true;
}

Result<ArchivedKey> open_encrypted_value(Decoder& decoder, const EncryptedValue& value, PrivateKey& key,
                                         const Limits& limits) {
  const KeyKind kind = key.public_key().kind();
  if (kind != KeyKind::rsa && !encapsulates(kind)) {
    return Error{Errc::unsupported_algorithm,
                 0,
                 {},
                 {},
                 "EncryptedValue is for RSA and ML-KEM keys, and this one is " + key.public_key().text()};
  }
  if (!value.symm_alg || !value.enc_symm_key) {
    return Error{Errc::no_key, 0, "EncryptedValue", {}, "symmAlg and encSymmKey are needed to open it"};
  }
  if (encapsulates(kind)) return open_encapsulated(value, key, limits);
  CMC_TRY(const ArchiveRow* const first, first_row(*value.symm_alg));
  CMC_TRY(const Octets iv, iv_of(decoder, *value.symm_alg));
  for (const SecretOctets& session_key : session_keys(key, value.enc_symm_key->bytes, first->key_octets)) {
    for (const ArchiveRow& row : rows) {
      if (row.oid != first->oid) continue;
      auto text = unwrapped(row, session_key, iv, value.enc_value.bytes);
      if (text && is_private_key_info(*text, limits)) return ArchivedKey{*std::move(text), row.text};
    }
  }
  return Error{Errc::decryption_failed, 0, "EncryptedValue", {}, {}};
}

}  // namespace cmcctl
