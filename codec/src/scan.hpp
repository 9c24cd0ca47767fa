#pragma once

#include <cstddef>
#include <string>

#include <cmcctl/codec/limits.hpp>
#include <cmcctl/codec/result.hpp>

#include <cmcctl/codec/octets.hpp>

namespace cmcctl {

/// What one look over the bytes of one element found.
struct Scan {
  enum class Outcome : std::uint8_t {
    der,      ///< every byte obeys DER as far as that can be seen without knowing the types
    ber,      ///< something that BER allows and DER does not; normalise_ber goes on from here
    refused,  ///< neither; code, offset and detail tell why
  };
  Outcome outcome = Outcome::refused;
  Errc code{};
  std::size_t offset = 0;  ///< of the element that was refused
  std::string detail;
  std::size_t nodes = 0;   ///< elements seen
};

/// One linear pass without recursion or allocation: lengths inside their parents, minimal and definite, tags in
/// their right form, BOOLEAN, INTEGER, BIT STRING, NULL and OBJECT IDENTIFIER contents, depth and node limits.
/// `depth` counts the levels that already lie around `bytes`.
Scan scan_der(Octets bytes, const Limits& limits, std::size_t depth = 0);

/// The checks on the contents of a primitive universal element that BER and DER share; true when they hold.
/// `ber_only` is set where only DER is broken.
bool check_primitive(std::uint8_t id, Octets content, const Limits& limits, Scan& scan, bool& ber_only);

/// Whether a universal tag may stand in this form (SEQUENCE is always constructed, INTEGER never).
/// `ber_only` is set for the constructed form of a string type.
bool check_form(std::uint8_t id, Scan& scan, bool& ber_only);

/// "SEQUENCE of 4135 octets, but only 149 are left in the input"
std::string overrun(std::uint8_t id, std::size_t length, std::size_t left, bool at_input_end);

/// "SEQUENCE", "[0]", "[APPLICATION 3]", "OCTET STRING (constructed)"
std::string tag_name(std::uint8_t id);

}  // namespace cmcctl
