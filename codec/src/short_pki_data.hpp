#pragma once

#include <array>
#include <optional>

#include <cmcctl/codec/cmc.hpp>

namespace cmcctl {

/// The sequences of a PKIData that leaves some out, as RFC 8295 writes it: each one that is there is told by what its
/// first element looks like. Missing ones are empty views. nullopt for a PKIData with four members, or for bytes that
/// are none.
struct ShortPKIData {
  enum Index : std::size_t { controls, requests, cms, other_msgs };
  std::array<Octets, 4> lists;
};
std::optional<ShortPKIData> split_short_pki_data(Octets scanned);

/// Reads such a PKIData and reports it [CMC-5272-3.2.1-01].
std::optional<PKIData> read_short_pki_data(Decoder& decoder, Octets octets);

}  // namespace cmcctl
