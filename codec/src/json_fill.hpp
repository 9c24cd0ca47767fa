#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "json_octets.hpp"

namespace cmcctl {

/// The element of a member that is there, or empty.
using MemberOctets = std::function<Octets(std::string_view member)>;

/// The complete element of a member that was left out and can only be one thing: a version, an empty list, the
/// algorithms of the signers, the identifier of a typed value. nullopt where the user has to say it.
std::optional<OctetBuffer> fill_in(const schema::Type& type, const schema::Member& member, const MemberOctets& given);

}  // namespace cmcctl
