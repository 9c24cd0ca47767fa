#include "dh_group.hpp"

#include <algorithm>

#include <cmcctl/codec/tlv.hpp>

#include "botan.hpp"

namespace cmcctl {
namespace {

Botan::DL_Group group_named(const std::string& name) {
#if BOTAN_VERSION_MAJOR >= 3
  return Botan::DL_Group::from_name(name);
#else
  return Botan::DL_Group(name);
#endif
}

// The groups of RFC 7919 and RFC 3526 of this size.
bool is_well_known(const Botan::DL_Group& group) {
  const std::string bits = std::to_string(group.p_bits());
  for (const char* const family : {"ffdhe/ietf/", "modp/ietf/"}) {
    try {
      const Botan::DL_Group known = group_named(family + bits);
      if (known.get_p() == group.get_p() && known.get_g() == group.get_g() && known.get_q() == group.get_q()) return true;
    } catch (const Botan::Exception&) {  // it has none of this size
    }
  }
  return false;
}

}  // namespace

std::optional<DomainParameters> domain_parameters(Octets spki) {
  tlv::Cursor algorithm(tlv::first(tlv::first(spki).content).content);
  algorithm.next();
  if (algorithm.at_end()) return std::nullopt;
  const tlv::Element parameters = algorithm.next();
  if (parameters.id != tlv::sequence) return std::nullopt;
  tlv::Cursor members(parameters.content);
  Octets numbers[3];
  for (Octets& number : numbers) {
    if (members.at_end()) return std::nullopt;
    const tlv::Element member = members.next();
    if (member.id != tlv::integer || member.content.empty() || (member.content[0] & 0x80) != 0) return std::nullopt;
    number = member.content;
  }
  return DomainParameters{numbers[0], numbers[1], numbers[2], parameters.whole};
}

Botan::DL_Group group_of(const PublicKey& key) {
  const DomainParameters parameters = *domain_parameters(key.spki());  // keys without them do not load
  return {big_integer(parameters.p), big_integer(parameters.q), big_integer(parameters.g)};
}

std::optional<GroupTests::Problem> GroupTests::problem(const PublicKey& key) {
  constexpr std::size_t keys_of_a_message = 32;
  constexpr std::size_t groups_of_a_message = 2;
  constexpr std::size_t bits_at_most = 4'096;
  constexpr std::size_t tested_bits_at_most = 3'072;
  static const Problem no_primes{true, "its p and q are no primes of which q divides p - 1"};
  if (key.bits() > bits_at_most) return Problem{false, "more than " + std::to_string(bits_at_most) + " bits take too long"};
  if (++keys_ > keys_of_a_message) {
    return Problem{false, "of one message only " + std::to_string(keys_of_a_message) + " such keys are looked at"};
  }
  const Octets parameters = domain_parameters(key.spki())->whole;
  const auto before = std::ranges::find_if(tested_, [&](const Tested& one) { return Octets(one.parameters) == parameters; });
  if (before != tested_.end()) return before->good ? std::nullopt : std::optional(no_primes);
  try {
    const Botan::DL_Group group = group_of(key);
    if (is_well_known(group)) return std::nullopt;
    if (key.bits() > tested_bits_at_most || tested_.size() == groups_of_a_message) {
      return Problem{false, "whether its p and q are primes takes too long to find out"};
    }
    tested_.push_back({{parameters.begin(), parameters.end()}, false});
    tested_.back().good = group.verify_group(system_random(), true);
  } catch (const Botan::Exception&) {
    return no_primes;
  }
  return tested_.back().good ? std::nullopt : std::optional(no_primes);
}

}  // namespace cmcctl
