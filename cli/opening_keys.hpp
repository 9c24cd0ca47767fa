#pragma once

#include <memory>
#include <string>
#include <vector>

#include <cmcctl/crypto/private_key.hpp>
#include <cmcctl/crypto/recipients.hpp>

#include "command_line.hpp"
#include "cms_shared.hpp"

namespace cmcctl::cli {

/// The keys that may open a message, as the command line names them.
struct OpeningOptions {
  std::vector<std::string> keys;
  std::vector<std::string> certificates;
  std::string key_password;
  SecretOptions secrets;
};

/// All but --cert.
void add_opening_options(Command command, OpeningOptions& options);

/// Those keys, loaded.
class OpeningKeys {
 public:
  /// False after saying on stderr what is wrong; `code` is then the exit code.
  bool read(const OpeningOptions& options, const CmsReport& report, const ReadOptions& reading, ExitCode& code);

  /// A view that lives as long as this.
  RecipientKeys view() const { return {pairs_, passwords_, keks_}; }
  bool empty() const { return pairs_.empty() && passwords_.empty() && keks_.empty(); }

 private:
  bool read_private_keys(const OpeningOptions& options, const CmsReport& report, const Limits& limits, ExitCode& code);
  void pair_certificates(const Limits& limits);

  Secrets secrets_;
  std::vector<std::unique_ptr<PrivateKey>> private_keys_;
  std::vector<std::vector<std::uint8_t>> certificates_;
  std::vector<RecipientKeys::Pair> pairs_;
  std::vector<RecipientKeys::Kek> keks_;
  std::vector<Octets> passwords_;
};

}  // namespace cmcctl::cli
