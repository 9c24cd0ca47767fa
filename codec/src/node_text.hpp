#pragma once

#include <string>

#include "node.hpp"

namespace cmcctl {

/// Any node in one line of words, escaped for a terminal: what a control, certificate or extension says, the value of
/// a primitive element, else type and size. Octets and long numbers are shortened.
std::string node_text(Decoder& decoder, const Node& node);

}  // namespace cmcctl
