#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/cmc/client.hpp>
#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/cmc/pop_messages.hpp>
#include <cmcctl/codec/text.hpp>

#include "making.hpp"
#include "pop_verbs.hpp"

namespace cmcctl::cli {
namespace {

struct Options {
  std::string file = "-";
  std::vector<std::string> keys;
  std::string key_password;
  std::string request;
  SignerOptions signer;
  NewMessageOptions output;
  ReadOptions reading;
  bool abort = false;
};

/// A file and the message in it.
struct ReadMessage {
  std::vector<std::uint8_t> bytes;
  std::unique_ptr<Decoder> decoder;
  std::optional<Message> message;

  OpenedMessage opened() const { return {*decoder, *message}; }
};

class Answer {
 public:
  Answer(const Options& options, Io& io)
      : options_(options), maker_(io, "pop answer"), limits_(limits_of(options.reading)) {}

  ExitCode run() {
    if (options_.signer.keys.empty())
      return maker_.fail(ExitCode::usage, "an answer is signed: name a key with --sign-with");
    if (options_.keys.empty()) return maker_.fail(ExitCode::usage, "name the key of the request with --key");
    if (const ExitCode code = maker_.may_write(options_.output); code != ExitCode::ok) return code;
    auto signers = load_signers(options_.signer, maker_, limits_);
    if (!signers) return signers.error();
    signers_ = std::move(*signers);
    if (const ExitCode code = load_keys(); code != ExitCode::ok) return code;
    auto response = read(options_.file);
    if (!response) return response.error();
    if (const ExitCode code = check_request(*response); code != ExitCode::ok) return code;

    std::vector<PrivateKey*> keys;
    for (const auto& key : keys_) keys.push_back(key.get());
    const auto answer = make_answer_message((*response).opened(), keys, limits_);
    if (answer) return write(answer->pki_data, answer->form);
    return answer.error().code == Errc::decryption_failed ? give_up((*response).opened())
                                                          : maker_.refuse(answer.error());
  }

 private:
  OrExit<ReadMessage> read(const std::string& file) {
    Input input = read_input(file, maker_.io(), options_.reading);
    if (!input.problem.empty()) return maker_.fail(ExitCode::io, escape(file) + ": " + input.problem);
    if (input.error) return maker_.refuse(file, *input.error);
    ReadMessage read{std::move(input.blocks.front().bytes), std::make_unique<Decoder>(limits_), std::nullopt};
    auto message = open_message(*read.decoder, Octets(read.bytes));
    if (!message) return maker_.refuse(file, message.error());
    read.message = *std::move(message);
    return read;
  }

  ExitCode load_keys() {
    for (const std::string& name : options_.keys) {
      auto key = load_key({name, options_.key_password}, maker_.io(), maker_.command(), limits_);
      if (!key) return key.error();
      keys_.push_back(std::move(*key));
    }
    return ExitCode::ok;
  }

  ExitCode check_request(const ReadMessage& response) {
    if (options_.request.empty()) return ExitCode::ok;
    auto request = read(options_.request);
    if (!request) return request.error();
    if (!challenges_are_for(response.opened(), (*request).opened())) {
      return maker_.fail(ExitCode::no,
                         "the challenge is not for a request of " + escape(options_.request) + " [CMC-5272-6.7-06]");
    }
    const ResponseReport report = process_response(response.opened(), (*request).opened(), {});
    for (const Check& check : report.checks) {
      const bool ties = check.name == "transactionId" || check.name == "recipientNonce";
      if (!ties || check.verdict != Verdict::fail) continue;
      return maker_.fail(ExitCode::no,
                         std::string(check.name) + ": " + check.text + " [" + std::string(check.rule) + "]");
    }
    return ExitCode::ok;
  }

  ExitCode write(const std::vector<std::uint8_t>& pki_data, PopForm form) {
    SignedDataOptions how = signing(options_.signer, signers_);
    how.null_digest_parameters = form == PopForm::dogtag;
    const auto message = sign_full(FullContent::pki_data, pki_data, signers_.signers, how);
    if (!message) return maker_.refuse(message.error());
    return maker_.write(options_.output, *message);
  }

  ExitCode give_up(const OpenedMessage& response) {
    maker_.fail(
        ExitCode::no,
        std::string("the challenge does not fit the key: it was changed, or made for another key [CMC-5272-6.7-11]") +
            (options_.abort ? "" : "\n  try: --abort makes the message that tells the server (popFailed)"));
    if (!options_.abort) return ExitCode::no;
    const auto abort = make_abort_message(response);
    if (!abort) return maker_.refuse(abort.error());
    return worst(ExitCode::no, write(*abort, PopForm::rfc10002));
  }

  const Options& options_;
  Maker maker_;
  Limits limits_;
  Signers signers_;
  std::vector<std::unique_ptr<PrivateKey>> keys_;
};

}  // namespace

void register_pop_answer(Command pop, Globals& globals) {
  const Command command = pop.add_subcommand("answer", "The client's next request: decryptedPOP");
  const auto options = std::make_shared<Options>();
  command.add_option("FILE", options->file, "The response with the challenge; - is stdin").type_name("");
  command.add_option("--key", options->keys, "The private key of the request, in any form that --sign-with takes")
      .type_name("KEY");
  command
      .add_option("--key-password", options->key_password,
                  "Its password: file:PATH, env:NAME, fd:NUMBER, prompt or pass:TEXT")
      .type_name("SOURCE");
  command.add_option("--request", options->request, "The request that was sent: the challenge has to be for it")
      .type_name("FILE");
  command.add_flag("--abort", options->abort,
                   "Where the challenge does not fit, write the message that tells the server");
  add_signer_options(command, options->signer);
  add_new_message_options(command, options->output);
  add_read_options(command, options->reading);
  command.footer(
      "The form of the challenge, that of RFC 10002 section 6.7 or Dogtag's, is found out.\n"
      "Exit codes: 0 done, 1 the challenge does not fit key or request, 2 wrong call, 3 the input does not decode,\n"
      "4 a file cannot be read or written, 7 a key cannot be used.\n"
      "Examples:\n"
      "  cmcctl pop answer response.crp --key new.key --request request.crq --sign-with agent.key --cert agent.pem -o "
      "next.crq\n"
      "  cmcctl pop answer response.crp --key new.key --abort --sign-with agent.p12 --password prompt -o next.crq");
  set_action(command, globals, [options, &globals] { return Answer(*options, globals.io).run(); });
}

}  // namespace cmcctl::cli
