#include <cmcctl/codec/cms.hpp>

#include "fuzz_check.hpp"

using namespace cmcctl;

// The ContentInfo, and what it holds as each of the CMS contents.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Octets input(data, data + size);
  check_decoder<ContentInfo>(input);
  Decoder decoder;
  const auto info = decoder.decode<ContentInfo>(input);
  if (!info || !info->content) return 0;
  const Octets content = info->content->der;
  check_decoder<SignedData>(content);
  check_decoder<EnvelopedData>(content);
  check_decoder<AuthEnvelopedData>(content);
  check_decoder<AuthenticatedData>(content);
  check_decoder<EncryptedData>(content);
  return 0;
}
