#pragma once

#include <cmcctl/cmc/body_parts.hpp>

namespace cmcctl {

/// Which RFC the reader of a message knows.
enum class Edition : std::uint8_t {
  rfc10002,
  rfc5272,  ///< statusInfo besides statusInfoV2, and extendedFailInfo without its [1]
};

/// Builds the content of a Full PKI Response, RFC 10002 section 4.2.1:
///
///   PKIResponse ::= SEQUENCE {
///       controlSequence   SEQUENCE SIZE(0..MAX) OF TaggedAttribute,
///       cmsSequence       SEQUENCE SIZE(0..MAX) OF TaggedContentInfo,
///       otherMsgSequence  SEQUENCE SIZE(0..MAX) OF OtherMsg }
///
/// Certificates and CRLs are no part of it: they go into the SignedData around it (sign_full).
class PkiResponseBuilder : public BodyParts {
 public:
  explicit PkiResponseBuilder(Edition edition = Edition::rfc10002) : BodyParts(Place::response), edition_(edition) {}

  /// Section 6.1.1. For the edition of RFC 5272 a statusInfo goes along where it can say the same.
  Result<void> status(const CMCStatusInfoV2& status);

  /// Section 6.12.
  Result<BodyPartID> response_info(Octets info) { return control_of("responseInfo", ResponseInfo{info}); }
  /// Section 6.7.
  Result<BodyPartID> encrypted_pop(const EncryptedPOP& challenge) { return control_of("encryptedPOP", challenge); }
  /// Section 6.17.
  Result<BodyPartID> batch_responses(std::span<const BodyPartID> parts) {
    return control_of("batchResponses", BatchResponses{parts});
  }
  /// Section 6.21.
  Result<BodyPartID> response_body(std::span<const BodyPartID> path) {
    return control_of("responseBody", ResponseBody{path});
  }

  /// The PKIResponse in DER, as far as what was put into it is DER.
  Result<std::vector<std::uint8_t>> der() const;

 private:
  Edition edition_;
};

}  // namespace cmcctl
