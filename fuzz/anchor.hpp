#pragma once

#include <vector>

#include <cmcctl/crypto/certificate.hpp>

#include "signed_contents.hpp"

namespace cmcctl {

inline constexpr std::int64_t time_of_the_vectors = 1'780'272'000;  // 2026-06-01

/// The certificate that the vectors' signers lead to.
inline const std::vector<X509Certificate>& anchors_of_the_vectors() {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::vector<std::uint8_t> octets;
  for (std::size_t i = 0; i < anchor_hex.size(); i += 2)
    octets.push_back(static_cast<std::uint8_t>(digit(anchor_hex[i]) * 16 + digit(anchor_hex[i + 1])));
  // Never destroyed: at the end of the program Botan's memory goes first, and the key of the anchor lies in it.
  static const auto& anchors = *new std::vector<X509Certificate>{*X509Certificate::from_der(octets)};
  return anchors;
}

}  // namespace cmcctl
