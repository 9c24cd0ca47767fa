#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/cmc/names.hpp>
#include <cmcctl/codec/decoder.hpp>

#include "one_control.hpp"
#include "request_commands.hpp"

namespace cmcctl::cli {
namespace {

struct Options : OneControlOptions {
  CertificateName certificate;
  std::string name;
  std::string time;
  std::vector<std::string> reasons;
};

// ReasonFlags, RFC 5280 section 4.2.1.13, from bit 0.
const std::vector<std::string> reason_flags{
    "unused",          "keyCompromise",      "cACompromise", "affiliationChanged", "superseded", "cessationOfOperation",
    "certificateHold", "privilegeWithdrawn", "aACompromise"};

struct Flags {
  std::vector<std::uint8_t> octets;
  std::uint8_t unused_bits = 0;
};

/// DER has no zeros at the end of named bits.
Flags flags_of(const std::vector<std::string>& names) {
  Flags flags;
  std::size_t last = 0;
  for (std::size_t bit = 0; bit < reason_flags.size(); ++bit) {
    if (std::ranges::find(names, reason_flags[bit]) == names.end()) continue;
    flags.octets.resize(bit / 8 + 1);
    flags.octets.back() |= static_cast<std::uint8_t>(0x80 >> bit % 8);
    last = bit;
  }
  flags.unused_bits = static_cast<std::uint8_t>(7 - last % 8);
  return flags;
}

ExitCode run(const Options& options, Io& io) {
  const Maker maker(io, "request get-crl");
  auto issuer = named_issuer(options.certificate, maker, options.reading);
  if (!issuer) return issuer.error();
  const std::string time = options.time.empty() ? "" : *generalized_time(options.time);
  const Flags flags = flags_of(options.reasons);
  return make_one_control(options, maker, [&](PkiDataBuilder& data) -> Result<void> {
    GetCRL which;
    which.issuer_name = Raw<Name>{*issuer};
    Decoder decoder;
    std::vector<std::uint8_t> name;
    if (!options.name.empty()) {
      CMC_TRY(name, parse_general_name(options.name));
      CMC_TRY(which.crl_name, decoder.decode<GeneralName>(Octets(name)));
    }
    if (!time.empty()) which.time = Time{Octets(std::string_view(time)), Time::Form::generalized};
    if (!options.reasons.empty()) which.reasons = BitString{flags.octets, flags.unused_bits};
    CMC_CHECK(data.get_crl(which));
    return {};
  });
}

}  // namespace

void register_request_get_crl(Command request, Globals& globals) {
  const Command command = request.add_subcommand("get-crl", "Ask for a CRL");
  const auto options = std::make_shared<Options>();
  command.add_option("--issuer", options->certificate.issuer, "The issuer of the CRL, as in 'CN=CA,O=Example'")
      .type_name("NAME");
  command.add_option("--cert", options->certificate.file, "In place of --issuer: a certificate of that issuer")
      .type_name("FILE");
  command
      .add_option("--crl-name", options->name, "Which of its CRLs, as cRLDistributionPoints names it: uri:http://...")
      .type_name("NAME");
  command.add_option("--time", options->time, "The last CRL before this time; else the latest")
      .check([](const std::string& at) { return generalized_time(at) ? std::string() : at + " is no time"; })
      .type_name("TIME");
  command.add_option("--reasons", options->reasons, "The CRL for these reasons: keyCompromise,cACompromise,...")
      .delimiter(',')
      .one_of(reason_flags)
      .type_name("REASON,...");
  add_one_control_options(command, *options);
  command.footer(
      "Exit codes: 0 written, 3 a file does not decode, 4 a file fails, 7 key, password or secret, 2 wrong call.\n"
      "Example:\n"
      "  cmcctl request get-crl --issuer 'CN=CA,O=Example' --sign-with agent.p12 --password prompt -o get.crq");
  set_action(command, globals, [options, &globals] { return run(*options, globals.io); });
}

}  // namespace cmcctl::cli
