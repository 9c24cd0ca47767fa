#include "catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/key_id.hpp>
#include <cmcctl/crypto/key_source.hpp>
#include <cmcctl/crypto/key_writing.hpp>
#include <cmcctl/crypto/random.hpp>
#include <cmcctl/crypto/token.hpp>

#include "hex.hpp"
#include "pss_encoding.hpp"

using namespace cmcctl;

namespace {

class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "cmcctl-tokens-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

bool runs(const std::string& command) { return std::system((command + " > /dev/null 2>&1").c_str()) == 0; }

std::string softhsm_library() {
  for (const char* path : {"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"}) {
    if (std::filesystem::exists(path)) return path;
  }
  return {};
}

Token open_for_writing(const std::string& source) {
  auto parsed = parse_token_source(source);
  REQUIRE(parsed);
  auto token = Token::open(*parsed, nullptr, Token::Access::write);
  if (!token) FAIL(token.error().detail);
  return *token;
}

std::unique_ptr<PrivateKey> made(Result<std::unique_ptr<PrivateKey>> key) {
  if (!key) FAIL(key.error().detail);
  return *std::move(key);
}

// What tokens must do alike, whoever made them.
void check_token(Token token, bool oaep_with_sha256) {
  const std::uint8_t text[]{'t', 'e', 'x', 't'};
  const auto secret = random_octets(32);

  const auto rsa = made(token.generate("rsa:2048", "rsa"));
  CHECK(token_key_id(*rsa) == nss_key_id(rsa->public_key()));
  for (const SignatureScheme& scheme : {SignatureScheme{SignatureKind::rsa_pkcs1, Hash::sha256, 0},
                                        SignatureScheme{SignatureKind::rsa_pkcs1, Hash::sha512, 0},
                                        SignatureScheme{SignatureKind::rsa_pss, Hash::sha256, 32},
                                        SignatureScheme{SignatureKind::rsa_pss, Hash::sha384, 48}}) {
    const auto signature = rsa->sign(scheme, Octets(text));
    REQUIRE(signature);
    CHECK(*rsa->public_key().verify(scheme, Octets(text), *signature));
  }

  auto ciphertext = *rsa->public_key().encrypt(secret, {});
  CHECK(*rsa->decrypt_pkcs1(ciphertext, 32) == secret);
  const auto of_other_length = rsa->decrypt_pkcs1(ciphertext, 16);
  REQUIRE(of_other_length);
  CHECK(of_other_length->size() == 16);
  CHECK(*of_other_length != SecretOctets(secret.begin(), secret.begin() + 16));
  ciphertext.back() ^= 1;
  const auto of_bad_padding = rsa->decrypt_pkcs1(ciphertext, 32);
  REQUIRE(of_bad_padding);
  CHECK(of_bad_padding->size() == 32);
  CHECK(*of_bad_padding != secret);

  for (const Hash hash : {Hash::sha1, Hash::sha256}) {
    const PublicKey::Oaep oaep{hash, hash};
    const auto decrypted = rsa->decrypt_oaep(oaep, *rsa->public_key().encrypt(secret, oaep));
    CHECK(decrypted.ok() == (hash == Hash::sha1 || oaep_with_sha256));
    if (decrypted) CHECK(*decrypted == secret);
  }
  CHECK_FALSE(rsa->decrypt_oaep({Hash::sha1, Hash::sha1}, ciphertext).ok());
  CHECK(rsa->agree(Octets(text)).error().code == Errc::unsupported_algorithm);

  for (const char* const kind : {"ec:P-256", "ec:P-384"}) {
    const auto ours = made(token.generate(kind, kind));
    const auto theirs = made(generate_private_key(kind));
    const auto signature = ours->sign(usual_scheme(ours->public_key()), Octets(text));
    REQUIRE(signature);
    CHECK(*ours->public_key().verify(usual_scheme(ours->public_key()), Octets(text), *signature));
    const auto agreed = ours->agree(theirs->public_key().subject_public_key());
    if (!agreed) FAIL(agreed.error().detail);
    CHECK(*agreed == *theirs->agree(ours->public_key().subject_public_key()));
    CHECK(token.find_key(ours->public_key()));
  }
  CHECK(token.find_key("rsa", {}));
  CHECK(token.find_key("nobody", {}).error().code == Errc::no_key);
  CHECK(token.find_key({}, {}).error().code == Errc::no_key);  // there are three
  CHECK(pkcs8_of(*rsa).error().code == Errc::unsupported_algorithm);
}

}  // namespace

TEST_CASE("identifiers of keys in the forms of NSS and Dogtag") {
  const auto id = test::hex("da55f575a1b2c3d4e5f60718293a4b5c6d7e8f90");
  CHECK(dogtag_key_id(id) == "-25aa0a8a5e4d3c2b1a09f8e7d6c5b4a392817070");
  CHECK(*parse_key_id("-25aa0a8a5e4d3c2b1a09f8e7d6c5b4a392817070") == id);
  CHECK(*parse_key_id("0xDA55F575A1B2C3D4E5F60718293A4B5C6D7E8F90") == id);
  CHECK(*parse_key_id("da:55:f5:75:a1:b2:c3:d4:e5:f6:07:18:29:3a:4b:5c:6d:7e:8f:90") == id);
  CHECK(dogtag_key_id(test::hex("0012ab")) == "12ab");
  CHECK(*parse_key_id("-1") == std::vector<std::uint8_t>(20, 0xFF));
  CHECK_FALSE(parse_key_id(""));
  CHECK_FALSE(parse_key_id("xyz"));
  CHECK_FALSE(parse_key_id(std::string(130, 'a')));
}

