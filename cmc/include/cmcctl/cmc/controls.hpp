#pragma once

#include <string_view>

#include <cmcctl/codec/controls.hpp>

namespace cmcctl {

/// "revokeRequest", "" for a control that no table knows.
std::string_view control_name(const TaggedAttribute& control);

/// Whether this is the control that its row calls `name`.
bool is_control(const TaggedAttribute& control, std::string_view name);

}  // namespace cmcctl
