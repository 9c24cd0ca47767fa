#include "nonces.hpp"

#include <cmcctl/cmc/transaction.hpp>
#include <cmcctl/crypto/random.hpp>

#include "control_option.hpp"

namespace cmcctl::cli {

void add_nonce_options(Command command, std::string& transaction_id, std::string& sender_nonce, bool& no_nonce) {
  const std::string group = "Transaction";
  const Option nonce = command.add_option("--sender-nonce", sender_nonce, "Octets as text; else random ones")
                                 .type_name("TEXT")
                                 .group(group);
  command.add_option("--transaction-id", transaction_id, "A number; else a random one")
      .type_name("NUMBER")
      .group(group);
  command.add_flag("--no-nonce", no_nonce, "No senderNonce, and no transactionId but that of --transaction-id")
      .excludes(nonce)
      .group(group);
}

Result<void> add_sender_nonce(BodyParts& parts, const std::string& nonce, bool none) {
  if (none) return {};
  const SecretOctets random = random_octets(nonce_octets);
  CMC_CHECK(parts.sender_nonce(nonce.empty() ? Octets(random) : Octets(std::string_view(nonce))));
  return {};
}

Result<void> add_transaction_id(BodyParts& parts, const std::string& number, bool none) {
  if (!number.empty()) {
    CMC_TRY(const ControlOption control, parse_control("transactionId=" + number));
    CMC_CHECK(parts.control(control.type, control.value));
    return {};
  }
  if (none) return {};
  CMC_CHECK(parts.transaction_id(Integer{new_transaction_id()}));
  return {};
}

}  // namespace cmcctl::cli
