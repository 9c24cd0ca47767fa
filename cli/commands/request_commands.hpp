#pragma once

#include "command.hpp"

/// The kinds of `request`, each in a file of its own.
namespace cmcctl::cli {

void register_request_cmc(CLI::App& request, Globals& globals);
void register_request_crmf(CLI::App& request, Globals& globals);
void register_request_p10(CLI::App& request, Globals& globals);
void register_request_confirm(CLI::App& request, Globals& globals);
void register_request_get_cert(CLI::App& request, Globals& globals);
void register_request_get_crl(CLI::App& request, Globals& globals);
void register_request_query_pending(CLI::App& request, Globals& globals);
void register_request_revoke(CLI::App& request, Globals& globals);

}  // namespace cmcctl::cli
