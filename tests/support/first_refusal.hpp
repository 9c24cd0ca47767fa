#pragma once

#include <optional>
#include <string_view>

#include <cmcctl/codec/octets.hpp>
#include <cmcctl/codec/result.hpp>

namespace cmcctl::test {

/// For Walk: the first thing that does not decode, with its type where it has no path.
struct FirstRefusal {
  template <class T>
  void decoded(const T&, Octets) {}
  template <class T>
  void part(const T&) {}
  void refused(std::string_view type, const Error& error) {
    if (first) return;
    first = error;
    if (first->path.empty()) first->path = type;
  }
  std::optional<Error> first;
};

}  // namespace cmcctl::test
