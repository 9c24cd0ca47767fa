#pragma once

#include <string>

#include <cmcctl/cmc/body_parts.hpp>

#include "command_line.hpp"

namespace cmcctl::cli {

/// --transaction-id, --sender-nonce and --no-nonce (RFC 10002 section 6.6).
void add_nonce_options(Command command, std::string& transaction_id, std::string& sender_nonce, bool& no_nonce);

/// The nonce that was asked for, or a random one unless there is to be none.
Result<void> add_sender_nonce(BodyParts& parts, const std::string& nonce, bool none);

/// The number that was asked for, or a random one unless there is to be none.
Result<void> add_transaction_id(BodyParts& parts, const std::string& number, bool none);

}  // namespace cmcctl::cli
