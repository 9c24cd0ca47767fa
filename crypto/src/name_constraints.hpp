#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <cmcctl/crypto/certificate.hpp>

#include "comparable_name.hpp"

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
    std::vector<ComparableName> permitted;
    std::vector<ComparableName> excluded;
  };

  std::string check_name(const GeneralName& name);
  std::string check_alternative_names(const X509Certificate& certificate, bool& has_mailbox);
  std::string check_mailboxes(const Name& subject);
  bool spend(std::size_t comparisons);

  std::vector<Subtrees> levels_;
  Decoder scratch_;
  std::size_t budget_;
};

}  // namespace cmcctl
