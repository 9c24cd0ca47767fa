#pragma once

#include <cmcctl/server/authority.hpp>
#include <cmcctl/server/faults.hpp>

namespace cmcctl {

/// Applies the faults that change what the CA has answered, content and octets; the others are none of its business.
/// What cannot be opened here (a response that is encrypted) stays as it is. `last` is the answer before this one.
Result<void> apply_faults(std::span<const Fault> faults, Answer& answer, Issuer& issuer, const Answer& last);

}  // namespace cmcctl
