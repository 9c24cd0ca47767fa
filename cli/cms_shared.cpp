#include "cms_shared.hpp"

#include <cmcctl/codec/hexadecimal.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/password.hpp>

namespace cmcctl::cli {
namespace {

std::optional<Secrets::Kek> read_kek(const std::string& option, const CmsReport& report, ExitCode& code) {
  const std::size_t sign = option.find('=');
  auto identifier = octets_of_hex(std::string_view(option).substr(0, sign));
  if (sign == std::string::npos || !identifier || identifier->empty()) {
    code = report.fail(ExitCode::usage,
                       "--kek wants ID=SOURCE with an identifier in hexadecimal, such as 6b31=file:kek.hex");
    return std::nullopt;
  }
  const auto text = read_secret(option.substr(sign + 1), "key-encryption key", report, code);
  if (!text) return std::nullopt;
  auto key = octets_of_hex<SecretOctets>(Octets(*text).chars());
  if (!key || (key->size() != 16 && key->size() != 24 && key->size() != 32)) {
    code = report.fail(ExitCode::key, "a key-encryption key is 16, 24 or 32 octets in hexadecimal");
    return std::nullopt;
  }
  return Secrets::Kek{*std::move(identifier), *std::move(key)};
}

}  // namespace

std::optional<SecretOctets> read_secret(const std::string& source, std::string_view what, const CmsReport& report,
                                        ExitCode& code) {
  const auto from = PasswordSource::from(source);
  const auto secret = from ? from->get(what) : Result<SecretOctets>(from.error());
  if (!secret) {
    code = report.refuse(std::string(what), secret.error());
    return std::nullopt;
  }
  if (from->is_visible())
    report.io().err << "cmcctl " << report.command() << ": warning: other users can see the " << what
                    << " in the list of processes\n";
  return *secret;
}

std::optional<SecretOctets> read_hex_secret(const std::string& source, std::string_view what, const CmsReport& report,
                                            ExitCode& code) {
  const auto text = read_secret(source, what, report, code);
  if (!text) return std::nullopt;
  auto octets = octets_of_hex<SecretOctets>(Octets(*text).chars());
  if (octets && !octets->empty()) return octets;
  code = report.fail(ExitCode::key, "the " + std::string(what) + " is not in hexadecimal");
  return std::nullopt;
}

ExitCode CmsReport::fail(ExitCode code, const std::string& problem) const {
  io_.err << "cmcctl " << command_ << ": " << problem << '\n';
  return code;
}

ExitCode CmsReport::refuse(const std::string& file, const Error& error) const {
  report_error(io_, command_, file, {}, error);
  switch (error.code) {
    case Errc::bad_key:
    case Errc::weak_key:
    case Errc::no_key:
    case Errc::wrong_password:
    case Errc::token_failed:
    case Errc::decryption_failed:
      return ExitCode::key;
    case Errc::unsupported_algorithm:
    case Errc::bad_algorithm:
      return ExitCode::no;
    default:
      return ExitCode::undecodable;
  }
}

void add_secret_options(Command command, SecretOptions& options) {
  command
      .add_option("--kek", options.keks,
                  "A key-encryption key: its identifier in hexadecimal, and where the key is, in hexadecimal too")
      .type_name("ID=SOURCE");
  command.add_option("--password", options.passwords, "A password: file:PATH, env:NAME, fd:NUMBER or prompt")
      .type_name("SOURCE");
}

std::optional<Secrets> read_secrets(const SecretOptions& options, const CmsReport& report, ExitCode& code) {
  Secrets secrets;
  for (const std::string& option : options.keks) {
    auto kek = read_kek(option, report, code);
    if (!kek) return std::nullopt;
    secrets.keks.push_back(*std::move(kek));
  }
  for (const std::string& option : options.passwords) {
    auto password = read_secret(option, "password", report, code);
    if (!password) return std::nullopt;
    secrets.passwords.push_back(*std::move(password));
  }
  return secrets;
}

}  // namespace cmcctl::cli
