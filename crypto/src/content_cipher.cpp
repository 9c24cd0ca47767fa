#include <cmcctl/crypto/content_cipher.hpp>

#include <algorithm>
#include <array>

#include <botan/aead.h>

#include <cmcctl/codec/algorithms.hpp>
#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/tlv.hpp>

#include "algorithm_rows.hpp"
#include "botan.hpp"
#include "cipher_rows.hpp"

namespace cmcctl {
namespace {

constexpr std::array rows{
    CipherRow{ContentCipher::aes_128_cbc, "AES-128-CBC", "2.16.840.1.101.3.4.1.2", "AES-128", 16, 16, false},
    CipherRow{ContentCipher::aes_192_cbc, "AES-192-CBC", "2.16.840.1.101.3.4.1.22", "AES-192", 24, 16, false},
    CipherRow{ContentCipher::aes_256_cbc, "AES-256-CBC", "2.16.840.1.101.3.4.1.42", "AES-256", 32, 16, false},
    CipherRow{ContentCipher::aes_128_gcm, "AES-128-GCM", "2.16.840.1.101.3.4.1.6", "AES-128", 16, 12, true},
    CipherRow{ContentCipher::aes_192_gcm, "AES-192-GCM", "2.16.840.1.101.3.4.1.26", "AES-192", 24, 12, true},
    CipherRow{ContentCipher::aes_256_gcm, "AES-256-GCM", "2.16.840.1.101.3.4.1.46", "AES-256", 32, 12, true},
    CipherRow{ContentCipher::des_ede3_cbc, "DES-EDE3-CBC", "1.2.840.113549.3.7", "TripleDES", 24, 8, false},
};

constexpr std::size_t default_tag_octets = 12;

Error failed() { return {Errc::decryption_failed, 0, {}, {}, {}}; }

Result<CipherSpec> gcm_spec(Decoder& decoder, const AlgorithmIdentifier& algorithm, const CipherRow& row) {
  const auto parameters = decoder.decode<GCMParameters>(*algorithm.parameters);
  if (!parameters) return bad_parameters(algorithm, "GCMParameters");
  const auto tag = parameters->aes_icv_len ? parameters->aes_icv_len->to_int64() : std::int64_t{default_tag_octets};
  if (!tag || *tag < 12 || *tag > 16) return bad_parameters(algorithm, "of an ICVlen from 12 to 16");
  if (parameters->aes_nonce.size() != row.iv_octets) return bad_parameters(algorithm, "of a nonce of 12 octets");
  return CipherSpec{row.cipher, parameters->aes_nonce, static_cast<std::size_t>(*tag)};
}

Result<CipherSpec> cbc_spec(Decoder& decoder, const AlgorithmIdentifier& algorithm, const CipherRow& row) {
  const auto iv = decoder.scan(algorithm.parameters->der);
  if (!iv || iv->der[0] != tlv::octet_string || iv->der.size() != 2 + row.iv_octets) {
    return bad_parameters(algorithm, "an OCTET STRING of " + std::to_string(row.iv_octets) + " octets");
  }
  return CipherSpec{row.cipher, iv->der.from(2), 0};
}

std::unique_ptr<Botan::Cipher_Mode> start(const CipherSpec& spec, Botan::Cipher_Dir direction, Octets key,
                                          Octets associated) {
  const CipherRow& row = cipher_row(spec.cipher);
  const std::string block_cipher(row.block_cipher);
  std::unique_ptr<Botan::Cipher_Mode> mode;
  if (row.aead) {
    auto aead =
        Botan::AEAD_Mode::create_or_throw(block_cipher + "/GCM(" + std::to_string(spec.tag_octets) + ")", direction);
    aead->set_key(key.data(), key.size());
    aead->set_associated_data(associated.data(), associated.size());
    mode = std::move(aead);
  } else {
    mode = Botan::Cipher_Mode::create_or_throw(block_cipher + "/CBC/PKCS7", direction);
    mode->set_key(key.data(), key.size());
  }
  mode->start(spec.iv.data(), spec.iv.size());
  return mode;
}

}  // namespace

const CipherRow& cipher_row(ContentCipher cipher) { return rows[static_cast<std::size_t>(cipher)]; }

std::string_view to_string(ContentCipher cipher) { return cipher_row(cipher).name; }
std::size_t key_octets(ContentCipher cipher) { return cipher_row(cipher).key_octets; }
bool is_aead(ContentCipher cipher) { return cipher_row(cipher).aead; }

Result<CipherSpec> cipher_of(Decoder& decoder, const AlgorithmIdentifier& algorithm) {
  const std::string dotted = to_string(algorithm.algorithm);
  const auto row = std::ranges::find(rows, dotted, &CipherRow::oid);
  if (row == rows.end()) return unsupported(algorithm, "the cipher");
  if (!algorithm.parameters) return bad_parameters(algorithm, row->aead ? "GCMParameters" : "an OCTET STRING");
  return row->aead ? gcm_spec(decoder, algorithm, *row) : cbc_spec(decoder, algorithm, *row);
}

OwnedAlgorithm algorithm_of(const CipherSpec& spec) {
  const CipherRow& row = cipher_row(spec.cipher);
  if (!row.aead) return {row.oid, der_octet_string(spec.iv)};
  const auto tag = integer_content(static_cast<std::int64_t>(spec.tag_octets));
  GCMParameters parameters{spec.iv, {}};
  if (spec.tag_octets != default_tag_octets) parameters.aes_icv_len = Integer{tag};
  return {row.oid, *encode(parameters)};
}

Result<Encrypted> encrypt(const CipherSpec& spec, Octets key, Octets plaintext, Octets associated) {
  if (spec.cipher == ContentCipher::des_ede3_cbc || key.size() != key_octets(spec.cipher)) {
    return Error{Errc::bad_algorithm,
                 0,
                 {},
                 {},
                 "encryption with " + std::string(to_string(spec.cipher)) + " and a key of " +
                     std::to_string(key.size()) + " octets"};
  }
  Botan::secure_vector<std::uint8_t> buffer(plaintext.begin(), plaintext.end());
  start(spec, encryption, key, associated)->finish(buffer);
  const auto tag = buffer.end() - static_cast<std::ptrdiff_t>(spec.tag_octets);
  return Encrypted{{buffer.begin(), tag}, {tag, buffer.end()}};
}

Result<SecretOctets> decrypt(const CipherSpec& spec, Octets key, Octets ciphertext, Octets associated, Octets tag) {
  if (key.size() != key_octets(spec.cipher) || tag.size() != spec.tag_octets) return failed();
  Botan::secure_vector<std::uint8_t> buffer(ciphertext.begin(), ciphertext.end());
  buffer.insert(buffer.end(), tag.begin(), tag.end());
  try {
    start(spec, decryption, key, associated)->finish(buffer);
  } catch (const Botan::Exception&) {
    return failed();
  }
  return SecretOctets(buffer.begin(), buffer.end());
}

namespace {

Result<Botan::secure_vector<std::uint8_t>> run_blocks(Botan::Cipher_Dir direction, const CipherSpec& cbc, Octets key,
                                                      Octets blocks) {
  const CipherRow& row = cipher_row(cbc.cipher);
  if (row.aead || key.size() != row.key_octets || cbc.iv.size() != row.iv_octets || blocks.empty() ||
      blocks.size() % row.iv_octets != 0) {
    return failed();
  }
  auto mode = Botan::Cipher_Mode::create_or_throw(std::string(row.block_cipher) + "/CBC/NoPadding", direction);
  mode->set_key(key.data(), key.size());
  mode->start(cbc.iv.data(), cbc.iv.size());
  Botan::secure_vector<std::uint8_t> buffer(blocks.begin(), blocks.end());
  mode->finish(buffer);
  return buffer;
}

}  // namespace

Result<std::vector<std::uint8_t>> encrypt_blocks(const CipherSpec& cbc, Octets key, Octets blocks) {
  CMC_TRY(const auto buffer, run_blocks(encryption, cbc, key, blocks));
  return std::vector<std::uint8_t>(buffer.begin(), buffer.end());
}

Result<SecretOctets> decrypt_blocks(const CipherSpec& cbc, Octets key, Octets blocks) {
  CMC_TRY(const auto buffer, run_blocks(decryption, cbc, key, blocks));
  return SecretOctets(buffer.begin(), buffer.end());
}

}  // namespace cmcctl
