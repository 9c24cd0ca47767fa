#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/cmc/transaction.hpp>
#include <cmcctl/codec/message.hpp>
#include <cmcctl/codec/text.hpp>

#include "command.hpp"
#include "control_option.hpp"
#include "making.hpp"
#include "message_parts.hpp"
#include "nonces.hpp"
#include "status_option.hpp"
#include "trust.hpp"

namespace cmcctl::cli {
namespace {

struct Options {
  std::string file;
  std::vector<std::string> statuses;
  std::string text;
  std::vector<std::string> certificates;
  std::vector<std::string> crls;
  std::vector<std::string> controls;
  std::vector<std::string> responses;
  SignerOptions signer;
  std::string identification;
  std::string secret;
  EncryptionOptions encryption;
  NewMessageOptions output;
  ReadOptions reading;
  std::string sender_nonce;
  std::string edition = "10002";
  bool certs_only = false;
  bool mac = false;
  bool no_nonce = false;
};

/// What is answered: octets of the request that the response repeats, and the parts that get a status.
struct Request {
  Transaction transaction;
  std::vector<BodyPartID> requests;
};

/// Controls that ask for something; the others say something about the message or its requests.
bool asks(const TaggedAttribute& control) {
  const ControlRow* const row = control_row(control.attr_type);
  constexpr std::string_view asking[]{"getCert",      "getCRL",       "revokeRequest",
                                      "queryPending", "decryptedPOP", "confirmCertAcceptance",
                                      "publishCert",  "batchRequests"};
  return row != nullptr && std::ranges::find(asking, row->name) != std::end(asking);
}

Result<Request> full_request(Decoder& decoder, const PKIData& data) {
  Request request;
  CMC_TRY(request.transaction, transaction_of(decoder, data.control_sequence));
  for (const TaggedRequest& tagged : data.req_sequence) {
    if (const auto id = body_part_id(decoder, tagged)) request.requests.push_back(*id);
  }
  for (const TaggedAttribute& control : data.control_sequence) {
    if (asks(control)) request.requests.push_back(control.body_part_id);
  }
  if (request.requests.empty()) request.requests.emplace_back(0);
  return request;
}

class Respond {
 public:
  Respond(const Options& options, Io& io)
      : options_(options),
        maker_(io, "respond"),
        response_(options.edition == "5272" ? Edition::rfc5272 : Edition::rfc10002) {}

  ExitCode run() {
    if (const std::string problem = wrong_call(); !problem.empty()) return maker_.fail(ExitCode::usage, problem);
    for (const auto step : {&Respond::load, &Respond::read_statuses, &Respond::read_request}) {
      if (const ExitCode code = (this->*step)(); code != ExitCode::ok) return code;
    }
    auto message = options_.certs_only ? make_signed_data(id_data, {}, {}, contents()) : full_response();
    if (!message) return maker_.refuse(message.error());
    auto sealed = encrypted(options_.encryption, *std::move(message), maker_, options_.reading);
    if (!sealed) return sealed.error();
    return maker_.write(options_.output, *sealed);
  }

 private:
  static constexpr std::string_view id_data = "1.2.840.113549.1.7.1";

  std::string wrong_call() const {
    if (options_.certs_only) {
      const bool more = !options_.statuses.empty() || !options_.controls.empty() || !options_.responses.empty() ||
                        !options_.signer.keys.empty() || options_.mac;
      if (more) {
        return "a Simple PKI Response holds certificates and CRLs, and has no signer (RFC 10002 section 4.1); leave "
               "out "
               "--certs-only for more";
      }
      if (options_.certificates.empty() && options_.crls.empty()) return "--certs-only wants --issue or --crl";
      return {};
    }
    if (options_.mac == !options_.signer.keys.empty()) {
      return options_.mac ? "--sign-with and --mac-with-secret exclude each other"
                          : "nothing protects the response: name a key with --sign-with, or use --mac-with-secret (RFC "
                            "10002 section 4.2); --certs-only needs neither";
    }
    if (options_.mac && options_.secret.empty()) return "--mac-with-secret wants a --secret";
    if (options_.mac && (!options_.certificates.empty() || !options_.crls.empty())) {
      return "AuthenticatedData has no place for certificates and CRLs; sign the response (RFC 10002 section "
             "3.2.1.3.4)";
    }
    if (options_.edition == "5272" && options_.encryption.gcm) {
      return "--gcm makes AuthEnvelopedData, which RFC 5272 does not have (RFC 10002 section 3.2.1.3.5)";
    }
    return {};
  }

