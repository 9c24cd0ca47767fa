#pragma once

#include <cstddef>
#include <set>
#include <string>

#include <cmcctl/crypto/certificate.hpp>

namespace cmcctl {

/// The policies that hold along a path, with any-policy as the initial set: RFC 5280 section 6.1 with the graph of
/// RFC 9618 in place of the tree, of which only the lowest level matters here.
class PolicyState {
 public:
  /// `certificates` counts those below the anchor.
  explicit PolicyState(std::size_t certificates)
      : explicit_policy_(certificates + 1), inhibit_any_(certificates + 1), mapping_(certificates + 1) {}

  /// Takes the next certificate, from the anchor down. A complaint, or nothing.
  std::string next(const X509Certificate& certificate, bool last);

 private:
  void narrow(const X509Certificate& certificate, bool last);
  std::string map(const X509Certificate& certificate);
  std::string take_constraints(const X509Certificate& certificate, bool last);
  bool none() const { return !any_ && valid_.empty(); }

  std::size_t explicit_policy_;
  std::size_t inhibit_any_;
  std::size_t mapping_;
  bool any_ = true;
  std::set<std::string> valid_;  // contents of OIDs, as the certificates below are to name them
};

}  // namespace cmcctl
