#include <cmcctl/codec/pkcs10.hpp>

#include "wire_types/pkcs10.hpp"

namespace cmcctl {

CMC_CODEC(CertificationRequestInfo)
CMC_CODEC(CertificationRequest)

}  // namespace cmcctl
