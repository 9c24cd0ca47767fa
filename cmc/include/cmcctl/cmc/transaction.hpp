#pragma once

#include <optional>
#include <vector>

#include <cmcctl/codec/controls.hpp>
#include <cmcctl/crypto/secret.hpp>

namespace cmcctl {

/// What a message says about the transaction that it belongs to (RFC 10002 sections 6.4 and 6.6), and what its answer
/// repeats. Views into the decoder's message.
struct Transaction {
  std::optional<Integer> id;
  std::optional<Octets> sender_nonce;
  std::optional<Octets> data_return;
  std::vector<Octets> pend_tokens;  ///< of the pendInfo in its statuses (section 6.1.1), in their order
};

/// The first of each control; errors are those of decoding one of them.
Result<Transaction> transaction_of(Decoder& decoder, const List<TaggedAttribute>& controls);

/// The content octets of a new transactionId: a random number, positive and minimal as an INTEGER.
SecretOctets new_transaction_id();

}  // namespace cmcctl
