#include <cmcctl/codec/algorithms.hpp>

#include "wire_types/algorithms.hpp"

namespace cmcctl {

CMC_CODEC(RSAPublicKey)
CMC_CODEC(ECDSASigValue)
CMC_CODEC(RSASSAPSSParams)
CMC_CODEC(RSAESOAEPParams)
CMC_CODEC(PBKDF2Salt)
CMC_CODEC(PBKDF2Params)
CMC_CODEC(PBES2Params)
CMC_CODEC(PBMAC1Params)
CMC_CODEC(GCMParameters)
CMC_CODEC(ECCCMSSharedInfo)
CMC_CODEC(CMSORIforKEMOtherInfo)

}  // namespace cmcctl
