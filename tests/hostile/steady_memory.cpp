// steady_memory VECTORS_DIR
//
// What arena.hpp, decoder.hpp and encoder.hpp promise to a program that runs for long: message after message, nothing
// is allocated once the largest message has been seen, and memory does not grow with the number of messages.
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/encoder.hpp>

#include "../support/reencode_files.hpp"
#include "../support/reencode_memory.hpp"

namespace cmcctl::test {
namespace {

std::size_t passed = 0;
std::size_t failed = 0;

void check(bool good, const std::string& what) {
  ++(good ? passed : failed);
  if (!good) std::cout << "FAILED " << what << '\n';
}

/// Decodes the message down to its requests, and encodes its outer layers.
bool read_and_write(Decoder& decoder, Encoder& encoder, Octets bytes) {
  decoder.reset(bytes);
  const auto outer = decoder.decode<ContentInfo>(bytes);
  if (!outer || !outer->content || !encoder.encode(*outer)) return false;
  const auto data = decoder.decode<SignedData>(*outer->content);
  if (!data || !encoder.encode(*data)) return false;
  if (data->certificates) {
    for (const Any& one : *data->certificates) {
      const auto certificate = decoder.decode<Certificate>(one);
      if (!certificate || !decoder.decode(certificate->tbs_certificate)) return false;
    }
  }
  const auto content = content_octets(data->encap_content_info);
  if (!content) return true;
  const auto request = decoder.decode<PKIData>(*content);
  if (!request || !encoder.encode(*request)) return false;
  for (const TaggedRequest& one : request->req_sequence) {
    const auto* tcr = std::get_if<TaggedCertificationRequest>(&one.choice);
    if (tcr == nullptr) continue;
    const auto pkcs10 = decoder.decode(tcr->certification_request);
    if (!pkcs10 || !decoder.decode(pkcs10->certification_request_info)) return false;
  }
  return true;
}

void der_allocates_nothing(const std::vector<Vector>& vectors) {
  Decoder decoder;
  Encoder encoder;
  std::vector<const Vector*> der;
  for (const Vector& vector : vectors) {
    if (read_and_write(decoder, encoder, Octets(vector.bytes)) && decoder.oddities().empty()) der.push_back(&vector);
  }
  check(der.size() > 20, "too few DER messages: " + std::to_string(der.size()));
  for (int round = 0; round < 2; ++round) {
    for (const Vector* vector : der) {
      const std::size_t before = memory.allocations;
      read_and_write(decoder, encoder, Octets(vector->bytes));
      const std::size_t made = memory.allocations - before;
      if (round == 1) check(made == 0, vector->file + ": " + std::to_string(made) + " allocations");
    }
  }
}

/// SEQUENCE OF with this many GeneralNames.
std::vector<std::uint8_t> names(std::size_t count) {
  const std::size_t length = 2 * count;
  std::vector<std::uint8_t> bytes{0x30, 0x83, static_cast<std::uint8_t>(length >> 16),
                                  static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
  for (std::size_t i = 0; i < count; ++i) bytes.insert(bytes.end(), {0x82, 0x00});
  return bytes;
}

void memory_does_not_grow() {
  const std::size_t before = memory.now;
  Decoder decoder;
  constexpr std::size_t largest = 40'000;
  for (std::size_t count = 33'000; count <= largest; count += 50) {
    const auto bytes = names(count);
    decoder.reset(Octets(bytes));
    check(decoder.decode<GeneralNames>(Octets(bytes)).ok(), "a list of names is refused");
  }
  const std::size_t kept = memory.now - before;
  const std::size_t enough = 4 * largest * sizeof(GeneralName) + (8u << 20);
  check(kept <= enough, "a decoder that read lists of growing length holds " + std::to_string(kept) + " octets, more than " +
                            std::to_string(enough));
}

void ber_memory_is_given_back() {
  std::vector<std::uint8_t> bytes{0x30, 0x80};
  for (int i = 0; i < 10'000; ++i) bytes.insert(bytes.end(), {0x82, 0x81, 0x00});
  bytes.insert(bytes.end(), {0x00, 0x00});
  Decoder decoder;
  std::size_t after_first = 0;
  for (int i = 0; i < 50; ++i) {
    decoder.reset(Octets(bytes));
    check(decoder.decode<GeneralNames>(Octets(bytes)).ok(), "a list of names in BER is refused");
    if (i == 1) after_first = memory.now;
  }
  check(memory.now <= after_first + 1'000, "a decoder that reads the same BER again and again grows");
}

}  // namespace
}  // namespace cmcctl::test

int main(int argc, char** argv) {
  using namespace cmcctl::test;
  if (argc != 2) {
    std::cerr << "usage: steady_memory VECTORS_DIR\n";
    return 2;
  }
  der_allocates_nothing(read_vectors(argv[1]));
  memory_does_not_grow();
  ber_memory_is_given_back();
  std::cout << passed << " passed, " << failed << " failed\n";
  return failed == 0 ? 0 : 1;
}