TEST_CASE("names of tokens") {
  const auto nss = parse_token_source("nss:sql:/etc/pki/db?nickname=CA%20agent&token=NHSM&id=0x0a0b");
  REQUIRE(nss);
  CHECK(nss->directory == "/etc/pki/db");
  CHECK(nss->object == "CA agent");
  CHECK(nss->token == "NHSM");
  CHECK(nss->id == test::hex("0a0b"));
  const auto uri = parse_token_source("pkcs11:token=a%3bb;object=c;id=%a1%b2;type=private?module-path=/m.so&pin-value=hush");
  REQUIRE(uri);
  CHECK(uri->token == "a;b");
  CHECK(uri->id == test::hex("a1b2"));
  CHECK(uri->module_path == "/m.so");
  CHECK(uri->pin->is_visible());
  CHECK(uri->text.find("hush") == std::string::npos);
  for (const char* const wrong : {"file.pem", "nss:", "nss:d?nick=x", "nss:d?id=xy", "pkcs11:token", "pkcs11:slot-id=1",
                                  "pkcs11:token=%4", "pkcs11:token=a?pin-source=|cmd"}) {
    INFO(wrong);
    CHECK(parse_token_source(wrong).error().code == Errc::no_key);
  }
}

TEST_CASE("SoftHSM signs, decrypts, agrees and makes keys") {
  const std::string library = softhsm_library();
  if (library.empty() || !runs("command -v softhsm2-util")) {
    WARN("SoftHSM is not installed: not tested");
    return;
  }
  const Scratch scratch;
  std::filesystem::create_directory(scratch.file("tokens"));
  std::ofstream(scratch.file("conf")) << "directories.tokendir = " << scratch.file("tokens") << "\n";
  setenv("SOFTHSM2_CONF", scratch.file("conf").c_str(), 1);
  REQUIRE(runs("softhsm2-util --init-token --free --label unit --so-pin 12345678 --pin 1234"));
  check_token(open_for_writing("pkcs11:token=unit?module-path=" + library + "&pin-value=1234"), false);
}

namespace {

// A second copy of NSS's softoken is unloaded with some of its memory still taken.
class LeaksOfOthers {
#if defined(__SANITIZE_ADDRESS__)
 public:
  LeaksOfOthers() { __lsan_disable(); }
  ~LeaksOfOthers() { __lsan_enable(); }
#endif
};

}  // namespace

TEST_CASE("two NSS databases in one process", "[nss]") {
  [[maybe_unused]] const LeaksOfOthers leaks_of_others{};
  if (!runs("command -v certutil")) {
    WARN("NSS's tools are not installed: not tested");
    return;
  }
  const Scratch scratch;
  for (const char* const name : {"a", "b'c"}) {
    std::filesystem::create_directory(scratch.file(name));
    REQUIRE(runs("certutil -N --empty-password -d \"sql:" + scratch.file(name) + "\""));
  }
  const Token first = open_for_writing("nss:" + scratch.file("a"));
  const Token second = open_for_writing("nss:" + scratch.file("b'c"));
  check_token(first, true);
  CHECK(second.objects()->empty());
  check_token(second, true);
}

TEST_CASE("RSASSA-PSS encoded for a token that only exponentiates") {
  if (!runs("command -v openssl")) {
    WARN("OpenSSL is not installed: not tested");
    return;
  }
  const Scratch scratch;
  const auto key = made(generate_private_key("rsa:2048"));
  REQUIRE(write_new_secret_file(scratch.file("key"), *private_key_pem(*key, {})).empty());
  const std::uint8_t text[]{'t', 'e', 'x', 't'};
  for (const Hash hash : {Hash::sha256, Hash::sha512}) {
    const SignatureScheme scheme{SignatureKind::rsa_pss, hash, output_octets(hash)};
    const auto encoded = pss_encoding(scheme, 2048, Octets(text));
    REQUIRE(encoded);
    std::ofstream(scratch.file("encoded"), std::ios::binary) << Octets(*encoded).chars();
    // -decrypt is the bare private operation; -sign takes no more than a hash.
    REQUIRE(runs("openssl pkeyutl -decrypt -pkeyopt rsa_padding_mode:none -inkey " + scratch.file("key") + " -in " +
                 scratch.file("encoded") + " -out " + scratch.file("signature")));
    std::ifstream file(scratch.file("signature"), std::ios::binary);
    const std::vector<std::uint8_t> signature{std::istreambuf_iterator<char>(file), {}};
    CHECK(*key->public_key().verify(scheme, Octets(text), signature));
  }
  CHECK_FALSE(pss_encoding({SignatureKind::rsa_pss, Hash::sha512, 200}, 2048, Octets(text)).ok());
}
