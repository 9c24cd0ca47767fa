#include <cmcctl/codec/crmf.hpp>

#include "wire_types/crmf.hpp"

namespace cmcctl {

CMC_CODEC(CertTemplate)
CMC_CODEC(CertRequest)
CMC_CODEC(CertReqMsg)
CMC_CODEC(CertReqMessages)
CMC_CODEC(ProofOfPossession)
CMC_CODEC(POPOSigningKey)
CMC_CODEC(POPOSigningKeyInput)
CMC_CODEC(POPOPrivKey)
CMC_CODEC(PKMACValue)
CMC_CODEC(PBMParameter)
CMC_CODEC(EncryptedValue)
CMC_CODEC(EncryptedKey)
CMC_CODEC(PKIArchiveOptions)
CMC_CODEC(PKIPublicationInfo)
CMC_CODEC(CertId)

}  // namespace cmcctl
