#pragma once

#include <string_view>

#include <cmcctl/codec/values.hpp>

#include "schema.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {

/// The type of the value that an OBJECT IDENTIFIER stands for: of a control, an attribute, an extension, a CMS
/// content, algorithm parameters. nullptr where no module has one.
const schema::Type* governed_type(const Oid& oid);

/// The type of an element where the module has ANY because peers write different things there; else nullptr.
const schema::Type* loose_type(const schema::Type& parent, const schema::Member& member, const tlv::Element& element);

bool is_id_data(const Oid& oid);

/// Under id-data anything may stand; told by its shape are Dogtag's PKIData and Windows' PKCS #10.
const schema::Type* type_by_shape(Octets content);

}  // namespace cmcctl
