#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/text.hpp>

#include "one_control.hpp"
#include "request_commands.hpp"
#include "trust.hpp"

namespace cmcctl::cli {
namespace {

struct Options : OneControlOptions {
  CertificateName certificate;
  std::string reason = "unspecified";
  std::string invalidity_date;
  std::string comment;
};

std::optional<std::int64_t> reason_named(const std::string& name) {
  for (const NamedNumber& reason : crl_reason_names()) {
    if (reason.name == name) return reason.value;
  }
  return std::nullopt;
}

std::vector<std::string> reason_names() {
  std::vector<std::string> names;
  for (const NamedNumber& reason : crl_reason_names()) names.emplace_back(reason.name);
  return names;
}

class RequestRevoke {
 public:
  RequestRevoke(const Options& options, Io& io) : options_(options), maker_(io, "request revoke") {}

  ExitCode run() {
    if (options_.signer.keys.empty() && options_.secret.empty()) {
      return maker_.fail(ExitCode::usage,
                         "who asks for the revocation: a signer (--sign-with), or who knows the --secret that was "
                         "agreed on for it (RFC 10002 section 6.11)");
    }
    auto certificate = named_certificate(options_.certificate, maker_, options_.reading);
    if (!certificate) return certificate.error();
    SecretOctets passphrase;
    if (!options_.secret.empty()) {
      auto secret = maker_.secret(options_.secret, "--secret", "secret for revocation");
      if (!secret) return secret.error();
      passphrase = std::move(*secret);
    }
    const std::string date = options_.invalidity_date.empty() ? "" : *generalized_time(options_.invalidity_date);
    const auto add = [&](PkiDataBuilder& data) -> Result<void> {
      RevokeRequest request;
      request.issuer_name = Raw<Name>{(*certificate).issuer};
      request.serial_number = Integer{(*certificate).serial};
      request.reason = *reason_named(options_.reason);
      if (!date.empty()) request.invalidity_date = Time{Octets(std::string_view(date)), Time::Form::generalized};
      if (!passphrase.empty()) request.passphrase = Octets(passphrase);
      if (!options_.comment.empty()) request.comment = Utf8String{Octets(std::string_view(options_.comment))};
      CMC_CHECK(data.revoke_request(request));
      return {};
    };
    return make_one_control(options_, maker_, add, true);
  }

 private:
  const Options& options_;
  Maker maker_;
};

}  // namespace

void register_request_revoke(CLI::App& request, Globals& globals) {
  CLI::App& command = *request.add_subcommand("revoke", "Ask for a certificate to be revoked");
  const auto options = std::make_shared<Options>();
  add_certificate_name_options(command, options->certificate, "The certificate to be revoked");
  command.add_option("--reason", options->reason, "unspecified, keyCompromise, superseded, ...")
      ->check(CLI::IsMember(reason_names()))
      ->type_name("REASON");
  command.add_option("--invalidity-date", options->invalidity_date, "Since when the key is not to be trusted")
      ->check([](const std::string& at) { return generalized_time(at) ? std::string() : at + " is no time"; })
      ->type_name("TIME");
  command.add_option("--comment", options->comment, "For people to read")->type_name("TEXT");
  command
      .add_option("--secret", options->secret,
                  "The secret that was agreed on for revocation; it goes into the message as it is")
      ->type_name("SOURCE");
  add_one_control_options(command, *options, false);
  command.footer(
      "Without --sign-with the message has no signature, and the secret is all that speaks for it.\n"
      "Exit codes: 0 written, 3 a file does not decode, 4 a file fails, 7 key, password or secret, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl request revoke --cert lost.crt --reason keyCompromise --sign-with agent.p12 --password prompt -o "
      "revoke.crq\n"
      "  cmcctl request revoke --issuer 'CN=CA,O=Example' --serial 0x1a2b --secret prompt -o revoke.crq");
  set_action(command, globals, [options, &globals] { return RequestRevoke(*options, globals.io).run(); });
}

}  // namespace cmcctl::cli
