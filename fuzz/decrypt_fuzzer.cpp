#include "../tests/support/recipients.hpp"
#include "fuzz_check.hpp"

/// EnvelopedData, AuthEnvelopedData and AuthenticatedData for fixed keys of every kind.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const cmcctl::test::People people;
  cmcctl::Limits limits;
  limits.pbkdf2_iterations = 1'000;
  limits.recipients = 8;
  cmcctl::Decoder decoder(limits);
  const cmcctl::Octets input(data, data + size);
  const auto opened = cmcctl::test::open_any(decoder, input, people.keys(), limits);
  if (!opened) {
    const cmcctl::Error& error = opened.error();
    FUZZ_CHECK(error.offset <= size);
    if (error.code == cmcctl::Errc::decryption_failed) FUZZ_CHECK(error.detail.empty() && error.path.empty());
    return 0;
  }
  FUZZ_CHECK(opened->content.size() <= size);
  FUZZ_CHECK(!opened->checks.empty());
  if (cmcctl::worst(opened->checks) == cmcctl::Verdict::fail) FUZZ_CHECK(opened->content.empty());
  return 0;
}
