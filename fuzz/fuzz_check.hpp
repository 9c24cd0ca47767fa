#pragma once

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string_view>

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

/// What is kept from input to input, as a program keeps it that reads message after message.
struct Kept {
  Decoder decoder{};
  Encoder encoder{};
  Decoder decoder_again{};
  Encoder encoder_again{};
};

/// True for one input in `count`, always the same ones: for what is too expensive for all.
inline bool is_one_in(std::size_t count, Octets input) {
  return std::hash<std::string_view>{}(input.chars()) % count == 0;
}

inline Octets octets_of(Octets element) { return element; }
inline Octets octets_of(const Any& element) { return element.der; }

/// What every decoder promises for any bytes:
/// - a refusal names a place inside the input;
/// - what was accepted can be encoded, and its encoding decodes to an equal value;
/// - input without an oddity is DER, and comes back byte for byte.
/// `element` is the message of `kept.decoder`, or what a value decoded from it holds.
template <class T, class Element>
Result<T> check_element(Kept& kept, const Element& element) {
  Decoder& decoder = kept.decoder;
  const std::size_t known_oddities = decoder.oddities().size();
  auto value = decoder.decode<T>(element);
  if (!value) {
    FUZZ_CHECK(value.error().offset <= decoder.message().size());
    FUZZ_CHECK(!value.error().path.empty());
    return value;
  }
  const auto encoded = kept.encoder.encode(*value);
  FUZZ_CHECK(encoded);
  const bool same = *encoded == octets_of(element);
  if (decoder.oddities().size() == known_oddities) FUZZ_CHECK(same);
  if (same && !is_one_in(16, *encoded)) return value;  // the same octets again would come to the same

  kept.decoder_again.reset(*encoded);
  const auto second = kept.decoder_again.decode<T>(*encoded);
  FUZZ_CHECK(second);
  const auto encoded_again = kept.encoder_again.encode(*second);
  FUZZ_CHECK(encoded_again);
  FUZZ_CHECK(*encoded_again == *encoded);
  return value;
}

template <class T>
void check_decoder(Octets input) {
  static Kept kept;
  kept.decoder.reset(input);
  (void)check_element<T>(kept, input);
  if (!is_one_in(16, input)) return;
  Kept fresh;  // so that the sanitizer sees a view into memory that is gone
  fresh.decoder.reset(input);
  (void)check_element<T>(fresh, input);
}

}  // namespace cmcctl
