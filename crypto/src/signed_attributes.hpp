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

/// The bytes that a signature or MAC over attributes may cover, best first: their DER with the tag of a SET; that with
/// the attributes in DER's order; as they came, where they came as BER.
struct AttributeForm {
  std::vector<std::uint8_t> bytes;
  std::string_view remark;  // empty for the right one
};
std::vector<AttributeForm> attribute_forms(Decoder& decoder, Octets der);

}  // namespace cmcctl
