#include "password_decryption.hpp"

#include <algorithm>

#include <botan/pwdhash.h>

#include <cmcctl/codec/pkcs12.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/content_cipher.hpp>
#include <cmcctl/crypto/kdf.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "algorithm_rows.hpp"
#include "botan.hpp"
#include "password_limits.hpp"

namespace cmcctl {
namespace {

constexpr std::string_view id_pbes2 = "1.2.840.113549.1.5.13";
constexpr std::string_view id_scrypt = "1.3.6.1.4.1.11591.4.11";
constexpr std::string_view pkcs12_triple_des = "1.2.840.113549.1.12.1.3";
constexpr std::string_view pkcs12_rc2_128 = "1.2.840.113549.1.12.1.5";
constexpr std::string_view pkcs12_rc2_40 = "1.2.840.113549.1.12.1.6";

Error over(std::string_view limit) {
  return {Errc::limit_exceeded, 0, {}, {}, "the key derivation scrypt (limit " + std::string(limit) + ")"};
}

void append_utf16(SecretOctets& to, char32_t character) {
  const auto unit = [&](char32_t value) {
    to.push_back(static_cast<std::uint8_t>(value >> 8));
    to.push_back(static_cast<std::uint8_t>(value));
  };
  if (character < 0x10000) return unit(character);
  unit(0xD800 + ((character - 0x10000) >> 10));
  unit(0xDC00 + ((character - 0x10000) & 0x3FF));
}

// The character at the front of valid UTF-8, which loses it.
char32_t take_character(Octets& text) {
  const std::uint8_t lead = text[0];
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t character = size == 1 ? lead : lead & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) character = character << 6 | (text[i] & 0x3Fu);
  text = text.from(size);
  return character;
}

Result<SecretOctets> scrypt_key(const ScryptParams& parameters, Octets password, std::size_t octets,
                                DerivationBudget& budget) {
  constexpr std::int64_t most = 1 << 30;
  std::size_t numbers[3]{};
  std::size_t* next = numbers;
  for (const Integer* number : {&parameters.cost_parameter, &parameters.block_size, &parameters.parallelization_parameter}) {
    const auto value = number->to_int64();
    if (!value || *value < 1 || *value > most) return over("scrypt_octets");
    *next++ = static_cast<std::size_t>(*value);
  }
  const auto [cost, block, parallel] = numbers;
  CMC_CHECK(check_salt(parameters.salt, budget.limits));
  const std::size_t blocks = budget.limits.scrypt_octets / 128;  // each product of two fits: all are below 2^31
  if (cost * block > blocks || parallel * block > blocks) return over("scrypt_octets");
  const std::size_t work = cost * block * parallel;
  if (work > budget.limits.pbkdf2_iterations) return over("pbkdf2_iterations");
  if ((cost & (cost - 1)) != 0 || cost < 2) {
    return Error{Errc::bad_algorithm, 0, {}, {}, "scrypt with a cost that is no power of 2"};
  }
  budget.limits.pbkdf2_iterations -= work;
  SecretOctets key(octets);
  Botan::PasswordHashFamily::create_or_throw("Scrypt")
      ->from_params(cost, block, parallel)
      ->derive_key(key.data(), key.size(), password.chars().data(), password.size(), parameters.salt.data(),
                   parameters.salt.size());
  return key;
}

Result<SecretOctets> pbes2_key(Decoder& decoder, const AlgorithmIdentifier& algorithm, Octets password,
                               std::size_t octets, DerivationBudget& budget) {
  if (to_string(algorithm.algorithm) == id_scrypt) {
    if (!algorithm.parameters) return bad_parameters(algorithm, "scrypt-params");
    CMC_TRY(const auto parameters, decoder.decode<ScryptParams>(*algorithm.parameters));
    return scrypt_key(parameters, password, octets, budget);
  }
  CMC_TRY(const Pbkdf2 kdf, pbkdf2_of(decoder, algorithm, budget.limits));
  budget.limits.pbkdf2_iterations -= kdf.iterations;
  return pbkdf2(kdf.prf, password, kdf.salt, kdf.iterations, octets);
}

Result<SecretOctets> decrypt_file(const CipherSpec& spec, Octets key, Octets ciphertext) {
  const bool has_tag = ciphertext.size() >= spec.tag_octets;
  const std::size_t size = has_tag ? ciphertext.size() - spec.tag_octets : 0;
  auto plaintext = decrypt(spec, key, ciphertext.sub(0, size), {}, ciphertext.from(has_tag ? size : 0));
  if (!plaintext) return Error{Errc::wrong_password, 0, {}, {}, "the password does not open it"};
  return plaintext;
}

Result<SecretOctets> pbes2(Decoder& decoder, const AlgorithmIdentifier& algorithm, const FilePassword& password,
                           Octets ciphertext, DerivationBudget& budget) {
  if (!algorithm.parameters) return bad_parameters(algorithm, "PBES2-params");
  CMC_TRY(const auto parameters, decoder.decode<PBES2Params>(*algorithm.parameters));
  CMC_TRY(const CipherSpec spec, cipher_of(decoder, parameters.encryption_scheme));
  CMC_TRY(const auto key, pbes2_key(decoder, parameters.key_derivation_func, password.utf8, key_octets(spec.cipher), budget));
  return decrypt_file(spec, key, ciphertext);
}

Result<SecretOctets> pkcs12_pbe(Decoder& decoder, const AlgorithmIdentifier& algorithm, const FilePassword& password,
                                Octets ciphertext, DerivationBudget& budget) {
  if (!algorithm.parameters) return bad_parameters(algorithm, "pkcs-12PbeParams");
  CMC_TRY(const auto parameters, decoder.decode<PKCS12PbeParams>(*algorithm.parameters));
  CMC_CHECK(check_salt(parameters.salt, budget.limits));
  CMC_TRY(const std::size_t iterations, spend_iterations(budget, parameters.iterations, "the encryption of PKCS #12"));
  CipherSpec spec{ContentCipher::des_ede3_cbc, {}, 0};
  const auto derive = [&](std::uint8_t purpose, std::size_t octets) {
    return pkcs12_kdf(Hash::sha1, password.bmp, parameters.salt, iterations, purpose, octets);
  };
  const SecretOctets iv = derive(2, 8);
  spec.iv = iv;
  return decrypt_file(spec, derive(1, key_octets(spec.cipher)), ciphertext);
}

}  // namespace

