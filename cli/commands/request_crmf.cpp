#include <map>
#include <memory>
#include <string>
#include <vector>

#include <cmcctl/cmc/names.hpp>
#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/certificate.hpp>

#include "new_request.hpp"
#include "request_commands.hpp"
#include "trust.hpp"

namespace cmcctl::cli {
namespace {

constexpr std::string_view reg_token = "1.3.6.1.5.5.7.5.1.1";
constexpr std::string_view authenticator = "1.3.6.1.5.5.7.5.1.2";
constexpr std::string_view old_cert_id = "1.3.6.1.5.5.7.5.1.5";
constexpr std::string_view protocol_encr_key = "1.3.6.1.5.5.7.5.1.6";

enum class Pop : std::uint8_t {
  sign,
  challenge,
  encrypted_certificate,
  encrypted_key,
  this_message,
  agree_mac,
  ra_verified,
  none
};

const std::map<std::string, Pop> pops{
    {"sign", Pop::sign},
    {"challenge", Pop::challenge},
    {"encrypted-cert", Pop::encrypted_certificate},
    {"encrypted-key", Pop::encrypted_key},
    {"this-message", Pop::this_message},
    {"agree-mac", Pop::agree_mac},
    {"ra-verified", Pop::ra_verified},
    {"none", Pop::none},
};

const std::map<std::string, ArchiveWrap> wraps{
    {"enveloped", ArchiveWrap::enveloped},  {"aes-kw-pad", ArchiveWrap::nss_key_wrap_pad},
    {"aes-kwp", ArchiveWrap::key_wrap_pad}, {"aes-kw", ArchiveWrap::key_wrap},
    {"aes-cbc", ArchiveWrap::aes_cbc},      {"des3-cbc", ArchiveWrap::des_ede3_cbc},
};

std::vector<std::string> names_in(const auto& table) {
  std::vector<std::string> names;
  for (const auto& [name, value] : table) names.push_back(name);
  return names;
}

struct Options : NewRequestOptions {
  std::string pop;
  std::string pop_to;
  std::string sender;
  std::string archive_to;
  std::string wrap;
  std::string issuer;
  std::string not_before;
  std::string not_after;
  std::string reg_token;
  std::string authenticator;
  std::string old_cert;
  std::string protocol_key;
  std::vector<std::string> controls;
  std::vector<std::string> reg_info;
  std::uint32_t cert_req_id = 1;
  bool public_key_mac = false;
  bool oaep = false;
};

class RequestCrmf {
 public:
  RequestCrmf(const Options& options, Io& io) : options_(options), request_(options, Maker(io, "request crmf")) {}

  ExitCode run() {
    if (const std::string problem = wrong_call(); !problem.empty()) return fail(problem);
    if (const ExitCode code = request_.prepare(options_.public_key_mac || !options_.sender.empty());
        code != ExitCode::ok)
      return code;
    pop_ = chosen_pop();
    if (const std::string problem = wrong_pop(); !problem.empty()) return fail(problem);
    for (const auto step : {&RequestCrmf::take_template, &RequestCrmf::take_controls, &RequestCrmf::take_archive}) {
      if (const ExitCode code = (this->*step)(); code != ExitCode::ok) return code;
    }
    auto proof = pop_method();
    if (!proof) return proof.error();
    const auto messages = made(*proof);
    if (!messages) return request_.maker().refuse(messages.error());
    return request_.write(*messages);
  }

 private:
  ExitCode fail(const std::string& problem) const { return request_.maker().fail(ExitCode::usage, problem); }

