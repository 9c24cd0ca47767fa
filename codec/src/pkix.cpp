#include <cmcctl/codec/pkix.hpp>

#include "wire_types/pkix.hpp"

namespace cmcctl {
namespace {

/// Why these contents are no string of the type; empty when they may be one.
std::string_view no_string(std::uint8_t id, Octets content) {
  if (id == tlv::utf8_string && !is_valid_utf8(content)) return "a UTF8String that is not valid UTF-8";
  if (id == tlv::bmp_string && content.size() % 2 != 0) return "a BMPString of an odd number of octets";
  if (id == tlv::universal_string && content.size() % 4 != 0) return "a UniversalString cut inside a character";
  return {};
}

}  // namespace

/// Refused, one bad name would hide the message around it.
void note_no_string(Reader& reader, Octets value) {
  const std::string_view why = no_string(value[0], tlv::first(value).content);
  if (!why.empty()) reader.note(Severity::warning, "CMC-5280-4.1-01", std::string(why), value);
}

CMC_CODEC(AlgorithmIdentifier)
CMC_CODEC(Attribute)
CMC_CODEC(AttributeTypeAndValue)
CMC_CODEC(RelativeDistinguishedName)
CMC_CODEC(Name)
CMC_CODEC(Extension)
CMC_CODEC(Extensions)
CMC_CODEC(DirectoryString)
CMC_CODEC(GeneralName)
CMC_CODEC(GeneralNames)
CMC_CODEC(SubjectPublicKeyInfo)
CMC_CODEC(TBSCertificate)
CMC_CODEC(Certificate)
CMC_CODEC(TBSCertList)
CMC_CODEC(CertificateList)

}  // namespace cmcctl
