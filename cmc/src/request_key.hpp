#pragma once

#include <optional>
#include <vector>

#include <cmcctl/codec/cmc.hpp>

namespace cmcctl {

/// What a certification request says about the key that it is for. Views into the decoder's message.
struct RequestKey {
  Octets subject_public_key;           ///< contents of the BIT STRING
  std::optional<Octets> extn_value{};  ///< of the SubjectKeyIdentifier extension
  bool crmf = false;

  /// The key identifier in the extension; extnValue itself where there is no OCTET STRING in it, as old Dogtag has it.
  std::optional<Octets> key_identifier() const;
};

/// Nothing for a request without a key of its own: an other request, or a template without publicKey.
Result<std::optional<RequestKey>> request_key(Decoder& decoder, const TaggedRequest& request);

}  // namespace cmcctl
