#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include <cmcctl/cmc/shared_token.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/key_source.hpp>
#include <cmcctl/crypto/key_writing.hpp>

#include "cms_shared.hpp"
#include "command.hpp"
#include "files.hpp"
#include "keys.hpp"
#include "trust.hpp"

namespace cmcctl::cli {
namespace {

struct Options {
  std::string file = "-";
  std::string certificate;
  KeyOptions key;
  std::string secret;
  std::string output;
  ReadOptions reading;
  bool oaep = false;
  bool force = false;
};

// As Dogtag writes it: 76 columns, and CR LF behind the last line, too.
std::string base64_lines(Octets bytes) {
  constexpr std::size_t columns = 76;
  const std::string text = base64(bytes);
  std::string lines;
  for (std::size_t i = 0; i < text.size(); i += columns) lines += text.substr(i, columns) + "\r\n";
  return lines;
}

class SharedToken {
 public:
  SharedToken(const Options& options, Io& io, const std::string& verb)
      : options_(options), report_(io, "shared-token " + verb), limits_(limits_of(options.reading)) {}

  ExitCode make() {
    if (options_.certificate.empty() || options_.secret.empty()) {
      return report_.fail(ExitCode::usage, "name the CA's certificate with --for, and the secret with --secret");
    }
    std::error_code ignored;
    if (!options_.output.empty() && !options_.force && std::filesystem::exists(options_.output, ignored)) {
      return report_.fail(ExitCode::io,
                          escape(options_.output) + " exists; name another file, or overwrite it with --force");
    }
    ExitCode code = ExitCode::ok;
    const auto bag = read_bag(options_.certificate, report_.command(), report_.io(), options_.reading, code);
    if (!bag) return code;
    if (bag->certificates.size() != 1) {
      return report_.fail(ExitCode::usage, escape(options_.certificate) + " holds not one certificate but " +
                                               std::to_string(bag->certificates.size()));
    }
    const auto certificate = X509Certificate::from_der(bag->certificates.front(), limits_);
    if (!certificate) return report_.refuse(options_.certificate, certificate.error());
    const auto& key = certificate->public_key();
    if (!key) return report_key_error(report_.io(), report_.command(), key.error());
    const auto secret = read_secret(options_.secret, "secret", report_, code);
    if (!secret) return code;
    const auto token = make_shared_token(*key, *secret, options_.oaep);
    if (!token) return report_key_error(report_.io(), report_.command(), token.error());
    return write(base64_lines(*token));
  }

  ExitCode open() {
    auto found = opened();
    if (!found) return found.error();
    const SecretOctets& secret = *found;
    if (options_.output.empty()) {
      report_.io().out << Octets(secret).chars() << '\n';
      return ExitCode::ok;
    }
    const std::string problem = write_new_secret_file(options_.output, secret);
    if (problem.empty()) return ExitCode::ok;
    return report_.fail(ExitCode::io, escape(options_.output) + ": " + problem);
  }

  ExitCode check() {
    if (options_.secret.empty()) return report_.fail(ExitCode::usage, "name the secret with --secret");
    ExitCode code = ExitCode::ok;
    const auto expected = read_secret(options_.secret, "secret", report_, code);
    if (!expected) return code;
    auto found = opened();
    if (!found) return found.error();
    const bool same = equal_in_constant_time(*found, *expected);
    report_.io().out << (same ? "the token holds this secret\n" : "the token holds another secret\n");
    return same ? ExitCode::ok : ExitCode::no;
  }

 private:
  OrExit<SecretOctets> opened() {
    auto key = load_key(options_.key, report_.io(), report_.command(), limits_);
    if (!key) return key.error();
    const Input input = read_input(options_.file, report_.io(), options_.reading);
    if (!input.problem.empty()) return report_.fail(ExitCode::io, escape(options_.file) + ": " + input.problem);
    if (input.error) return report_.refuse(options_.file, *input.error);
    Decoder decoder(limits_);
    auto secret = open_shared_token(decoder, Octets(input.blocks.front().bytes), **key);
    if (!secret && secret.error().code == Errc::unsupported_algorithm) {
      return report_key_error(report_.io(), report_.command(), secret.error());
    }
    if (!secret) return report_.refuse(options_.file, secret.error());
    return *std::move(secret);
  }

