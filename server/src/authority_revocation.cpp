#include <cmcctl/cmc/names.hpp>
#include <cmcctl/codec/text.hpp>

#include "authority_controls.hpp"

namespace cmcctl::authority {
namespace {

Ruling<CrlReason> reason_of(const RevokeRequest& wanted) {
  constexpr std::int64_t not_used = 7;
  constexpr auto last = static_cast<std::int64_t>(CrlReason::aACompromise);
  if (wanted.reason < 0 || wanted.reason > last || wanted.reason == not_used) {
    return Refusal{CMCFailInfo::badRequest, "there is no CRLReason " + std::to_string(wanted.reason)};
  }
  return static_cast<CrlReason>(wanted.reason);
}

// Section 6.11: the passphrase is the secret of the user to whom the certificate was issued.
Ruling<bool> knows_secret(Context& context, const StoredCertificate& certificate, const RevokeRequest& wanted) {
  if (!wanted.passphrase || certificate.identity.empty()) return false;
  const auto user = context.store.find_user(certificate.identity);
  if (!user) return context.failed(user.error());
  if (!*user || context.guesses.are_too_many(certificate.identity, context.now)) return false;
  const bool right = equal_in_constant_time((*user)->secret, *wanted.passphrase);
  if (!right) context.guesses.add(certificate.identity, context.now);
  return right;
}

Objection check_right(Work& work, const Scope& scope, const StoredCertificate& certificate,
                      const RevokeRequest& wanted) {
  if (wanted.passphrase) {
    const auto knows = knows_secret(work.context, certificate, wanted);
    if (!knows) return knows.refusal();
    if (*knows) return std::nullopt;
    if (scope.who.right != Right::ra) return Refusal{CMCFailInfo::badIdentity, "the passphrase is not the secret"};
  }
  if (is_owner(scope.who, certificate)) return std::nullopt;
  if (scope.who.right == Right::nobody) {
    return Refusal{CMCFailInfo::badIdentity, "a revocation is signed by the holder or an RA, or has the passphrase"};
  }
  return Refusal{CMCFailInfo::badIdentity, "this is the certificate of somebody else"};
}

Objection unhold(Context& context, const StoredCertificate& certificate) {
  if (!certificate.revocation || certificate.revocation->reason != CrlReason::certificateHold) {
    return Refusal{CMCFailInfo::badRequest, "removeFromCRL: the certificate is not on hold"};
  }
  const auto done = context.issuer.unhold(certificate.serial_number);
  if (!done) return context.failed(done.error());
  return std::nullopt;
}

Objection revoke(Context& context, const StoredCertificate& certificate, const RevokeRequest& wanted,
                 CrlReason reason) {
  // What is revoked for good stays as it is.
  if (certificate.revocation && certificate.revocation->reason != CrlReason::certificateHold) return std::nullopt;
  Revocation revocation{context.now, reason};
  if (wanted.invalidity_date) {
    revocation.invalid_since = seconds_of(*wanted.invalidity_date);
    if (!revocation.invalid_since) return Refusal{CMCFailInfo::badRequest, "invalidityDate is no time"};
  }
  const auto done = context.issuer.revoke(certificate.serial_number, revocation);
  if (!done) return context.failed(done.error());
  return std::nullopt;
}

}  // namespace

bool is_owner(const Requester& who, const StoredCertificate& certificate) {
  if (who.right == Right::ra) return true;
  // An identity proof covers the certification requests, not this.
  if (who.right == Right::user) {
    return who.signed_at_all && !certificate.identity.empty() && certificate.identity == who.identity;
  }
  if (who.right != Right::holder) return false;
  if (who.certificate->der() == Octets(certificate.der)) return true;
  const auto other = X509Certificate::from_der(certificate.der);
  return other && other->subject() == who.certificate->subject() && certificate.identity == who.identity;
}

Ruling<StoredCertificate> named_certificate(Context& context, Octets issuer, const Integer& serial_number) {
  if (!same_name(issuer, context.certificate().subject())) {
    return Refusal{CMCFailInfo::badCertId, "this CA is not " + name_text(issuer)};
  }
  auto found = context.store.find_certificate(serial_number.content);
  if (!found) return context.failed(found.error());
  if (!*found) {
    return Refusal{CMCFailInfo::badCertId, "this CA has issued no certificate 0x" + hex(serial_number.content)};
  }
  return **std::move(found);
}

void revoke(Work& work, const Scope& scope, const TaggedAttribute& control) {
  const PartPath part = scope.path(control.body_part_id);
  const auto wanted = value_of<RevokeRequest>(work, control);
  if (!wanted) return work.reply.refuse(wanted.refusal(), part);
  const auto reason = reason_of(*wanted);
  if (!reason) return work.reply.refuse(reason.refusal(), part);
  const auto certificate = named_certificate(work.context, wanted->issuer_name.der, wanted->serial_number);
  if (!certificate) return work.reply.refuse(certificate.refusal(), part);
  if (const auto objection = check_right(work, scope, *certificate, *wanted))
    return work.reply.refuse(*objection, part);
  const bool lifts = *reason == CrlReason::removeFromCRL;
  const auto objection =
      lifts ? unhold(work.context, *certificate) : revoke(work.context, *certificate, *wanted, *reason);
  if (objection) return work.reply.refuse(*objection, part);
  work.reply.changed = true;
  work.reply.say(CMCStatus::success, part);
  work.reply.note(lifts ? "unheld" : "revoked", "0x" + hex(certificate->serial_number));
}

}  // namespace cmcctl::authority