  std::string wrong_call() const {
    if (options_.profile == "ms")
      return "Microsoft's CA takes PKCS #10 in Full PKI Requests, and no CRMF; use request p10";
    if (options_.profile == "est" && options_.pop == "ra-verified") return "raVerified is for RAs (RFC 4211 section 4)";
    if (!options_.wrap.empty() && options_.archive_to.empty()) return "--wrap is for --archive-to";
    if (options_.profile == "dogtag" && options_.wrap == "enveloped") {
      return "Dogtag's KRA reads EncryptedValue only; leave --wrap out, or take one of aes-kw-pad, aes-kwp, aes-kw, "
             "aes-cbc, des3-cbc";
    }
    const bool others = !options_.possession_of.empty() || !options_.static_ecdh.empty();
    if (!options_.pop.empty() && others)
      return "--pop excludes --possession-of and --static-ecdh, which are proofs themselves";
    if (!options_.secret.empty() && options_.pop_link_random.empty() && !options_.public_key_mac) {
      return "--secret is for --pop-link-random and --public-key-mac; identity is proven by the Full PKI Request (RFC "
             "10002 section 6.2)";
    }
    if (options_.oaep && (options_.archive_to + options_.pop_to).empty())
      return "--oaep is for --archive-to and --pop-to";
    if (others && (options_.public_key_mac || !options_.sender.empty())) {
      return "--sender and --public-key-mac are for signatures with the request's own key (RFC 4211 section 4.1)";
    }
    if (options_.public_key_mac && options_.secret.empty())
      return "--public-key-mac wants a --secret (RFC 4211 section 4.4)";
    if (options_.public_key_mac && !options_.sender.empty()) {
      return "--sender and --public-key-mac exclude each other: who is authenticated needs no MAC (RFC 4211 section "
             "4.1)";
    }
    return {};
  }

  Pop chosen_pop() const {
    if (!options_.static_ecdh.empty()) return Pop::agree_mac;
    if (!options_.pop.empty()) return pops.at(options_.pop);
    if (request_.can_sign()) return Pop::sign;
    return request_.is("dogtag") ? Pop::none : Pop::challenge;
  }

  bool gives_key() const { return pop_ == Pop::encrypted_key || pop_ == Pop::this_message; }

  std::string wrong_pop() const {
    const std::string key = request_.key().public_key().text();
    const bool vouched = !options_.possession_of.empty();
    if (pop_ == Pop::sign && !vouched && !request_.can_sign_request()) {
      return key + " cannot sign; take --pop challenge, encrypted-cert, encrypted-key or none (RFC 4211 section 4.2)";
    }
    if (pop_ != Pop::sign && (options_.public_key_mac || !options_.sender.empty())) {
      return "--sender and --public-key-mac are for --pop sign (RFC 4211 section 4.1)";
    }
    if (pop_ == Pop::agree_mac && options_.static_ecdh.empty()) {
      return "--pop agree-mac wants the CA's ECDH certificate: --static-ecdh CERT (RFC 6955 section 6)";
    }
    if (gives_key() && options_.pop_to.empty())
      return "--pop " + options_.pop + " wants the CA's certificate: --pop-to CERT";
    if (!gives_key() && !options_.pop_to.empty()) return "--pop-to is for --pop encrypted-key and this-message";
    if (request_.is("dogtag") && pop_ != Pop::sign && pop_ != Pop::none) {
      return "Dogtag's CA takes signatures, and answers requests without a proof by a challenge; use --pop sign or "
             "none";
    }
    if (request_.is("cnsa1") && (pop_ != Pop::sign || options_.public_key_mac || !options_.sender.empty())) {
      return "a CNSA request in CRMF is signed, without poposkInput [CMC-8756-4.2-01]";
    }
    return {};
  }

  ExitCode take_template() {
    what_.cert_req_id = options_.cert_req_id;
    what_.with_version = what_.empty_controls = request_.is("dogtag");
    if (!request_.subject().empty()) what_.subject = request_.subject();
    what_.extensions = request_.extensions();
    if (!options_.not_before.empty()) what_.not_before = time_of(options_.not_before);
    if (!options_.not_after.empty()) what_.not_after = time_of(options_.not_after);
    if (what_.not_before && what_.not_after && *what_.not_after < *what_.not_before) {
      return fail("--not-after is before --not-before");
    }
    if (options_.issuer.empty()) return ExitCode::ok;
    auto issuer = parse_name(options_.issuer);
    if (!issuer) return fail("--issuer: " + escape(issuer.error().detail));
    what_.issuer = *std::move(issuer);
    return ExitCode::ok;
  }

