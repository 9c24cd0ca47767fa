#include <cmcctl/cmc/names.hpp>
#include <cmcctl/codec/text.hpp>

#include "authority_controls.hpp"

namespace cmcctl::authority {

void get_certificate(Work& work, const Scope& scope, const TaggedAttribute& control) {
  const PartPath part = scope.path(control.body_part_id);
  const auto which = value_of<GetCert>(work, control);
  if (!which) return work.reply.refuse(which.refusal(), part);
  const auto* const issuer = std::get_if<Raw<Name>>(&which->issuer_name.choice);
  if (issuer == nullptr) {
    return work.reply.refuse({CMCFailInfo::badCertId, "issuerName is no directoryName"}, part);
  }
  const X509Certificate& own = work.context.certificate();
  if (same_name(issuer->der, own.issuer()) && which->serial_number == own.tbs().serial_number) {
    work.reply.add_certificate(own.der());
    return work.reply.say(CMCStatus::success, part);
  }
  const auto found = named_certificate(work.context, issuer->der, which->serial_number);
  if (!found) return work.reply.refuse(found.refusal(), part);
  work.reply.add_certificate(found->der);
  work.reply.say(CMCStatus::success, part);
}

void get_crl(Work& work, const Scope& scope, const TaggedAttribute& control) {
  const PartPath part = scope.path(control.body_part_id);
  const auto which = value_of<GetCRL>(work, control);
  if (!which) return work.reply.refuse(which.refusal(), part);
  Context& context = work.context;
  if (!same_name(which->issuer_name.der, context.certificate().subject())) {
    return work.reply.refuse({CMCFailInfo::badCertId, "this CA is not " + name_text(which->issuer_name.der)}, part);
  }
  auto newest = context.issuer.crl(context.now);
  if (!newest) return work.reply.refuse(context.failed(newest.error()), part);
  Bytes der = newest->der;
  if (which->time) {
    const auto time = seconds_of(*which->time);
    if (!time) return work.reply.refuse({CMCFailInfo::badRequest, "getCRL: time is no time"}, part);
    const auto found = context.store.crl_at(*time);
    if (!found) return work.reply.refuse(context.failed(found.error()), part);
    if (!*found) {
      return work.reply.refuse({CMCFailInfo::badCertId, "there was no CRL yet at " + time_text(*which->time)}, part);
    }
    der = (*found)->der;
  }
  if (!work.reply.add_crl(der)) {
    return work.reply.refuse({CMCFailInfo::badRequest, "too many CRLs are asked for at once"}, part);
  }
  work.reply.say(CMCStatus::success, part);
}

}  // namespace cmcctl::authority
