#include <cmcctl/server/issuing.hpp>

#include <algorithm>

#include <cmcctl/cmc/names.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/random.hpp>

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view ca_key_setting = "ca key";
constexpr std::string_view ca_certificate_setting = "ca certificate";
constexpr std::string_view exchange_key_setting = "exchange key";
constexpr std::string_view exchange_certificate_setting = "exchange certificate";
constexpr std::string_view crl_setting = "revoked since the CRL";  // kept with the revocations: one may be rolled back

constexpr std::string_view test_only = "TEST ONLY";
constexpr std::string_view exchange_key_spec = "rsa:2048";  // Dogtag's shared tokens and archives want RSA
constexpr std::int64_t minute = 60;
constexpr std::int64_t day = 86'400;
constexpr std::int64_t crl_validity = 7 * day;
constexpr std::int64_t clock_skew = minute;  // a certificate is valid for clients whose clocks are this much behind

Bytes new_serial_number() {
  constexpr std::size_t octets = 16;
  const SecretOctets random = random_octets(octets);
  Bytes serial(random.begin(), random.end());
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7F) | 0x40);  // positive and minimal
  return serial;
}

// RFC 4514 section 2.4 in short: what has a meaning in the text form is written in hexadecimal.
std::string escaped_value(std::string_view value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : value) {
    const auto octet = static_cast<std::uint8_t>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || octet >= 0x80) {
      text += c;
    } else {
      text += {'\\', digits[octet >> 4], digits[octet & 0xF]};
    }
  }
  return text;
}

Result<Bytes> ca_name(const std::string& name) {
  const bool marked = name.find(test_only) != std::string::npos;
  return parse_name("CN=" + escaped_value(marked ? name : std::string(test_only) + " " + name));
}

Result<Bytes> own_extensions(const PublicKey& key, Octets issuer_key_identifier, std::string_view constraints,
                             std::string_view usage) {
  std::vector<RequestedExtension> extensions;
  CMC_TRY(extensions.emplace_back(), authority_key_identifier_extension(issuer_key_identifier));
  extensions.push_back(subject_key_identifier_extension(key.key_identifier()));
  CMC_TRY(extensions.emplace_back(), basic_constraints_extension(constraints));
  CMC_TRY(extensions.emplace_back(), key_usage_extension(usage));
  return encode_extensions(extensions);
}

Result<Bytes> self_signed(PrivateKey& key, Octets name, std::int64_t now, std::int64_t not_after) {
  const PublicKey& public_key = key.public_key();
  CMC_TRY(const Bytes extensions,
          own_extensions(public_key, public_key.key_identifier(), "ca", "digitalSignature,keyCertSign,cRLSign"));
  const Bytes serial = new_serial_number();
  return issue_certificate({serial, name, name, now - clock_skew, not_after, public_key.spki(), extensions}, key,
                           usual_scheme(public_key));
}

// A CA certificate of the user's own may lack the extension.
Bytes key_identifier(const CaKey& ca) {
  const Octets identifier = ca.certificate.subject_key_identifier();
  if (identifier.empty()) return ca.key->public_key().key_identifier();
  return {identifier.begin(), identifier.end()};
}

Result<Bytes> exchange_certificate(CaKey& ca, const PublicKey& key, std::int64_t now) {
  CMC_TRY(const Bytes extensions,
          own_extensions(key, key_identifier(ca), "end-entity", "keyEncipherment,dataEncipherment"));
  CMC_TRY(const Bytes name, parse_name("CN=TEST ONLY Key Exchange"));
  const Bytes serial = new_serial_number();
  return issue_certificate(
      {serial, ca.certificate.subject(), name, now - clock_skew, ca.certificate.not_after(), key.spki(), extensions},
      *ca.key, usual_scheme(ca.key->public_key()));
}

Result<std::optional<CaKey>> stored_key(const Store& store, std::string_view key, std::string_view certificate) {
  CMC_TRY(const auto pkcs8, store.value(key));
  CMC_TRY(const auto der, store.value(certificate));
  if (!pkcs8 || !der) return std::optional<CaKey>();
  CMC_TRY(auto loaded, private_key_from_pkcs8(*pkcs8));
  CMC_TRY(auto parsed, X509Certificate::from_der(*der));
  return std::optional<CaKey>(CaKey{std::move(loaded), std::move(parsed)});
}

Result<CaKey> keep(Store& store, std::string_view key_setting, std::string_view certificate_setting,
                   std::unique_ptr<PrivateKey> key, const Bytes& certificate) {
  CMC_TRY(const SecretOctets pkcs8, pkcs8_of(*key));
  CMC_CHECK(store.set_value(key_setting, pkcs8));
  CMC_CHECK(store.set_value(certificate_setting, certificate));
  CMC_TRY(auto parsed, X509Certificate::from_der(certificate));
  return CaKey{std::move(key), std::move(parsed)};
}

