#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/cmc/pki_data.hpp>
#include <cmcctl/cmc/pop_link.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/random.hpp>

#include "control_option.hpp"
#include "making.hpp"
#include "message_parts.hpp"
#include "nonces.hpp"
#include "publication.hpp"
#include "ra_options.hpp"
#include "request_commands.hpp"

namespace cmcctl::cli {
namespace {

const std::map<std::string, IdentityProofs> proof_names{
    {"v1", IdentityProofs::v1}, {"v2", IdentityProofs::v2}, {"both", IdentityProofs::both}};

struct Options {
  std::vector<std::string> files;
  SignerOptions signer;
  EncryptionOptions encryption;
  NewMessageOptions output;
  ReadOptions reading;
  RaOptions ra;
  PublicationOptions publication;
  std::vector<std::string> request_keys;
  std::vector<std::string> controls;
  std::string identification;
  std::string secret;
  std::string identity_proof;
  std::string transaction_id;
  std::string sender_nonce;
  std::string profile;
  std::string edition = "10002";
  bool self_sign = false;
  bool no_signature = false;
  bool mac = false;
  bool pop_link = false;
  bool no_nonce = false;
};

class RequestCmc {
 public:
  RequestCmc(const Options& options, Io& io)
      : options_(options), maker_(io, "request cmc"), limits_(limits_of(options.reading)) {}

  ExitCode run() {
    if (const std::string problem = wrong_call(); !problem.empty()) return maker_.fail(ExitCode::usage, problem);
    for (const auto step : {&RequestCmc::load, &RequestCmc::link, &RequestCmc::put_together}) {
      if (const ExitCode code = (this->*step)(); code != ExitCode::ok) return code;
    }
    auto message = protect();
    if (!message) return message.error();
    auto sealed = encrypted(options_.encryption, std::move(*message), maker_, options_.reading);
    if (!sealed) return sealed.error();
    return maker_.write(options_.output, *sealed);
  }

 private:
  bool is(std::string_view profile) const { return options_.profile == profile; }
  bool dogtag() const { return is("dogtag"); }
  bool cnsa() const { return is("cnsa1") || is("cnsa2"); }

  std::string wrong_call() const {
    const int ways = (options_.self_sign || !options_.signer.keys.empty() ? 1 : 0) + (options_.no_signature ? 1 : 0) +
                     (options_.mac ? 1 : 0);
    if (ways == 0) {
      return "nothing protects the message: name a key with --sign-with, or use --self-sign, --no-signature or "
             "--mac-with-secret (RFC 10002 section 3.2)";
    }
    if (ways > 1) return "--sign-with or --self-sign, --no-signature and --mac-with-secret exclude each other";
    if (options_.self_sign && options_.signer.keys.size() > 1) {
      return "a message that is signed with the key of a request has one signer (RFC 10002 section 3.2)";
    }
    if (options_.self_sign && options_.signer.keys.empty() && options_.request_keys.empty()) {
      return "--self-sign wants the request's key: --sign-with KEY or --request-key KEY";
    }
    if (options_.secret.empty()) {
      if (options_.mac) return "--mac-with-secret wants a --secret";
      if (options_.pop_link) return "--pop-link wants a --secret (RFC 10002 section 6.3.1.1)";
      if (!options_.identity_proof.empty()) return "--identity-proof wants a --secret (RFC 10002 section 6.2.1)";
    }
    if (options_.edition == "5272" && options_.encryption.gcm) {
      return "--gcm makes AuthEnvelopedData, which RFC 5272 does not have (RFC 10002 section 3.2.1.3.5)";
    }
    if (cnsa() && options_.mac) return "a CNSA request is SignedData [CMC-8756-4-01]";
    if (cnsa() && !options_.identity_proof.empty() && options_.identity_proof != "v2") {
      return "a CNSA request proves identity with identityProofV2 only [CMC-8756-4-03]";
    }
    if (is("ms") && (options_.mac || options_.no_signature)) {
      return "AD CS takes SignedData with a signature: --self-sign, or --sign-with for an enrollment agent";
    }
    if (is("ms") && !options_.secret.empty()) return "AD CS knows no identity proof and no POP link";
    return {};
  }

  ExitCode load() {
    if (const ExitCode code = maker_.may_write(options_.output); code != ExitCode::ok) return code;
    auto parts = read_parts(options_.files, maker_, options_.reading);
    if (!parts) return parts.error();
    parts_ = std::move(*parts);
    if (!options_.secret.empty()) {
      auto secret = maker_.secret(options_.secret, "--secret", "shared secret");
      if (!secret) return secret.error();
      secret_ = std::move(*secret);
    }
    auto publication = read_publication(options_.publication, maker_, options_.reading);
    if (!publication) return publication.error();
    publication_ = std::move(*publication);
    auto signers = load_signers(options_.signer, maker_, limits_);
    if (!signers) return signers.error();
    signers_ = std::move(*signers);
    SignerOptions keys;
    keys.keys = options_.request_keys;
    keys.password = options_.signer.password;
    auto loaded = load_signers(keys, maker_, limits_);
    if (!loaded) return loaded.error();
    request_keys_ = std::move(*loaded);
    return check_signers();
  }

