#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <cmcctl/codec/crmf.hpp>
#include <cmcctl/crypto/content_cipher.hpp>
#include <cmcctl/crypto/private_key.hpp>

/// Private keys for an archive: the control pkiArchiveOptions of CRMF, and what opens it.
namespace cmcctl {

/// How the private key is wrapped. All but `enveloped` make the deprecated EncryptedValue, which is all that Dogtag's
/// KRA reads; its symmAlg is what these names come from.
enum class ArchiveWrap : std::uint8_t {
  enveloped,         ///< EnvelopedData with an EncKeyWithID (RFC 4211 section 6.4)
  nss_key_wrap_pad,  ///< "AES KeyWrap/Padding": id-aes128-wrap-pad, and yet RFC 3394 over PKCS #7 padding, as NSS does
                     ///< it
  key_wrap_pad,      ///< "AES KeyWrap/Wrapped": id-aes128-wrap-pad as RFC 5649 has it
  key_wrap,          ///< "AES KeyWrap/NoPadding": id-aes128-wrap (RFC 3394)
  aes_cbc,           ///< "AES/CBC/PKCS5Padding"
  des_ede3_cbc,      ///< "DES3/CBC/Pad": 3DES, for KRAs that know nothing newer
};

/// Whom the key is for.
struct ArchiveRecipient {
  Octets certificate;  ///< DER; RSA or ML-KEM, for EnvelopedData any recipient's
  ArchiveWrap wrap = ArchiveWrap::enveloped;
  std::optional<PublicKey::Oaep> oaep{};              ///< RSA: absent is PKCS #1 v1.5
  ContentCipher cipher = ContentCipher::aes_256_cbc;  ///< of EnvelopedData
  /// `identifier` of EncKeyWithID in DER, a UTF8String or a GeneralName; empty leaves it out.
  Octets identifier{};
};

/// RFC 4211 section 6.4: the value of pkiArchiveOptions (1.3.6.1.5.5.7.5.1.4) with the key as encryptedPrivKey.
///
///   PKIArchiveOptions ::= CHOICE { encryptedPrivKey [0] EncryptedKey, keyGenParameters [1], archiveRemGenPrivKey [2] }
///   EncryptedKey ::= CHOICE { encryptedValue EncryptedValue, envelopedData [0] EnvelopedData }
///
/// `pkcs8` is the PrivateKeyInfo. `bad_algorithm` for a key that a wrap does not take: EncryptedValue goes to RSA and
/// ML-KEM keys only, and key_wrap wants a multiple of 8 octets. For ML-KEM encSymmKey is the encapsulation, and the key
/// is wrapped with the shared secret as RFC 5649 has it, whatever symmAlg says: so does Dogtag from 11.10.
Result<std::vector<std::uint8_t>> make_archive_options(Octets pkcs8, const ArchiveRecipient& recipient);

/// RFC 4211 section 4.2.1: the EnvelopedData (without ContentInfo) that proves possession by giving the key away, or
/// puts it into an archive.
///
///   EncKeyWithID ::= SEQUENCE { privateKey PrivateKeyInfo, identifier CHOICE { string UTF8String,
///       generalName GeneralName } OPTIONAL }
Result<std::vector<std::uint8_t>> make_enveloped_key(Octets pkcs8, const ArchiveRecipient& recipient);

/// The EncryptedValue alone, which thisMessage carries.
Result<std::vector<std::uint8_t>> make_encrypted_value(Octets pkcs8, const ArchiveRecipient& recipient);

struct ArchivedKey {
  SecretOctets pkcs8;     ///< PrivateKeyInfo
  std::string_view with;  ///< "EnvelopedData", "AES key wrap after PKCS #7 padding", ...
};

/// The archived key. Opens an encapsulation (ML-KEM), or tries RSA PKCS #1 v1.5 and OAEP, and for id-aes128-wrap-pad RFC 5649 and NSS's form, as nothing in
/// the message tells; also 3DES-CBC under either of its names. Everything that depends on the key is the one
/// `decryption_failed`, and `no_key` a value without a key in it. CBC does not authenticate: whether it is the key of the
/// request, its public key tells.
Result<ArchivedKey> open_archive_options(Decoder& decoder, const PKIArchiveOptions& options, PrivateKey& key,
                                         Octets certificate = {}, const Limits& limits = {});

}  // namespace cmcctl
