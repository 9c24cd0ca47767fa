#include "cms_verbs.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/key_source.hpp>
#include <cmcctl/crypto/sign.hpp>

#include "files.hpp"
#include "hexadecimal.hpp"
#include "keys.hpp"
#include "output.hpp"
#include "text.hpp"
#include "trust.hpp"

namespace cmcctl::cli {
namespace {

struct Options {
  std::string file = "-";
  KeyOptions key;
  std::string certificate;
  std::vector<std::string> add_certificates;
  std::string type = "id-data";
  std::string digest;
  std::string at;
  std::string no_signature;
  OutputOptions output;
  ReadOptions reading;
  bool pss = false;
  bool key_identifier = false;
  bool detached = false;
  bool no_certificates = false;
  bool no_time = false;
};

std::optional<std::string> dotted_type(const std::string& name) {
  if (oid_content(name)) return name;
  const OidEntry* const entry = find_oid_by_name(name);
  if (entry == nullptr) return std::nullopt;
  return std::string(entry->dotted);
}

std::optional<Hash> hash_named(const std::string& name) {
  for (const Hash hash : {Hash::sha224, Hash::sha256, Hash::sha384, Hash::sha512}) {
    if (to_lower(to_string(hash)) == to_lower(name)) return hash;
  }
  return std::nullopt;
}

class Sign {
 public:
  Sign(const Options& options, Io& io) : options_(options), io_(io), limits_(limits_of(options.reading)) {}

  ExitCode run() {
    if (!may_write(io_, "cms sign", options_.output)) return ExitCode::usage;
    const auto type = dotted_type(options_.type);
    if (!type) return fail(ExitCode::usage, "no content type is called " + escape(options_.type));
    FileBytes content = read_file(options_.file, io_, limits_.message_octets);
    if (!content.problem.empty()) return fail(ExitCode::io, escape(options_.file) + ": " + content.problem);
    if (content.too_large) return fail(ExitCode::undecodable, escape(options_.file) + ": limit message_octets");
    if (const ExitCode code = read_certificates(); code != ExitCode::ok) return code;

    Signer signer;
    if (const ExitCode code = options_.no_signature.empty() ? take_key(signer) : take_no_key(signer); code != ExitCode::ok) {
      return code;
    }
    SignedDataOptions how;
    how.certificates = carried_;
    how.detached = options_.detached;
    if (!options_.no_time) how.signing_time = time_of(options_.at);
    const auto made = make_signed_data(*type, Octets(content.bytes), std::span<const Signer>(&signer, 1), how);
    if (!made) return refuse(made.error());
    return write_message(io_, "cms sign", options_.output, Octets(*made));
  }

 private:
  ExitCode fail(ExitCode code, const std::string& problem) {
    io_.err << "cmcctl cms sign: " << problem << '\n';
    return code;
  }

  ExitCode refuse(const Error& error) { return report_key_error(io_, "cms sign", error); }

  ExitCode read_certificates() {
    ExitCode code = ExitCode::ok;
    if (!options_.certificate.empty()) {
      const auto bag = read_bag(options_.certificate, "cms sign", io_, options_.reading, code);
      if (!bag) return code;
      if (bag->certificates.empty()) return fail(ExitCode::undecodable, escape(options_.certificate) + ": no certificate in it");
      certificates_ = bag->certificates;
    }
    for (const std::string& name : options_.add_certificates) {
      const auto bag = read_bag(name, "cms sign", io_, options_.reading, code);
      if (!bag) return code;
      carried_.insert(carried_.end(), bag->certificates.begin(), bag->certificates.end());
    }
    return ExitCode::ok;
  }

  // The certificate of the key among those given; the others go along, as they may stand between it and an anchor.
  ExitCode take_key(Signer& signer) {
    auto loaded = load_key(options_.key, io_, "cms sign", limits_);
    if (!loaded) return loaded.error();
    key_ = std::move(*loaded);
    signer.key = key_.get();
    if (const ExitCode code = choose_scheme(signer); code != ExitCode::ok) return code;
    for (const auto& der : certificates_) {
      const auto certificate = X509Certificate::from_der(der, limits_);
      if (!certificate) return refuse(certificate.error());
      const auto& key = certificate->public_key();
      if (key && key->is_same(key_->public_key())) certificate_ = der;
    }
    if (!certificates_.empty() && certificate_.empty()) {
      return fail(ExitCode::key, "no certificate in " + escape(options_.certificate) + " has the public key of " + escape(options_.key.key));
    }
    signer.certificate = certificate_;
    if (!options_.no_certificates) carried_.insert(carried_.begin(), certificates_.begin(), certificates_.end());
    if (options_.key_identifier || certificate_.empty()) {
      identifier_ = key_->public_key().key_identifier();
      if (!certificate_.empty()) {
        const auto certificate = X509Certificate::from_der(certificate_, limits_);
        const Octets named = certificate->subject_key_identifier();
        if (!named.empty()) identifier_.assign(named.begin(), named.end());
      }
      signer.key_identifier = identifier_;
    }
    return ExitCode::ok;
  }

