#include <cmcctl/crypto/key_source.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/token.hpp>

#include "certificate_file.hpp"
#include "key_file.hpp"

namespace cmcctl {
namespace {

constexpr std::size_t longest_key_file = 1u << 20;
constexpr std::size_t first_octets = 4'096;  // of a pipe, whose size nobody knows

struct File {
  SecretOctets bytes;
  std::string warning;
};

Result<File> read_secret_file(const std::string& name, std::size_t longest) {
  const auto failed = [&] { return Error{Errc::no_key, 0, {}, {}, name + ": " + std::strerror(errno)}; };
  const int descriptor = open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failed();
  File file;
  struct stat status{};
  const bool regular = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  if (regular && (status.st_mode & (S_IRGRP | S_IROTH)) != 0) {
    file.warning = "others may read " + name + "; chmod 600 mends that";
  }
  const auto expected = std::max(regular ? static_cast<std::size_t>(status.st_size) : 0, first_octets);
  std::size_t size = 0;
  while (size <= longest) {
    // One octet more than is expected tells that there is no more; what a vector grows out of is wiped.
    if (size == file.bytes.size()) file.bytes.resize(std::min(std::max(expected, 2 * size), longest) + 1);
    const ssize_t got = read(descriptor, file.bytes.data() + size, file.bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      close(descriptor);
      return failed();
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  close(descriptor);
  if (size > longest) {
    return Error{Errc::no_key, 0, {}, {}, name + " is larger than " + std::to_string(longest) + " octets"};
  }
  file.bytes.resize(size);
  return file;
}

// Asks once, however many parts are encrypted: a descriptor has its password only once.
PasswordAsker asker(const std::string& source, const PasswordSource* password) {
  return [=, known = std::make_shared<std::optional<SecretOctets>>()]() -> Result<SecretOctets> {
    if (password == nullptr) return Error{Errc::wrong_password, 0, {}, {}, source + " is encrypted"};
    if (!*known) {
      CMC_TRY(*known, password->get("password of " + source));
    }
    return **known;
  };
}

// An error about a part of `source` as one that names it.
Error about(const std::string& source, Error error) {
  if (!error.detail.starts_with(source)) error.detail = source + ": " + error.detail;
  return error;
}

Result<CertificateFile> load_certificate_file(const std::string& source, const PasswordSource* password,
                                              const Limits& limits) {
  CMC_TRY(const File file, read_secret_file(source, limits.message_octets));
  auto loaded = certificates_from_file(file.bytes, asker(source, password), limits);
  if (!loaded) return about(source, loaded.error());
  return loaded;
}

bool has_key(const std::vector<std::uint8_t>& der, const PublicKey& key, const Limits& limits) {
  const auto certificate = X509Certificate::from_der(der, limits);
  if (!certificate) return false;
  const auto& own = certificate->public_key();
  return own && own->is_same(key);
}

// Moves the certificate of the key to the front; false when there is none.
bool put_own_first(DerList& certificates, const PublicKey& key, const Limits& limits) {
  const auto own = std::ranges::find_if(certificates, [&](const auto& der) { return has_key(der, key, limits); });
  if (own == certificates.end()) return false;
  std::rotate(certificates.begin(), own, own + 1);
  return true;
}

// Certificates of the name's label and CKA_ID; those of the CKA_ID alone where the label is the key's.
Result<DerList> certificates_in(const Token& token, const TokenSource& name, Octets key_id) {
  CMC_TRY(DerList named, token.find_certificates(name.object, name.id));
  if (!named.empty() || key_id.empty()) return named;
  return token.find_certificates({}, key_id);
}

Result<Credentials> load_token_credentials(const TokenSource& name, const PasswordSource* password, const Limits& limits) {
  CMC_TRY(Token token, Token::open(name, password, Token::Access::read, limits));
  CMC_TRY(auto key, token.find_key(name.object, name.id));
  CMC_TRY(DerList certificates, certificates_in(token, name, token_key_id(*key)));
  return Credentials{std::move(key), std::move(certificates), {}};
}

Result<Credentials> load_file_credentials(const std::string& source, const PasswordSource* password, const Limits& limits) {
  CMC_TRY(const File file, read_secret_file(source, longest_key_file));
  const PasswordAsker ask = asker(source, password);
  auto key = private_key_from_file(file.bytes, ask, limits);
  if (!key) return about(source, key.error());
  Credentials credentials{*std::move(key), {}, file.warning};
  if (auto beside = certificates_from_file(file.bytes, ask, limits)) {
    credentials.certificates = std::move(beside->certificates);
  }
  return credentials;
}

Result<Credentials> load_key_and_neighbours(const std::string& source, const PasswordSource* password, const Limits& limits) {
  if (!names_token(source)) return load_file_credentials(source, password, limits);
  CMC_TRY(const TokenSource name, parse_token_source(source));
  return load_token_credentials(name, password, limits);
}

}  // namespace

Result<LoadedKey> load_private_key(const std::string& source, const PasswordSource* password, const Limits& limits) {
  if (names_token(source)) {
    CMC_TRY(const TokenSource name, parse_token_source(source));
    CMC_TRY(Token token, Token::open(name, password, Token::Access::read, limits));
    CMC_TRY(auto key, token.find_key(name.object, name.id));
    return LoadedKey{std::move(key), {}};
  }
  CMC_TRY(const File file, read_secret_file(source, longest_key_file));
  auto key = private_key_from_file(file.bytes, asker(source, password), limits);
  if (!key) return about(source, key.error());
  return LoadedKey{*std::move(key), file.warning};
}

Result<DerList> load_certificates(const std::string& source, const PasswordSource* password, const Limits& limits) {
  if (names_token(source)) {
    CMC_TRY(const TokenSource name, parse_token_source(source));
    CMC_TRY(const Token token, Token::open(name, password, Token::Access::read, limits));
    CMC_TRY(DerList found, token.find_certificates(name.object, name.id));
    if (found.empty()) return Error{Errc::no_key, 0, {}, {}, name.text + ": no such certificate in the token"};
    return found;
  }
  CMC_TRY(CertificateFile file, load_certificate_file(source, password, limits));
  if (file.certificates.empty()) return Error{Errc::no_key, 0, {}, {}, source + ": no certificate is in it"};
  return std::move(file.certificates);
}

Result<DerList> load_crls(const std::string& source, const PasswordSource* password, const Limits& limits) {
  CMC_TRY(CertificateFile file, load_certificate_file(source, password, limits));
  if (file.crls.empty()) return Error{Errc::no_key, 0, {}, {}, source + ": no CRL is in it"};
  return std::move(file.crls);
}

Result<Credentials> load_credentials(const std::string& source, const std::optional<std::string>& certificate_source,
                                     const PasswordSource* password, const Limits& limits) {
  CMC_TRY(Credentials credentials, load_key_and_neighbours(source, password, limits));
  if (certificate_source) {
    CMC_TRY(credentials.certificates, load_certificates(*certificate_source, password, limits));
  }
  if (!put_own_first(credentials.certificates, credentials.key->public_key(), limits)) {
    if (certificate_source) {
      return Error{Errc::no_key, 0, {}, {}, "no certificate in " + *certificate_source + " has the public key of " + source};
    }
    credentials.certificates.clear();
  }
  return credentials;
}

}  // namespace cmcctl
