#include "authority_grant.hpp"

#include <cmcctl/cmc/archive.hpp>
#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl::authority {
namespace {

constexpr std::uint8_t yes[]{1};
constexpr std::size_t newest_certificates = 100;  // older ones had to pass the same check

void append(SecretOctets& to, Octets member) {
  SecretOctets element = secret_taken(der_octet_string(member));
  to.insert(to.end(), element.begin(), element.end());
}

Octets text_octets(std::string_view text) { return Octets(text); }

// RFC 10002 section 6.5.1: what cannot be handled and must not be left out is refused.
Objection check_extensions(const std::vector<RequestedExtension>& extensions) {
  for (const RequestedExtension& extension : extensions) {
    if (!extension.critical || find_oid(extension.oid) != nullptr) continue;
    return Refusal{CMCFailInfo::unsupportedExt, "the critical extension " + extension.oid + " is not known here"};
  }
  return std::nullopt;
}

// What the profile says to key and wishes.
Refusal profile_refusal(Context& context, const Error& error) {
  const std::string text = error.detail.empty() ? std::string(error_info(error.code).sentence) : error.detail;
  switch (error.code) {
    case Errc::weak_key:
    case Errc::bad_key:
    case Errc::unsupported_algorithm:
    case Errc::bad_algorithm:
      return {CMCFailInfo::badAlg, text};
    case Errc::store_failed:
    case Errc::token_failed:
      return context.failed(error);
    default:
      return {CMCFailInfo::badRequest, text};
  }
}

Objection check_reuse(Context& context, const Grant& grant) {
  const auto others = context.store.certificates_of_key(grant.public_key, newest_certificates);
  if (!others) return context.failed(others.error());
  for (const StoredCertificate& other : *others) {
    const auto certificate = X509Certificate::from_der(other.der);
    if (!certificate || other.revocation || certificate->not_after() < context.now) continue;
    const bool same_user = !grant.identity.empty() && other.identity == grant.identity;
    if (!same_user && certificate->subject() != Octets(grant.subject)) {
      return Refusal{CMCFailInfo::noKeyReuse, "somebody else has a valid certificate for this key; make a new key"};
    }
  }
  return std::nullopt;
}

Wish wish_of(const Grant& grant) { return {grant.extensions, true}; }

Ruling<SecretOctets> archived_key(Context& context, Decoder& decoder, const Asked& asked) {
  if (!asked.archive) return SecretOctets();
  const auto refused = [](std::string text) { return Refusal{CMCFailInfo::badRequest, std::move(text)}; };
  const auto options = decoder.decode<PKIArchiveOptions>(*asked.archive);
  if (!options) return refused(to_string(options.error()));
  CaKey& exchange = context.issuer.exchange();
  auto opened =
      open_archive_options(decoder, *options, *exchange.key, exchange.certificate.der(), context.options.limits);
  const Refusal unusable = refused(
      "the key that is to be archived cannot be opened with this CA's exchange key, or is "
      "not that of the request");
  if (!opened) return unusable;
  const auto key = private_key_from_pkcs8(opened->pkcs8, context.options.limits);
  const auto wanted = PublicKey::from_spki(asked.public_key, context.options.limits);
  if (!key || !wanted || !(*key)->public_key().is_same(*wanted)) return unusable;
  return std::move(opened->pkcs8);
}

}  // namespace

std::string Grant::summary() const {
  const auto key = PublicKey::from_spki(public_key);
  const std::string name = name_text(subject);
  return (name.empty() ? "(empty subject)" : name) + ", " + (key ? key->text() : "unknown key");
}

SecretOctets encode_grant(const Grant& grant) {
  SecretOctets extensions;
  for (const RequestedExtension& extension : grant.extensions) {
    append(extensions, text_octets(extension.oid));
    append(extensions, extension.critical ? Octets(yes) : Octets());
    append(extensions, extension.value);
  }
  SecretOctets members;
  append(members, text_octets(grant.profile));
  append(members, text_octets(grant.identity));
  append(members, grant.subject);
  append(members, grant.public_key);
  append(members, extensions);
  append(members, grant.archived_key);
  append(members, grant.request);
  append(members, grant.transaction);
  append(members, grant.tie);
  return members;
}

