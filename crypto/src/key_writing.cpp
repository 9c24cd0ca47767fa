#include <cmcctl/crypto/key_writing.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/pkcs12.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/content_cipher.hpp>
#include <cmcctl/crypto/kdf.hpp>
#include <cmcctl/crypto/random.hpp>

namespace cmcctl {
namespace {

constexpr std::string_view id_pbes2 = "1.2.840.113549.1.5.13";
constexpr std::size_t iterations = 600'000;
constexpr std::size_t salt_octets = 16;
constexpr std::size_t iv_octets = 16;

Result<std::vector<std::uint8_t>> encrypted(Octets pkcs8, Octets password) {
  const SecretOctets salt = random_octets(salt_octets);
  const SecretOctets iv = random_octets(iv_octets);
  const CipherSpec spec{ContentCipher::aes_256_cbc, iv, 0};
  CMC_TRY(const SecretOctets key, pbkdf2(Hash::sha256, password, salt, iterations, key_octets(spec.cipher)));
  CMC_TRY(const Encrypted sealed, encrypt(spec, key, pkcs8));
  const OwnedAlgorithm derivation = algorithm_of(Pbkdf2{Hash::sha256, salt, iterations, {}});
  const OwnedAlgorithm cipher = algorithm_of(spec);
  CMC_TRY(auto parameters, encode(PBES2Params{derivation.view(), cipher.view()}));
  const OwnedAlgorithm pbes2(id_pbes2, std::move(parameters));
  return encode(EncryptedPrivateKeyInfo{pbes2.view(), sealed.ciphertext});
}

SecretOctets pem(std::string_view label, Octets der) {
  constexpr std::size_t line_octets = 48;
  const std::string dashes = "-----";
  SecretOctets text;
  text.reserve(2 * der.size() + 128);  // growing would leave copies
  const auto append = [&](std::string_view part) { text.insert(text.end(), part.begin(), part.end()); };
  append(dashes + "BEGIN " + std::string(label) + dashes + "\n");
  for (std::size_t at = 0; at < der.size(); at += line_octets) {
    std::string line = base64(der.sub(at, std::min(line_octets, der.size() - at)));
    append(line);
    append("\n");
    explicit_bzero(line.data(), line.size());
  }
  append(dashes + "END " + std::string(label) + dashes + "\n");
  return text;
}

std::string write_all(int descriptor, Octets bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return std::strerror(errno);
    bytes = bytes.from(static_cast<std::size_t>(written));
  }
  return fsync(descriptor) == 0 ? std::string() : std::strerror(errno);
}

}  // namespace

Result<SecretOctets> private_key_pem(const PrivateKey& key, std::optional<Octets> password) {
  CMC_TRY(const SecretOctets pkcs8, pkcs8_of(key));
  if (!password) return pem("PRIVATE KEY", pkcs8);
  CMC_TRY(const auto sealed, encrypted(pkcs8, *password));
  return pem("ENCRYPTED PRIVATE KEY", sealed);
}

std::string write_new_secret_file(const std::string& name, Octets bytes) {
  const int descriptor = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return std::strerror(errno);
  std::string problem = write_all(descriptor, bytes);
  if (close(descriptor) != 0 && problem.empty()) problem = std::strerror(errno);
  if (!problem.empty()) unlink(name.c_str());
  return problem;
}

}  // namespace cmcctl
