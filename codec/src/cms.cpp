#include <cmcctl/codec/cms.hpp>

#include <cmcctl/codec/tlv.hpp>
#include "wire_types/cms.hpp"

namespace cmcctl {

CMC_CODEC(ContentInfo)
CMC_CODEC(IssuerAndSerialNumber)
CMC_CODEC(SignerIdentifier)
CMC_CODEC(SignedAttributes)
CMC_CODEC(AuthAttributes)
CMC_CODEC(SignerInfo)
CMC_CODEC(EncapsulatedContentInfo)
CMC_CODEC(SignedData)
CMC_CODEC(RecipientInfo)
CMC_CODEC(KEMRecipientInfo)
CMC_CODEC(EncryptedContentInfo)
CMC_CODEC(EnvelopedData)
CMC_CODEC(AuthEnvelopedData)
CMC_CODEC(AuthenticatedData)
CMC_CODEC(DigestedData)
CMC_CODEC(EncryptedData)

std::optional<Octets> content_octets(const EncapsulatedContentInfo& content) {
  if (!content.e_content) return std::nullopt;
  const tlv::Element element = tlv::first(content.e_content->der);
  return element.id == tlv::octet_string ? element.content : element.whole;
}

}  // namespace cmcctl
