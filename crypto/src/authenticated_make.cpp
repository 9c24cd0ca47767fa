#include <cmcctl/crypto/authenticated.hpp>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/crypto/mac.hpp>
#include <cmcctl/crypto/oids.hpp>
#include <cmcctl/crypto/random.hpp>

#include "auth_attributes.hpp"
#include "recipient_maker.hpp"

namespace cmcctl {

Result<std::vector<std::uint8_t>> make_authenticated(std::string_view content_type, Octets content,
                                                     std::span<const Recipient> recipients, Hash hash) {
  CMC_CHECK(check_envelope(content_type, recipients));
  const SecretOctets key = random_octets(output_octets(hash));
  RecipientMaker maker(key);
  for (const Recipient& recipient : recipients) CMC_CHECK(maker.add(recipient));

  constexpr std::uint8_t implicit_2 = 0xA2;
  Kept kept;
  std::vector<std::uint8_t> attributes;
  if (content_type != oids::data) attributes = auth_attributes(content_type, digest(hash, content));
  const SecretOctets mac = hmac(hash, key, attributes.empty() ? content : Octets(attributes));
  const auto e_content = der_octet_string(content);

  AuthenticatedData value;
  value.version = kept.integer(0);
  value.recipient_infos = maker.infos();
  value.mac_algorithm = kept.algorithm(hmac_algorithm(hash));
  value.encap_content_info.e_content_type = kept.oid(content_type);
  value.encap_content_info.e_content = Any{e_content};
  if (!attributes.empty()) {
    value.digest_algorithm = kept.algorithm(OwnedAlgorithm(oid_of(hash), OwnedAlgorithm::Parameters::absent));
    attributes[0] = implicit_2;
    value.auth_attrs = Raw<AuthAttributes>{attributes};
  }
  value.mac = mac;
  CMC_TRY(const auto der, encode(value));
  return content_info(oids::authenticated_data, der);
}

}  // namespace cmcctl
