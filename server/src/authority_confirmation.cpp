#include <algorithm>

#include <cmcctl/codec/text.hpp>

#include "authority_controls.hpp"

namespace cmcctl::authority {
namespace {

// What is the same in both versions of a status, as far as it matters here.
struct Said {
  CMCStatus status{};
  std::vector<BodyPartID> parts{};
};

Ruling<Said> said_by(Work& work, const TaggedAttribute& control) {
  Said said;
  if (control_name(control) == "statusInfo") {
    const auto status = value_of<CMCStatusInfo>(work, control);
    if (!status) return status.refusal();
    said.status = status->cmc_status;
    said.parts.assign(status->body_list.begin(), status->body_list.end());
    return said;
  }
  const auto status = value_of<CMCStatusInfoV2>(work, control);
  if (!status) return status.refusal();
  said.status = status->cmc_status;
  for (const BodyPartReference& reference : status->body_list) {
    if (const auto* id = std::get_if<BodyPartID>(&reference.choice)) said.parts.push_back(*id);
  }
  return said;
}

bool is_status(const TaggedAttribute& control) {
  return control_name(control) == "statusInfoV2" || control_name(control) == "statusInfo";
}

bool has_failed_status(Work& work, const Scope& scope) {
  return std::ranges::any_of(scope.data.control_sequence, [&](const TaggedAttribute& control) {
    if (!is_status(control)) return false;
    const auto said = said_by(work, control);
    return said && said->status == CMCStatus::failed;
  });
}

bool has_confirmation(const Scope& scope) {
  return std::ranges::any_of(scope.data.control_sequence, [](const TaggedAttribute& control) {
    return control_name(control) == "confirmCertAcceptance";
  });
}

void reject(Work& work, const PartPath& part, Octets serial_number) {
  const auto done = work.context.issuer.revoke(serial_number, {work.context.now, CrlReason::unspecified});
  if (!done) return work.reply.refuse(work.context.failed(done.error()), part);
  work.reply.changed = true;
  work.reply.say(CMCStatus::success, part, "the certificate was not accepted, and is revoked");
  work.reply.note("revoked", "0x" + hex(serial_number) + " was not accepted");
}

// Section 6.7: the client could not decrypt the challenge, and gives up.
bool withdraw_challenges(Work& work, const Said& said) {
  if (!work.recipient_nonce) return false;
  bool any = false;
  for (const BodyPartID id : said.parts) {
    const auto taken = work.context.store.take_challenge(*work.recipient_nonce, id.value());
    if (!taken) work.context.failed(taken.error());
    any = any || (taken && *taken);
  }
  return any;
}

}  // namespace

void confirm(Work& work, const Scope& scope, const TaggedAttribute& control) {
  const PartPath part = scope.path(control.body_part_id);
  const auto which = value_of<CMCCertId>(work, control);
  if (!which) return work.reply.refuse(which.refusal(), part);
  const auto certificate = named_certificate(work.context, which->value.issuer.der, which->value.serial_number);
  if (!certificate) return work.reply.refuse(certificate.refusal(), part);
  if (!is_owner(scope.who, *certificate)) {
    return work.reply.refuse({CMCFailInfo::badIdentity, "this is the certificate of somebody else"}, part);
  }
  if (has_failed_status(work, scope)) {
    if (certificate->confirmed) {
      return work.reply.refuse({CMCFailInfo::badRequest, "this certificate was accepted; revoke it"}, part);
    }
    return reject(work, part, certificate->serial_number);
  }
  const auto done = work.context.store.set_confirmed(certificate->serial_number);
  if (!done) return work.reply.refuse(work.context.failed(done.error()), part);
  work.reply.changed = true;
  work.reply.say(CMCStatus::success, part);
  work.reply.note("confirmed", "0x" + hex(certificate->serial_number));
}

void take_status(Work& work, const Scope& scope, const TaggedAttribute& control) {
  const PartPath part = scope.path(control.body_part_id);
  const auto said = said_by(work, control);
  if (!said) return work.reply.refuse(said.refusal(), part);
  if (said->status != CMCStatus::failed) return;
  if (withdraw_challenges(work, *said)) {
    work.reply.changed = true;
    work.reply.say(CMCStatus::success, part, "the challenge is withdrawn");
    return work.reply.note("withdrawn", "a challenge");
  }
  if (has_confirmation(scope)) return;  // says which certificate it is
  if (scope.who.right == Right::holder && !scope.who.confirmed) {
    return reject(work, part, scope.who.certificate->tbs().serial_number.content);
  }
  work.reply.refuse({CMCFailInfo::badRequest,
                     "there is neither a challenge nor a certificate to refuse: name it with confirmCertAcceptance"},
                    part);
}

}  // namespace cmcctl::authority
