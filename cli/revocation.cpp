#include "revocation.hpp"

#include <optional>

#include <cmcctl/codec/names.hpp>

namespace cmcctl::cli {
namespace {

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

}  // namespace

void add_revocation_options(Command command, RevocationOptions& options) {
  add_certificate_name_options(command, options.certificate, "The certificate to be revoked");
  command.add_option("--reason", options.reason, "unspecified, keyCompromise, superseded, ...")
      .one_of(reason_names())
      .type_name("REASON");
  command.add_option("--invalidity-date", options.invalidity_date, "Since when the key is not to be trusted")
      .check([](const std::string& at) { return generalized_time(at) ? std::string() : at + " is no time"; })
      .type_name("TIME");
  command.add_option("--comment", options.comment, "For people to read").type_name("TEXT");
}

OrExit<std::vector<std::uint8_t>> revocation_message(const RevocationOptions& options,
                                                     const NamedCertificate& certificate,
                                                     const OneControlOptions& message, const Maker& maker) {
  SecretOctets passphrase;
  if (!message.secret.empty()) {
    auto secret = maker.secret(message.secret, "--secret", "secret for revocation");
    if (!secret) return secret.error();
    passphrase = std::move(*secret);
  }
  const std::string date = options.invalidity_date.empty() ? "" : *generalized_time(options.invalidity_date);
  const auto add = [&](PkiDataBuilder& data) -> Result<void> {
    RevokeRequest request;
    request.issuer_name = Raw<Name>{certificate.issuer};
    request.serial_number = Integer{certificate.serial};
    request.reason = *reason_named(options.reason);
    if (!date.empty()) request.invalidity_date = Time{Octets(std::string_view(date)), Time::Form::generalized};
    if (!passphrase.empty()) request.passphrase = Octets(passphrase);
    if (!options.comment.empty()) request.comment = Utf8String{Octets(std::string_view(options.comment))};
    CMC_CHECK(data.revoke_request(request));
    return {};
  };
  return one_control_message(message, maker, add, true);
}

}  // namespace cmcctl::cli
