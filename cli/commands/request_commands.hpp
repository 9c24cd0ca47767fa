#pragma once

#include "command.hpp"

/// The kinds of `request`, each in a file of its own.
namespace cmcctl::cli {

void register_request_cmc(Command request, Globals& globals);
void register_request_crmf(Command request, Globals& globals);
void register_request_p10(Command request, Globals& globals);
void register_request_confirm(Command request, Globals& globals);
void register_request_get_cert(Command request, Globals& globals);
void register_request_get_crl(Command request, Globals& globals);
void register_request_query_pending(Command request, Globals& globals);
void register_request_revoke(Command request, Globals& globals);

}  // namespace cmcctl::cli
