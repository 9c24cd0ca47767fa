#pragma once

#include "authority_asked.hpp"
#include "authority_requester.hpp"

namespace cmcctl::authority {

/// Whether a certificate may have the subject and the subjectAltName that are asked for (RFC 10002 section 6.3): those
/// that an RA wants, those of the certificate that is renewed, those that the user is registered for. Fills in a
/// subject where the request may leave it out; `linked`: a POP link ties the key to the secret.
Objection settle_names(Context& context, const Requester& who, bool linked, Asked& asked);

/// Whether a registered name covers another: "dns:*.example.com" covers any one label in place of the asterisk, others
/// cover themselves. `name` is a GeneralName.
bool covers(std::string_view registered, const GeneralName& name);

}  // namespace cmcctl::authority
