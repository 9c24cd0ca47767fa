#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <cmcctl/codec/pkix.hpp>
#include <cmcctl/crypto/owned_algorithm.hpp>
#include <cmcctl/crypto/secret.hpp>

/// The ciphers of contents.
namespace cmcctl {

/// AES-CBC (RFC 3565) and AES-GCM (RFC 5084). Triple DES (RFC 3370) is read and never made.
enum class ContentCipher : std::uint8_t {
  aes_128_cbc,
  aes_192_cbc,
  aes_256_cbc,
  aes_128_gcm,
  aes_192_gcm,
  aes_256_gcm,
  des_ede3_cbc,
};

/// "AES-256-CBC"
std::string_view to_string(ContentCipher cipher);
std::size_t key_octets(ContentCipher cipher);
/// Whether it authenticates, too: AuthEnvelopedData has those (RFC 5083), EnvelopedData the others.
bool is_aead(ContentCipher cipher);

/// A cipher with the parameters of its AlgorithmIdentifier.
struct CipherSpec {
  ContentCipher cipher{};
  Octets iv;                   ///< of GCM: the nonce
  std::size_t tag_octets = 0;  ///< of GCM
};

/// RFC 3565 section 4.1:  AES-IV ::= OCTET STRING (SIZE(16))
/// RFC 5084 section 3.2:  GCMParameters ::= SEQUENCE { aes-nonce OCTET STRING, aes-ICVlen AES-GCM-ICVlen DEFAULT 12 }
///
/// `bad_algorithm` for parameters that are missing, of another type or length; nonces have 12 octets, tags 12 to 16.
/// `unsupported_algorithm` for other ciphers.
Result<CipherSpec> cipher_of(Decoder& decoder, const AlgorithmIdentifier& algorithm);

OwnedAlgorithm algorithm_of(const CipherSpec& spec);

struct Encrypted {
  std::vector<std::uint8_t> ciphertext;
  std::vector<std::uint8_t> tag;  ///< empty for CBC
};

/// `key` is of key_octets. `associated` is what GCM authenticates besides; it is ignored for CBC.
Result<Encrypted> encrypt(const CipherSpec& spec, Octets key, Octets plaintext, Octets associated = {});

/// `decryption_failed`, and not one octet of plaintext, whatever is wrong: key length, length of the ciphertext,
/// padding, tag.
Result<SecretOctets> decrypt(const CipherSpec& spec, Octets key, Octets ciphertext, Octets associated = {},
                             Octets tag = {});

/// CBC without padding: `blocks` are whole ones. For challenges and key wraps that have their own form.
Result<std::vector<std::uint8_t>> encrypt_blocks(const CipherSpec& cbc, Octets key, Octets blocks);
Result<SecretOctets> decrypt_blocks(const CipherSpec& cbc, Octets key, Octets blocks);

}  // namespace cmcctl