  ExitCode take_controls() {
    for (const auto& [source, oid, name] : {std::tuple{&options_.reg_token, reg_token, "--reg-token"},
                                            {&options_.authenticator, authenticator, "--authenticator"}}) {
      if (source->empty()) continue;
      auto secret = request_.maker().secret(*source, name, "registration secret");
      if (!secret) return secret.error();
      what_.controls.push_back({std::string(oid), der_element(tlv::utf8_string, *secret)});
    }
    if (const ExitCode code = take_certificate_controls(); code != ExitCode::ok) return code;
    if (request_.pop_link()) what_.controls.push_back(*request_.pop_link());
    for (const auto& [texts, list] :
         {std::pair{&options_.controls, &what_.controls}, {&options_.reg_info, &what_.reg_info}}) {
      for (const std::string& text : *texts) {
        auto value = request_value_from_text(text);
        if (!value) return request_.maker().refuse(value.error());
        list->push_back(*std::move(value));
      }
    }
    return ExitCode::ok;
  }

  ExitCode take_certificate_controls() {
    for (const auto& [file, oid, make] : {std::tuple{&options_.old_cert, old_cert_id, &cert_id},
                                          {&options_.protocol_key, protocol_encr_key, &public_key_of}}) {
      if (file->empty()) continue;
      auto der = request_.certificate_of(*file);
      if (!der) return der.error();
      auto value = make(Octets(*der));
      if (!value) return request_.maker().refuse(*file, value.error());
      what_.controls.push_back({std::string(oid), *std::move(value)});
    }
    return ExitCode::ok;
  }

  static Result<std::vector<std::uint8_t>> cert_id(Octets der) {
    CMC_TRY(const X509Certificate certificate, X509Certificate::from_der(der));
    CertId id;
    id.issuer.choice = certificate.tbs().issuer;
    id.serial_number = certificate.tbs().serial_number;
    return encode(id);
  }

  static Result<std::vector<std::uint8_t>> public_key_of(Octets der) {
    CMC_TRY(const X509Certificate certificate, X509Certificate::from_der(der));
    const Octets spki = certificate.tbs().subject_public_key_info.der;
    return std::vector<std::uint8_t>(spki.begin(), spki.end());
  }

  ExitCode take_archive() {
    if (options_.archive_to.empty()) return ExitCode::ok;
    const auto wrap = options_.wrap.empty() ? std::nullopt : std::optional(wraps.at(options_.wrap));
    auto archived = request_.archived_for(options_.archive_to, wrap, options_.oaep);
    if (!archived) return archived.error();
    what_.controls.push_back(std::move(*archived));
    return ExitCode::ok;
  }

  OrExit<PopMethod> pop_method() {
    const Octets spki = request_.key().public_key().spki();
    if (const auto statement = request_.statement()) return PopMethod(*statement);
    switch (pop_) {
      case Pop::sign:
        return signature();
      case Pop::challenge:
        return PopMethod(PopSubsequent{request_.key_use(), SubsequentMessage::challengeResp, spki});
      case Pop::encrypted_certificate:
        return PopMethod(PopSubsequent{request_.key_use(), SubsequentMessage::encrCert, spki});
      case Pop::agree_mac:
        return PopMethod(PopAgreeMac{*request_.static_ecdh()});
      case Pop::ra_verified:
        return PopMethod(PopRaVerified{spki});
      case Pop::none:
        return PopMethod(PopNone{spki});
      default:
        break;
    }
    auto certificate = request_.certificate_of(options_.pop_to);
    if (!certificate) return certificate.error();
    pop_certificate_ = std::move(*certificate);
    ArchiveRecipient recipient = request_.recipient(pop_certificate_, options_.oaep);
    if (pop_ == Pop::this_message) recipient.wrap = ArchiveWrap::aes_cbc;
    return PopMethod(PopPrivateKey{request_.key_use(), &request_.key(), recipient});
  }

  OrExit<PopMethod> signature() {
    PopSignature how{&request_.key(), request_.scheme()};
    if (options_.public_key_mac) {
      how.auth_info = PopSignature::PublicKeyMac{request_.secret()};
    } else if (!options_.sender.empty()) {
      auto name = parse_general_name(options_.sender);
      if (!name) return fail("--sender: " + escape(name.error().detail));
      how.auth_info = PopSignature::Sender{*std::move(name)};
    }
    return PopMethod(how);
  }

  Result<std::vector<std::uint8_t>> made(const PopMethod& pop) const {
    CMC_TRY(const auto message, make_cert_req_msg(what_, pop));
    return make_cert_req_messages(std::span(&message, 1));
  }

