#include "signed_attributes.hpp"

#include <algorithm>

#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/oids.hpp>

namespace cmcctl {

std::optional<Any> single_attribute(const List<Attribute>& attributes, std::string_view type, std::string_view name,
                                    std::string& problem) {
  const Attribute* found = nullptr;
  for (const Attribute& attribute : attributes) {
    if (!oids::is(attribute.type, type)) continue;
    if (found != nullptr) {
      problem = std::string(name) + " stands there twice";
      return std::nullopt;
    }
    found = &attribute;
  }
  if (found == nullptr) {
    problem = std::string(name) + " is missing";
    return std::nullopt;
  }
  if (found->values.size() != 1) {
    problem = std::string(name) + " has " + std::to_string(found->values.size()) + " values instead of one";
    return std::nullopt;
  }
  return found->values[0];
}

AttributeForm attribute_form(Octets der) {
  AttributeForm form{{der.begin(), der.end()}, ""};
  if (!form.bytes.empty()) form.bytes[0] = tlv::set;
  return form;
}

std::vector<AttributeForm> other_attribute_forms(Decoder& decoder, Octets der) {
  const AttributeForm right = attribute_form(der);
  std::vector<AttributeForm> forms;
  const auto add = [&](std::vector<std::uint8_t> bytes, std::string_view remark) {
    if (bytes.empty()) return;
    bytes[0] = tlv::set;
    const bool known = bytes == right.bytes || std::ranges::find(forms, bytes, &AttributeForm::bytes) != forms.end();
    if (!known) forms.push_back({std::move(bytes), remark});
  };
  if (const auto attributes = decoder.decode<SignedAttributes>(Raw<SignedAttributes>{der})) {
    if (auto sorted = encode(*attributes)) add(*std::move(sorted), "over the attributes in DER's order, not in the message's");
  }
  const Octets original = decoder.original(der);
  add({original.begin(), original.end()}, "over the attributes as BER");
  return forms;
}

}  // namespace cmcctl
