#include <memory>

#include <cmcctl/cmc/dogtag.hpp>

#include "one_control.hpp"
#include "request_commands.hpp"

namespace cmcctl::cli {
namespace {

struct Options : OneControlOptions {
  CertificateName certificate;
};

ExitCode run(const Options& options, Io& io) {
  const Maker maker(io, "request get-cert");
  auto certificate = named_certificate(options.certificate, maker, options.reading);
  if (!certificate) return certificate.error();
  const IssuerAndSerialNumber which = (*certificate).view();
  return make_one_control(options, maker, [&](PkiDataBuilder& data) -> Result<void> {
    if (options.profile == "dogtag") {
      CMC_CHECK(data.control("getCert", dogtag_get_cert(which)));
    } else {
      CMC_CHECK(data.get_cert({GeneralName{which.issuer}, which.serial_number}));
    }
    return {};
  });
}

}  // namespace

void register_request_get_cert(Command request, Globals& globals) {
  const Command command = request.add_subcommand("get-cert", "Ask for a certificate that was issued");
  const auto options = std::make_shared<Options>();
  add_certificate_name_options(command, options->certificate, "A certificate with the issuer and the serial number");
  add_one_control_options(command, *options);
  command.footer(
      "Exit codes: 0 written, 3 a file does not decode, 4 a file fails, 7 key, password or secret, 2 wrong call.\n"
      "Example:\n"
      "  cmcctl request get-cert --issuer 'CN=CA,O=Example' --serial 17 --sign-with agent.p12 --password prompt -o "
      "get.crq");
  set_action(command, globals, [options, &globals] { return run(*options, globals.io); });
}

}  // namespace cmcctl::cli
