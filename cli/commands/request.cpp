#include "request_commands.hpp"

namespace cmcctl::cli {

void register_request(Command app, Globals& globals) {
  const Command request = app.add_subcommand("request", "Make requests for certificates, revocations and the like");
  request.needs_subcommand();
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
