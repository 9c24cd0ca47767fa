#include "algorithm_rows.hpp"

#include <cmcctl/codec/names.hpp>

namespace cmcctl {

bool absent_or_null(const AlgorithmIdentifier& algorithm) {
  static constexpr std::uint8_t null[]{0x05, 0x00};
  return !algorithm.parameters || algorithm.parameters->der == Octets(null);
}

std::string algorithm_name(std::string_view dotted) {
  const OidEntry* entry = find_oid(dotted);
  return std::string(entry == nullptr ? dotted : entry->name);
}

std::string algorithm_name(const AlgorithmIdentifier& algorithm) {
  return algorithm_name(to_string(algorithm.algorithm));
}

Error unsupported(const AlgorithmIdentifier& algorithm, std::string_view what) {
  return {Errc::unsupported_algorithm, 0, {}, {}, std::string(what) + " " + algorithm_name(algorithm)};
}

Error bad_parameters(const AlgorithmIdentifier& algorithm, std::string_view wanted) {
  return {Errc::bad_algorithm, 0, {}, {},
          "the parameters of " + algorithm_name(algorithm) + " should be " + std::string(wanted)};
}

}  // namespace cmcctl
