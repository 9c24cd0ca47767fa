#include <cmcctl/server/profile.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <cmcctl/codec/decoder.hpp>
#include <cmcctl/codec/extensions.hpp>
#include <cmcctl/crypto/oids.hpp>

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::int64_t days(std::int64_t count) { return count * 86'400; }

constexpr std::array all_profiles{
    Profile{"user", "a person or a program: signs, logs in, reads mail", days(90),
            "digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment,keyAgreement",
            "clientAuth,emailProtection"},
    Profile{"server", "a TLS server", days(90), "digitalSignature,keyEncipherment,keyAgreement",
            "serverAuth,clientAuth"},
    Profile{"ra", "a registration authority (id-kp-cmcRA)", days(90), "digitalSignature",
            "1.3.6.1.5.5.7.3.28,clientAuth", true},
    Profile{"archived", "a key for encryption, which the CA keeps, too", days(90),
            "keyEncipherment,dataEncipherment,keyAgreement", "emailProtection", false, true},
};

// The profiles of a Dogtag CA for CMC, by what they issue.
struct Alias {
  std::string_view dogtag;
  std::string_view name;
};
constexpr std::array aliases{
    Alias{"caFullCMCUserCert", "user"},        Alias{"caECFullCMCUserCert", "user"},
    Alias{"caFullCMCUserSignedCert", "user"},  Alias{"caECFullCMCUserSignedCert", "user"},
    Alias{"caFullCMCSharedTokenCert", "user"}, Alias{"caECFullCMCSharedTokenCert", "user"},
    Alias{"caFullCMCSelfSignedCert", "user"},  Alias{"caCMCUserCert", "user"},
    Alias{"caCMCECUserCert", "user"},          Alias{"caSimpleCMCUserCert", "user"},
    Alias{"caECSimpleCMCUserCert", "user"},    Alias{"estFullcmcDeviceCert", "user"},
    Alias{"caCMCserverCert", "server"},        Alias{"caCMCECserverCert", "server"},
    Alias{"caCMCECCserverCert", "server"},
};

constexpr std::array<std::string_view, 9> usage_names{"digitalSignature", "nonRepudiation", "keyEncipherment",
                                                      "dataEncipherment", "keyAgreement",   "keyCertSign",
                                                      "cRLSign",          "encipherOnly",   "decipherOnly"};

bool contains(std::string_view words, std::string_view word) {
  for (std::size_t comma = 0; comma != std::string_view::npos; words.remove_prefix(comma + 1)) {
    comma = words.find(',');
    if (words.substr(0, comma) == word) return true;
    if (comma == std::string_view::npos) break;
  }
  return false;
}

// What a key of this kind can be used for at all (RFC 3279 section 2.3, RFC 8410 section 5, RFC 9881 section 3).
std::string_view possible_usage(KeyKind kind) {
  switch (kind) {
    case KeyKind::rsa:
      return "digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment";
    case KeyKind::ec_p256:
    case KeyKind::ec_p384:
    case KeyKind::ec_p521:
      return "digitalSignature,nonRepudiation,keyAgreement";
    case KeyKind::x25519:
    case KeyKind::dh:
      return "keyAgreement";
    case KeyKind::ml_kem_512:
    case KeyKind::ml_kem_768:
    case KeyKind::ml_kem_1024:
      return "keyEncipherment";
    default:
      return "digitalSignature,nonRepudiation";
  }
}

const RequestedExtension* find(const Wish& wish, std::string_view oid) {
  const auto found = std::ranges::find(wish.extensions, oid, &RequestedExtension::oid);
  return found == wish.extensions.end() ? nullptr : &*found;
}

Result<std::string> granted_usage(const Profile& profile, const PublicKey& key, const Wish& wish) {
  const std::string_view possible = possible_usage(key.kind());
  Decoder decoder;
  std::optional<KeyUsage> asked;
  if (const RequestedExtension* const extension = find(wish, oids::key_usage)) {
    CMC_TRY(asked, decoder.decode<KeyUsage>(extension->value));
  }
  const std::string_view signing = usage_names[KeyUsage::digitalSignature];
  const bool signs = contains(possible, signing) && contains(profile.key_usage, signing);
  std::string granted;
  for (std::size_t bit = 0; bit < usage_names.size(); ++bit) {
    const std::string_view name = usage_names[bit];
    if (!contains(profile.key_usage, name) || !contains(possible, name)) continue;
    const bool wanted = asked ? asked->bits.bit(bit) : !signs || bit == KeyUsage::digitalSignature;
    if (wanted) granted += (granted.empty() ? "" : ",") + std::string(name);
  }
  if (granted.empty()) {
    return Error{Errc::not_encodable,
                 0,
                 {},
                 {},
                 "nothing of the key usage that is asked for is allowed by the profile " + std::string(profile.name) +
                     " and possible with " + key.text()};
  }
  return granted;
}

}  // namespace

std::span<const Profile> profiles() { return all_profiles; }

const Profile* find_profile(std::string_view name) {
  const auto alias = std::ranges::find(aliases, name, &Alias::dogtag);
  const auto found = std::ranges::find(all_profiles, alias == aliases.end() ? name : alias->name, &Profile::name);
  return found == all_profiles.end() ? nullptr : &*found;
}

Result<Bytes> certificate_extensions(const Profile& profile, const PublicKey& key, Octets issuer_key_identifier,
                                     const Wish& wish, bool empty_subject) {
  std::vector<RequestedExtension> extensions;
  CMC_TRY(extensions.emplace_back(), authority_key_identifier_extension(issuer_key_identifier));
  extensions.push_back(subject_key_identifier_extension(key.key_identifier()));
  CMC_TRY(const std::string usage, granted_usage(profile, key, wish));
  CMC_TRY(extensions.emplace_back(), key_usage_extension(usage));
  CMC_TRY(extensions.emplace_back(), basic_constraints_extension("end-entity"));
  if (!profile.ext_key_usage.empty()) {
    CMC_TRY(extensions.emplace_back(), ext_key_usage_extension(profile.ext_key_usage));
  }
  const RequestedExtension* const names = find(wish, oids::subject_alt_name);
  if (names != nullptr && wish.alt_names_allowed) {
    extensions.push_back(*names);
    extensions.back().critical = empty_subject;
  }
  return encode_extensions(extensions);
}

}  // namespace cmcctl
