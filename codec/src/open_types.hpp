#pragma once

#include <string_view>

#include <cmcctl/codec/values.hpp>

#include "schema.hpp"

namespace cmcctl {

/// The type of the value that an OBJECT IDENTIFIER stands for: of a control, an attribute, an extension, a CMS
/// content, algorithm parameters. nullptr where no module has one.
const schema::Type* governed_type(const Oid& oid);

}  // namespace cmcctl
