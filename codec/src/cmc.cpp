#include <cmcctl/codec/cmc.hpp>

#include "wire_types/cmc.hpp"

namespace cmcctl {

CMC_CODEC(TaggedAttribute)
CMC_CODEC(TaggedRequest)
CMC_CODEC(TaggedContentInfo)
CMC_CODEC(OtherMsg)
CMC_CODEC(PKIData)
CMC_CODEC(PKIResponse)
CMC_CODEC(BodyPartPath)
CMC_CODEC(BodyPartList)
CMC_CODEC(BodyPartReference)

}  // namespace cmcctl
