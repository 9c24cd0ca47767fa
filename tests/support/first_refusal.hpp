#pragma once

#include <optional>
#include <string_view>

#include "reencode_walk.hpp"

namespace cmcctl::test {

/// For walk: the first thing that does not decode, with its type where it has no path.
struct FirstRefusal : WalkVisitor {
  void refused(std::string_view type, const Error& error) override {
    if (first) return;
    first = error;
    if (first->path.empty()) first->path = type;
  }
  std::optional<Error> first;
};

}  // namespace cmcctl::test