  const Options& options_;
  NewRequest request_;
  CertRequestOptions what_;
  Pop pop_ = Pop::none;
  std::vector<std::uint8_t> pop_certificate_;
};

std::string not_a_time(const std::string& text) { return time_of(text) ? std::string() : text + " is no time"; }

void add_template_options(Command command, Options& options) {
  const std::string group = "Certificate wanted";
  command.add_option("--issuer", options.issuer, "Its issuer, for a CA that has several names")
      .type_name("NAME")
      .group(group);
  command.add_option("--not-before", options.not_before, "When it is to begin")
      .check(not_a_time)
      .type_name("TIME")
      .group(group);
  command.add_option("--not-after", options.not_after, "When it is to end")
      .check(not_a_time)
      .type_name("TIME")
      .group(group);
}

void add_pop_options(Command command, Options& options) {
  const std::string group = "Proofs";
  command
      .add_option(
          "--pop", options.pop,
          "sign, challenge, encrypted-cert, encrypted-key, this-message, agree-mac, ra-verified or none; else what "
          "the key can do")
      .one_of(names_in(pops))
      .type_name("KIND")
      .group(group);
  command.add_option("--sender", options.sender, "Sign poposkInput with this name, which the CA has authenticated")
      .type_name("KIND:NAME")
      .group(group);
  command.add_flag("--public-key-mac", options.public_key_mac, "Sign poposkInput with a MAC from the --secret")
      .group(group);
  command
      .add_option("--pop-to", options.pop_to, "encrypted-key, this-message: the CA's certificate that the key is for")
      .type_name("CERT")
      .group(group);
}

void add_control_options(Command command, Options& options) {
  const std::string group = "Controls";
  command.add_option("--archive-to", options.archive_to, "Archive the private key: the archive's certificate")
      .type_name("CERT")
      .group(group);
  command
      .add_option("--wrap", options.wrap,
                  "enveloped, or EncryptedValue: aes-kw-pad as NSS does it, aes-kwp, aes-kw, aes-cbc, des3-cbc")
      .one_of(names_in(wraps))
      .type_name("KIND")
      .group(group);
  command.add_flag("--oaep", options.oaep, "RSA: OAEP with SHA-256 for --archive-to and --pop-to").group(group);
  command.add_option("--reg-token", options.reg_token, "regToken, a one-time secret of the CA")
      .type_name("SOURCE")
      .group(group);
  command.add_option("--authenticator", options.authenticator, "authenticator, a lasting secret")
      .type_name("SOURCE")
      .group(group);
  command.add_option("--old-cert", options.old_cert, "oldCertID: the certificate that this one follows")
      .type_name("CERT")
      .group(group);
  command.add_option("--protocol-key", options.protocol_key, "protocolEncrKey: the certificate to encrypt answers to")
      .type_name("CERT")
      .group(group);
  command.add_option("--control", options.controls, "Another control, its value in DER")
      .type_name("OID=HEX")
      .group(group);
  command.add_option("--reg-info", options.reg_info, "An element of regInfo, its value in DER")
      .type_name("OID=HEX")
      .group(group);
  command.add_option("--id", options.cert_req_id, "certReqId; in a Full PKI Request it is the bodyPartID")
      .type_name("NUMBER")
      .group(group);
}

}  // namespace

void register_request_crmf(Command request, Globals& globals) {
  const Command command = request.add_subcommand("crmf", "Make CertReqMessages with one CRMF request (RFC 4211)");
  const auto options = std::make_shared<Options>();
  add_new_request_options(command, *options);
  add_template_options(command, *options);
  add_pop_options(command, *options);
  add_control_options(command, *options);
  command.footer(
      "Without --subject the signature needs --sender or --public-key-mac. Archived keys are named by "
      "--identification,\n"
      "else by the subject.\n"
      "Profile dogtag: what CRMFPopClient makes; keys for the KRA are wrapped with aes-kw-pad.\n"
      "Exit codes: 0 written, 3 a file does not decode, 4 a file fails, 7 key or secret, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl request crmf --new-key rsa:3072 --key-out me.pem --subject CN=me,O=Example -o me.crmf\n"
      "  cmcctl request crmf --key me.pem --subject UID=me --profile dogtag --archive-to kra.crt --to pem\n"
      "  cmcctl request crmf --key x25519.pem --subject CN=me --pop challenge -o me.crmf");
  set_action(command, globals, [options, &globals] { return RequestCrmf(*options, globals.io).run(); });
}

}  // namespace cmcctl::cli
