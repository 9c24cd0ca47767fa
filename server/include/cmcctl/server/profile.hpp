#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/cmc/extensions.hpp>
#include <cmcctl/crypto/public_key.hpp>

namespace cmcctl {

/// What certificates of one kind have in them. The profile decides, the request only asks: of its extensions come into
/// the certificate its subjectAltName, where the names are the requester's, and of its key usages what is in both.
struct Profile {
  std::string_view name;  ///< "user", "server", "ra", ...
  std::string_view description;
  std::int64_t validity_seconds = 0;
  std::string_view key_usage;      ///< all that it grants: "digitalSignature,keyEncipherment"
  std::string_view ext_key_usage;  ///< "clientAuth,emailProtection"; empty: none
  bool ra_only = false;            ///< only an RA may ask for it
  bool must_archive = false;       ///< the private key has to come with the request (RFC 10002 section 6.1.4)
};

std::span<const Profile> profiles();

/// By its name, or by that of the Dogtag profile that it stands for ("caFullCMCUserCert"). Null when there is none.
const Profile* find_profile(std::string_view name);

/// What a request asks for, as far as a profile may grant it.
struct Wish {
  std::vector<RequestedExtension> extensions{};  ///< all that it asks for
  bool alt_names_allowed = false;                ///< its subjectAltName is the requester's
};

/// The extensions of the new certificate: basicConstraints, keyUsage, extendedKeyUsage, the two key identifiers,
/// subjectAltName (critical where the subject is empty). Of keyUsage what request, profile and the kind of key have in
/// common; where the request says nothing, digitalSignature for keys that can sign. `not_encodable` when nothing is
/// left, and for a keyUsage that does not decode.
Result<std::vector<std::uint8_t>> certificate_extensions(const Profile& profile, const PublicKey& key,
                                                         Octets issuer_key_identifier, const Wish& wish,
                                                         bool empty_subject = false);

}  // namespace cmcctl
