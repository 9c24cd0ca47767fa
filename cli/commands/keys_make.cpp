#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/key_source.hpp>
#include <cmcctl/crypto/key_writing.hpp>

#include "keys_commands.hpp"

namespace cmcctl::cli {
namespace {

struct MakeOptions : KeysOptions {
  std::string file;
  std::string token;
  std::string label;
};

class Generate {
 public:
  Generate(const MakeOptions& options, Globals& globals) : options_(options), globals_(globals), io_(globals.io) {}

  ExitCode run() {
    if (options_.file.empty() == options_.token.empty()) {
      return fail(ExitCode::usage, "say where the key goes: -o FILE or --in TOKEN");
    }
    auto password = password_of(options_.password, io_, "keys gen");
    if (!password) return password.error();
    return options_.token.empty() ? into_file(*password) : into_token(*password);
  }

 private:
  ExitCode fail(ExitCode code, const std::string& problem) {
    io_.err << "cmcctl keys gen: " << problem << '\n';
    return code;
  }

  ExitCode into_file(const std::optional<PasswordSource>& password) {
    const auto pem = make_pem(password);
    if (!pem) return report_key_error(io_, "keys gen", pem.error());
    const std::string problem = write_new_secret_file(options_.file, *pem);
    if (!problem.empty()) return fail(ExitCode::io, escape(options_.file) + ": " + problem);
    print_answer(globals_, answer_);
    return ExitCode::ok;
  }

  Result<SecretOctets> make_pem(const std::optional<PasswordSource>& password) {
    std::optional<SecretOctets> secret;
    if (password) {
      CMC_TRY(secret, password->get("password for " + options_.file));
      if (secret->empty()) return Error{Errc::wrong_password, 0, {}, {}, "an empty password protects nothing"};
    }
    CMC_TRY(const auto key, generate_private_key(options_.source));
    answer_ = {{"schema", 1}, {"file", options_.file}, {"key", key_json(key->public_key())}};
    return private_key_pem(*key, secret ? std::optional<Octets>(*secret) : std::nullopt);
  }

  ExitCode into_token(const std::optional<PasswordSource>& password) {
    if (options_.label.empty()) return fail(ExitCode::usage, "a key in a token needs a --label");
    const auto made = [&]() -> Result<void> {
      CMC_TRY(const TokenSource source, parse_token_source(options_.token));
      CMC_TRY(Token token, Token::open(source, password ? &*password : nullptr, Token::Access::write));
      CMC_TRY(const auto key, token.generate(options_.source, options_.label));
      answer_ = {{"schema", 1}, {"token", token.info().label}, {"label", options_.label}, {"id", hex(token_key_id(*key))},
                 {"key", key_json(key->public_key())}};
      return {};
    }();
    if (!made) return report_key_error(io_, "keys gen", made.error());
    print_answer(globals_, answer_);
    return ExitCode::ok;
  }

  const MakeOptions& options_;
  Globals& globals_;
  Io& io_;
  Json answer_;
};

Result<Json> import_certificate(const MakeOptions& options, const PasswordSource* password) {
  CMC_TRY(const DerList certificates, load_certificates(options.source, nullptr));
  CMC_TRY(const TokenSource source, parse_token_source(options.token));
  CMC_TRY(Token token, Token::open(source, password, Token::Access::write));
  CMC_TRY(const X509Certificate certificate, X509Certificate::from_der(certificates.front()));
  const std::string label = options.label.empty() ? certificate.subject_text() : options.label;
  CMC_CHECK(token.import_certificate(certificates.front(), label));
  return Json{{"schema", 1}, {"token", token.info().label}, {"label", label}, {"subject", certificate.subject_text()}};
}

ExitCode run_import(const MakeOptions& options, Globals& globals) {
  auto password = password_of(options.password, globals.io, "keys import-cert");
  if (!password) return password.error();
  const auto imported = import_certificate(options, *password ? &**password : nullptr);
  if (!imported) return report_key_error(globals.io, "keys import-cert", imported.error());
  print_answer(globals, *imported);
  return ExitCode::ok;
}

}  // namespace

void register_keys_make(Command keys, Globals& globals) {
  const Command gen = keys.add_subcommand("gen", "Make a new key, in a file or in a token");
  const auto to_make = std::make_shared<MakeOptions>();
  add_source(gen, *to_make, "KIND", "rsa:3072, ec:P-256, ec:P-384, ec:P-521; in files also ed25519, x25519, ml-dsa-65, ml-kem-768, ...");
  gen.add_option("-o,--output", to_make->file, "A new file: PKCS #8 in PEM, mode 0600, encrypted when there is a --password")
      .type_name("FILE");
  gen.add_option("--in", to_make->token, "The token: nss:DIR or pkcs11:token=NAME").type_name("TOKEN");
  gen.add_option("--label", to_make->label, "The key's name in the token").type_name("NAME");
  add_json_option(gen, globals);
  gen.footer(
      "Exit codes: 0 made, 4 the file fails, 7 token, key or password, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl keys gen ec:P-256 -o new.pem --password prompt\n"
      "  cmcctl keys gen rsa:3072 --in nss:/etc/pki/nssdb --label agent --password file:pin");
  set_action(gen, globals, [to_make, &globals] { return Generate(*to_make, globals).run(); });

  const Command import = keys.add_subcommand("import-cert", "Put a certificate beside its key in a token");
  const auto to_import = std::make_shared<MakeOptions>();
  add_source(import, *to_import, "FILE", "The certificate: DER, PEM or PKCS #7, whose first one is taken");
  import.add_option("--in", to_import->token, "The token: nss:DIR or pkcs11:token=NAME").type_name("TOKEN").required();
  import.add_option("--label", to_import->label, "Its nickname; else its subject").type_name("NAME");
  add_json_option(import, globals);
  set_action(import, globals, [to_import, &globals] { return run_import(*to_import, globals); });
}

}  // namespace cmcctl::cli