  ExitCode choose_scheme(Signer& signer) {
    signer.scheme = usual_scheme(key_->public_key());
    if (!options_.digest.empty()) {
      if (!has_hash(signer.scheme.kind)) return fail(ExitCode::usage, to_string(signer.scheme) + " takes no --digest");
      signer.scheme.hash = *hash_named(options_.digest);
    }
    if (options_.pss) {
      if (key_->public_key().kind() != KeyKind::rsa) return fail(ExitCode::usage, "--pss is for RSA keys");
      signer.scheme.kind = SignatureKind::rsa_pss;
    }
    if (signer.scheme.kind == SignatureKind::rsa_pss) signer.scheme.salt_octets = output_octets(signer.scheme.hash);
    return ExitCode::ok;
  }

  ExitCode take_no_key(Signer& signer) {
    const auto identifier = octets_of_typed_hex(options_.no_signature);
    if (!identifier) return fail(ExitCode::usage, "--no-signature takes a key identifier in hexadecimal");
    identifier_ = *identifier;
    signer.key_identifier = identifier_;
    return ExitCode::ok;
  }

  const Options& options_;
  Io& io_;
  Limits limits_;
  std::unique_ptr<PrivateKey> key_;
  std::vector<std::uint8_t> certificate_;
  std::vector<std::uint8_t> identifier_;
  std::vector<std::vector<std::uint8_t>> certificates_;  // of --cert
  std::vector<std::vector<std::uint8_t>> carried_;       // in the message
};

}  // namespace

void register_cms_sign(Command cms, Globals& globals) {
  const Command command = cms.add_subcommand("sign", "Put a content into SignedData");
  const auto options = std::make_shared<Options>();
  command.add_option("FILE", options->file, "The content, as it is; - is stdin").type_name("");
  add_key_options(command, options->key);
  command.add_option("--cert", options->certificate, "The key's certificate; others in the file go along").type_name("FILE");
  command.add_option("--add-cert", options->add_certificates, "More certificates for the message")
      .type_name("FILE");
  command.add_option("--type", options->type, "Content type: id-cct-PKIData, id-cct-PKIResponse, dotted; else id-data").type_name("OID");
  command.add_option("--digest", options->digest, "SHA-256, SHA-384, SHA-512 or SHA-224; else what fits the key")
      .check([](const std::string& name) { return hash_named(name) ? std::string() : name + " is no digest to sign with"; })
      .type_name("NAME");
  command.add_flag("--pss", options->pss, "RSASSA-PSS instead of PKCS #1 v1.5");
  command.add_flag("--ski", options->key_identifier, "Name the signer by key identifier; without --cert that is so anyway");
  command.add_flag("--detached", options->detached, "Leave the content out");
  command.add_flag("--no-certs", options->no_certificates, "Leave the signer's certificates out");
  command.add_option("--at", options->at, "The signingTime; else now")
      .check([](const std::string& at) { return time_of(at) ? std::string() : at + " is no time"; })
      .type_name("TIME");
  command.add_flag("--no-time", options->no_time, "No signingTime");
  command.add_option("--no-signature", options->no_signature, "id-alg-noSignature for the key with this identifier, in place of --key").type_name("HEX");
  add_output_options(command, options->output);
  add_read_options(command, options->reading);
  command.footer(
      "Exit codes: 0 written, 3 a file does not decode, 4 a file fails, 7 key or password, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl cms sign --key agent.pem --cert agent.crt --type id-cct-PKIData pkidata.der -o request.crq\n"
      "  cmcctl cms sign --key new.pem --ski --type id-cct-PKIData pkidata.der --to pem\n"
      "  cmcctl encode pkidata.json | cmcctl cms sign --key ra.pem --cert ra.crt --type id-cct-PKIData > batch.crq");
  set_action(command, globals, [options, &globals] { return Sign(*options, globals.io).run(); });
}

}  // namespace cmcctl::cli
