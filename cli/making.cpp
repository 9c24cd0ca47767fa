#include "making.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/codec/inspect.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/certificate.hpp>

#include "trust.hpp"

namespace cmcctl::cli {
namespace {

ExitCode exit_code_of(Errc code) {
  switch (code) {
    case Errc::bad_key:
    case Errc::weak_key:
    case Errc::no_key:
    case Errc::wrong_password:
    case Errc::token_failed:
    case Errc::unsupported_algorithm:
    case Errc::bad_algorithm:
    case Errc::decryption_failed:
      return ExitCode::key;
    case Errc::not_encodable:
    case Errc::value_out_of_range:
      return ExitCode::usage;
    default:
      return ExitCode::undecodable;
  }
}

constexpr std::string_view signature_group = "Signature";

// The file's certificate of the key; none where it has another.
DerList certificates_for(const PublicKey& key, const std::string& file, const Limits& limits) {
  auto certificates = load_certificates(file, nullptr, limits);
  if (!certificates) return {};
  const auto certificate = X509Certificate::from_der(certificates->front(), limits);
  const bool own = certificate && certificate->public_key() && certificate->public_key()->is_same(key);
  return own ? *std::move(certificates) : DerList();
}

}  // namespace

void add_new_message_options(Command command, NewMessageOptions& options) {
  add_output_options(command, options.output);
  command.add_flag("--force", options.force, "Overwrite the file of -o");
  command.add_flag("--dry-run", options.dry_run, "Write nothing, show what would be written as inspect does");
}

ExitCode Maker::fail(ExitCode code, const std::string& problem) const {
  io_.err << "cmcctl " << command_ << ": " << problem << '\n';
  return code;
}

ExitCode Maker::refuse(const Error& error) const {
  io_.out.flush();
  io_.err << "cmcctl " << command_ << ": " << (error.path.empty() ? "" : escape(error.path) + ": ")
          << escape(error.detail.empty() ? std::string(error_info(error.code).sentence) : error.detail)
          << (error.rule.empty() ? "" : " [" + std::string(error.rule) + "]") << '\n';
  if (error.detail.empty() || exit_code_of(error.code) == ExitCode::key) {
    io_.err << "  try: " << error_info(error.code).hint << '\n';
  }
  return exit_code_of(error.code);
}

ExitCode Maker::refuse(const std::string& file, const Error& error) const {
  report_error(io_, command_, file, {}, error);
  return exit_code_of(error.code);
}

ExitCode Maker::may_write(const NewMessageOptions& options) const {
  if (options.dry_run) return ExitCode::ok;
  std::error_code ignored;
  const std::string& file = options.output.file;
  if (!file.empty() && !options.force && std::filesystem::is_regular_file(file, ignored)) {
    return fail(ExitCode::io, escape(file) + " exists; name another file, or overwrite it with --force");
  }
  return cli::may_write(io_, command_, options.output) ? ExitCode::ok : ExitCode::usage;
}

ExitCode Maker::write(const NewMessageOptions& options, Octets message) const {
  if (!options.dry_run) return write_message(io_, command_, options.output, message);
  Decoder decoder;
  const auto opened = open_message(decoder, message);
  if (!opened) return refuse(opened.error());
  InspectOptions how;
  how.color = io_.color;
  inspect_text(io_.out, decoder, *opened, InspectInput{"(not written)", "der", {}}, how);
  return ExitCode::ok;
}

OrExit<SecretOctets> Maker::secret(const std::string& source, std::string_view option, std::string_view what) const {
  const auto from = PasswordSource::from(source);
  if (!from) return fail(ExitCode::usage, std::string(option) + ": " + escape(from.error().detail));
  if (from->is_visible()) {
    io_.err << "cmcctl " << command_
            << ": warning: every process can read a secret on the command line; use file:, env: "
            << "or fd:\n";
  }
  auto secret = from->get(what);
  if (!secret) return refuse(secret.error());
  if (secret->empty()) return fail(ExitCode::key, std::string(option) + ": the " + std::string(what) + " is empty");
  return *std::move(secret);
}

void add_signer_options(Command command, SignerOptions& options, const std::string& certificate) {
  const std::string group(signature_group);
  command
      .add_option(
          "--sign-with", options.keys,
          "Key of a signer: a file (PEM, DER, PKCS #12), nss:DIR?nickname=NAME or pkcs11:token=NAME;object=NAME")
      .type_name("KEY")
      .group(group);
  command
      .add_option(certificate, options.certificates,
                  "Certificate of that key and those above it; else from its own file or store")
      .type_name("FILE")
      .group(group);
  command
      .add_option("--password", options.password,
                  "Password or PIN of the keys: file:PATH, env:NAME, fd:NUMBER, prompt or pass:TEXT")
      .type_name("SOURCE")
      .group(group);
  command.add_flag("--ski", options.key_identifier, "Name signers by key identifiers, not issuer and serial number")
      .group(group);
  command.add_flag("--no-time", options.no_time, "No signingTime").group(group);
}

OrExit<Signers> load_signers(const SignerOptions& options, const Maker& maker, const Limits& limits) {
  if (!options.certificates.empty() && options.certificates.size() != options.keys.size()) {
    return maker.fail(ExitCode::usage,
                      "give one certificate file for each --sign-with, in their order, or none at all");
  }
  auto password = password_of(options.password, maker.io(), maker.command());
  if (!password) return password.error();
  Signers loaded;
  for (std::size_t i = 0; i < options.keys.size(); ++i) {
    std::optional<std::string> certificate;
    if (!options.certificates.empty()) certificate = options.certificates[i];
    auto credentials = load_credentials(options.keys[i], certificate, *password ? &**password : nullptr, limits);
    if (!credentials) return maker.refuse(credentials.error());
    if (!credentials->warning.empty()) {
      maker.io().err << "cmcctl " << maker.command() << ": warning: " << escape(credentials->warning) << '\n';
    }
    if (credentials->certificates.empty() && !options.spare_certificate.empty()) {
      credentials->certificates = certificates_for(credentials->key->public_key(), options.spare_certificate, limits);
    }
    loaded.keys.push_back(std::move(credentials->key));
    loaded.chains.push_back(std::move(credentials->certificates));
  }
  for (std::size_t i = 0; i < loaded.keys.size(); ++i) {
    const DerList& chain = loaded.chains[i];
    std::vector<std::uint8_t> identifier = loaded.keys[i]->public_key().key_identifier();
    if (!chain.empty()) {
      const auto certificate = X509Certificate::from_der(chain.front(), limits);
      if (!certificate) return maker.refuse(certificate.error());
      const Octets named = certificate->subject_key_identifier();
      if (!named.empty()) identifier.assign(named.begin(), named.end());
    }
    loaded.identifiers.push_back(std::move(identifier));
    for (const auto& der : chain) {
      if (std::ranges::find(loaded.certificates, der) == loaded.certificates.end()) loaded.certificates.push_back(der);
    }
  }
  for (std::size_t i = 0; i < loaded.keys.size(); ++i) {
    Signer& signer = loaded.signers.emplace_back();
    signer.key = loaded.keys[i].get();
    signer.scheme = usual_scheme(signer.key->public_key());
    if (!loaded.chains[i].empty()) signer.certificate = loaded.chains[i].front();
    if (options.key_identifier) signer.key_identifier = loaded.identifiers[i];
  }
  return loaded;
}

SignedDataOptions signing(const SignerOptions& options, const Signers& signers, bool as_peers) {
  SignedDataOptions how;
  how.certificates = signers.certificates;
  if (!options.no_time && !as_peers) how.signing_time = time_of({});
  how.null_digest_parameters = as_peers;
  return how;
}

ExitCode check_certified(const Signers& signers, const SignerOptions& options, const Maker& maker,
                         const std::string& certificate) {
  for (std::size_t i = 0; i < signers.keys.size(); ++i) {
    if (options.key_identifier || !signers.chains[i].empty()) continue;
    return maker.fail(ExitCode::key, "no certificate for " + escape(options.keys[i]) + "; name it with " + certificate +
                                         ", or sign with the identifier of the key alone: --ski");
  }
  return ExitCode::ok;
}

SignatureScheme scheme_with(const PublicKey& key, Hash least) {
  SignatureScheme scheme = usual_scheme(key);
  if (has_hash(scheme.kind)) scheme.hash = std::max(scheme.hash, least);
  if (scheme.kind == SignatureKind::rsa_pss) scheme.salt_octets = output_octets(scheme.hash);
  return scheme;
}

void add_encryption_options(Command command, EncryptionOptions& options) {
  const std::string group = "Encryption";
  command.add_option("--encrypt-to", options.recipients, "Encrypt to this certificate; may be repeated")
      .type_name("FILE")
      .group(group);
  command.add_flag("--gcm", options.gcm, "AES-256-GCM in AuthEnvelopedData, not AES-256-CBC in EnvelopedData")
      .group(group);
}

EncryptionOptions for_unsigned(EncryptionOptions options) {
  options.gcm = options.gcm || !options.recipients.empty();
  return options;
}

OrExit<std::vector<std::uint8_t>> encrypted(const EncryptionOptions& options, std::vector<std::uint8_t> message,
                                            const Maker& maker, const ReadOptions& reading) {
  if (options.recipients.empty()) {
    if (options.gcm) return maker.fail(ExitCode::usage, "--gcm is for --encrypt-to");
    return message;
  }
  std::vector<Bag> bags;
  std::vector<Recipient> recipients;
  for (const std::string& file : options.recipients) {
    ExitCode code = ExitCode::ok;
    auto bag = read_bag(file, maker.command(), maker.io(), reading, code);
    if (!bag) return code;
    if (bag->certificates.empty()) return maker.fail(ExitCode::undecodable, escape(file) + ": no certificate in it");
    bags.push_back(*std::move(bag));
  }
  for (const Bag& bag : bags) recipients.emplace_back(CertificateRecipient{bag.certificates.front()});
  auto sealed =
      encrypt_full(message, recipients, options.gcm ? ContentCipher::aes_256_gcm : ContentCipher::aes_256_cbc);
  if (!sealed) return maker.refuse(sealed.error());
  return *std::move(sealed);
}

}  // namespace cmcctl::cli
