#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/key_source.hpp>

#include "files.hpp"
#include "keys_commands.hpp"
#include "reading.hpp"

namespace cmcctl::cli {
namespace {

struct ShowOptions : KeysOptions {
  std::string certificate;
  std::string file;
  std::string to = "pem";
};

Result<PublicKey> key_of_certificate(const DerList& certificates) {
  CMC_TRY(const auto certificate, X509Certificate::from_der(certificates.front()));
  return certificate.public_key();
}

// SubjectPublicKeyInfo, bare or in PEM.
std::optional<PublicKey> bare_key(const std::string& file, Io& io) {
  const Input input = read_input(file, io, {});
  for (const InputBlock& block : input.blocks) {
    if (auto key = PublicKey::from_spki(block.bytes)) return *std::move(key);
  }
  return std::nullopt;
}

// Of a private key, a certificate or a bare public key.
Result<PublicKey> public_key_of(const std::string& source, const PasswordSource* password, Io& io) {
  if (!names_token(source)) {
    if (auto key = bare_key(source, io)) return *std::move(key);
  }
  if (const auto certificates = load_certificates(source, password); certificates && certificates->size() == 1) {
    return key_of_certificate(*certificates);
  }
  CMC_TRY(const LoadedKey loaded, load_private_key(source, password));
  return loaded.key->public_key();
}

class Show {
 public:
  Show(const ShowOptions& options, Globals& globals, std::string_view name)
      : options_(options), globals_(globals), io_(globals.io), name_("keys " + std::string(name)) {}

  ExitCode find() {
    return with_password([&](const PasswordSource* password) -> Result<ExitCode> {
      CMC_TRY(const Credentials found, options_.certificate.empty() ? load_credentials(options_.source, std::nullopt, password)
                                                                    : key_of_certificate_file(password));
      if (!found.warning.empty()) io_.err << "cmcctl " << name_ << ": warning: " << escape(found.warning) << '\n';
      Json answer{{"schema", 1}, {"key", key_json(found.key->public_key())}};
      if (const auto id = token_key_id(*found.key); !id.empty()) answer["id"] = hex(id);
      if (!found.certificates.empty()) {
        const auto certificate = X509Certificate::from_der(found.certificates.front());
        if (certificate) answer["certificate"] = certificate->subject_text();
      }
      print_answer(globals_, answer);
      return ExitCode::ok;
    });
  }

  ExitCode id() {
    return with_password([&](const PasswordSource* password) -> Result<ExitCode> {
      CMC_TRY(const PublicKey key, public_key_of(options_.source, password, io_));
      Json answer{{"schema", 1}};
      answer.update(key_json(key));
      print_answer(globals_, answer);
      return ExitCode::ok;
    });
  }

  ExitCode export_public_key() {
    if (options_.to == "der" && options_.file.empty() && io_.out_is_terminal) {
      io_.err << "cmcctl " << name_ << ": binary output is not for a terminal; name a file with -o\n";
      return ExitCode::usage;
    }
    return with_password([&](const PasswordSource* password) -> Result<ExitCode> {
      CMC_TRY(const PublicKey key, public_key_of(options_.source, password, io_));
      const std::string text = options_.to == "der" ? std::string(key.spki().chars()) : pem(key.spki());
      if (options_.file.empty()) {
        io_.out << text;
        return ExitCode::ok;
      }
      const std::string problem = write_file(options_.file, Octets(std::string_view(text)));
      if (problem.empty()) return ExitCode::ok;
      io_.err << "cmcctl " << name_ << ": " << escape(options_.file) << ": " << problem << '\n';
      return ExitCode::io;
    });
  }

 private:
  template <class Work>
  ExitCode with_password(Work&& work) {
    auto password = password_of(options_.password, io_, name_);
    if (!password) return password.error();
    const Result<ExitCode> code = work(*password ? &**password : nullptr);
    return code ? *code : report_key_error(io_, name_, code.error());
  }

  Result<Credentials> key_of_certificate_file(const PasswordSource* password) {
    CMC_TRY(DerList certificates, load_certificates(options_.certificate, password));
    CMC_TRY(const PublicKey wanted, key_of_certificate(certificates));
    if (!names_token(options_.source)) return load_credentials(options_.source, options_.certificate, password);
    CMC_TRY(const TokenSource source, parse_token_source(options_.source));
    CMC_TRY(Token token, Token::open(source, password));
    CMC_TRY(auto key, token.find_key(wanted));
    return Credentials{std::move(key), std::move(certificates), {}};
  }

  static std::string pem(Octets spki) {
    constexpr std::size_t line_octets = 48;
    std::string text = "-----BEGIN PUBLIC KEY-----\n";
    for (std::size_t at = 0; at < spki.size(); at += line_octets) {
      text += base64(spki.sub(at, std::min(line_octets, spki.size() - at))) + "\n";
    }
    return text + "-----END PUBLIC KEY-----\n";
  }

  const ShowOptions& options_;
  Globals& globals_;
  Io& io_;
  std::string name_;
};

}  // namespace

void register_keys_show(Command keys, Globals& globals) {
  const Command find = keys.add_subcommand("find", "Find one private key, and its certificate");
  const auto to_find = std::make_shared<ShowOptions>();
  add_source(find, *to_find, "KEY", "The key, or with --cert the store to look in");
  find.add_option("--cert", to_find->certificate, "Find the private key of this certificate").type_name("FILE");
  add_json_option(find, globals);
  set_action(find, globals, [to_find, &globals] { return Show(*to_find, globals, "find").find(); });

  const Command id = keys.add_subcommand("id", "Print a key's identifiers: for NSS, for Dogtag, and as 0x");
  const auto to_name = std::make_shared<ShowOptions>();
  add_source(id, *to_name, "KEY", "A private key, a certificate or a public key");
  add_json_option(id, globals);
  set_action(id, globals, [to_name, &globals] { return Show(*to_name, globals, "id").id(); });

  const Command export_pub = keys.add_subcommand("export-pub", "Write the public key (SubjectPublicKeyInfo)");
  const auto to_export = std::make_shared<ShowOptions>();
  add_source(export_pub, *to_export, "KEY", "A private key, a certificate or a public key");
  export_pub.add_option("--to", to_export->to, "pem or der").one_of({"pem", "der"}).type_name("FORM");
  export_pub.add_option("-o,--output", to_export->file, "Write to this file").type_name("FILE");
  set_action(export_pub, globals, [to_export, &globals] { return Show(*to_export, globals, "export-pub").export_public_key(); });
}

}  // namespace cmcctl::cli
