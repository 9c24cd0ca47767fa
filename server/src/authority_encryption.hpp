#pragma once

#include <cmcctl/codec/message.hpp>

#include "authority_requester.hpp"

namespace cmcctl::authority {

/// A certificate of the sender's that the answer can be encrypted to: the signer's own, or one of this CA with the
/// same subject in the message (RFC 10002 section 5).
std::optional<Bytes> recipient_for(Context& context, const Requester& who, const Layer& layer);

/// What was encrypted for this CA, as a ContentInfo. That something could not be opened is all that is ever said.
std::optional<SecretOctets> opened(Context& context, Decoder& decoder, const Layer& layer);

}  // namespace cmcctl::authority
