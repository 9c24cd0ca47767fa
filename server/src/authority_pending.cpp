#include <cmcctl/codec/text.hpp>

#include "authority_controls.hpp"

namespace cmcctl::authority {

void query_pending(Work& work, const Scope& scope, const TaggedAttribute& control) {
  const PartPath part = scope.path(control.body_part_id);
  const auto token = value_of<QueryPending>(work, control);
  if (!token) return work.reply.refuse(token.refusal(), part);
  const auto found = work.context.store.find_pending(token->value);
  if (!found) return work.reply.refuse(work.context.failed(found.error()), part);
  // Whether a token is another's or nobody's is nobody's business.
  if (!*found || (*found)->requester != scope.who.tie()) {
    return work.reply.refuse({CMCFailInfo::badRequest, "nothing is pending under this token for who asks"}, part);
  }
  const PendingRequest& request = **found;
  if (request.decision == Decision::pending) return work.reply.pend(part, request.token, request.pend_time);
  if (request.decision == Decision::rejected) {
    const std::string reason = request.reason.empty() ? "" : ": " + request.reason;
    return work.reply.refuse({CMCFailInfo::badRequest, "the request was rejected" + reason}, part);
  }
  const auto issued = work.context.store.find_certificate(request.serial_number);
  if (!issued) return work.reply.refuse(work.context.failed(issued.error()), part);
  if (!*issued) return work.reply.refuse({CMCFailInfo::badCertId, "the certificate is not there any more"}, part);
  work.reply.add_certificate((*issued)->der);
  work.reply.say((*issued)->confirmed ? CMCStatus::success : CMCStatus::confirmRequired, part);
  work.reply.note("collected", "0x" + hex((*issued)->serial_number));
}

}  // namespace cmcctl::authority
