#include <cmcctl/codec/pkcs12.hpp>

#include "wire_types/pkcs12.hpp"

namespace cmcctl {

CMC_CODEC(DigestInfo)
CMC_CODEC(MacData)
CMC_CODEC(PFX)
CMC_CODEC(AuthenticatedSafe)
CMC_CODEC(SafeBag)
CMC_CODEC(SafeContents)
CMC_CODEC(CertBag)
CMC_CODEC(PKCS12PbeParams)
CMC_CODEC(EncryptedPrivateKeyInfo)
CMC_CODEC(ScryptParams)

}  // namespace cmcctl
