#include "auth_attributes.hpp"

#include <algorithm>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "signed_attributes.hpp"

namespace cmcctl {
namespace {

// The contents of the one value, when its tag is this one.
std::optional<Octets> content_of(Decoder& decoder, const Any& value, std::uint8_t tag) {
  const auto element = decoder.scan(value.der);
  if (!element || element->der[0] != tag || element->der[1] >= 0x80) return std::nullopt;
  return element->der.from(2);
}

}  // namespace

std::vector<std::uint8_t> auth_attributes(std::string_view content_type, std::optional<Octets> message_digest) {
  const auto type_oid = *oid_content(oids::content_type);
  const auto digest_oid = *oid_content(oids::message_digest);
  const auto type_der = der_oid(content_type);
  const auto digest_der = der_octet_string(message_digest.value_or(Octets()));
  const Any values[]{Any{type_der}, Any{digest_der}};
  const Attribute attributes[]{
      {Oid{type_oid}, List<Any>(std::span<const Any>(values, 1)), {}},
      {Oid{digest_oid}, List<Any>(std::span<const Any>(values + 1, 1)), {}},
  };
  const std::size_t count = message_digest ? 2 : 1;
  return *encode(AuthAttributes{List<Attribute>(std::span<const Attribute>(attributes, count))});
}

std::vector<std::uint8_t> authenticated_form(Octets attributes) {
  std::vector<std::uint8_t> form(attributes.begin(), attributes.end());
  form[0] = tlv::set;
  return form;
}

std::string attribute_problem(Decoder& decoder, const Raw<AuthAttributes>& attributes, const Oid& content_type) {
  const auto decoded = decoder.decode<AuthAttributes>(attributes);
  if (!decoded) return to_string(decoded.error());
  std::string problem;
  const auto value = single_attribute(decoded->attributes, oids::content_type, "contentType", problem);
  if (!value) return problem;
  if (content_of(decoder, *value, tlv::oid) == content_type.content) return {};
  return "contentType is not that of the content, " + to_string(content_type);
}

std::optional<Octets> message_digest_in(Decoder& decoder, const Raw<AuthAttributes>& attributes, std::string& problem) {
  const auto decoded = decoder.decode<AuthAttributes>(attributes);
  if (!decoded) {
    problem = to_string(decoded.error());
    return std::nullopt;
  }
  const auto value = single_attribute(decoded->attributes, oids::message_digest, "messageDigest", problem);
  if (!value) return std::nullopt;
  const auto digest = content_of(decoder, *value, tlv::octet_string);
  if (!digest) problem = "messageDigest is no digest";
  return digest;
}

bool looks_like_attributes(Decoder& decoder, Octets content) {
  if (content.empty() || content[0] != tlv::set) return false;
  const auto decoded = decoder.decode<AuthAttributes>(content);
  if (!decoded) return false;
  const auto type = *oid_content(oids::message_digest);
  return std::ranges::any_of(decoded->attributes, [&](const Attribute& a) { return a.type.content == Octets(type); });
}

}  // namespace cmcctl
