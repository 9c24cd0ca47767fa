#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/codec/cms.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/authenticated.hpp>
#include <cmcctl/crypto/envelope.hpp>

#include "cms_shared.hpp"
#include "cms_verbs.hpp"
#include "files.hpp"
#include "trust.hpp"

namespace cmcctl::cli {
namespace {

constexpr std::string_view id_data = "1.2.840.113549.1.7.1";

const std::map<std::string, ContentCipher> ciphers{
    {"aes-128-cbc", ContentCipher::aes_128_cbc}, {"aes-192-cbc", ContentCipher::aes_192_cbc},
    {"aes-256-cbc", ContentCipher::aes_256_cbc}, {"aes-128-gcm", ContentCipher::aes_128_gcm},
    {"aes-192-gcm", ContentCipher::aes_192_gcm}, {"aes-256-gcm", ContentCipher::aes_256_gcm},
};

const std::map<std::string, Hash> hashes{
    {"sha1", Hash::sha1},     {"sha224", Hash::sha224}, {"sha256", Hash::sha256},
    {"sha384", Hash::sha384}, {"sha512", Hash::sha512},
};

struct Options {
  std::string file = "-";
  ReadOptions reading;
  SecretOptions secrets;
  OutputOptions output;
  std::vector<std::string> recipients;
  std::string type;
  std::string cipher = "aes-256-cbc";
  std::string hash = "sha256";
  std::string oaep;
  std::string kdf = "sha256";
  std::size_t iterations = 600'000;
  std::size_t tag = 12;
  bool key_identifier = false;
  bool aes_wrap = false;
};

class Make {
 public:
  Make(const Options& options, Io& io, bool mac)
      : options_(options), report_(io, mac ? "cms mac" : "cms encrypt"), mac_(mac) {}

  ExitCode run() {
    if (options_.recipients.empty() && options_.secrets.keks.empty() && options_.secrets.passwords.empty()) {
      return report_.fail(ExitCode::usage, "there is no recipient; name one with --recipient, --kek or --password");
    }
    if (!may_write(report_.io(), report_.command(), options_.output)) return ExitCode::usage;
    ExitCode code = ExitCode::ok;
    auto secrets = read_secrets(options_.secrets, report_, code);
    if (!secrets) return code;
    secrets_ = *std::move(secrets);
    if (!read_recipients(code)) return code;
    const FileBytes file = read_file(options_.file, report_.io(), limits_of(options_.reading).message_octets);
    if (!file.problem.empty()) return report_.fail(ExitCode::io, escape(options_.file) + ": " + file.problem);
    if (file.too_large) {
      return report_.refuse(options_.file,
                            {Errc::limit_exceeded, 0, {}, {}, "more than message_octets (limit message_octets)"});
    }
    return make(file.bytes);
  }

 private:
  bool read_recipients(ExitCode& code) {
    for (const std::string& name : options_.recipients) {
      auto bag = read_bag(name, report_.command(), report_.io(), options_.reading, code);
      if (!bag) return false;
      for (auto& certificate : bag->certificates) certificates_.push_back(std::move(certificate));
    }
    for (const auto& certificate : certificates_) {
      CertificateRecipient recipient{certificate, std::nullopt, hashes.at(options_.kdf), options_.key_identifier};
      if (!options_.oaep.empty()) recipient.oaep = PublicKey::Oaep{hashes.at(options_.oaep), hashes.at(options_.oaep)};
      recipients_.emplace_back(recipient);
    }
    for (const Secrets::Kek& kek : secrets_.keks) recipients_.emplace_back(KekRecipient{kek.identifier, kek.key});
    for (const SecretOctets& password : secrets_.passwords) {
      recipients_.emplace_back(PasswordRecipient{password, options_.iterations, Hash::sha256, options_.aes_wrap});
    }
    return true;
  }

  /// What a CMS message holds keeps its type; anything else is id-data, or what --type says.
  ExitCode make(const std::vector<std::uint8_t>& bytes) {
    if (!options_.type.empty()) return write(options_.type, bytes);
    Decoder decoder(limits_of(options_.reading));
    const auto info = decoder.decode<ContentInfo>(Octets(bytes));
    if (!info || !info->content) return write(std::string(id_data), bytes);
    return write(to_string(info->content_type), decoder.original(info->content->der));
  }