  ExitCode load() {
    if (const ExitCode code = maker_.may_write(options_.output); code != ExitCode::ok) return code;
    if (const ExitCode code = read_bags(); code != ExitCode::ok) return code;
    auto responses = read_parts(options_.responses, maker_, options_.reading);
    if (!responses) return responses.error();
    nested_ = std::move(*responses);
    auto signers = load_signers(options_.signer, maker_, limits_of(options_.reading));
    if (!signers) return signers.error();
    signers_ = std::move(*signers);
    if (const ExitCode code = check_certified(signers_, options_.signer, maker_); code != ExitCode::ok) return code;
    if (!options_.mac) return ExitCode::ok;
    auto secret = maker_.secret(options_.secret, "--secret", "shared secret");
    if (!secret) return secret.error();
    secret_ = std::move(*secret);
    return ExitCode::ok;
  }

  ExitCode read_bags() {
    for (const auto* const names : {&options_.certificates, &options_.crls}) {
      for (const std::string& name : *names) {
        ExitCode code = ExitCode::ok;
        auto bag = read_bag(name, maker_.command(), maker_.io(), options_.reading, code);
        if (!bag) return code;
        for (auto& der : bag->certificates) issued_.push_back(std::move(der));
        for (auto& der : bag->crls) crls_.push_back(std::move(der));
      }
    }
    return ExitCode::ok;
  }

  ExitCode read_statuses() {
    const std::int64_t now = *time_of({});
    for (const std::string& text : options_.statuses) {
      auto status = StatusOption::parse(text, now);
      if (!status) return maker_.refuse(status.error());
      statuses_.push_back(*std::move(status));
    }
    const auto general =
        std::ranges::count_if(statuses_, [](const StatusOption& status) { return status.part().empty(); });
    if (general > 1) {
      return maker_.fail(ExitCode::usage, "one --status may be without a body part: it is for all that have no other");
    }
    if (general == 0) statuses_.emplace_back();
    return ExitCode::ok;
  }

  ExitCode read_request() {
    const Input input = read_input(options_.file, maker_.io(), options_.reading);
    if (!input.problem.empty()) return maker_.fail(ExitCode::io, escape(options_.file) + ": " + input.problem);
    if (input.error) return maker_.refuse(options_.file, *input.error);
    octets_ = input.blocks.front().bytes;
    const auto message = open_message(decoder_, Octets(octets_));
    if (!message) return maker_.refuse(options_.file, message.error());
    const auto* const data = std::get_if<PKIData>(&message->layer.content);
    if (data != nullptr) {
      auto request = full_request(decoder_, *data);
      if (!request) return maker_.refuse(options_.file, request.error());
      request_ = *std::move(request);
      return ExitCode::ok;
    }
    const MessageKind kind = message->layer.kind;
    if (kind == MessageKind::simple_pki_request || kind == MessageKind::cert_req_messages) {
      request_.requests.emplace_back(1);  // section 6.1.1 has 1 for a Simple PKI Request
      return ExitCode::ok;
    }
    std::string found = "expected a PKI Request, found " + std::string(to_string(kind));
    if (kind == MessageKind::enveloped_data || kind == MessageKind::auth_enveloped_data) {
      found += "; cmcctl cms decrypt opens it";
    }
    return maker_.refuse(options_.file, Error{Errc::not_a_message, 0, {}, {}, found});
  }

  SignedDataOptions contents() {
    if (!options_.certs_only) {
      for (const auto& der : signers_.certificates) {
        if (std::ranges::find(issued_, der) == issued_.end()) issued_.push_back(der);
      }
    }
    SignedDataOptions how;
    how.certificates = issued_;
    how.crls = crls_;
    return how;
  }

  Result<std::vector<std::uint8_t>> full_response() {
    CMC_TRY(const auto der, pki_response());
    if (options_.mac) {
      SharedSecret shared{secret_};
      if (!options_.identification.empty()) shared.identification = Octets(std::string_view(options_.identification));
      return mac_full(FullContent::pki_response, der, shared);
    }
    SignedDataOptions how = contents();
    if (!options_.signer.no_time) how.signing_time = time_of({});
    return sign_full(FullContent::pki_response, der, signers_.signers, how);
  }

  Result<std::vector<std::uint8_t>> pki_response() {
    CMC_CHECK(add_statuses());
    const Transaction& transaction = request_.transaction;
    if (transaction.id) CMC_CHECK(response_.transaction_id(*transaction.id));
    if (transaction.sender_nonce || !options_.sender_nonce.empty()) {
      CMC_CHECK(add_sender_nonce(response_, options_.sender_nonce, options_.no_nonce));
    }
    if (transaction.sender_nonce) CMC_CHECK(response_.recipient_nonce(*transaction.sender_nonce));
    if (transaction.data_return) CMC_CHECK(response_.data_return(*transaction.data_return));
    for (const std::string& text : options_.controls) {
      CMC_TRY(const ControlOption control, parse_control(text));
      CMC_CHECK(response_.control(control.type, control.value));
    }
    CMC_CHECK(add_nested());
    return response_.der();
  }

