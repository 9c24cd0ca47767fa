#include "keys.hpp"

#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/key_source.hpp>

namespace cmcctl::cli {

void add_key_options(Command command, KeyOptions& options) {
  command.add_option("--key", options.key, "The private key: a file (PEM, DER, PKCS #12), nss:DIR?nickname=NAME or pkcs11:token=NAME;object=NAME")
      .type_name("KEY");
  command.add_option("--password", options.password, "Its password or PIN: file:PATH, env:NAME, fd:NUMBER, prompt or pass:TEXT")
      .type_name("SOURCE");
}

ExitCode report_key_error(Io& io, std::string_view command, const Error& error) {
  io.out.flush();
  io.err << "cmcctl " << command << ": " << error_info(error.code).sentence
         << (error.detail.empty() ? "" : ": " + escape(error.detail)) << '\n'
         << "  try: " << error_info(error.code).hint << '\n';
  switch (error.code) {
    case Errc::no_key:
    case Errc::wrong_password:
    case Errc::token_failed:
    case Errc::bad_key:
    case Errc::weak_key:
    case Errc::unsupported_algorithm:
    case Errc::bad_algorithm:
    case Errc::limit_exceeded:
    case Errc::decryption_failed:
      return ExitCode::key;
    default:
      return ExitCode::undecodable;
  }
}

OrExit<std::optional<PasswordSource>> password_of(const std::string& option, Io& io, std::string_view command) {
  if (option.empty()) return std::optional<PasswordSource>();
  auto source = PasswordSource::from(option);
  if (!source) {
    io.err << "cmcctl " << command << ": --password: " << source.error().detail << '\n';
    return ExitCode::usage;
  }
  if (source->is_visible()) {
    io.err << "cmcctl " << command
           << ": warning: every process can read a password on the command line; use file:, env: or fd:\n";
  }
  return std::optional<PasswordSource>(*std::move(source));
}

OrExit<std::unique_ptr<PrivateKey>> load_key(const KeyOptions& options, Io& io, std::string_view command,
                                             const Limits& limits) {
  if (options.key.empty()) {
    io.err << "cmcctl " << command << ": --key is missing\n";
    return ExitCode::usage;
  }
  auto password = password_of(options.password, io, command);
  if (!password) return password.error();
  auto loaded = load_private_key(options.key, *password ? &**password : nullptr, limits);
  if (!loaded) return report_key_error(io, command, loaded.error());
  if (!loaded->warning.empty()) io.err << "cmcctl " << command << ": warning: " << escape(loaded->warning) << '\n';
  return std::move(loaded->key);
}

}  // namespace cmcctl::cli
