#include "key_file.hpp"

#include <botan/data_src.h>
#include <botan/pem.h>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/input.hpp>
#include <cmcctl/codec/pkcs12.hpp>
#include <cmcctl/codec/tlv.hpp>

#include "password_decryption.hpp"
#include "pkcs12.hpp"

namespace cmcctl {
namespace {

Error no_key(std::string detail) { return {Errc::no_key, 0, {}, {}, std::move(detail)}; }
Error bad_key(std::string detail) { return {Errc::bad_key, 0, {}, {}, std::move(detail)}; }

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

Result<std::unique_ptr<PrivateKey>> decrypted(Octets encrypted, const PasswordAsker& ask, const Limits& limits) {
  Decoder decoder(limits);
  CMC_TRY(const auto info, decoder.decode<EncryptedPrivateKeyInfo>(encrypted));
  CMC_TRY(SecretOctets password, ask());
  DerivationBudget budget(limits);
  CMC_TRY(const SecretOctets pkcs8, decrypt_with_password(decoder, info.encryption_algorithm,
                                                          file_password(std::move(password)), info.encrypted_data, budget));
  // A wrong key leaves right padding once in 256 times.
  if (!Decoder(limits).scan(pkcs8)) return Error{Errc::wrong_password, 0, {}, {}, "the password does not open it"};
  return private_key_from_pkcs8(pkcs8, limits);
}

Result<std::unique_ptr<PrivateKey>> from_pkcs12(Octets bytes, const PasswordAsker& ask, const Limits& limits) {
  CMC_TRY(SecretOctets password, ask());
  CMC_TRY(const Pkcs12 file, read_pkcs12(bytes, std::move(password), limits));
  if (!file.keys.empty()) return private_key_from_pkcs8(file.keys.front(), limits);
  return file.skipped ? *file.skipped : no_key("a PKCS #12 file without a private key");
}

Result<std::unique_ptr<PrivateKey>> from_der(Octets der, const PasswordAsker& ask, const Limits& limits) {
  Decoder decoder(limits);
  if (is_pkcs12(der, limits)) return from_pkcs12(der, ask, limits);
  const auto scanned = decoder.scan(der);
  if (!scanned || scanned->der[0] != tlv::sequence) return no_key("neither PEM nor DER of a private key");
  if (decoder.saw_ber()) return bad_key("the private key is BER, not DER");
  tlv::Cursor members(tlv::first(der).content);
  if (members.at_end()) return no_key("an empty SEQUENCE");
  const tlv::Element first = members.next();
  const std::uint8_t second = members.at_end() ? std::uint8_t{0} : members.next().id;
  if (first.id == tlv::sequence && second == tlv::octet_string) return decrypted(der, ask, limits);
  if (first.id != tlv::integer) return no_key("no private key, but something else in DER");
  if (second == tlv::sequence) return private_key_from_pkcs8(der, limits);
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
  if (bytes.empty() || bytes[0] == tlv::sequence) return from_der(bytes, ask, limits);
  auto blocks = read_blocks(bytes, limits);  // base64 and the like
  if (!blocks) return no_key("neither PEM nor DER of a private key");
  const SecretOctets der = secret_taken(std::move(blocks->front().bytes));
  return from_der(der, ask, limits);
}

}  // namespace cmcctl
