#include "algorithm_rows.hpp"

#include <cmcctl/codec/names.hpp>

namespace cmcctl {

bool absent_or_null(const AlgorithmIdentifier& algorithm) {
  static constexpr std::uint8_t null[]{0x05, 0x00};
  return !algorithm.parameters || algorithm.parameters->der == Octets(null);
}

std::string algorithm_name(const AlgorithmIdentifier& algorithm) {
  const std::string dotted = to_string(algorithm.algorithm);
  const OidEntry* entry = find_oid(dotted);
  return entry == nullptr ? dotted : std::string(entry->name);
}

Error unsupported(const AlgorithmIdentifier& algorithm, std::string_view what) {
  return {Errc::unsupported_algorithm, 0, {}, {}, std::string(what) + " " + algorithm_name(algorithm)};
}

Error bad_parameters(const AlgorithmIdentifier& algorithm, std::string_view wanted) {
  return {Errc::bad_algorithm, 0, {}, {},
          "the parameters of " + algorithm_name(algorithm) + " should be " + std::string(wanted)};
}

}  // namespace cmcctl
