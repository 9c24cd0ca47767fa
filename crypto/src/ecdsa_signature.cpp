#include "ecdsa_signature.hpp"

#include <algorithm>

#include <cmcctl/codec/algorithms.hpp>
#include <cmcctl/codec/encoder.hpp>

namespace cmcctl {
namespace {

bool put_right_aligned(const Integer& number, std::span<std::uint8_t> field) {
  if (number.negative()) return false;
  Octets octets = number.content;
  while (!octets.empty() && octets[0] == 0) octets = octets.from(1);
  if (octets.empty() || octets.size() > field.size()) return false;
  std::ranges::copy(octets, field.end() - static_cast<std::ptrdiff_t>(octets.size()));
  return true;
}

std::vector<std::uint8_t> content_of(Octets unsigned_number) {
  while (unsigned_number.size() > 1 && unsigned_number[0] == 0) unsigned_number = unsigned_number.from(1);
  std::vector<std::uint8_t> content;
  if ((unsigned_number[0] & 0x80) != 0) content.push_back(0);
  content.insert(content.end(), unsigned_number.begin(), unsigned_number.end());
  return content;
}

}  // namespace

std::optional<std::vector<std::uint8_t>> concatenated_from_der(Octets der, std::size_t field_octets) {
  Decoder decoder;
  const auto value = decoder.decode<ECDSASigValue>(der);
  if (!value || decoder.saw_ber()) return std::nullopt;
  std::vector<std::uint8_t> result(2 * field_octets);
  const std::span<std::uint8_t> halves(result);
  if (!put_right_aligned(value->r, halves.first(field_octets)) || !put_right_aligned(value->s, halves.last(field_octets))) {
    return std::nullopt;
  }
  return result;
}

std::vector<std::uint8_t> der_from_concatenated(Octets r_and_s) {
  const std::size_t half = r_and_s.size() / 2;
  const auto r = content_of(r_and_s.sub(0, half));
  const auto s = content_of(r_and_s.sub(half, half));
  return *encode(ECDSASigValue{Integer{r}, Integer{s}});
}

}  // namespace cmcctl
