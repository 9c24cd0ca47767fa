#pragma once

#include <cmcctl/codec/message.hpp>

namespace cmcctl {

/// Adds to the decoder's oddities what is odd about decoded values: what peers are known to do wrong and what would
/// mislead a reader. The rules of a conformance check are another matter.
void find_oddities(Decoder& decoder, const Layer& layer);

}  // namespace cmcctl
