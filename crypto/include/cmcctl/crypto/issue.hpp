#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <cmcctl/crypto/private_key.hpp>

/// New certificates and CRLs, RFC 5280: what a CA signs.
namespace cmcctl {

struct NewCertificate {
  Octets serial_number;         ///< contents of the INTEGER: positive, minimal, at most 20 octets
  Octets issuer;                ///< DER of the Name
  Octets subject;               ///< likewise
  std::int64_t not_before = 0;  ///< seconds since 1970
  std::int64_t not_after = 0;   ///< likewise
  Octets public_key;            ///< SubjectPublicKeyInfo, DER
  Octets extensions{};          ///< DER of Extensions (`encode_extensions`); empty: none
};

/// A Certificate in DER (RFC 5280 section 4.1), version 3. `not_encodable` for a serial number or a time that cannot
/// be.
Result<std::vector<std::uint8_t>> issue_certificate(const NewCertificate& certificate, PrivateKey& issuer_key,
                                                    const SignatureScheme& scheme);

/// RFC 5280 section 5.3.1. CRLReason ::= ENUMERATED; 7 is not used.
enum class CrlReason : std::uint8_t {
  unspecified = 0,
  keyCompromise = 1,
  cACompromise = 2,
  affiliationChanged = 3,
  superseded = 4,
  cessationOfOperation = 5,
  certificateHold = 6,
  removeFromCRL = 8,
  privilegeWithdrawn = 9,
  aACompromise = 10,
};

struct NewCrlEntry {
  Octets serial_number;                         ///< contents of the INTEGER
  std::int64_t revoked_at = 0;                  ///< seconds since 1970
  CrlReason reason = CrlReason::unspecified;    ///< unspecified: the extension is left out (section 5.3.1)
  std::optional<std::int64_t> invalid_since{};  ///< invalidityDate (section 5.3.2)
};

struct NewCrl {
  Octets issuer;                 ///< DER of the Name
  Octets issuer_key_identifier;  ///< the issuer's subjectKeyIdentifier
  std::int64_t number = 0;       ///< cRLNumber (section 5.2.3)
  std::int64_t this_update = 0;  ///< seconds since 1970
  std::int64_t next_update = 0;  ///< likewise
  std::span<const NewCrlEntry> entries{};
};

/// A CertificateList in DER (RFC 5280 section 5.1), version 2, with authorityKeyIdentifier and cRLNumber.
Result<std::vector<std::uint8_t>> issue_crl(const NewCrl& crl, PrivateKey& issuer_key, const SignatureScheme& scheme);

}  // namespace cmcctl