FilePassword file_password(SecretOctets password) {
  FilePassword forms{std::move(password), {}};
  const bool utf8 = is_valid_utf8(forms.utf8);
  forms.bmp.reserve(2 * forms.utf8.size() + 2);  // growing would leave copies
  for (Octets rest = forms.utf8; !rest.empty();) {
    if (utf8) {
      append_utf16(forms.bmp, take_character(rest));
    } else {
      append_utf16(forms.bmp, rest[0]);
      rest = rest.from(1);
    }
  }
  append_utf16(forms.bmp, 0);
  return forms;
}

SecretOctets pkcs12_kdf(Hash hash, Octets bmp_password, Octets salt, std::size_t iterations, std::uint8_t purpose,
                        std::size_t octets) {
  const std::size_t block = output_octets(hash) > 32 ? 128 : 64;  // v of the RFC
  const SecretOctets diversifier(block, purpose);
  SecretOctets input;  // I of the RFC
  const auto fill = [&](Octets part) {
    const std::size_t size = (part.size() + block - 1) / block * block;
    for (std::size_t i = 0; i < size; ++i) input.push_back(part[i % part.size()]);
  };
  input.reserve(salt.size() + bmp_password.size() + 2 * block);
  fill(salt);
  fill(bmp_password);

  SecretOctets key;
  key.reserve(octets + output_octets(hash));
  for (;;) {
    Digester first(hash);
    first.update(diversifier);
    first.update(input);
    SecretOctets round = secret_taken(first.finish());
    for (std::size_t i = 1; i < iterations; ++i) round = secret_taken(digest(hash, round));
    key.insert(key.end(), round.begin(), round.end());
    if (key.size() >= octets) break;
    for (std::size_t start = 0; start < input.size(); start += block) {
      unsigned carry = 1;
      for (std::size_t i = block; i-- > 0;) {
        carry += input[start + i] + unsigned{round[i % round.size()]};
        input[start + i] = static_cast<std::uint8_t>(carry);
        carry >>= 8;
      }
    }
  }
  key.resize(octets);
  return key;
}

Result<std::size_t> spend_iterations(DerivationBudget& budget, const Integer& count, std::string_view what) {
  CMC_TRY(const std::size_t iterations,
          iterations_within(count, {1, budget.limits.pbkdf2_iterations, what, "pbkdf2_iterations"}));
  budget.limits.pbkdf2_iterations -= iterations;
  return iterations;
}

Result<SecretOctets> decrypt_with_password(Decoder& decoder, const AlgorithmIdentifier& algorithm,
                                           const FilePassword& password, Octets ciphertext, DerivationBudget& budget) {
  const std::string dotted = to_string(algorithm.algorithm);
  if (dotted == id_pbes2) return pbes2(decoder, algorithm, password, ciphertext, budget);
  if (dotted == pkcs12_triple_des) return pkcs12_pbe(decoder, algorithm, password, ciphertext, budget);
  if (dotted == pkcs12_rc2_40 || dotted == pkcs12_rc2_128) {
    return Error{Errc::unsupported_algorithm, 0, {}, {},
                 "RC2, which old PKCS #12 files use; convert it: openssl pkcs12 -legacy -nodes -in OLD -out KEY.pem && "
                 "openssl pkcs12 -export -in KEY.pem -out NEW"};
  }
  return unsupported(algorithm, "the encryption (openssl pkcs8 -topk8 -v2 aes-256-cbc makes another)");
}

}  // namespace cmcctl
