#include "opening_keys.hpp"

#include <optional>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/key_source.hpp>

#include "trust.hpp"

namespace cmcctl::cli {

void add_opening_options(Command command, OpeningOptions& options) {
  command.add_option("--key", options.keys, "A private key").type_name("SOURCE");
  command.add_option("--key-password", options.key_password, "The password of the key file").type_name("SOURCE");
  add_secret_options(command, options.secrets);
}

bool OpeningKeys::read(const OpeningOptions& options, const CmsReport& report, const ReadOptions& reading,
                       ExitCode& code) {
  auto secrets = read_secrets(options.secrets, report, code);
  if (!secrets) return false;
  secrets_ = *std::move(secrets);
  for (const Secrets::Kek& kek : secrets_.keks) keks_.push_back({kek.identifier, kek.key});
  for (const SecretOctets& password : secrets_.passwords) passwords_.push_back(password);
  const Limits limits = limits_of(reading);
  if (!read_private_keys(options, report, limits, code)) return false;
  for (const std::string& name : options.certificates) {
    auto bag = read_bag(name, report.command(), report.io(), reading, code);
    if (!bag) return false;
    for (auto& certificate : bag->certificates) certificates_.push_back(std::move(certificate));
  }
  pair_certificates(limits);
  return true;
}

bool OpeningKeys::read_private_keys(const OpeningOptions& options, const CmsReport& report, const Limits& limits,
                                    ExitCode& code) {
  std::optional<PasswordSource> password;
  if (!options.key_password.empty()) {
    auto source = PasswordSource::from(options.key_password);
    if (!source) {
      code = report.refuse("--key-password", source.error());
      return false;
    }
    password = *std::move(source);
  }
  for (const std::string& name : options.keys) {
    auto loaded = load_private_key(name, password ? &*password : nullptr, limits);
    if (!loaded) {
      code = report.refuse(name, loaded.error());
      return false;
    }
    if (!loaded->warning.empty()) {
      report.io().err << "cmcctl " << report.command() << ": warning: " << escape(loaded->warning) << '\n';
    }
    private_keys_.push_back(std::move(loaded->key));
  }
  return true;
}

// A certificate goes to the key that it is for; a key without one is tried on every recipient of its kind.
void OpeningKeys::pair_certificates(const Limits& limits) {
  for (const auto& key : private_keys_) {
    const std::size_t before = pairs_.size();
    for (const auto& der : certificates_) {
      const auto certificate = X509Certificate::from_der(der, limits);
      if (certificate && certificate->public_key() && certificate->public_key()->is_same(key->public_key())) {
        pairs_.push_back({key.get(), der});
      }
    }
    if (pairs_.size() == before) pairs_.push_back({key.get(), {}});
  }
}

}  // namespace cmcctl::cli
