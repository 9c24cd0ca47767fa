#pragma once

#include <cmcctl/codec/controls.hpp>

#include "authority_context.hpp"

namespace cmcctl::authority {

/// What is the same in all requests: what somebody would like to have in a certificate.
struct Asked {
  Bytes subject;     ///< DER of the Name; the empty Name where there is none
  Bytes public_key;  ///< SubjectPublicKeyInfo, DER
  std::vector<RequestedExtension> extensions{};
  std::optional<ChangeSubjectName> change{};        ///< RFC 10002 section 7.1
  std::optional<Raw<PKIArchiveOptions>> archive{};  ///< RFC 4211 section 6.4

  const RequestedExtension* extension(std::string_view oid) const;
  bool has_subject() const { return subject.size() > 2; }
};

/// Refuses what does not decode, and what asks for the same extension twice.
Ruling<Asked> asked_in(Decoder& decoder, const CertificationRequest& request);
Ruling<Asked> asked_in(Decoder& decoder, const CertReqMsg& request);

/// Extensions that are looked at in one request or one change of it.
inline constexpr std::size_t most_extensions = 30;

/// An Extension as a request's.
RequestedExtension requested(const Extension& extension);
/// The extension of this type takes the place of one that is there.
void set_extension(std::vector<RequestedExtension>& extensions, RequestedExtension extension);

/// Applies changeSubjectName: what it has replaces subject and subjectAltName, what it lacks goes away.
Objection change_name(Asked& asked);

}  // namespace cmcctl::authority
