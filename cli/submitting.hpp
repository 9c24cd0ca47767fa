#pragma once

#include <string>

#include <cmcctl/cmc/client.hpp>
#include <cmcctl/cmc/unsealed_message.hpp>

#include "command.hpp"
#include "exchange.hpp"
#include "opening_keys.hpp"
#include "trust.hpp"

namespace cmcctl::cli {

struct SubmitOptions {
  ExchangeOptions exchange;
  TrustOptions trust;
  OpeningOptions opening;
  EncryptionOptions encryption;
  ReadOptions reading;
  std::string output;
  bool force = false;
};

/// Sends one message, holds the answer against it and says what came of it.
class Submission {
 public:
  /// All of them have to stay.
  Submission(const SubmitOptions& options, const Maker& maker, const Globals& globals)
      : options_(options),
        maker_(maker),
        globals_(globals),
        limits_(limits_of(options.reading)),
        exchange_(options.exchange, maker, options.reading) {}

  /// To be called before the message is made: reads keys and anchors, and looks whether the files may be written.
  ExitCode prepare();
  /// Encrypts it first where that is asked for. `success` is said in place of the whole report where all was done, but
  /// with --json and --verbose; empty: nothing is.
  ExitCode send(Outgoing outgoing, const std::string& success = {});

 private:
  ExitCode judge(const UnsealedMessage& request, Octets response, const std::string& success);
  void report(const OpenedMessage& response, const ResponseReport& report, const std::string& success) const;
  ExitCode write(Octets response) const;

  const SubmitOptions& options_;
  const Maker& maker_;
  const Globals& globals_;
  Limits limits_;
  Exchange exchange_;
  Trust trust_;
  OpeningKeys keys_;
};

}  // namespace cmcctl::cli