  ExitCode write(const std::string& type, Octets content) {
    const auto message = wrapped(type, content);
    if (!message) return report_.refuse(options_.file, message.error());
    return write_message(report_.io(), report_.command(), options_.output, Octets(*message));
  }

  Result<std::vector<std::uint8_t>> wrapped(const std::string& type, Octets content) {
    if (mac_) return make_authenticated(type, content, recipients_, hashes.at(options_.hash));
    const ContentCipher cipher = ciphers.at(options_.cipher);
    return is_aead(cipher) ? make_auth_enveloped(type, content, recipients_, cipher, options_.tag)
                           : make_enveloped(type, content, recipients_, cipher);
  }

  const Options& options_;
  CmsReport report_;
  bool mac_;
  Secrets secrets_;
  std::vector<std::vector<std::uint8_t>> certificates_;
  std::vector<Recipient> recipients_;
};

std::vector<std::string> names_in(const auto& table) {
  std::vector<std::string> names;
  for (const auto& [name, value] : table) names.push_back(name);
  return names;
}

void add_make_options(Command command, Options& options) {
  command.add_option("FILE", options.file, "The content: any file, or a CMS message in DER; - is stdin").type_name("");
  command.add_option("-r,--recipient", options.recipients, "Certificates of recipients: RSA, EC, X25519 or ML-KEM")
      .type_name("FILE");
  add_secret_options(command, options.secrets);
  command.add_option("--oaep", options.oaep, "RSA: OAEP with this hash function, not PKCS #1 v1.5")
      .one_of(names_in(hashes));
  command.add_option("--kdf", options.kdf, "EC and X25519: derive the key with this hash function")
      .one_of({"sha256", "sha384", "sha512"});
  command.add_flag("--key-id", options.key_identifier,
                   "Name recipients by their key identifiers, not issuer and serial number");
  command.add_option("--iterations", options.iterations, "Of PBKDF2 with a password").range(1, 10'000'000);
  command.add_flag("--aes-wrap", options.aes_wrap, "With a password: AES key wrap, not PWRI-KEK");
  command
      .add_option("--type", options.type, "The content's type, dotted; without it that of the CMS message, or id-data")
      .type_name("OID");
  add_output_options(command, options.output);
  add_read_options(command, options.reading);
}

}  // namespace

void register_cms_encrypt(Command cms, Globals& globals) {
  const Command command = cms.add_subcommand("encrypt", "Make EnvelopedData or AuthEnvelopedData");
  const auto options = std::make_shared<Options>();
  add_make_options(command, *options);
  command.add_option("--cipher", options->cipher, "CBC makes EnvelopedData, GCM AuthEnvelopedData")
      .one_of(names_in(ciphers));
  command.add_option("--tag", options->tag, "Octets of GCM's tag: 12 as CMC has it; OpenSSL 3.0 reads 13 to 16 only")
      .range(12, 16);
  command.footer(
      "A CMS message is encrypted as what it is: SignedData becomes the content of type id-signedData.\n"
      "Exit codes: 0 done, 1 an algorithm cannot be used, 4 a file cannot be read or written,\n"
      "7 a certificate, key or password cannot be used, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl cms encrypt -r ca.pem -o request.p7m signed.der\n"
      "  cmcctl cms encrypt --cipher aes-256-gcm --oaep sha256 -r rsa.pem -r ec.pem --to pem signed.der\n"
      "  cmcctl cms encrypt --password file:secret --aes-wrap -o data.p7m data.txt");
  set_action(command, globals, [options, &globals] { return Make(*options, globals.io, false).run(); });
}

void register_cms_mac(Command cms, Globals& globals) {
  const Command command = cms.add_subcommand("mac", "Make AuthenticatedData");
  const auto options = std::make_shared<Options>();
  add_make_options(command, *options);
  command.add_option("--hash", options->hash, "Of HMAC and of the content's digest")
      .one_of(names_in(hashes));
  command.footer(
      "Exit codes: 0 done, 1 an algorithm cannot be used, 4 a file cannot be read or written,\n"
      "7 a certificate, key or password cannot be used, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl cms mac --password prompt --type 1.3.6.1.5.5.7.12.2 -o request.p7m pkidata.der\n"
      "  cmcctl cms mac --kek 6b31=file:kek.hex --hash sha512 --to pem pkidata.der");
  set_action(command, globals, [options, &globals] { return Make(*options, globals.io, true).run(); });
}

}  // namespace cmcctl::cli
