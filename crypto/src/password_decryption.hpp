#pragma once

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/codec/pkix.hpp>
#include <cmcctl/crypto/digest.hpp>
#include <cmcctl/crypto/secret.hpp>

/// Key files that a password opens.
namespace cmcctl {

/// A password in both forms that key files take it in.
struct FilePassword {
  SecretOctets utf8;  // RFC 8018
  SecretOctets bmp;   // RFC 7292 appendix B.1: UTF-16, big-endian, with two zero octets at its end
};

/// A password that is not UTF-8 counts as Latin-1, as OpenSSL has it.
FilePassword file_password(SecretOctets password);

/// What may still be derived for one file: all iterations together are held to Limits::pbkdf2_iterations.
struct DerivationBudget {
  explicit DerivationBudget(const Limits& given) : limits(given) {}
  Limits limits;
};

/// RFC 7292 appendix B.2. `purpose` is 1 for keys, 2 for IVs, 3 for MACs.
SecretOctets pkcs12_kdf(Hash hash, Octets bmp_password, Octets salt, std::size_t iterations, std::uint8_t purpose,
                        std::size_t octets);

/// The iterations of such a derivation, taken off the budget. `limit_exceeded` when they are too many.
Result<std::size_t> spend_iterations(DerivationBudget& budget, const Integer& count, std::string_view what);

/// Decrypts with
///
///   id-PBES2 (RFC 8018 section 6.2): PBKDF2 or scrypt (RFC 7914), AES-CBC, AES-GCM, Triple DES
///   pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 appendix C)
///
/// `wrong_password` when the padding or the tag is wrong, `limit_exceeded` before anything is derived.
Result<SecretOctets> decrypt_with_password(Decoder& decoder, const AlgorithmIdentifier& algorithm,
                                           const FilePassword& password, Octets ciphertext, DerivationBudget& budget);

}  // namespace cmcctl
