#pragma once

#include <cstddef>

#include <cmcctl/codec/octets.hpp>

namespace cmcctl::bench {

struct BotanCounts {
  std::size_t controls = 0;
  std::size_t requests = 0;
};

/// Decodes what Subject::decode decodes, into types of the same shape, with Botan's BER_Decoder.
/// Throws Botan's exceptions. Returns how much there was, to show that both decoders saw the same.
BotanCounts botan_decode(Octets message);

const char* botan_version();

}  // namespace cmcctl::bench
