#include "one_control.hpp"

#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/cmc/names.hpp>
#include <cmcctl/cmc/serial_number.hpp>
#include <cmcctl/codec/clock_time.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/certificate.hpp>

#include "nonces.hpp"
#include "trust.hpp"

namespace cmcctl::cli {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr const char* certificate_group = "Which certificate";

OrExit<X509Certificate*> first_certificate(const std::string& file, const Maker& maker, const ReadOptions& reading,
                                           std::optional<X509Certificate>& kept) {
  ExitCode code = ExitCode::ok;
  const auto bag = read_bag(file, maker.command(), maker.io(), reading, code);
  if (!bag) return code;
  if (bag->certificates.empty()) return maker.fail(ExitCode::undecodable, escape(file) + ": no certificate in it");
  auto certificate = X509Certificate::from_der(bag->certificates.front(), limits_of(reading));
  if (!certificate) return maker.refuse(file, certificate.error());
  return &kept.emplace(*std::move(certificate));
}

Bytes kept(Octets bytes) { return {bytes.begin(), bytes.end()}; }

class OneControl {
 public:
  OneControl(const OneControlOptions& options, const Maker& maker, bool unsigned_too)
      : options_(options), maker_(maker), unsigned_too_(unsigned_too) {}

  OrExit<Bytes> run(const AddControl& add) {
    if (const ExitCode code = check(); code != ExitCode::ok) return code;
    if (const ExitCode code = load(); code != ExitCode::ok) return code;
    const auto der = pki_data(add);
    if (!der) return maker_.refuse(der.error());
    auto message = protect(*der);
    if (!message) return maker_.refuse(message.error());
    return encrypted(options_.encryption, *std::move(message), maker_, options_.reading);
  }

 private:
  ExitCode check() const {
    if (options_.mac == !options_.signer.keys.empty() && !unsigned_too_) {
      return maker_.fail(ExitCode::usage, options_.mac
                                              ? "--sign-with and --mac-with-secret exclude each other"
                                              : "nothing protects the message: name a key with --sign-with, or use "
                                                "--mac-with-secret (RFC 10002 section 3.2)");
    }
    if (options_.mac && options_.secret.empty()) {
      return maker_.fail(ExitCode::usage, "--mac-with-secret wants a --secret");
    }
    return ExitCode::ok;
  }

  ExitCode load() {
    auto signers = load_signers(options_.signer, maker_, limits_of(options_.reading));
    if (!signers) return signers.error();
    signers_ = std::move(*signers);
    if (const ExitCode code = check_certified(signers_, options_.signer, maker_, "--signer-cert"); code != ExitCode::ok)
      return code;
    if (!options_.mac) return ExitCode::ok;
    auto secret = maker_.secret(options_.secret, "--secret", "shared secret");
    if (!secret) return secret.error();
    secret_ = std::move(*secret);
    return ExitCode::ok;
  }

  Result<Bytes> pki_data(const AddControl& add) const {
    PkiDataBuilder data;
    CMC_CHECK(add_sender_nonce(data, options_.sender_nonce, options_.no_nonce));
    CMC_CHECK(add(data));
    CMC_CHECK(add_transaction_id(data, options_.transaction_id, options_.no_nonce));
    if (!options_.identification.empty()) CMC_CHECK(data.identification(options_.identification));
    return data.der();
  }

  Result<Bytes> protect(Octets der) const {
    const bool dogtag = options_.profile == "dogtag";
    if (options_.mac) {
      SharedSecret shared{secret_};
      if (!options_.identification.empty()) shared.identification = Octets(std::string_view(options_.identification));
      return mac_full(FullContent::pki_data, der, shared);
    }
    if (dogtag && signers_.signers.empty()) return data_full(der);
    return sign_full(FullContent::pki_data, der, signers_.signers, signing(options_.signer, signers_, dogtag));
  }

  const OneControlOptions& options_;
  const Maker& maker_;
  bool unsigned_too_;
  Signers signers_;
  SecretOctets secret_;
};

}  // namespace

