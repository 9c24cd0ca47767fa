#pragma once

#include <optional>
#include <string_view>

#include <cmcctl/codec/decoder.hpp>

#include "any_type.hpp"

namespace cmcctl::test {

/// Is told of each value and of each refusal.
class WalkVisitor {
 public:
  virtual ~WalkVisitor() = default;
  /// `der` is the element it was decoded from.
  virtual void decoded(const AnyType&, const void* /*value*/, Octets /*der*/) {}
  /// A member, with the octets it came from where the type keeps them.
  virtual void part(const AnyType&, const void* /*value*/, std::optional<Octets> /*source*/) {}
  virtual void refused(std::string_view /*type*/, const Error&) {}
};

/// Decodes everything that can be reached from one element: raw members, the contents of CMS structures, the values of
/// controls, attributes and extensions. Says whether the element itself was taken.
bool walk(Decoder& decoder, WalkVisitor& visitor, const AnyType& type, const Any& element);
bool walk(Decoder& decoder, WalkVisitor& visitor, const AnyType& type, Octets element);

}  // namespace cmcctl::test
