#include <cmcctl/codec/extensions.hpp>

#include "wire_types/extensions.hpp"

namespace cmcctl {

CMC_CODEC(AuthorityKeyIdentifier)
CMC_CODEC(KeyUsage)
CMC_CODEC(ExtKeyUsageSyntax)
CMC_CODEC(BasicConstraints)
CMC_CODEC(GeneralSubtree)
CMC_CODEC(NameConstraints)
CMC_CODEC(PolicyQualifierInfo)
CMC_CODEC(PolicyInformation)
CMC_CODEC(CertificatePolicies)
CMC_CODEC(PolicyMapping)
CMC_CODEC(PolicyMappings)
CMC_CODEC(PolicyConstraints)
CMC_CODEC(DistributionPointName)
CMC_CODEC(DistributionPoint)
CMC_CODEC(CRLDistributionPoints)
CMC_CODEC(IssuingDistributionPoint)
CMC_CODEC(RevokedCertificate)

}  // namespace cmcctl