Result<CaKey> exchange_key(Store& store, CaKey& ca, std::int64_t now) {
  CMC_TRY(auto stored, stored_key(store, exchange_key_setting, exchange_certificate_setting));
  if (stored) return *std::move(stored);
  CMC_TRY(auto key, generate_private_key(exchange_key_spec));
  CMC_TRY(const Bytes certificate, exchange_certificate(ca, key->public_key(), now));
  return keep(store, exchange_key_setting, exchange_certificate_setting, std::move(key), certificate);
}

}  // namespace

Issuer::Issuer(Store& store, CaKey signing, CaKey exchange)
    : store_(&store),
      signing_(std::move(signing)),
      exchange_(std::move(exchange)),
      key_identifier_(key_identifier(signing_)) {}

Result<Issuer> Issuer::open(Store& store, const CaOptions& options, std::int64_t now) {
  CMC_TRY(auto stored, stored_key(store, ca_key_setting, ca_certificate_setting));
  if (!stored) {
    CMC_TRY(const Bytes name, ca_name(options.name));
    CMC_TRY(auto key, generate_private_key(options.key));
    CMC_TRY(const Bytes certificate, self_signed(*key, name, now, now + options.validity_seconds));
    CMC_TRY(stored, keep(store, ca_key_setting, ca_certificate_setting, std::move(key), certificate));
  }
  CMC_TRY(CaKey exchange, exchange_key(store, *stored, now));
  return Issuer(store, *std::move(stored), std::move(exchange));
}

Result<Issuer> Issuer::open_with(Store& store, CaKey signing, std::int64_t now) {
  if (!signing.certificate.is_ca()) {
    return Error{Errc::bad_key, 0, {}, {}, "the certificate of the CA's key is no CA certificate"};
  }
  CMC_TRY(const auto known, store.value(ca_certificate_setting));
  if (known && Octets(*known) != signing.certificate.der()) {
    return Error{Errc::store_failed, 0, {}, {}, "the store belongs to another CA"};
  }
  CMC_CHECK(store.set_value(ca_certificate_setting, signing.certificate.der()));
  CMC_TRY(CaKey exchange, exchange_key(store, signing, now));
  return Issuer(store, std::move(signing), std::move(exchange));
}

Result<StoredCertificate> Issuer::issue(const Request& request, std::int64_t now) {
  CMC_TRY(const PublicKey key, PublicKey::from_spki(request.public_key));
  const bool empty_subject = tlv::first(request.subject).content.empty();
  CMC_TRY(const Bytes extensions,
          certificate_extensions(request.profile, key, key_identifier_, request.wish, empty_subject));
  StoredCertificate issued;
  issued.serial_number = new_serial_number();
  issued.identity = request.identity;
  issued.profile = request.profile.name;
  issued.issued_at = now;
  issued.confirmed = request.confirmed;
  const std::int64_t not_after = std::min(now + request.profile.validity_seconds, signing_.certificate.not_after());
  CMC_TRY(issued.der, issue_certificate({issued.serial_number, signing_.certificate.subject(), request.subject,
                                         now - clock_skew, not_after, request.public_key, extensions},
                                        *signing_.key, usual_scheme(signing_.key->public_key())));
  CMC_CHECK(store_->add_certificate(issued));
  return issued;
}

Result<void> Issuer::revoke(Octets serial_number, const Revocation& revocation) {
  return set_revocation(serial_number, revocation);
}

Result<void> Issuer::unhold(Octets serial_number) { return set_revocation(serial_number, std::nullopt); }

Result<void> Issuer::set_revocation(Octets serial_number, const std::optional<Revocation>& revocation) {
  return store_->at_once([&]() -> Result<void> {
    CMC_CHECK(store_->set_revocation(serial_number, revocation));
    return store_->set_value(crl_setting, Bytes{1});
  });
}

Result<StoredCrl> Issuer::crl(std::int64_t now) {
  StoredCrl newest;
  const auto done = store_->at_once([&]() -> Result<void> {
    CMC_TRY(newest, newest_crl(now));
    return {};
  });
  if (!done) return done.error();
  return newest;
}

Result<StoredCrl> Issuer::newest_crl(std::int64_t now) {
  CMC_TRY(const auto latest, store_->latest_crl());
  CMC_TRY(const auto changed, store_->value(crl_setting));
  const bool is_stale = changed && *changed == SecretOctets{1};
  if (latest && !is_stale && now < latest->this_update + crl_validity - day) return *latest;
  CMC_TRY(const auto revoked, store_->revoked_certificates());
  std::vector<NewCrlEntry> entries;
  for (const StoredCertificate& certificate : revoked) {
    const Revocation& revocation = *certificate.revocation;
    entries.push_back({certificate.serial_number, revocation.time, revocation.reason, revocation.invalid_since});
  }
  StoredCrl crl{latest ? latest->number + 1 : 1, now, {}};
  CMC_TRY(crl.der, issue_crl({signing_.certificate.subject(), key_identifier_, crl.number, now,
                              now + crl_validity, entries},
                             *signing_.key, usual_scheme(signing_.key->public_key())));
  CMC_CHECK(store_->add_crl(crl));
  CMC_CHECK(store_->set_value(crl_setting, Bytes{0}));
  return crl;
}

}  // namespace cmcctl
