#pragma once

#include <cmcctl/codec/message.hpp>

namespace cmcctl {

/// A message with what it takes to read on in it.
struct OpenedMessage {
  Decoder& decoder;
  const Message& message;
};

}  // namespace cmcctl
