#include "discrete_log.hpp"

#include <optional>
#include <string>

#include <botan/dsa.h>
#include <botan/pubkey.h>

#include <cmcctl/codec/decoder.hpp>
#include <cmcctl/codec/tlv.hpp>

#include "botan.hpp"
#include "dh_group.hpp"
#include "ecdsa_signature.hpp"

namespace cmcctl {
namespace {

// Section 5.1, where L is the number of bits of q, as in the example of appendix C: the formula there counts one less.
// Botan's DSA takes the first L bits of the octets.
Result<std::vector<std::uint8_t>> value_to_be_signed(Hash hash, Octets message, std::size_t q_bits) {
  const std::size_t hash_bits = 8 * output_octets(hash);
  if (q_bits < hash_bits) {
    return Error{Errc::bad_algorithm, 0, {}, {},
                 std::string(to_string(hash)) + " is longer than the order of the group, " + std::to_string(q_bits) +
                     " bits (RFC 6955 section 5.1)"};
  }
  std::vector<std::uint8_t> value = digest(hash, message);
  if (q_bits == hash_bits) return value;
  for (std::size_t n = q_bits / hash_bits; n != 0; --n) {
    const auto more = digest(hash, Octets(value));
    value.insert(value.end(), more.begin(), more.end());
  }
  value.resize((q_bits + 7) / 8);
  for (std::size_t i = value.size(); i-- != 0;) {  // its first L - 1 bits, behind a bit that is zero
    const unsigned before = i == 0 ? 0 : value[i - 1];
    value[i] = static_cast<std::uint8_t>((before << 8 | value[i]) >> 1);
  }
  return value;
}

std::optional<Botan::BigInt> number_in(Octets integer) {
  Decoder decoder;
  const auto scanned = decoder.scan(integer);
  if (!scanned || scanned->der[0] != tlv::integer) return std::nullopt;
  return big_integer(tlv::first(scanned->der).content);
}

Botan::DSA_PrivateKey dsa_key(const Botan::DL_Group& group, const Botan::Private_Key& own) {
  const auto bits = own.private_key_bits();  // the INTEGER x
  const Botan::BigInt x = *number_in(Octets(bits.data(), bits.data() + bits.size()));
#if BOTAN_VERSION_MAJOR >= 3
  return {group, x};
#else
  return {system_random(), group, x};
#endif
}

}  // namespace

Result<bool> verify_discrete_log(const PublicKey& key, Hash hash, Octets message, Octets signature) {
  try {
    const Botan::DL_Group group = group_of(key);
    CMC_TRY(const auto value, value_to_be_signed(hash, message, group.q_bits()));
    const auto y = number_in(key.subject_public_key());
    const auto r_and_s = concatenated_from_der(signature, group.q_bytes());
    if (!y || !r_and_s) return false;
    const Botan::DSA_PublicKey own(group, *y);
    Botan::PK_Verifier verifier(own, "Raw");
    return verifier.verify_message(value, *r_and_s);
  } catch (const Botan::Lookup_Error&) {
    return Error{Errc::unsupported_algorithm, 0, {}, {}, "discrete logarithm signatures (RFC 6955)"};
  } catch (const Botan::Exception&) {
    return false;
  }
}

Result<std::vector<std::uint8_t>> sign_discrete_log(const PublicKey& key, const Botan::Private_Key& own, Hash hash,
                                                    Octets message) {
  try {
    const Botan::DL_Group group = group_of(key);
    CMC_TRY(const auto value, value_to_be_signed(hash, message, group.q_bits()));
    const Botan::DSA_PrivateKey dsa = dsa_key(group, own);
    Botan::PK_Signer signer(dsa, system_random(), "Raw");
    return der_from_concatenated(signer.sign_message(value, system_random()));
  } catch (const Botan::Exception&) {
    return Error{Errc::bad_algorithm, 0, {}, {}, "the group of " + key.text() + " does not sign (RFC 6955 section 5)"};
  }
}

Result<void> check_signs_messages(const SignatureScheme& scheme) {
  if (scheme.kind != SignatureKind::discrete_log) return {};
  return Error{Errc::bad_algorithm, 0, {}, {}, "a DH key signs certification requests only (RFC 6955 section 5)"};
}

}  // namespace cmcctl