  ExitCode check_signers() {
    if (!options_.self_sign) {
      if (const ExitCode code = check_certified(signers_, options_.signer, maker_); code != ExitCode::ok) return code;
    }
    if (!cnsa()) return ExitCode::ok;
    const bool request_key_signs = options_.self_sign && signers_.signers.empty();
    for (Signer& signer : (request_key_signs ? request_keys_ : signers_).signers) {
      const PublicKey& key = signer.key->public_key();
      if (const std::string problem = signer_against_profile(key); !problem.empty()) {
        return maker_.fail(ExitCode::usage, problem);
      }
      signer.scheme = scheme_with(key, Hash::sha384);
    }
    return ExitCode::ok;
  }

  std::string signer_against_profile(const PublicKey& key) const {
    if (is("cnsa2")) {
      if (key.kind() == KeyKind::ml_dsa_87) return {};
      return "CNSA 2.0 signs with ML-DSA-87, and not with " + key.text();
    }
    if (key.kind() == KeyKind::ec_p384 || (key.kind() == KeyKind::rsa && key.bits() >= 3072)) return {};
    return "a CNSA request is signed with P-384 or RSA 3072 or more, not " + key.text() + " [CMC-8756-4-06]";
  }

  SharedSecret shared() const {
    SharedSecret shared{secret_};
    if (!options_.identification.empty()) shared.identification = Octets(std::string_view(options_.identification));
    return shared;
  }
  Hash proof_hash() const { return cnsa() ? Hash::sha384 : Hash::sha256; }
  /// Windows writes none of these controls.
  bool no_nonce() const { return options_.no_nonce || (is("ms") && options_.sender_nonce.empty()); }

  /// Each request with its witnesses, signed with whichever of the keys is its own.
  ExitCode link() {
    if (!options_.pop_link) return ExitCode::ok;
    random_ = random_octets(pop_link_random_octets);
    PopLinkOptions how;
    how.v1 = options_.identity_proof == "v1" || options_.identity_proof == "both";
    how.v2 = options_.identity_proof != "v1";
    how.key = dogtag() ? LinkKey::secret_and_identification : LinkKey::secret;
    how.key_gen = how.mac = proof_hash();
    for (MessagePart& part : parts_) {
      if (part.kind == MessagePart::Kind::message) continue;
      auto linked = add_pop_link(part.der, nullptr, shared(), random_, how);
      for (const auto* keys : {&request_keys_.keys, &signers_.keys}) {
        for (auto key = keys->begin(); !linked && linked.error().code == Errc::no_key && key != keys->end(); ++key) {
          linked = add_pop_link(part.der, key->get(), shared(), random_, how);
        }
      }
      if (!linked && linked.error().code == Errc::no_key) {
        return maker_.fail(ExitCode::key, escape(part.file) +
                                              ": a POP link witness is signed with the request; name its "
                                              "private key with --request-key (RFC 10002 section 6.3.1.1)");
      }
      if (!linked) return maker_.refuse(part.file, linked.error());
      part.der = *std::move(linked);
    }
    return ExitCode::ok;
  }

  ExitCode put_together() {
    auto der = pki_data();
    if (!der) return maker_.refuse(der.error());
    pki_data_ = *std::move(der);
    return ExitCode::ok;
  }

  // The order of Dogtag's CMCRequest, whatever the profile is.
  Result<std::vector<std::uint8_t>> pki_data() {
    for (const MessagePart& part : parts_) {
      if (part.id) data_.reserve(*part.id);
    }
    for (const std::string& text : options_.controls) {
      CMC_TRY(const ControlOption control, parse_control(text));
      CMC_CHECK(data_.control(control.type, control.value));
    }
    CMC_CHECK(add_publication(data_, publication_));
    CMC_CHECK(add_sender_nonce(data_, options_.sender_nonce, no_nonce()));
    if (options_.pop_link) CMC_CHECK(data_.pop_link_random(random_));
    CMC_CHECK(add_parts());
    CMC_CHECK(add_transaction_id(data_, options_.transaction_id, no_nonce()));
    if (!options_.identification.empty()) CMC_CHECK(data_.identification(options_.identification));
    const bool prove = !options_.secret.empty() && (!options_.mac || !options_.identity_proof.empty());
    if (prove) {
      const auto which = options_.identity_proof.empty() ? IdentityProofs::v2 : proof_names.at(options_.identity_proof);
      CMC_CHECK(data_.identity_proof(secret_, which, proof_hash(), proof_hash()));
    }
    return data_.der();
  }

  Result<void> add_parts() {
    std::vector<BodyPartID> nested;
    for (const MessagePart& part : parts_) {
      const bool message = part.kind == MessagePart::Kind::message;
      auto id = message ? data_.nested(part.der) : data_.request(part.der);
      if (!id) {
        id.error().detail = part.file + ": " + id.error().detail;
        return id.error();
      }
      if (message) nested.push_back(*id);
    }
    return add_ra_controls(data_, options_.ra, nested);
  }

