#include <cmcctl/cmc/shared_token.hpp>

#include <array>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/codec/values.hpp>
#include <cmcctl/crypto/content_cipher.hpp>
#include <cmcctl/crypto/random.hpp>

namespace cmcctl {
namespace {

constexpr ContentCipher cipher = ContentCipher::aes_128_cbc;

// Every token has this IV; it does no harm only because no session key is used twice.
constexpr std::array<std::uint8_t, 16> fixed_iv{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

CipherSpec spec() { return {cipher, fixed_iv, 0}; }

struct Token {
  Octets session;
  Octets passphrase;
};

Result<Token> token_of(Decoder& decoder, Octets der) {
  CMC_TRY(const Any whole, decoder.scan(der));
  const Error other{Errc::unexpected_tag, 0, "SharedToken", {}, "not a SEQUENCE of two OCTET STRINGs"};
  const tlv::Element sequence = tlv::first(whole.der);
  if (sequence.id != tlv::sequence) return other;
  std::array<Octets, 2> values;
  tlv::Cursor cursor(sequence.content);
  for (Octets& value : values) {
    if (cursor.at_end() || cursor.next_id() != tlv::octet_string) return other;
    value = cursor.next().content;
  }
  if (!cursor.at_end()) return other;
  return Token{values[0], values[1]};
}

bool is_passphrase(const Result<SecretOctets>& text) { return text && !text->empty() && is_valid_utf8(*text); }

}  // namespace

Result<std::vector<std::uint8_t>> make_shared_token(const PublicKey& ca_key, Octets passphrase, bool oaep) {
  if (passphrase.empty() || !is_valid_utf8(passphrase)) {
    return Error{Errc::bad_string, 0, {}, {}, "a passphrase is UTF-8 and not empty"};
  }
  const SecretOctets session = random_octets(key_octets(cipher));
  CMC_TRY(const auto encrypted_session,
          ca_key.encrypt(session, oaep ? std::optional(PublicKey::Oaep{}) : std::nullopt));
  CMC_TRY(const Encrypted encrypted, encrypt(spec(), session, passphrase));
  std::vector<std::uint8_t> content = der_octet_string(encrypted_session);
  const auto second = der_octet_string(encrypted.ciphertext);
  content.insert(content.end(), second.begin(), second.end());
  return der_element(tlv::sequence, content);
}

// OAEP knows whether it fits. PKCS #1 v1.5 does not tell, so a random key has to be noticed by what it yields.
Result<SecretOctets> open_shared_token(Decoder& decoder, Octets token, PrivateKey& ca_key) {
  CMC_TRY(const Token parts, token_of(decoder, token));
  const auto with = [&](const Result<SecretOctets>& session) {
    return session ? decrypt(spec(), *session, parts.passphrase) : Result<SecretOctets>(session.error());
  };
  auto found = with(ca_key.decrypt_oaep(PublicKey::Oaep{}, parts.session));
  if (!is_passphrase(found)) {
    const auto session = ca_key.decrypt_pkcs1(parts.session, key_octets(cipher));
    if (!session && session.error().code != Errc::decryption_failed) return session.error();
    found = with(session);
  }
  if (is_passphrase(found)) return found;
  return Error{Errc::decryption_failed, 0, {}, {}, "the token is for another key, or broken"};
}

}  // namespace cmcctl
