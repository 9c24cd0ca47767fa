#include <cmcctl/codec/cmc.hpp>

#include "fuzz_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cmcctl::check_decoder<cmcctl::PKIResponse>(cmcctl::Octets(data, data + size));
  return 0;
}