  OrExit<std::vector<std::uint8_t>> protect() {
    auto made = protected_message();
    if (!made) return maker_.refuse(made.error());
    return *std::move(made);
  }

  Result<std::vector<std::uint8_t>> protected_message() {
    if (options_.mac) return mac_full(FullContent::pki_data, pki_data_, shared());
    SignedDataOptions how = signing(options_.signer, signers_, dogtag() || is("ms"));
    if (!options_.no_signature && !options_.self_sign) {
      return sign_full(FullContent::pki_data, pki_data_, signers_.signers, how);
    }
    how.certificates = {};  // the key of a request has none yet
    if (options_.no_signature) return no_signature_full(pki_data_, how);
    const Signer& signer = (signers_.signers.empty() ? request_keys_ : signers_).signers.front();
    return self_sign_full(pki_data_, *signer.key, signer.scheme, how,
                          dogtag() ? RequestKeyId::dogtag : RequestKeyId::extension);
  }

  const Options& options_;
  Maker maker_;
  Limits limits_;
  std::vector<MessagePart> parts_;
  SecretOctets secret_;
  SecretOctets random_;
  Publication publication_;
  Signers signers_;
  Signers request_keys_;
  PkiDataBuilder data_;
  std::vector<std::uint8_t> pki_data_;
};

void add_options(Command command, Options& options) {
  command
      .add_option("REQUEST", options.files, "PKCS #10 and CRMF requests, and CMC messages, which go into cmsSequence")
      .type_name("");
  const std::string identity = "Identity";
  command.add_option("--identification", options.identification, "The name that the shared secret goes by")
      .type_name("TEXT")
      .group(identity);
  command
      .add_option("--secret", options.secret,
                  "The shared secret, for an identity proof: file:PATH, env:NAME, fd:NUMBER, prompt or pass:TEXT")
      .type_name("SOURCE")
      .group(identity);
  command.add_option("--identity-proof", options.identity_proof, "v1 (SHA-1), v2 or both; else v2")
      .one_of({"v1", "v2", "both"})
      .group(identity);
  command.add_flag("--pop-link", options.pop_link, "Link the requests to the secret: popLinkRandom and witnesses")
      .group(identity);
  command
      .add_option("--request-key", options.request_keys, "Private key of a request, to sign it anew with its witness")
      .type_name("KEY")
      .group(identity);
  command.add_option("--control", options.controls, "Another control; JSON as decode shows it, hex:DER, or plain text")
      .type_name("NAME=VALUE");
  add_nonce_options(command, options.transaction_id, options.sender_nonce, options.no_nonce);
  command
      .add_option("--profile", options.profile,
                  "What the server wants: dogtag, ms, cnsa1 (RFC 8756), cnsa2 or est (RFC 7030)")
      .one_of({"dogtag", "ms", "cnsa1", "cnsa2", "est"})
      .type_name("NAME");
  command.add_option("--edition", options.edition, "10002, or 5272 for servers that know no later one")
      .one_of({"10002", "5272"});
  add_signer_options(command, options.signer);
  command
      .add_flag("--self-sign", options.self_sign,
                "Sign with the key of a request: --sign-with or --request-key names it")
      .group("Signature");
  command
      .add_flag("--no-signature", options.no_signature,
                "id-alg-noSignature, for the key of the first request that cannot sign")
      .group("Signature");
  command.add_flag("--mac-with-secret", options.mac, "AuthenticatedData under identification and secret, no signature")
      .group("Signature");
  add_encryption_options(command, options.encryption);
  add_ra_options(command, options.ra);
  add_publication_options(command, options.publication);
  add_new_message_options(command, options.output);
  add_read_options(command, options.reading);
}

}  // namespace

void register_request_cmc(Command request, Globals& globals) {
  const Command command = request.add_subcommand("cmc", "Make a Full PKI Request around requests and messages");
  const auto options = std::make_shared<Options>();
  add_options(command, *options);
  command.footer(
      "Exit codes: 0 written, 3 a file does not decode, 4 a file fails, 7 key, password or secret, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl request cmc new.csr --sign-with agent.p12 --password prompt -o request.crq\n"
      "  cmcctl request cmc new.csr --self-sign --sign-with new.key --identification me --secret file:secret "
      "--pop-link -o request.crq\n"
      "  cmcctl request cmc one.crq two.crq --batch --sign-with ra.key --cert ra.crt -o batch.crq\n"
      "  cmcctl request cmc one.crq --sign-with ra.key --cert ra.crt --ra-identity 1 --modify 1:1=subject=CN=you "
      "-o passed.crq");
  set_action(command, globals, [options, to = command.get_option("--to"), &globals] {
    // RFC 8951 section 3.1: the body that is posted to /fullcmc is base64.
    const bool est = options->profile == "est" && to.count() == 0;
    if (est) options->output.output.to = "base64";
    return RequestCmc(*options, globals.io).run();
  });
}

}  // namespace cmcctl::cli
