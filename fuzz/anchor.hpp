#pragma once

#include <vector>

#include <cmcctl/codec/hexadecimal.hpp>
#include <cmcctl/crypto/certificate.hpp>

#include "signed_contents.hpp"

namespace cmcctl {

inline constexpr std::int64_t time_of_the_vectors = 1'780'272'000;  // 2026-06-01

/// The certificate that the vectors' signers lead to.
inline const std::vector<X509Certificate>& anchors_of_the_vectors() {
  // Never destroyed: at the end of the program Botan's memory goes first, and the key of the anchor lies in it.
  static const auto& anchors = *new std::vector<X509Certificate>{*X509Certificate::from_der(*octets_of_hex(anchor_hex))};
  return anchors;
}

}  // namespace cmcctl
