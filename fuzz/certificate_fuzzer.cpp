#include <cmcctl/codec/pkix.hpp>

#include "fuzz_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const cmcctl::Octets input(data, data + size);
  cmcctl::check_decoder<cmcctl::Certificate>(input);
  cmcctl::check_decoder<cmcctl::TBSCertificate>(input);
  cmcctl::check_decoder<cmcctl::Extensions>(input);
  cmcctl::check_decoder<cmcctl::GeneralNames>(input);
  cmcctl::check_decoder<cmcctl::SubjectPublicKeyInfo>(input);
  return 0;
}
