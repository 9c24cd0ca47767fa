#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/cms.hpp>

namespace cmcctl {

/// The only value of the only attribute of this type. nullopt and `problem` otherwise: "messageDigest is missing".
std::optional<Any> single_attribute(const List<Attribute>& attributes, std::string_view type, std::string_view name,
                                    std::string& problem);

/// Bytes that a signature over attributes may cover.
struct AttributeForm {
  std::vector<std::uint8_t> bytes;
  std::string_view remark;  // empty for the right one
};
/// The right one: their DER with the tag of a SET.
AttributeForm attribute_form(Octets der);
/// Others that peers sign: that with the attributes in DER's order; as they came, where they came as BER.
std::vector<AttributeForm> other_attribute_forms(Decoder& decoder, Octets der);

}  // namespace cmcctl