  ExitCode write(const std::string& text) {
    if (options_.output.empty()) {
      report_.io().out << text;
      return ExitCode::ok;
    }
    const std::string problem = write_file(options_.output, Octets(std::string_view(text)));
    if (problem.empty()) return ExitCode::ok;
    return report_.fail(ExitCode::io, escape(options_.output) + ": " + problem);
  }

  const Options& options_;
  CmsReport report_;
  Limits limits_;
};

constexpr std::string_view secret_help = "The secret: file:PATH, env:NAME, fd:NUMBER, prompt or pass:TEXT";

void register_make(Command group, Globals& globals) {
  const Command command = group.add_subcommand("make", "Encrypt a secret for a CA");
  const auto options = std::make_shared<Options>();
  command.add_option("--for", options->certificate, "The CA's issuance protection certificate (RSA)")
      .type_name("FILE");
  command.add_option("--secret", options->secret, std::string(secret_help)).type_name("SOURCE");
  command.add_flag("--oaep", options->oaep, "OAEP with SHA-256, for a CA with keyWrap.useOAEP; else PKCS #1 v1.5");
  command.add_option("-o,--output", options->output, "Write to this file; base64 either way").type_name("FILE");
  command.add_flag("--force", options->force, "Overwrite the file of -o");
  add_read_options(command, options->reading);
  command.footer(
      "What comes out goes to the attribute shrTok of the user's LDAP entry, or to revShrTok of a certificate record.\n"
      "Exit codes: 0 done, 2 wrong call, 3 the certificate does not decode, 4 a file cannot be read or written,\n"
      "7 key or secret cannot be used.\n"
      "Example:\n"
      "  cmcctl shared-token make --for issuance_protection.pem --secret file:secret.txt -o token.b64");
  set_action(command, globals, [options, &globals] { return SharedToken(*options, globals.io, "make").make(); });
}

Command add_reading_verb(Command group, const std::shared_ptr<Options>& options, const std::string& name,
                           const std::string& what) {
  const Command command = group.add_subcommand(name, what);
  command.add_option("FILE", options->file, "The token, in base64 or DER; - is stdin").type_name("");
  add_key_options(command, options->key);
  add_read_options(command, options->reading);
  return command;
}

void register_open(Command group, Globals& globals) {
  const auto options = std::make_shared<Options>();
  Command command = add_reading_verb(group, options, "open", "The secret in a token");
  command.add_option("-o,--output", options->output, "Write to this new file, mode 0600, and not to standard output")
      .type_name("FILE");
  command.footer(
      "Exit codes: 0 done, 2 wrong call, 3 this is no token, 4 a file cannot be read or written,\n"
      "7 the key cannot be used, or the token is for another.\n"
      "Example:\n"
      "  cmcctl shared-token open token.b64 --key issuance_protection.key -o secret.txt");
  set_action(command, globals, [options, &globals] { return SharedToken(*options, globals.io, "open").open(); });
}

void register_check(Command group, Globals& globals) {
  const auto options = std::make_shared<Options>();
  Command command = add_reading_verb(group, options, "check", "Whether a token holds this secret");
  command.add_option("--secret", options->secret, std::string(secret_help)).type_name("SOURCE");
  command.footer(
      "Exit codes: 0 it does, 1 it does not, 2 wrong call, 3 this is no token, 4 a file cannot be read,\n"
      "7 the key cannot be used, or the token is for another.\n"
      "Example:\n"
      "  cmcctl shared-token check token.b64 --key issuance_protection.key --secret prompt");
  set_action(command, globals, [options, &globals] { return SharedToken(*options, globals.io, "check").check(); });
}

}  // namespace

void register_shared_token(Command app, Globals& globals) {
  const Command group = app.add_subcommand("shared-token", "Dogtag's tokens: a shared secret, encrypted for its CA");
  group.needs_subcommand();
  register_make(group, globals);
  register_open(group, globals);
  register_check(group, globals);
}

}  // namespace cmcctl::cli
