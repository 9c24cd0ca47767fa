#include <memory>
#include <string>

#include <cmcctl/cmc/dogtag.hpp>

#include "one_control.hpp"
#include "request_commands.hpp"

namespace cmcctl::cli {
namespace {

struct Options : OneControlOptions {
  CertificateName certificate;
  std::uint32_t part = 0;
  std::string text;
  bool reject = false;
};

ExitCode reject(const Options& options, const Maker& maker) {
  if (!options.certificate.file.empty() || !options.certificate.issuer.empty()) {
    return maker.fail(ExitCode::usage, "a rejection is a status and names no certificate (RFC 10002 section 6.14)");
  }
  return make_one_control(options, maker, [&](PkiDataBuilder& data) -> Result<void> {
    CMCStatusInfoV2 status;
    status.cmc_status = CMCStatus::failed;
    const BodyPartReference reference{BodyPartID(options.part)};
    status.body_list = List<BodyPartReference>(std::span<const BodyPartReference>(&reference, 1));
    if (!options.text.empty()) status.status_string = Utf8String{Octets(std::string_view(options.text))};
    status.other_info = CMCStatusInfoV2::OtherInfo{CMCFailInfo::badRequest};
    CMC_CHECK(data.status_info(status));
    return {};
  });
}

ExitCode run(const Options& options, Io& io) {
  const Maker maker(io, "request confirm");
  if (options.reject) return reject(options, maker);
  if (!options.text.empty()) return maker.fail(ExitCode::usage, "--text is for --reject");
  auto certificate = named_certificate(options.certificate, maker, options.reading);
  if (!certificate) return certificate.error();
  const IssuerAndSerialNumber which = (*certificate).view();
  return make_one_control(options, maker, [&](PkiDataBuilder& data) -> Result<void> {
    if (options.profile == "dogtag") {
      CMC_CHECK(data.control("confirmCertAcceptance", dogtag_cert_id(which)));
    } else {
      CMC_CHECK(data.confirm_cert_acceptance(which));
    }
    return {};
  });
}

}  // namespace

void register_request_confirm(Command request, Globals& globals) {
  const Command command = request.add_subcommand("confirm", "Accept a certificate that was issued, or reject it");
  const auto options = std::make_shared<Options>();
  add_certificate_name_options(command, options->certificate, "The certificate that is accepted");
  command.add_flag("--reject", options->reject, "A statusInfoV2 with failed in place of the confirmation");
  command.add_option("--part", options->part, "With --reject: the body part of the response; else 0, all of it")
      .type_name("ID");
  command.add_option("--text", options->text, "With --reject: why").type_name("TEXT");
  add_one_control_options(command, *options);
  command.footer(
      "Exit codes: 0 written, 3 a file does not decode, 4 a file fails, 7 key, password or secret, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl request confirm --cert new.crt --sign-with new.key --signer-cert new.crt -o confirm.crq\n"
      "  cmcctl request confirm --reject --text 'not my name' --sign-with old.p12 --password prompt -o reject.crq");
  set_action(command, globals, [options, &globals] { return run(*options, globals.io); });
}

}  // namespace cmcctl::cli