std::optional<Grant> decode_grant(Octets bytes) {
  Decoder decoder;
  const auto read = [](tlv::Cursor& cursor) { return cursor.at_end() ? Octets() : cursor.next().content; };
  const Bytes whole = der_element(tlv::sequence, bytes);
  const auto scanned = decoder.scan(whole);
  if (!scanned) return std::nullopt;
  tlv::Cursor members(tlv::first(scanned->der).content);
  Grant grant;
  grant.profile = read(members).chars();
  grant.identity = read(members).chars();
  grant.subject = bytes_of(read(members));
  grant.public_key = bytes_of(read(members));
  const Octets extensions = read(members);
  for (tlv::Cursor cursor(extensions); !cursor.at_end();) {
    RequestedExtension& extension = grant.extensions.emplace_back();
    extension.oid = read(cursor).chars();
    extension.critical = !read(cursor).empty();
    extension.value = bytes_of(read(cursor));
  }
  grant.archived_key = secret_copy(read(members));
  grant.request = bytes_of(read(members));
  grant.transaction = bytes_of(read(members));
  grant.tie = bytes_of(read(members));
  return grant;
}

Objection check_key(Context& context, const Asked& asked) {
  const auto key = PublicKey::from_spki(asked.public_key, context.options.limits);
  if (key) return std::nullopt;
  return profile_refusal(context, key.error());
}

Ruling<Grant> grant_to(Context& context, Decoder& decoder, const Profile& profile, const Requester& who, bool linked,
                       Asked asked) {
  if (profile.ra_only && who.right != Right::ra) {
    return Refusal{CMCFailInfo::badRequest,
                   "the profile " + std::string(profile.name) + " is for requests of an RA only"};
  }
  if (auto objection = settle_names(context, who, linked, asked)) return *objection;
  auto archived = archived_key(context, decoder, asked);
  if (!archived) return archived.refusal();
  if (profile.must_archive && archived->empty()) {
    return Refusal{CMCFailInfo::mustArchiveKeys, "the profile " + std::string(profile.name) +
                                                     " is for keys that the CA archives: send the private key, too "
                                                     "(id-regCtrl-pkiArchiveOptions)"};
  }
  Grant grant;
  grant.profile = profile.name;
  grant.identity = who.identity;
  grant.subject = std::move(asked.subject);
  grant.public_key = std::move(asked.public_key);
  grant.extensions = std::move(asked.extensions);
  grant.archived_key = *std::move(archived);
  grant.tie = who.tie();
  if (auto objection = check_grant(context, profile, grant)) return *objection;
  return grant;
}

Objection check_grant(Context& context, const Profile& profile, const Grant& grant) {
  if (auto objection = check_extensions(grant.extensions)) return objection;
  const auto key = PublicKey::from_spki(grant.public_key, context.options.limits);
  if (!key) return profile_refusal(context, key.error());
  const auto extensions =
      certificate_extensions(profile, *key, context.certificate().subject_key_identifier(), wish_of(grant));
  if (!extensions) return profile_refusal(context, extensions.error());
  return check_reuse(context, grant);
}

Ruling<StoredCertificate> issue(Context& context, const Grant& grant) {
  const Profile* const profile = find_profile(grant.profile);
  if (profile == nullptr) return Refusal{CMCFailInfo::badRequest, "there is no profile " + grant.profile};
  const Wish wish = wish_of(grant);
  auto issued = context.issuer.issue(
      {*profile, grant.subject, grant.public_key, wish, grant.identity, !context.options.confirm}, context.now);
  if (!issued) return profile_refusal(context, issued.error());
  if (!grant.archived_key.empty()) {
    const auto kept = context.store.add_archived_key(issued->serial_number, grant.archived_key);
    if (!kept) return context.failed(kept.error());
  }
  return *std::move(issued);
}

}  // namespace cmcctl::authority
