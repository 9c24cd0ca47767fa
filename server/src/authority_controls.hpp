#pragma once

#include "authority_scope.hpp"

/// What the controls of a request ask for, but for certification requests: one function a control. Each says what
/// became of it.
namespace cmcctl::authority {

/// RFC 10002 section 6.11.
void revoke(Work& work, const Scope& scope, const TaggedAttribute& control);

/// Section 6.13.
void query_pending(Work& work, const Scope& scope, const TaggedAttribute& control);

/// Section 6.14, and the rejection of a certificate or a challenge (section 6.7, step 3) by a status.
void confirm(Work& work, const Scope& scope, const TaggedAttribute& control);
void take_status(Work& work, const Scope& scope, const TaggedAttribute& control);

/// Sections 6.9 and 6.10.
void get_certificate(Work& work, const Scope& scope, const TaggedAttribute& control);
void get_crl(Work& work, const Scope& scope, const TaggedAttribute& control);

/// Whether somebody may do with a certificate what its holder may. `certificate` is of this CA.
bool is_owner(const Requester& who, const StoredCertificate& certificate);

/// The certificate of this CA that a control names; badCertId when there is none.
Ruling<StoredCertificate> named_certificate(Context& context, Octets issuer, const Integer& serial_number);

/// The value of a control; a Refusal when it does not decode.
template <class T>
Ruling<T> value_of(Work& work, const TaggedAttribute& control) {
  auto value = decode_control<T>(work.decoder, control);
  if (value) return *std::move(value);
  return Refusal{CMCFailInfo::badRequest, std::string(control_name(control)) + ": " + to_string(value.error())};
}

}  // namespace cmcctl::authority