  Result<void> add_statuses() {
    std::vector<BodyPartID> rest = request_.requests;
    for (const StatusOption& status : statuses_) {
      if (status.part().size() == 1) std::erase(rest, status.part().front());
    }
    for (const StatusOption& status : statuses_) {
      if (status.part().empty() && rest.empty()) continue;
      const std::string_view text = status.status() == CMCStatus::success ? std::string_view() : options_.text;
      CMC_CHECK(status.add_to(response_, rest, text));
    }
    return {};
  }

  Result<void> add_nested() {
    std::vector<BodyPartID> parts;
    for (const MessagePart& part : nested_) {
      if (part.kind != MessagePart::Kind::message) {
        return Error{
            Errc::not_encodable, 0, "cmsSequence", {}, part.file + " is a request, and --response wants responses"};
      }
      CMC_TRY(const BodyPartID id, response_.nested(part.der));
      parts.push_back(id);
    }
    if (!parts.empty()) CMC_CHECK(response_.batch_responses(parts));
    return {};
  }

  const Options& options_;
  Maker maker_;
  PkiResponseBuilder response_;
  std::vector<StatusOption> statuses_;
  std::vector<std::uint8_t> octets_;
  Decoder decoder_;
  Request request_;
  DerList issued_;
  DerList crls_;
  std::vector<MessagePart> nested_;
  Signers signers_;
  SecretOctets secret_;
};

void add_options(Command command, Options& options) {
  command.add_option("REQUEST", options.file, "The request that is answered; - is stdin").type_name("").required();
  command
      .add_option(
          "--status", options.statuses,
          "success, failed:badRequest, failed:OID=DER, pending:TOKEN,SECONDS, ..., for one body part or for all "
          "that have no other; else success")
      .type_name("[PART=]STATUS");
  command.add_option("--text", options.text, "statusString of what is no success").type_name("TEXT");
  command.add_option("--issue", options.certificates, "Certificates for the response")
      .type_name("FILE");
  command.add_option("--crl", options.crls, "CRLs for the response").type_name("FILE");
  command.add_flag("--certs-only,--simple", options.certs_only, "A Simple PKI Response: certificates and CRLs alone");
  command.add_option("--control", options.controls, "Another control; JSON as decode shows it, hex:DER, or plain text")
      .type_name("NAME=VALUE");
  command.add_option("--response", options.responses, "A response to go into cmsSequence, with batchResponses")
      .type_name("FILE");
  command
      .add_option("--edition", options.edition, "10002, or 5272: statusInfo as well, and the older extendedFailInfo")
      .one_of({"10002", "5272"});
  const Option nonce =
      command.add_option("--sender-nonce", options.sender_nonce, "Octets as text; else random ones")
          .type_name("TEXT")
          .group("Transaction");
  command.add_flag("--no-nonce", options.no_nonce, "No senderNonce; that of the request comes back anyway")
      .excludes(nonce)
          .group("Transaction");
  add_signer_options(command, options.signer);
  command.add_flag("--mac-with-secret", options.mac, "AuthenticatedData under identification and secret, no signature")
      .group("Signature");
  command.add_option("--identification", options.identification, "With --mac-with-secret: the name of the secret")
      .type_name("TEXT")
      .group("Signature");
  command
      .add_option("--secret", options.secret,
                  "With --mac-with-secret: file:PATH, env:NAME, fd:NUMBER, prompt or pass:TEXT")
      .type_name("SOURCE")
      .group("Signature");
  add_encryption_options(command, options.encryption);
  add_new_message_options(command, options.output);
  add_read_options(command, options.reading);
}

}  // namespace

void register_respond(Command app, Globals& globals) {
  const Command command = app.add_subcommand("respond", "Make the response to a request");
  const auto options = std::make_shared<Options>();
  add_options(command, *options);
  command.footer(
      "transactionId, senderNonce and dataReturn of the request are answered as RFC 10002 sections 6.4 and 6.6 want "
      "it.\n"
      "Exit codes: 0 written, 3 a file does not decode, 4 a file fails, 7 key, password or secret, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl respond request.crq --issue new.crt --sign-with ca.key --cert ca.crt -o response.crp\n"
      "  cmcctl respond request.crq --status 2=failed:badIdentity --text 'unknown secret' --sign-with ca.p12 "
      "--password prompt -o response.crp\n"
      "  cmcctl respond request.csr --issue new.crt --certs-only --to pem");
  set_action(command, globals, [options, &globals] { return Respond(*options, globals.io).run(); });
}

}  // namespace cmcctl::cli
