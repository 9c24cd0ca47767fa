#include "key_file.hpp"

#include <algorithm>
#include <optional>

#include <botan/data_src.h>
#include <botan/pem.h>
#include <botan/pkcs8.h>

#include <cmcctl/codec/algorithms.hpp>
#include <cmcctl/codec/tlv.hpp>

#include "botan.hpp"
#include "der_element.hpp"
#include "software_key.hpp"

namespace cmcctl {
namespace {

constexpr std::string_view pbes2 = "1.2.840.113549.1.5.13";
constexpr std::string_view pbkdf2 = "1.2.840.113549.1.5.12";
constexpr std::string_view scrypt = "1.3.6.1.4.1.11591.4.11";

Error no_key(std::string detail) { return {Errc::no_key, 0, {}, {}, std::move(detail)}; }
Error bad_key(std::string detail) { return {Errc::bad_key, 0, {}, {}, std::move(detail)}; }
Error over(std::string detail) { return {Errc::limit_exceeded, 0, {}, {}, std::move(detail)}; }

SecretOctets joined(std::initializer_list<Octets> parts) {
  SecretOctets result;
  std::size_t size = 0;
  for (const Octets part : parts) size += part.size();
  result.reserve(size);
  for (const Octets part : parts) result.insert(result.end(), part.begin(), part.end());
  return result;
}

SecretOctets secret_element(std::uint8_t tag, Octets content) {
  auto der = der_element(tag, content);
  SecretOctets result = secret_copy(der);
  explicit_bzero(der.data(), der.size());
  return result;
}

// PrivateKeyInfo ::= SEQUENCE { version INTEGER 0, algorithm AlgorithmIdentifier, privateKey OCTET STRING }
SecretOctets wrapped(Octets algorithm, Octets key) {
  static constexpr std::uint8_t v0[]{0x02, 0x01, 0x00};
  const SecretOctets octets = secret_element(tlv::octet_string, key);
  const SecretOctets content = joined({Octets(v0), algorithm, Octets(octets)});
  return secret_element(tlv::sequence, content);
}

SecretOctets pkcs8_of_rsa(Octets key) {
  static constexpr std::uint8_t null[]{0x05, 0x00};
  const auto oid = der_oid("1.2.840.113549.1.1.1");
  const auto algorithm = der_element(tlv::sequence, Octets(joined({Octets(oid), Octets(null)})));
  return wrapped(algorithm, key);
}

// ECPrivateKey ::= SEQUENCE { version INTEGER 1, privateKey OCTET STRING, parameters [0] OPTIONAL, publicKey [1] }
Result<SecretOctets> pkcs8_of_ec(Octets key) {
  constexpr std::uint8_t parameters = 0xA0;
  for (tlv::Cursor members(tlv::first(key).content); !members.at_end();) {
    const tlv::Element member = members.next();
    if (member.id != parameters) continue;
    const auto oid = der_oid("1.2.840.10045.2.1");
    const auto algorithm = der_element(tlv::sequence, Octets(joined({Octets(oid), member.content})));
    return wrapped(algorithm, key);
  }
  return bad_key("the EC key does not name its curve");
}

Result<void> check_salt_and_count(Octets salt, const Integer& count, const Limits& limits) {
  const auto iterations = count.to_int64();
  if (!iterations || *iterations < 1 || static_cast<std::size_t>(*iterations) > limits.pbkdf2_iterations) {
    return over("limit pbkdf2_iterations: " + to_string(count));
  }
  if (salt.size() > limits.salt_octets) return over("limit salt_octets: " + std::to_string(salt.size()));
  return {};
}

// scrypt-params ::= SEQUENCE { salt OCTET STRING, costParameter, blockSize, parallelizationParameter INTEGER, … }
Result<void> check_scrypt(Octets parameters, const Limits& limits) {
  std::uint64_t numbers[3]{};
  std::size_t count = 0;
  tlv::Cursor members(tlv::first(parameters).content);
  if (!members.at_end()) members.next();
  while (!members.at_end() && count < 3) {
    const auto number = Integer{members.next().content}.to_int64();
    if (!number || *number < 1 || *number > (1 << 30)) return over("limit scrypt_octets");
    numbers[count++] = static_cast<std::uint64_t>(*number);
  }
  if (count < 3) return bad_key("the parameters of scrypt do not decode");
  // Each of the three is below 2^31, so two products fit in 64 bits and the limit is reached before a third.
  if (numbers[0] * numbers[1] > limits.scrypt_octets / 128 || numbers[2] * numbers[1] > limits.scrypt_octets / 128) {
    return over("limit scrypt_octets");
  }
  return {};
}

// EncryptedPrivateKeyInfo ::= SEQUENCE { encryptionAlgorithm AlgorithmIdentifier, encryptedData OCTET STRING }
Result<void> check_cost(Octets encrypted, const Limits& limits) {
  Decoder decoder(limits);
  CMC_TRY(const auto algorithm, decoder.decode<AlgorithmIdentifier>(tlv::first(tlv::first(encrypted).content).whole));
  if (to_string(algorithm.algorithm) != pbes2 || !algorithm.parameters) {
    return Error{Errc::unsupported_algorithm, 0, {}, {},
                 "the key is not encrypted with PBES2; convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc"};
  }
  CMC_TRY(const auto parameters, decoder.decode<PBES2Params>(*algorithm.parameters));
  const std::string kdf = to_string(parameters.key_derivation_func.algorithm);
  if (!parameters.key_derivation_func.parameters) return bad_key("a key derivation function without parameters");
  if (kdf == scrypt) return check_scrypt(parameters.key_derivation_func.parameters->der, limits);
  if (kdf != pbkdf2) {
    return Error{Errc::unsupported_algorithm, 0, {}, {}, "the key derivation function " + kdf};
  }
  CMC_TRY(const auto derivation, decoder.decode<PBKDF2Params>(*parameters.key_derivation_func.parameters));
  const auto* salt = std::get_if<Octets>(&derivation.salt.choice);
  if (salt == nullptr) return bad_key("a salt from another source");
  return check_salt_and_count(*salt, derivation.iteration_count, limits);
}

Result<std::unique_ptr<PrivateKey>> decrypted(Octets encrypted, const PasswordAsker& ask, const Limits& limits) {
  CMC_CHECK(check_cost(encrypted, limits));
  CMC_TRY(const SecretOctets password, ask());
  try {
    Botan::DataSource_Memory source(encrypted.data(), encrypted.size());
    std::string text(password.begin(), password.end());
    std::unique_ptr<Botan::Private_Key> key;
    try {
      key = Botan::PKCS8::load_key(source, text);
    } catch (...) {
      explicit_bzero(text.data(), text.size());
      throw;
    }
    explicit_bzero(text.data(), text.size());
    return make_software_key(std::move(key), limits);
  } catch (const std::exception&) {
    return Error{Errc::wrong_password, 0, {}, {}, "the password does not open it"};
  }
}

Result<std::unique_ptr<PrivateKey>> from_der(Octets der, const PasswordAsker& ask, const Limits& limits) {
  Decoder decoder(limits);
  const auto scanned = decoder.scan(der);
  if (!scanned || scanned->der[0] != tlv::sequence) return no_key("neither PEM nor DER of a private key");
  if (decoder.saw_ber()) return bad_key("the private key is BER, not DER");
  tlv::Cursor members(tlv::first(der).content);
  if (members.at_end()) return no_key("an empty SEQUENCE");
  const tlv::Element first = members.next();
  const std::uint8_t second = members.at_end() ? std::uint8_t{0} : members.next().id;
  if (first.id == tlv::sequence && second == tlv::octet_string) return decrypted(der, ask, limits);
  if (first.id != tlv::integer) return no_key("no private key, but something else in DER");
  if (second == tlv::sequence && Integer{first.content}.to_int64() != 3) return private_key_from_pkcs8(der, limits);
  if (second == tlv::integer) return private_key_from_pkcs8(pkcs8_of_rsa(der), limits);
  if (second == tlv::octet_string) {
    CMC_TRY(const SecretOctets pkcs8, pkcs8_of_ec(der));
    return private_key_from_pkcs8(pkcs8, limits);
  }
  return no_key("a kind of file that holds no private key cmcctl can read");
}

constexpr std::string_view begin_mark = "-----BEGIN ";

// The first block that is a key. Certificates and EC PARAMETERS may stand around it.
Result<std::unique_ptr<PrivateKey>> from_pem(Octets text, const PasswordAsker& ask, const Limits& limits) {
  std::string_view rest = text.chars();
  for (std::size_t at = rest.find(begin_mark); at != std::string_view::npos; at = rest.find(begin_mark)) {
    rest.remove_prefix(at);
    const std::string_view label = rest.substr(begin_mark.size(), rest.find("-----", begin_mark.size()) - begin_mark.size());
    if (!label.ends_with("PRIVATE KEY")) {
      rest.remove_prefix(begin_mark.size());
      continue;
    }
    if (rest.substr(0, 200).find("Proc-Type:") != std::string_view::npos) {
      return Error{Errc::unsupported_algorithm, 0, {}, {},
                   "a traditional key with a password; convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc"};
    }
    try {
      Botan::DataSource_Memory source(reinterpret_cast<const std::uint8_t*>(rest.data()), rest.size());
      std::string found;
      const auto der = Botan::PEM_Code::decode(source, found);
      return from_der(Octets(der.data(), der.size()), ask, limits);
    } catch (const std::exception&) {
      return bad_key("the PEM text is malformed");
    }
  }
  return no_key("no block \"PRIVATE KEY\" in it");
}

}  // namespace

Result<std::unique_ptr<PrivateKey>> private_key_from_file(Octets bytes, const PasswordAsker& ask, const Limits& limits) {
  if (bytes.chars().find(begin_mark) != std::string_view::npos) return from_pem(bytes, ask, limits);
  return from_der(bytes, ask, limits);
}

}  // namespace cmcctl
