#include "request_commands.hpp"

namespace cmcctl::cli {

void register_request(CLI::App& app, Globals& globals) {
  CLI::App& request = *app.add_subcommand("request", "Make requests for certificates, revocations and the like");
  request.require_subcommand(1);
  request.fallthrough();
  register_request_p10(request, globals);
  register_request_crmf(request, globals);
  register_request_cmc(request, globals);
  register_request_revoke(request, globals);
  register_request_get_cert(request, globals);
  register_request_get_crl(request, globals);
  register_request_confirm(request, globals);
  register_request_query_pending(request, globals);
}

}  // namespace cmcctl::cli
