#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <cmcctl/codec/pkix.hpp>

namespace cmcctl {

/// A GeneralName taken apart and folded once, however often it is compared (RFC 5280 section 4.2.1.10 and 7).
struct ComparableName {
  struct Attribute {
    std::string type;
    std::string value;
    friend bool operator==(const Attribute&, const Attribute&) = default;
    friend auto operator<=>(const Attribute&, const Attribute&) = default;
  };
  using RDN = std::vector<Attribute>;

  std::size_t kind = 0;  // which alternative of GeneralName
  bool sound = true;     // false: readers may differ about what it names
  std::string host;      // of dNSName, rfc822Name and URI: lower case
  std::string mailbox;   // the part before the @, as it stands
  bool has_mailbox = false;
  std::vector<RDN> directory;         // each RDN sorted
  std::vector<std::uint8_t> address;  // with the mask, in a constraint
};

/// A name of a certificate. `scratch` is reset.
ComparableName comparable_name(Decoder& scratch, const GeneralName& name);

/// The base of a subtree. `scratch` is reset.
ComparableName comparable_base(Decoder& scratch, const GeneralName& base);

enum class Containment : std::uint8_t { no, yes, cannot_tell };

/// Whether the name lies in a permitted subtree of its own kind.
Containment within_permitted(const ComparableName& name, const ComparableName& base);

/// Whether the name lies in an excluded subtree of its own kind, or may stand for a name in it.
Containment within_excluded(const ComparableName& name, const ComparableName& base);

}  // namespace cmcctl
