#include <cmcctl/crypto/key_id.hpp>

#include <algorithm>

#include <cmcctl/codec/algorithms.hpp>
#include <cmcctl/codec/hexadecimal.hpp>
#include <cmcctl/codec/text.hpp>

namespace cmcctl {
namespace {

constexpr std::size_t sha1_octets = 20;

std::vector<std::uint8_t> negated(std::vector<std::uint8_t> number) {
  unsigned carry = 1;
  for (auto octet = number.rbegin(); octet != number.rend(); ++octet) {
    carry += static_cast<std::uint8_t>(~*octet);
    *octet = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  return number;
}

std::string without_leading_zeros(std::string digits) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return digits;
}

}  // namespace

std::vector<std::uint8_t> nss_key_id(const PublicKey& key) {
  if (key.kind() != KeyKind::rsa) return digest(Hash::sha1, key.subject_public_key());
  Decoder decoder;
  const auto rsa = decoder.decode<RSAPublicKey>(key.subject_public_key());
  if (!rsa) return {};
  const Octets modulus = rsa->modulus.content;
  return digest(Hash::sha1, modulus[0] == 0 ? modulus.from(1) : modulus);
}

std::string dogtag_key_id(Octets id) {
  if (id.empty()) return "0";
  if ((id[0] & 0x80) == 0) return without_leading_zeros(hex(id));
  return "-" + without_leading_zeros(hex(negated({id.begin(), id.end()})));
}

std::optional<std::vector<std::uint8_t>> parse_key_id(std::string_view text) {
  constexpr std::size_t longest = 64;
  const bool negative = text.starts_with("-");
  if (negative) text.remove_prefix(1);
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  std::string digits(text);
  std::erase(digits, ':');
  if (digits.empty() || digits.size() > 2 * longest) return std::nullopt;
  if (digits.size() % 2 != 0) digits.insert(0, 1, '0');
  if (negative && digits.size() < 2 * sha1_octets) digits.insert(0, 2 * sha1_octets - digits.size(), '0');
  auto id = octets_of_hex(digits);
  if (!id) return std::nullopt;
  return negative ? negated(*std::move(id)) : *std::move(id);
}

}  // namespace cmcctl