void add_one_control_options(Command command, OneControlOptions& options, bool may_mac) {
  add_nonce_options(command, options.transaction_id, options.sender_nonce, options.no_nonce);
  command.add_option("--profile", options.profile, "dogtag: what its CA reads").one_of({"dogtag"});
  add_signer_options(command, options.signer, "--signer-cert");
  if (may_mac) {
    command.add_option("--identification", options.identification, "The name that the shared secret goes by")
        .type_name("TEXT");
    command
        .add_option("--secret", options.secret,
                    "The shared secret: file:PATH, env:NAME, fd:NUMBER, prompt or pass:TEXT")
        .type_name("SOURCE");
    command
        .add_flag("--mac-with-secret", options.mac, "AuthenticatedData under identification and secret, no signature")
        .group("Signature");
  }
  add_encryption_options(command, options.encryption);
  add_new_message_options(command, options.output);
  add_read_options(command, options.reading);
}

OrExit<Bytes> one_control_message(const OneControlOptions& options, const Maker& maker, const AddControl& add,
                                  bool unsigned_too) {
  return OneControl(options, maker, unsigned_too).run(add);
}

ExitCode make_one_control(const OneControlOptions& options, const Maker& maker, const AddControl& add,
                          bool unsigned_too) {
  if (const ExitCode code = maker.may_write(options.output); code != ExitCode::ok) return code;
  auto message = one_control_message(options, maker, add, unsigned_too);
  return message ? maker.write(options.output, *message) : message.error();
}

void add_certificate_name_options(Command command, CertificateName& options, const std::string& what) {
  command.add_option("--cert", options.file, what).type_name("FILE").group(certificate_group);
  command.add_option("--issuer", options.issuer, "In place of --cert: its issuer, as in 'CN=CA,O=Example'")
      .type_name("NAME")
      .group(certificate_group);
  command.add_option("--serial", options.serial, "And its serial number: 1234, 0x04d2 or 04:D2")
      .check([](const std::string& text) {
        return parse_serial_number(text) ? std::string() : text + " is no serial number; write 1234, 0x04d2 or 04:D2";
      })
      .type_name("NUMBER")
      .group(certificate_group);
}

OrExit<NamedCertificate> named_certificate(const CertificateName& options, const Maker& maker,
                                           const ReadOptions& reading) {
  const bool by_name = !options.issuer.empty() && !options.serial.empty();
  if (by_name == !options.file.empty() || options.issuer.empty() != options.serial.empty()) {
    return maker.fail(ExitCode::usage, "name the certificate with --cert, or with --issuer and --serial");
  }
  NamedCertificate named;
  if (by_name) {
    auto issuer = parse_name(options.issuer);
    if (!issuer) return maker.refuse(issuer.error());
    return NamedCertificate{*std::move(issuer), *parse_serial_number(options.serial)};
  }
  std::optional<X509Certificate> certificate;
  if (auto read = first_certificate(options.file, maker, reading, certificate); !read) return read.error();
  return NamedCertificate{kept(certificate->issuer()), kept(certificate->tbs().serial_number.content)};
}

OrExit<Bytes> named_issuer(const CertificateName& options, const Maker& maker, const ReadOptions& reading) {
  if (options.issuer.empty() == options.file.empty()) {
    return maker.fail(ExitCode::usage, "name the issuer with --issuer, or a certificate of it with --cert");
  }
  if (!options.issuer.empty()) {
    auto issuer = parse_name(options.issuer);
    if (!issuer) return maker.refuse(issuer.error());
    return *std::move(issuer);
  }
  std::optional<X509Certificate> certificate;
  if (auto read = first_certificate(options.file, maker, reading, certificate); !read) return read.error();
  return kept(certificate->issuer());
}

std::optional<std::string> generalized_time(const std::string& at) {
  constexpr std::size_t characters = 15;  // of the years through 9999
  const auto seconds = time_of(at);
  if (!seconds) return std::nullopt;
  std::string text = generalized_time_text(*seconds);
  if (text.size() != characters) return std::nullopt;
  return text;
}

}  // namespace cmcctl::cli
