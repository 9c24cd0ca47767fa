#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <cmcctl/codec/encoder.hpp>

#include "catch.hpp"
#include "hex.hpp"
#include "recipients.hpp"
#include "vectors_dir.hpp"

namespace cmcctl::test {
namespace {

constexpr std::string_view id_data = "1.2.840.113549.1.7.1";
constexpr std::string_view id_signed_data = "1.2.840.113549.1.7.2";

const People& people() {
  static const People all;
  return all;
}

const Bytes content = repeat(hex("30050203010001"), 9);

struct Named {
  std::string name;
  Recipient recipient;
};

std::vector<Named> recipients() {
  const People& p = people();
  const auto rsa = [&](std::optional<PublicKey::Oaep> oaep) {
    return CertificateRecipient{p.rsa.certificate, oaep, Hash::sha256, false};
  };
  return {
      {"RSA PKCS #1 v1.5", rsa(std::nullopt)},
      {"RSA OAEP SHA-1", rsa(PublicKey::Oaep{Hash::sha1, Hash::sha1})},
      {"RSA OAEP SHA-256", rsa(PublicKey::Oaep{Hash::sha256, Hash::sha256})},
      {"RSA OAEP SHA-512 with MGF1 SHA-1", rsa(PublicKey::Oaep{Hash::sha512, Hash::sha1})},
      {"RSA by key identifier", CertificateRecipient{p.rsa.certificate, {}, Hash::sha256, true}},
      {"ECDH", CertificateRecipient{p.ec.certificate, {}, Hash::sha256, false}},
      {"ECDH SHA-512 by key identifier", CertificateRecipient{p.ec.certificate, {}, Hash::sha512, true}},
      {"X25519", CertificateRecipient{p.x25519.certificate, {}, Hash::sha256, false}},
      {"KEK", KekRecipient{p.kek().identifier, p.kek().key}},
      {"password", PasswordRecipient{p.password(), 1'000, Hash::sha256, false}},
      {"password with key wrap", PasswordRecipient{p.password(), 1'000, Hash::sha1, true}},
  };
}

constexpr ContentCipher ciphers[]{ContentCipher::aes_128_cbc, ContentCipher::aes_192_cbc, ContentCipher::aes_256_cbc,
                                  ContentCipher::aes_128_gcm, ContentCipher::aes_192_gcm, ContentCipher::aes_256_gcm};

Bytes made(std::string_view type, std::span<const Recipient> to, ContentCipher cipher) {
  return is_aead(cipher) ? *make_auth_enveloped(type, content, to, cipher) : *make_enveloped(type, content, to, cipher);
}

std::string outcome(Octets message, const RecipientKeys& keys, const Limits& limits = {}) {
  Decoder decoder;
  const auto opened = open_any(decoder, message, keys, limits);
  if (!opened) return std::string(error_info(opened.error().code).name);
  if (worst(opened->checks) == Verdict::fail) {
    const auto failed = std::ranges::find(opened->checks, Verdict::fail, &Check::verdict);
    return (opened->content.empty() ? "" : "content in spite of ") + std::string(failed->name);
  }
  return to_hex(opened->content) == to_hex(content) ? "opened" : "another content";
}

Verdict verdict_of(const OpenedContent& opened, std::string_view name) {
  const auto found = std::ranges::find(opened.checks, name, &Check::name);
  REQUIRE(found != opened.checks.end());
  return found->verdict;
}

// Decodes the message, lets `change` at the value, and encodes it again.
template <class T>
Bytes changed(const Bytes& message, const std::function<void(T&)>& change) {
  Decoder decoder;
  auto info = *decoder.decode<ContentInfo>(Octets(message));
  auto value = *decoder.decode<T>(*info.content);
  change(value);
  const Bytes inner = *encode(value);
  info.content = Any{inner};
  return *encode(info);
}

Bytes file(const std::string& name) {
  std::ifstream stream(std::string(vectors_dir()) + "/" + name, std::ios::binary);
  REQUIRE(stream);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("what is made for a recipient of any kind, with any cipher, opens") {
  for (const Named& named : recipients()) {
    for (const ContentCipher cipher : ciphers) {
      INFO(named.name << ", " << to_string(cipher));
      CHECK(outcome(made(id_data, std::vector{named.recipient}, cipher), people().keys()) == "opened");
      CHECK(outcome(made(id_signed_data, std::vector{named.recipient}, cipher), people().keys()) == "opened");
    }
    INFO(named.name << ", AuthenticatedData");
    for (const Hash hash : {Hash::sha1, Hash::sha224, Hash::sha256, Hash::sha384, Hash::sha512}) {
      for (const std::string_view type : {id_data, id_signed_data}) {
        CHECK(outcome(*make_authenticated(type, content, std::vector{named.recipient}, hash), people().keys()) ==
              "opened");
      }
    }
  }
}

TEST_CASE("keys of every kind that can be generated and encrypted for") {
  Decoder decoder;
  const auto whole = *decoder.decode<Certificate>(Octets(people().ec.certificate));
  const auto tbs = *decoder.decode<TBSCertificate>(whole.tbs_certificate);
  for (const std::string spec : {"rsa:2048", "ec:P-256", "ec:P-384", "ec:P-521", "x25519", "ml-kem-512", "ml-kem-768",
                                 "ml-kem-1024", "ed25519"}) {
    INFO(spec);
    const auto key = generate_private_key(spec);
    if (!key) {  // Botan 2 has no ML-KEM
      CHECK(key.error().code == Errc::unsupported_algorithm);
      CHECK(spec.starts_with("ml-kem"));
      continue;
    }
    // A certificate of which only names and key matter.
    auto other_tbs = tbs;
    other_tbs.subject_public_key_info = Raw<SubjectPublicKeyInfo>{(*key)->public_key().spki()};
    const Bytes tbs_der = *encode(other_tbs);
    auto other = whole;
    other.tbs_certificate = Raw<TBSCertificate>{tbs_der};
    const Bytes certificate = *encode(other);
    const RecipientKeys::Pair pair[]{{key->get(), certificate}};
    const std::vector<Recipient> to{CertificateRecipient{certificate, {}, Hash::sha384, false}};
    const auto message = make_auth_enveloped(id_signed_data, content, to);
    if (spec == "ed25519") {
      CHECK(message.error().code == Errc::unsupported_algorithm);
      continue;
    }
    REQUIRE(message);
    CHECK(outcome(*message, {pair, {}, {}}) == "opened");
    CHECK(outcome(*make_authenticated(id_data, content, to), {pair, {}, {}}) == "opened");
    Bytes damaged = *message;
    damaged.back() ^= 1;
    CHECK(outcome(damaged, {pair, {}, {}}) == "decryption_failed");
  }
}

TEST_CASE("each of several recipients opens the message, and the version follows RFC 5652 section 6.1") {
  std::vector<Recipient> all;
  for (const Named& named : recipients()) all.push_back(named.recipient);
  const People& p = people();
  const Bytes message = *make_enveloped(id_data, content, all);
  const RecipientKeys::Pair rsa[]{{p.rsa.key.get(), p.rsa.certificate}};
  const RecipientKeys::Pair bare_ec[]{{p.ec.key.get(), {}}};
  const RecipientKeys::Kek kek[]{p.kek()};
  const Octets password[]{p.password()};
  struct Case {
    RecipientKeys keys;
    RecipientKind kind;
  };
  for (const Case& c :
       {Case{{rsa, {}, {}}, RecipientKind::key_transport}, Case{{bare_ec, {}, {}}, RecipientKind::key_agreement},
        Case{{{}, {}, kek}, RecipientKind::kek}, Case{{{}, password, {}}, RecipientKind::password}}) {
    Decoder decoder;
    const auto opened = open_any(decoder, message, c.keys);
    REQUIRE(opened);
    CHECK(opened->kind == c.kind);
    Decoder again;
    const auto value = *again.decode<EnvelopedData>(*again.decode<ContentInfo>(Octets(message))->content);
    CHECK(value.recipient_infos[opened->recipient].choice.index() == static_cast<std::size_t>(c.kind));
  }
  const auto version = [&](std::size_t recipient) {
    Decoder decoder;
    const Bytes one = *make_enveloped(id_data, content, std::span(all).subspan(recipient, 1));
    return decoder.decode<EnvelopedData>(*decoder.decode<ContentInfo>(Octets(one))->content)->version.to_int64();
  };
  CHECK(version(0) == 0);
  CHECK(version(4) == 2);
  CHECK(version(5) == 2);
  CHECK(version(8) == 2);
  CHECK(version(9) == 3);
}

TEST_CASE("CBC is said not to authenticate, GCM to do so, and triple DES to be weak") {
  Decoder decoder;
  const std::vector<Recipient> to{KekRecipient{people().kek().identifier, people().kek().key}};
  const Bytes cbc = *make_enveloped(id_data, content, to);
  CHECK(verdict_of(*open_any(decoder, cbc, people().keys()), "authenticity") == Verdict::unknown);
  decoder.reset({});
  const Bytes gcm = *make_auth_enveloped(id_data, content, to);
  CHECK(verdict_of(*open_any(decoder, gcm, people().keys()), "authenticity") == Verdict::pass);
}

TEST_CASE("messages that Bouncy Castle has made open") {
  const Bytes p8 = file("bouncycastle/enc-rsa.p8");
  const Bytes certificate = file("bouncycastle/enc-rsa.crt.der");
  const auto key = private_key_from_pkcs8(p8);
  REQUIRE(key);
  const RecipientKeys::Pair pair[]{{key->get(), certificate}};
  const Bytes kek_octets = hex("000102030405060708090a0b0c0d0e0f");
  const RecipientKeys::Kek kek[]{{Octets(std::string_view("kek-1")), kek_octets}};
  for (const std::string name : {"authenveloped-signed-pkidata.der", "enveloped-signed-pkidata-kekri-ber.der"}) {
    INFO(name);
    const Bytes message = file("bouncycastle/" + name);
    Decoder decoder;
    const auto opened = open_any(decoder, message, {pair, {}, kek});
    REQUIRE(opened);
    CHECK(to_string(opened->content_type) == id_signed_data);
    Decoder inner;
    const auto signed_data = inner.decode<SignedData>(Octets(opened->content));
    REQUIRE(signed_data);
    CHECK(signed_data->signer_infos.size() == 1);
  }
}

TEST_CASE("whatever is wrong with what depends on a key, there is one error") {
  std::mt19937 random(5652);
  std::size_t mutated = 0;
  std::size_t opened_anyway = 0;
  for (const Named& named : recipients()) {
    const std::vector<Recipient> to{named.recipient};
    const Bytes cbc = *make_enveloped(id_signed_data, content, to);
    const Bytes gcm = *make_auth_enveloped(id_signed_data, content, to);
    for (int i = 0; i < 50; ++i) {
      Bytes octets;  // outlives the encoding of the changed value
      const auto spoiled = [&](Octets original) -> Octets {
        octets.assign(original.begin(), original.end());
        octets[random() % octets.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
        return octets;
      };
      const auto spoil_key = [&](const List<RecipientInfo>& infos, std::vector<RecipientInfo>& copies,
                                 std::vector<RecipientEncryptedKey>& keys) {
        copies.assign(infos.begin(), infos.end());
        std::visit(
            [&](auto& choice) {
              if constexpr (requires { choice.encrypted_key; }) {
                choice.encrypted_key = spoiled(choice.encrypted_key);
              } else if constexpr (requires { choice.recipient_encrypted_keys; }) {
                keys.assign(choice.recipient_encrypted_keys.begin(), choice.recipient_encrypted_keys.end());
                keys[0].encrypted_key = spoiled(keys[0].encrypted_key);
                choice.recipient_encrypted_keys =
                    List<RecipientEncryptedKey>(std::span<const RecipientEncryptedKey>(keys));
              }
            },
            copies[0].choice);
        return List<RecipientInfo>(std::span<const RecipientInfo>(copies));
      };
      std::vector<RecipientInfo> infos;
      std::vector<RecipientEncryptedKey> keys;
      const bool key = i % 2 == 0;
      const Bytes bad_cbc = changed<EnvelopedData>(cbc, [&](EnvelopedData& value) {
        auto& part = value.encrypted_content_info;
        if (key)
          value.recipient_infos = spoil_key(value.recipient_infos, infos, keys);
        else
          part.encrypted_content = spoiled(*part.encrypted_content);
      });
      const Bytes bad_gcm = changed<AuthEnvelopedData>(gcm, [&](AuthEnvelopedData& value) {
        auto& part = value.auth_encrypted_content_info;
        if (key)
          value.recipient_infos = spoil_key(value.recipient_infos, infos, keys);
        else if (i % 4 == 1)
          value.mac = spoiled(value.mac);
        else
          part.encrypted_content = spoiled(*part.encrypted_content);
      });
      INFO(named.name << ", change " << i);
      CHECK(outcome(bad_gcm, people().keys()) == "decryption_failed");
      const std::string result = outcome(bad_cbc, people().keys());
      if (result == "another content")
        ++opened_anyway;  // CBC does not notice
      else
        CHECK(result == "decryption_failed");
      mutated += 2;
    }
  }
  CHECK(mutated >= 1000);
  CHECK(opened_anyway > 0);
  CHECK(opened_anyway < mutated / 2);
}

TEST_CASE("the one error has no text of its own") {
  const std::vector<Recipient> to{KekRecipient{people().kek().identifier, people().kek().key}};
  const Bytes message = *make_enveloped(id_data, content, to);
  const Bytes other(32, 1);
  const RecipientKeys::Kek kek[]{{people().kek().identifier, other}};
  Decoder decoder;
  const auto opened = open_any(decoder, message, {{}, {}, kek});
  REQUIRE_FALSE(opened);
  CHECK(to_string(opened.error()) == to_string(Error{Errc::decryption_failed, 0, {}, {}, {}}));
}

TEST_CASE("a message for others is told from one that does not decrypt") {
  const std::vector<Recipient> to{CertificateRecipient{people().rsa.certificate, {}, Hash::sha256, false}};
  const Bytes message = *make_enveloped(id_data, content, to);
  const RecipientKeys::Pair ec[]{{people().ec.key.get(), people().ec.certificate}};
  const RecipientKeys::Pair other_certificate[]{{people().rsa.key.get(), people().ec.certificate}};
  CHECK(outcome(message, {ec, {}, {}}) == "no_key");
  CHECK(outcome(message, {other_certificate, {}, {}}) == "no_key");
  CHECK(outcome(message, {}) == "no_key");
}

TEST_CASE("AuthenticatedData: what is not bound to the MAC is refused") {
  const std::vector<Recipient> to{KekRecipient{people().kek().identifier, people().kek().key}};
  const RecipientKeys keys = people().keys();
  const Bytes plain = *make_authenticated(id_data, content, to);
  const Bytes attributed = *make_authenticated(id_signed_data, content, to);
  using A = AuthenticatedData;
  const Bytes other = hex("0403616263");
  Decoder kept;
  const auto donor = *kept.decode<A>(*kept.decode<ContentInfo>(Octets(attributed))->content);
  const auto edit = [](const Bytes& message, const std::function<void(A&)>& change) {
    return changed<A>(message, change);
  };

  CHECK(outcome(edit(attributed, [&](A& a) { a.encap_content_info.e_content = Any{other}; }), keys) == "digest");
  CHECK(outcome(edit(plain, [&](A& a) { a.encap_content_info.e_content = Any{other}; }), keys) == "mac");
  // taken away, all or half
  CHECK(outcome(edit(attributed,
                     [](A& a) {
                       a.auth_attrs.reset();
                       a.digest_algorithm.reset();
                     }),
                keys) == "authenticated attributes");
  CHECK(outcome(edit(attributed, [](A& a) { a.auth_attrs.reset(); }), keys) == "authenticated attributes");
  CHECK(outcome(edit(attributed, [](A& a) { a.digest_algorithm.reset(); }), keys) == "digest");
  // put into a message that had none
  CHECK(outcome(edit(plain,
                     [&](A& a) {
                       a.auth_attrs = donor.auth_attrs;
                       a.digest_algorithm = donor.digest_algorithm;
                     }),
                keys) == "authenticated attributes");
  // the attributes sent as a content that is id-data: their MAC fits
  Bytes attributes(donor.auth_attrs->der.begin(), donor.auth_attrs->der.end());
  attributes[0] = 0x31;
  const Bytes as_content = element(0x04, attributes);
  const Bytes type = *oid_content(id_data);
  CHECK(outcome(edit(attributed,
                     [&](A& a) {
                       a.auth_attrs.reset();
                       a.digest_algorithm.reset();
                       a.encap_content_info.e_content_type.content = type;
                       a.encap_content_info.e_content = Any{as_content};
                     }),
                keys) == "digest");
  // another type
  CHECK(outcome(edit(attributed, [&](A& a) { a.encap_content_info.e_content_type.content = type; }), keys) ==
        "authenticated attributes");
  // MACs that are cut, empty, changed
  Bytes mac(donor.mac.begin(), donor.mac.end());
  CHECK(outcome(edit(attributed, [&](A& a) { a.mac = Octets(mac).sub(0, 16); }), keys) == "mac");
  CHECK(outcome(edit(attributed, [&](A& a) { a.mac = Octets(); }), keys) == "mac");
  mac[0] ^= 1;
  CHECK(outcome(edit(attributed, [&](A& a) { a.mac = mac; }), keys) == "mac");
  // a key that is not the one: the same check
  const Bytes wrong(32, 1);
  const RecipientKeys::Kek kek[]{{people().kek().identifier, wrong}};
  CHECK(outcome(attributed, {{}, {}, kek}) == "mac");
}

TEST_CASE("AuthEnvelopedData: attributes are part of what is authenticated") {
  const std::vector<Recipient> to{KekRecipient{people().kek().identifier, people().kek().key}};
  const Bytes message = *make_auth_enveloped(id_signed_data, content, to);
  using A = AuthEnvelopedData;
  const auto edit = [&](const std::function<void(A&)>& change) {
    return outcome(changed<A>(message, change), people().keys());
  };
  CHECK(edit([](A& a) { a.auth_attrs.reset(); }) == "decryption_failed");
  const Bytes type = *oid_content(id_data);
  CHECK(edit([&](A& a) { a.auth_encrypted_content_info.content_type.content = type; }) == "authenticated attributes");
  Bytes mac(16);
  CHECK(edit([&](A& a) { a.mac = mac; }) == "bad_algorithm");
  CHECK(edit([&](A& a) { a.mac = Octets(mac).sub(0, 4); }) == "bad_algorithm");
}

TEST_CASE("parameters of a recipient's algorithms are looked at before they are used") {
  const Bytes null = hex("0500"), integer = hex("020101"), sequence = hex("3000"), text = hex("0c0161");
  const Any wrong[]{Any{null}, Any{integer}, Any{sequence}, Any{text}};
  for (const Named& named : recipients()) {
    const Bytes message = *make_enveloped(id_data, content, std::vector{named.recipient});
    for (std::size_t i = 0; i <= std::size(wrong); ++i) {
      std::vector<RecipientInfo> infos;
      const Bytes bad = changed<EnvelopedData>(message, [&](EnvelopedData& value) {
        infos.assign(value.recipient_infos.begin(), value.recipient_infos.end());
        std::visit(
            [&](auto& choice) {
              if constexpr (requires { choice.key_encryption_algorithm; }) {
                choice.key_encryption_algorithm.parameters =
                    i < std::size(wrong) ? std::optional(wrong[i]) : std::nullopt;
              }
            },
            infos[0].choice);
        value.recipient_infos = List<RecipientInfo>(std::span<const RecipientInfo>(infos));
      });
      INFO(named.name << ", parameters " << i);
      const std::string result = outcome(bad, people().keys());
      const bool may_be_absent = named.name == "RSA PKCS #1 v1.5" || named.name == "RSA by key identifier" ||
                                 named.name == "KEK" || named.name == "password with key wrap";
      const bool all_defaults = named.name.starts_with("RSA OAEP") && i == 2;
      if (may_be_absent && (i == 0 || i == std::size(wrong)))
        CHECK(result == "opened");
      else if (all_defaults)
        CHECK(result == (named.name == "RSA OAEP SHA-1" ? "opened" : "decryption_failed"));
      else
        CHECK(result == "bad_algorithm");
    }
  }
}

TEST_CASE("parameters of a content's cipher are looked at before they are used") {
  const std::vector<Recipient> to{KekRecipient{people().kek().identifier, people().kek().key}};
  const Bytes cbc = *make_enveloped(id_data, content, to);
  const Bytes gcm = *make_auth_enveloped(id_data, content, to);
  for (const std::string parameters :
       {"0500", "0400", "04{00000000000000}", "04{0001020304050607080910111213141516}", "020101", "3000",
        "30{04{000102030405060708090a}}", "30{04{000102030405060708090a0b} 02010b}",
        "30{04{000102030405060708090a0b} 020111}", "30{04{000102030405060708090a0b} 0201ff}", "30{0400}",
        "30{020110}"}) {
    INFO(parameters);
    const Bytes der = asn1(parameters);
    const auto set = [&](AlgorithmIdentifier& algorithm) { algorithm.parameters = Any{der}; };
    CHECK(outcome(
              changed<EnvelopedData>(cbc, [&](auto& v) { set(v.encrypted_content_info.content_encryption_algorithm); }),
              people().keys()) == "bad_algorithm");
    CHECK(outcome(changed<AuthEnvelopedData>(
                      gcm, [&](auto& v) { set(v.auth_encrypted_content_info.content_encryption_algorithm); }),
                  people().keys()) == "bad_algorithm");
  }
}

TEST_CASE("a cipher with a tag has no place in EnvelopedData, and one without none in AuthEnvelopedData") {
  const std::vector<Recipient> to{KekRecipient{people().kek().identifier, people().kek().key}};
  CHECK(make_enveloped(id_data, content, to, ContentCipher::aes_128_gcm).error().code == Errc::bad_algorithm);
  CHECK(make_auth_enveloped(id_data, content, to, ContentCipher::aes_128_cbc).error().code == Errc::bad_algorithm);
  CHECK(make_enveloped(id_data, content, to, ContentCipher::des_ede3_cbc).error().code == Errc::bad_algorithm);
  const Bytes cbc = *make_enveloped(id_data, content, to);
  const Bytes gcm = *make_auth_enveloped(id_data, content, to);
  Decoder decoder;
  const auto other = *decoder.decode<AuthEnvelopedData>(*decoder.decode<ContentInfo>(Octets(gcm))->content);
  Decoder decoder_2;
  const auto one = *decoder_2.decode<EnvelopedData>(*decoder_2.decode<ContentInfo>(Octets(cbc))->content);
  CHECK(outcome(
            changed<EnvelopedData>(cbc, [&](auto& v) { v.encrypted_content_info = other.auth_encrypted_content_info; }),
            people().keys()) == "unsupported_algorithm");
  CHECK(outcome(changed<AuthEnvelopedData>(
                    gcm, [&](auto& v) { v.auth_encrypted_content_info = one.encrypted_content_info; }),
                people().keys()) == "unsupported_algorithm");
}

TEST_CASE("recipients and the iterations of all passwords together are limited") {
  const People& p = people();
  const std::vector<Recipient> two(2, PasswordRecipient{p.password(), 600, Hash::sha256, false});
  const Bytes message = *make_enveloped(id_data, content, two);
  const Octets right[]{p.password()};
  const Octets wrong[]{Octets(std::string_view("wrong"))};
  Limits limits;
  limits.pbkdf2_iterations = 600;
  CHECK(outcome(message, {{}, right, {}}, limits) == "opened");
  CHECK(outcome(message, {{}, wrong, {}}, limits) == "decryption_failed");
  limits.pbkdf2_iterations = 599;
  CHECK(outcome(message, {{}, right, {}}, limits) == "limit_exceeded");
  const Octets both[]{wrong[0], right[0]};
  limits.pbkdf2_iterations = 1199;
  CHECK(outcome(message, {{}, both, {}}, limits) == "decryption_failed");
  limits.pbkdf2_iterations = 1200;
  CHECK(outcome(message, {{}, both, {}}, limits) == "opened");
  limits.recipients = 2;
  CHECK(outcome(message, {{}, right, {}}, limits) == "opened");
  limits.recipients = 1;
  CHECK(outcome(message, {{}, right, {}}, limits) == "limit_exceeded");
}

TEST_CASE("the keys inside one KeyAgreeRecipientInfo count as recipients") {
  const std::vector<Recipient> to{CertificateRecipient{people().ec.certificate, {}, Hash::sha256, false}};
  const Bytes message = *make_enveloped(id_data, content, to);
  std::vector<RecipientInfo> infos;
  std::vector<RecipientEncryptedKey> keys;
  const Bytes many = changed<EnvelopedData>(message, [&](EnvelopedData& value) {
    infos.assign(value.recipient_infos.begin(), value.recipient_infos.end());
    auto& agreement = std::get<KeyAgreeRecipientInfo>(infos[0].choice);
    keys.assign(3, agreement.recipient_encrypted_keys[0]);
    agreement.recipient_encrypted_keys = List<RecipientEncryptedKey>(std::span<const RecipientEncryptedKey>(keys));
    value.recipient_infos = List<RecipientInfo>(std::span<const RecipientInfo>(infos));
  });
  Limits limits;
  limits.recipients = 3;
  CHECK(outcome(many, people().keys(), limits) == "opened");
  limits.recipients = 2;
  CHECK(outcome(many, people().keys(), limits) == "limit_exceeded");
}

TEST_CASE("an envelope without recipients, or of a type that is none, is not made") {
  const std::vector<Recipient> to{KekRecipient{people().kek().identifier, people().kek().key}};
  const std::vector<Recipient> short_kek{KekRecipient{people().kek().identifier, people().kek().key.from(1)}};
  CHECK(make_enveloped(id_data, content, {}).error().code == Errc::not_encodable);
  CHECK(make_auth_enveloped(id_data, content, {}).error().code == Errc::not_encodable);
  CHECK(make_authenticated(id_data, content, {}).error().code == Errc::not_encodable);
  CHECK(make_enveloped("data", content, to).error().code == Errc::not_encodable);
  CHECK(make_enveloped(id_data, content, short_kek).error().code == Errc::bad_key);
}

}  // namespace cmcctl::test
