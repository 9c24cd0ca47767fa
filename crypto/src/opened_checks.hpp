#pragma once

#include <optional>
#include <vector>

#include <cmcctl/codec/cms.hpp>
#include <cmcctl/crypto/check.hpp>

#include "key_recovery.hpp"

namespace cmcctl {

/// The checks "recipient" and "key".
std::vector<Check> recipient_checks(const KeyRecovery::Found& found);

/// The check "authenticated attributes": there unless the content is id-data, and naming its type.
Check attributes_check(Decoder& decoder, const std::optional<Raw<AuthAttributes>>& attributes, const Oid& content_type);

}  // namespace cmcctl
