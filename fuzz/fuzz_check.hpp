#pragma once

#include <cstdio>
#include <cstdlib>

#include <cmcctl/codec/encoder.hpp>

/// Stops the fuzzer with the property that does not hold.
#define FUZZ_CHECK(condition)                                                              \
  do {                                                                                     \
    if (!(condition)) {                                                                    \
      std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                        \
    }                                                                                      \
  } while (false)

namespace cmcctl {

/// What every decoder promises for any bytes:
/// - a refusal names a place inside the input;
/// - what was accepted can be encoded, and its encoding decodes to an equal value;
/// - input without an oddity is DER, and comes back byte for byte.
template <class T>
void check_decoder(Octets input) {
  Decoder decoder;
  decoder.reset(input);
  const auto value = decoder.decode<T>(input);
  if (!value) {
    FUZZ_CHECK(value.error().offset <= input.size());
    FUZZ_CHECK(!value.error().path.empty());
    return;
  }
  const auto encoded = encode(*value);
  FUZZ_CHECK(encoded);
  if (decoder.oddities().empty()) FUZZ_CHECK(Octets(*encoded) == input);

  Decoder again;
  const auto second = again.decode<T>(Octets(*encoded));
  FUZZ_CHECK(second);
  const auto encoded_again = encode(*second);
  FUZZ_CHECK(encoded_again);
  FUZZ_CHECK(Octets(*encoded_again) == Octets(*encoded));
}

}  // namespace cmcctl
