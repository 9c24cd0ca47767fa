#include <memory>
#include <optional>
#include <string>

#include <cmcctl/cmc/transaction.hpp>
#include <cmcctl/codec/message.hpp>
#include <cmcctl/codec/text.hpp>

#include "control_option.hpp"
#include "one_control.hpp"
#include "request_commands.hpp"

namespace cmcctl::cli {
namespace {

struct Options : OneControlOptions {
  std::string file;
  std::string token;
};

class RequestQueryPending {
 public:
  RequestQueryPending(const Options& options, Io& io) : options_(options), maker_(io, "request query-pending") {}

  ExitCode run() {
    if (options_.file.empty() == options_.token.empty()) {
      return maker_.fail(ExitCode::usage, "name the response that said pending, or its --token");
    }
    if (options_.file.empty())
      return make_one_control(options_, maker_, [&](PkiDataBuilder& data) { return ask(data); });
    return from_response();
  }

 private:
  Result<void> ask(PkiDataBuilder& data) const {
    CMC_TRY(const ControlOption control, parse_control("queryPending=\"" + options_.token + "\""));
    CMC_CHECK(data.control(control.type, control.value));
    return {};
  }

  ExitCode from_response() {
    const Input input = read_input(options_.file, maker_.io(), options_.reading);
    if (!input.problem.empty()) return maker_.fail(ExitCode::io, escape(options_.file) + ": " + input.problem);
    if (input.error) return maker_.refuse(options_.file, *input.error);
    Decoder decoder(limits_of(options_.reading));
    const auto message = open_message(decoder, Octets(input.blocks.front().bytes));
    if (!message) return maker_.refuse(options_.file, message.error());
    const auto* const response = std::get_if<PKIResponse>(&message->layer.content);
    if (response == nullptr) {
      return maker_.refuse(options_.file,
                           Error{Errc::not_a_message,
                                 0,
                                 {},
                                 {},
                                 "expected a Full PKI Response, found " + std::string(to_string(message->layer.kind))});
    }
    const auto transaction = transaction_of(decoder, response->control_sequence);
    if (!transaction) return maker_.refuse(options_.file, transaction.error());
    if (transaction->pend_tokens.empty()) {
      return maker_.fail(ExitCode::no, escape(options_.file) + ": no status in it is pending");
    }
    OneControlOptions options = options_;
    if (options.transaction_id.empty() && transaction->id) options.transaction_id = to_string(*transaction->id);
    return make_one_control(options, maker_, [&](PkiDataBuilder& data) -> Result<void> {
      if (transaction->sender_nonce) CMC_CHECK(data.recipient_nonce(*transaction->sender_nonce));
      for (const Octets token : transaction->pend_tokens) CMC_CHECK(data.query_pending(token));
      return {};
    });
  }

  const Options& options_;
  Maker maker_;
};

}  // namespace

void register_request_query_pending(Command request, Globals& globals) {
  const Command command = request.add_subcommand("query-pending", "Ask what became of a pending request");
  const auto options = std::make_shared<Options>();
  command.add_option("RESPONSE", options->file, "The response that said pending: its tokens, transactionId and nonce")
      .type_name("");
  command.add_option("--token", options->token, "In place of RESPONSE: the pendToken in hexadecimal").type_name("HEX");
  add_one_control_options(command, *options);
  command.footer(
      "Exit codes: 0 written, 1 nothing is pending, 3 a file does not decode, 4 a file fails, 7 key, password or\n"
      "secret, 2 wrong call.\n"
      "Examples:\n"
      "  cmcctl request query-pending response.crp --sign-with new.key --ski -o query.crq\n"
      "  cmcctl request query-pending --token 0a1b --identification me --secret prompt --mac-with-secret -o query.crq");
  set_action(command, globals, [options, &globals] { return RequestQueryPending(*options, globals.io).run(); });
}

}  // namespace cmcctl::cli
