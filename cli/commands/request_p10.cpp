#include <memory>
#include <string>
#include <vector>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/tlv.hpp>

#include "new_request.hpp"
#include "request_commands.hpp"

namespace cmcctl::cli {
namespace {

constexpr std::string_view challenge_password = "1.2.840.113549.1.9.7";
constexpr std::string_view enroll_cert_type = "1.3.6.1.4.1.311.20.2";  // Microsoft's name of a certificate template

struct Options : NewRequestOptions {
  std::vector<std::string> attributes;
  std::string challenge;
  std::string certificate_template;
  bool no_signature = false;
};

class RequestP10 {
 public:
  RequestP10(const Options& options, Io& io) : options_(options), request_(options, Maker(io, "request p10")) {}

  ExitCode run() {
    if (const std::string problem = wrong_call(); !problem.empty()) return fail(problem);
    if (const ExitCode code = request_.prepare(); code != ExitCode::ok) return code;
    if (const std::string problem = wrong_proof(); !problem.empty()) return fail(problem);
    if (const ExitCode code = take_attributes(); code != ExitCode::ok) return code;
    what_.subject = request_.subject().empty() ? der_element(tlv::sequence, {}) : request_.subject();
    const auto made = make_pkcs10(what_, proof());
    if (!made) return request_.maker().refuse(made.error());
    return request_.write(*made);
  }

 private:
  ExitCode fail(const std::string& problem) const { return request_.maker().fail(ExitCode::usage, problem); }

  std::string wrong_call() const {
    if (!options_.certificate_template.empty() && options_.profile != "ms") return "--template is for --profile ms";
    if (!options_.secret.empty() && options_.pop_link_random.empty()) {
      return "--secret is for --pop-link-random; identity is proven by the Full PKI Request (RFC 10002 section 6.2)";
    }
    const bool others = !options_.possession_of.empty() || !options_.static_ecdh.empty();
    if (options_.no_signature && others) return "--no-signature, --possession-of and --static-ecdh exclude each other";
    if (options_.no_signature && (options_.pss || !options_.digest.empty()))
      return "--no-signature takes no --pss and no --digest";
    return {};
  }

  std::string wrong_proof() const {
    if (request_.can_sign_request() || options_.profile != "cnsa1") return {};
    return "a CNSA request is signed [CMC-8756-4-06]";
  }

  Pkcs10Proof proof() const {
    const Octets spki = request_.key().public_key().spki();
    if (const auto statement = request_.statement()) return *statement;
    if (const auto how = request_.static_ecdh()) return *how;
    if (options_.no_signature || !request_.can_sign_request()) return NoSignature{spki};
    return OwnSignature{&request_.key(), request_.scheme()};
  }

  ExitCode take_attributes() {
    what_.extensions = request_.extensions();
    if (!options_.certificate_template.empty()) {
      what_.extensions.push_back({std::string(enroll_cert_type), false, bmp_string(options_.certificate_template)});
    }
    if (request_.pop_link()) what_.attributes.push_back(*request_.pop_link());
    if (!options_.challenge.empty()) {
      auto secret = request_.maker().secret(options_.challenge, "--challenge-password", "challenge password");
      if (!secret) return secret.error();
      what_.attributes.push_back({std::string(challenge_password), der_element(tlv::utf8_string, *secret)});
    }
    for (const std::string& text : options_.attributes) {
      auto value = request_value_from_text(text);
      if (!value) return request_.maker().refuse(value.error());
      what_.attributes.push_back(*std::move(value));
    }
    return ExitCode::ok;
  }

  // Names of templates are ASCII, which the option checks.
  static std::vector<std::uint8_t> bmp_string(const std::string& ascii) {
    std::vector<std::uint8_t> octets;
    for (const char c : ascii) {
      octets.push_back(0);
      octets.push_back(static_cast<std::uint8_t>(c));
    }
    return der_element(tlv::bmp_string, octets);
  }

  const Options& options_;
  NewRequest request_;
  Pkcs10Options what_;
};

std::string not_ascii(const std::string& text) {
  for (const char c : text) {
    if (c < 0x20 || c == 0x7F) return "a template's name is ASCII";
  }
  return {};
}

}  // namespace

void register_request_p10(Command request, Globals& globals) {
  const Command command = request.add_subcommand("p10", "Make a PKCS #10 request (RFC 2986)");
  const auto options = std::make_shared<Options>();
  add_new_request_options(command, *options);
  command
      .add_flag("--no-signature", options->no_signature,
                "id-alg-noSignature (RFC 10002 appendix C.1), as keys that cannot sign have it anyway")
      .group("Proofs");
  command
      .add_option("--challenge-password", options->challenge,
                  "The attribute challengePassword: file:PATH, env:NAME, fd:NUMBER or prompt")
      .type_name("SOURCE");
  command
      .add_option("--attribute", options->attributes,
                  "Another attribute, its value in DER; the values of one type make one attribute")
      .type_name("OID=HEX");
  command
      .add_option("--template", options->certificate_template, "Microsoft's certificate template, with --profile ms")
      .check(not_ascii)
      .type_name("NAME");
  command.footer(
      "Keys that cannot sign (X25519, ML-KEM) make a request without signature; the CA answers with encryptedPOP.\n"
      "Profiles: dogtag has PrintableString in names and secret and identification in POP links, cnsa1 and cnsa2 "
      "their\n"
      "keys and SHA-384, est base64 for simple enrollment.\n"
      "Exit codes: 0 written, 3 a file does not decode, 4 a file fails, 7 key or secret, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl request p10 --new-key ec:P-256 --key-out me.pem --subject CN=me,O=Example --san dns:me.example -o "
      "me.csr\n"
      "  cmcctl request p10 --key new.pem --renew old.crt --ski --to pem\n"
      "  cmcctl request p10 --key me.pem --subject CN=me --pop-link-random r.bin --secret file:secret -o me.csr");
  set_action(command, globals, [options, &globals] { return RequestP10(*options, globals.io).run(); });
}

}  // namespace cmcctl::cli
