#include <cmcctl/crypto/issue.hpp>

#include <string>

#include <cmcctl/codec/clock_time.hpp>
#include <cmcctl/codec/decoder.hpp>
#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/extensions.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/kept.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "discrete_log.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view crl_number = "2.5.29.20";
constexpr std::string_view crl_reason = "2.5.29.21";
constexpr std::string_view invalidity_date = "2.5.29.24";
constexpr std::size_t serial_octets = 20;
constexpr std::int64_t year_10000 = 253'402'300'800;

Error not_encodable(std::string path, std::string detail) {
  return {Errc::not_encodable, 0, std::move(path), {}, std::move(detail)};
}

// RFC 5280 section 4.1.2.2.
Result<Integer> serial_number(Octets content, const std::string& path) {
  const bool minimal = content.size() < 2 || content[0] != 0 || (content[1] & 0x80) != 0;
  const bool zero = content.size() == 1 && content[0] == 0;
  if (content.empty() || content.size() > serial_octets || (content[0] & 0x80) != 0 || !minimal || zero) {
    return not_encodable(path, "a serial number is a positive INTEGER of at most 20 octets");
  }
  return Integer{content};
}

Result<void> check_time(std::int64_t seconds, const std::string& path) {
  if (seconds < 0 || seconds >= year_10000) return not_encodable(path, "a time of the years 1970 to 9999");
  return {};
}

Result<Time> time_of(std::int64_t seconds, Kept& kept, const std::string& path) {
  CMC_CHECK(check_time(seconds, path));
  const Octets der = kept.octets(der_time(seconds));
  const tlv::Element element = tlv::first(der);
  return Time{element.content, element.id == tlv::utc_time ? Time::Form::utc : Time::Form::generalized};
}

Result<Bytes> invalidity_date_of(std::int64_t seconds) {
  CMC_CHECK(check_time(seconds, "invalidityDate"));
  return der_element(tlv::generalized_time, Octets(std::string_view(generalized_time_text(seconds))));
}

// What is signed names the algorithm of its signature, so both come from one scheme.
template <class Signed>
Result<Bytes> sign_and_encode(Octets tbs, PrivateKey& key, const SignatureScheme& scheme, Signed& whole) {
  CMC_CHECK(check_signs_messages(scheme));
  CMC_TRY(const Bytes signature, key.sign(scheme, tbs));
  const OwnedAlgorithm algorithm = algorithm_of(scheme);
  whole.signature_algorithm = algorithm.view();
  whole.signature.bytes = signature;
  return encode(whole);
}

Extension extension(std::string_view oid, Bytes value, Kept& kept) {
  Extension made;
  made.extn_id = kept.oid(oid);
  made.extn_value = kept.octets(std::move(value));
  return made;
}

Result<Bytes> crl_entry(const NewCrlEntry& entry) {
  Kept kept;
  RevokedCertificate revoked;
  CMC_TRY(revoked.user_certificate, serial_number(entry.serial_number, "revokedCertificates.userCertificate"));
  CMC_TRY(revoked.revocation_date, time_of(entry.revoked_at, kept, "revokedCertificates.revocationDate"));
  std::vector<Extension> extensions;
  if (entry.reason != CrlReason::unspecified) {
    const std::uint8_t reason[]{static_cast<std::uint8_t>(entry.reason)};
    extensions.push_back(extension(crl_reason, der_element(tlv::enumerated, Octets(reason)), kept));
  }
  if (entry.invalid_since) {
    CMC_TRY(Bytes date, invalidity_date_of(*entry.invalid_since));
    extensions.push_back(extension(invalidity_date, std::move(date), kept));
  }
  if (!extensions.empty()) {
    revoked.crl_entry_extensions = Extensions{List<Extension>(std::span<const Extension>(extensions))};
  }
  return encode(revoked);
}

Result<Bytes> crl_entries(std::span<const NewCrlEntry> entries) {
  Bytes content;
  for (const NewCrlEntry& entry : entries) {
    CMC_TRY(const Bytes der, crl_entry(entry));
    content.insert(content.end(), der.begin(), der.end());
  }
  return der_element(tlv::sequence, content);
}

}  // namespace

Result<Bytes> issue_certificate(const NewCertificate& certificate, PrivateKey& issuer_key,
                                const SignatureScheme& scheme) {
  Kept kept;
  Decoder decoder;
  const OwnedAlgorithm algorithm = algorithm_of(scheme);
  TBSCertificate tbs;
  tbs.version = kept.integer(2);
  CMC_TRY(tbs.serial_number, serial_number(certificate.serial_number, "tbsCertificate.serialNumber"));
  tbs.signature = algorithm.view();
  tbs.issuer = Raw<Name>{certificate.issuer};
  CMC_TRY(tbs.validity.not_before, time_of(certificate.not_before, kept, "tbsCertificate.validity.notBefore"));
  CMC_TRY(tbs.validity.not_after, time_of(certificate.not_after, kept, "tbsCertificate.validity.notAfter"));
  tbs.subject = Raw<Name>{certificate.subject};
  tbs.subject_public_key_info = Raw<SubjectPublicKeyInfo>{certificate.public_key};
  if (!certificate.extensions.empty()) {
    CMC_TRY(tbs.extensions, decoder.decode<Extensions>(certificate.extensions));
  }
  CMC_TRY(const Bytes der, encode(tbs));
  Certificate whole;
  whole.tbs_certificate = Raw<TBSCertificate>{der};
  return sign_and_encode(der, issuer_key, scheme, whole);
}

Result<Bytes> issue_crl(const NewCrl& crl, PrivateKey& issuer_key, const SignatureScheme& scheme) {
  Kept kept;
  const OwnedAlgorithm algorithm = algorithm_of(scheme);
  TBSCertList tbs;
  tbs.version = kept.integer(1);
  tbs.signature = algorithm.view();
  tbs.issuer = Raw<Name>{crl.issuer};
  CMC_TRY(tbs.this_update, time_of(crl.this_update, kept, "tbsCertList.thisUpdate"));
  CMC_TRY(tbs.next_update, time_of(crl.next_update, kept, "tbsCertList.nextUpdate"));
  CMC_TRY(const Bytes entries, crl_entries(crl.entries));
  // Section 5.1.2.6: with no revoked certificates the list is absent.
  if (!crl.entries.empty()) tbs.revoked_certificates = Raw<RevokedCertificates>{entries};
  AuthorityKeyIdentifier authority;
  authority.key_identifier = crl.issuer_key_identifier;
  CMC_TRY(Bytes authority_der, encode(authority));
  const Bytes number = integer_content(crl.number);
  const Extension extensions[]{extension(oids::authority_key_identifier, std::move(authority_der), kept),
                               extension(crl_number, der_element(tlv::integer, number), kept)};
  tbs.crl_extensions = Extensions{List<Extension>(std::span<const Extension>(extensions))};
  CMC_TRY(const Bytes der, encode(tbs));
  CertificateList whole;
  whole.tbs_cert_list = Raw<TBSCertList>{der};
  return sign_and_encode(der, issuer_key, scheme, whole);
}

}  // namespace cmcctl
