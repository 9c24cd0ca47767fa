#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/cmc/pop_messages.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/key_source.hpp>
#include <cmcctl/crypto/key_writing.hpp>

#include "making.hpp"
#include "pop_verbs.hpp"

namespace cmcctl::cli {
namespace {

const std::map<std::string, Hash> hashes{
    {"sha1", Hash::sha1}, {"sha256", Hash::sha256}, {"sha384", Hash::sha384}, {"sha512", Hash::sha512}};

struct Options {
  std::string file = "-";
  SignerOptions signer;
  NewMessageOptions output;
  ReadOptions reading;
  std::optional<std::uint32_t> part;
  std::string profile;
  std::string oaep;
  std::string response_info;
  std::string proof_value;
};

class Challenge {
 public:
  Challenge(const Options& options, Io& io)
      : options_(options), maker_(io, "pop challenge"), limits_(limits_of(options.reading)) {}

  ExitCode run() {
    if (const std::string problem = wrong_call(); !problem.empty()) return maker_.fail(ExitCode::usage, problem);
    if (const ExitCode code = maker_.may_write(options_.output); code != ExitCode::ok) return code;
    auto signers = load_signers(options_.signer, maker_, limits_);
    if (!signers) return signers.error();
    const Input input = read_input(options_.file, maker_.io(), options_.reading);
    if (!input.problem.empty()) return maker_.fail(ExitCode::io, escape(options_.file) + ": " + input.problem);
    if (input.error) return maker_.refuse(options_.file, *input.error);
    Decoder decoder(limits_);
    const auto message = open_message(decoder, Octets(input.blocks.front().bytes));
    if (!message) return maker_.refuse(options_.file, message.error());
    const auto made = make({decoder, *message});
    if (!made) return maker_.refuse(made.error());
    const auto signed_message = sign_full(FullContent::pki_response, made->pki_response, (*signers).signers,
                                          signing(options_.signer, *signers, dogtag()));
    if (!signed_message) return maker_.refuse(signed_message.error());
    if (const ExitCode code = keep(made->proof_value); code != ExitCode::ok) return code;
    return maker_.write(options_.output, *signed_message);
  }

 private:
  bool dogtag() const { return options_.profile == "dogtag"; }

  std::string wrong_call() const {
    if (options_.signer.keys.empty()) return "a challenge is signed by the server: name its key with --sign-with";
    if (dogtag() && !options_.oaep.empty() && options_.oaep != "sha256") return "Dogtag's OAEP is with sha256";
    return {};
  }

  Result<PopChallengeMessage> make(const OpenedMessage& request) {
    const auto wanted = options_.part ? std::optional(BodyPartID(*options_.part)) : std::nullopt;
    CMC_TRY(const BodyPartID id, request_to_challenge(request, wanted));
    PopChallengeOptions how;
    if (dogtag()) how.form = PopForm::dogtag;
    if (!options_.oaep.empty()) how.oaep = PublicKey::Oaep{hashes.at(options_.oaep), hashes.at(options_.oaep)};
    // Without one Dogtag's client refuses the challenge.
    const std::string info = options_.response_info.empty() && dogtag() ? "\x01" : options_.response_info;
    return make_challenge_message(request, id, how, Octets(std::string_view(info)));
  }

  ExitCode keep(const SecretOctets& proof_value) const {
    if (options_.proof_value.empty()) {
      maker_.io().err
          << "cmcctl pop challenge: warning: the POP Proof Value is not kept, so nobody can check the answer; "
             "keep it with --proof-value FILE\n";
      return ExitCode::ok;
    }
    if (options_.output.dry_run) return ExitCode::ok;
    std::string text = hex(proof_value) + '\n';
    const std::string problem = write_new_secret_file(options_.proof_value, Octets(std::string_view(text)));
    explicit_bzero(text.data(), text.size());
    if (problem.empty()) return ExitCode::ok;
    return maker_.fail(ExitCode::io, escape(options_.proof_value) + ": " + problem);
  }

  const Options& options_;
  Maker maker_;
  Limits limits_;
};

}  // namespace

void register_pop_challenge(Command pop, Globals& globals) {
  const Command command = pop.add_subcommand("challenge", "The server's response that asks for a proof: encryptedPOP");
  const auto options = std::make_shared<Options>();
  command.add_option("FILE", options->file, "The Full PKI Request; - is stdin").type_name("");
  command.add_option("--part", options->part, "Body part identifier of the request; else the only one without a proof")
      .type_name("N");
  command.add_option("--profile", options->profile, "dogtag: the form that Dogtag's tools read")
      .one_of({"dogtag"});
  command.add_option("--oaep", options->oaep, "RSA: OAEP with this hash function, not PKCS #1 v1.5")
      .one_of({"sha1", "sha256", "sha384", "sha512"});
  command
      .add_option("--response-info", options->response_info,
                  "The control responseInfo, by which the server knows the request again")
      .type_name("TEXT");
  command
      .add_option("--proof-value", options->proof_value,
                  "A new file for the POP Proof Value, mode 0600; verify reads it")
      .type_name("FILE");
  add_signer_options(command, options->signer);
  add_new_message_options(command, options->output);
  add_read_options(command, options->reading);
  command.footer(
      "RFC 10002 section 6.7: a random value is encrypted for the key of the request. Who has the key answers with\n"
      "a MAC (cmcctl pop answer), and cmcctl verify --proof-value checks it.\n"
      "Exit codes: 0 done, 2 wrong call, or no such request, 3 the input does not decode, 4 a file cannot be read or\n"
      "written, 7 a key cannot be used.\n"
      "Examples:\n"
      "  cmcctl pop challenge request.crq --sign-with ca.key --cert ca.pem --proof-value value.hex -o response.crp\n"
      "  cmcctl pop challenge request.crq --profile dogtag --sign-with ca.key --cert ca.pem -o response.crp");
  set_action(command, globals, [options, &globals] { return Challenge(*options, globals.io).run(); });
}

}  // namespace cmcctl::cli
