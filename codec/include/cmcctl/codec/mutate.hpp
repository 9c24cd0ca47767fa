#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/octets.hpp>

/// Malformed variants of a message, for trying out parsers. The same arguments give the same bytes everywhere.
namespace cmcctl {

enum class MutationKind : std::uint8_t {
  tlv,      ///< other elements in sound encoding: deleted, moved, wrapped, retagged, with other contents
  der,      ///< the same elements in unsound encoding: lengths, padding, forms, truncation
  control,  ///< what CMC gives a meaning: controls, body part ids, statuses, nonces, requests, nested messages
  octets,   ///< any octets, without a look at what they are
  all,      ///< one of tlv, der and control
};

/// "tlv", "der", "control", "octets", "all"
std::string_view to_string(MutationKind kind);

struct Mutation {
  std::vector<std::uint8_t> bytes;
  MutationKind kind{};         ///< what it came to: never `all`, and `octets` where nothing else is possible
  std::string_view operation;  ///< "delete-element"
  std::string description;     ///< "byte 33, PKIData.controlSequence[1].attrValues[0]: OCTET STRING contents emptied"
};

/// One change to `message`, which may be any octets: BER, DER, a cut message, nothing. The result has at most
/// `max_size` octets and, unless `max_size` is 0, differs from `message`. The lengths of all enclosing elements are
/// made right again, through OCTET STRINGs and BIT STRINGs that hold DER, too; kind `der` sometimes leaves them as they
/// were and says so. Signatures are not made anew. Kind `control` writes DER, whatever the message is. Takes linear
/// time.
Mutation mutate(Octets message, MutationKind kind, std::uint64_t seed, std::size_t max_size);

/// The bytes of `mutate`, in less time because nothing is described.
std::vector<std::uint8_t> mutate_octets(Octets message, MutationKind kind, std::uint64_t seed, std::size_t max_size);

/// `a` with an element of `b` in the place of one with the same tag, or with one more or another control of `b` where
/// both are CMC. Holds what `mutate` holds of `a`.
std::vector<std::uint8_t> cross_over(Octets a, Octets b, std::uint64_t seed, std::size_t max_size);

}  // namespace cmcctl
