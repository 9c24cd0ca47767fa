#pragma once

#include <cmcctl/codec/decoder.hpp>

namespace cmcctl {

/// Notes each SET in `der`, bytes that the scan accepted, whose elements of one tag are not in the order of X.690
/// section 11.6. Where a type is known, decoding has noted the same; this is for what stays an ANY. What a tag or an
/// OCTET STRING hides is not looked into.
void note_unsorted_sets(Decoder& decoder, Octets der);

}  // namespace cmcctl
