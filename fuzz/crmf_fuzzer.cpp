#include <cmcctl/codec/crmf.hpp>

#include "fuzz_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const cmcctl::Octets input(data, data + size);
  cmcctl::check_decoder<cmcctl::CertReqMessages>(input);
  cmcctl::check_decoder<cmcctl::CertReqMsg>(input);
  cmcctl::check_decoder<cmcctl::CertRequest>(input);
  cmcctl::check_decoder<cmcctl::CertTemplate>(input);
  cmcctl::check_decoder<cmcctl::ProofOfPossession>(input);
  cmcctl::check_decoder<cmcctl::POPOSigningKey>(input);
  cmcctl::check_decoder<cmcctl::POPOSigningKeyInput>(input);
  cmcctl::check_decoder<cmcctl::POPOPrivKey>(input);
  cmcctl::check_decoder<cmcctl::PKMACValue>(input);
  cmcctl::check_decoder<cmcctl::PBMParameter>(input);
  cmcctl::check_decoder<cmcctl::EncryptedValue>(input);
  cmcctl::check_decoder<cmcctl::EncryptedKey>(input);
  cmcctl::check_decoder<cmcctl::PKIArchiveOptions>(input);
  cmcctl::check_decoder<cmcctl::PKIPublicationInfo>(input);
  cmcctl::check_decoder<cmcctl::CertId>(input);
  return 0;
}
