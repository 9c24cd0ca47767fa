#include <cmcctl/codec/pkcs10.hpp>

#include "fuzz_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const cmcctl::Octets input(data, data + size);
  cmcctl::check_decoder<cmcctl::CertificationRequest>(input);
  cmcctl::check_decoder<cmcctl::CertificationRequestInfo>(input);
  cmcctl::check_decoder<cmcctl::Attribute>(input);
  return 0;
}
