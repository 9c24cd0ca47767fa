#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <cmcctl/crypto/certificate.hpp>

namespace cmcctl {

/// The name constraints of a path, from the anchor down (RFC 5280 section 4.2.1.10 and 6.1.4 (g)).
class NameConstraintState {
 public:
  explicit NameConstraintState(std::size_t comparisons) : budget_(comparisons) {}

  /// Adds what a CA certificate demands of those below it. A complaint, or nothing.
  std::string add(const X509Certificate& ca);

  /// A complaint about a certificate's subject or subjectAltName, or nothing.
  std::string check(const X509Certificate& certificate);

 private:
  struct Subtrees {
    List<GeneralSubtree> permitted;
    List<GeneralSubtree> excluded;
  };

  std::string check_name(const GeneralName& name);
  bool spend(std::size_t comparisons);

  std::vector<Subtrees> levels_;
  std::vector<X509Certificate> keep_;  // the lists look into these
  std::size_t budget_;
};

/// Whether two names are equal by RFC 5280 section 7.1: letters in either case, blanks of any number.
bool same_name(Decoder& decoder, Octets a, Octets b);

}  // namespace cmcctl
