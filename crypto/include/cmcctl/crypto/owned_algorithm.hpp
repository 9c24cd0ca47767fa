#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <cmcctl/codec/pkix.hpp>

namespace cmcctl {

/// An AlgorithmIdentifier that was made here: it keeps the bytes that the codec's type only looks at.
class OwnedAlgorithm {
 public:
  enum class Parameters { absent, null };

  OwnedAlgorithm(std::string_view dotted, Parameters parameters);
  /// `parameters` is the DER of one element.
  OwnedAlgorithm(std::string_view dotted, std::vector<std::uint8_t> parameters);

  /// Valid as long as this is.
  AlgorithmIdentifier view() const;

 private:
  std::vector<std::uint8_t> oid_;
  std::vector<std::uint8_t> parameters_;  // empty: absent
};

}  // namespace cmcctl
