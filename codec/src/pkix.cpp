#include <cmcctl/codec/pkix.hpp>

#include "wire_types/pkix.hpp"

namespace cmcctl {

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
