#include <cmcctl/crypto/sign.hpp>

#include <algorithm>
#include <memory>
#include <string>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "discrete_log.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t implicit_0 = 0xA0;

bool is_data(std::string_view content_type) { return content_type == oids::data; }

// RFC 8419 and 9882 want SHA-512 beside Ed25519 and ML-DSA; appendix C.1 wants SHA-1 as the "signature".
Hash digest_for(const Signer& signer) {
  if (signer.key == nullptr) return Hash::sha256;
  return has_hash(signer.scheme.kind) ? signer.scheme.hash : Hash::sha512;
}

// Keeps what the codec's types only look at until the whole is encoded.
class SignedDataBuilder {
 public:
  SignedDataBuilder(std::string_view content_type, Octets content, const SignedDataOptions& options)
      : content_type_(content_type), content_(content), options_(options), content_type_der_(der_oid(content_type)) {
    if (options.signing_time) signing_time_der_ = der_time(*options.signing_time);
  }

  Result<void> add(const Signer& signer);
  Result<Bytes> finish();

 private:
  struct Part {
    Bytes message_digest;
    Bytes attributes;  // as they are signed: SET
    Bytes tagged;      // as they are carried: [0]
    Bytes signature;
    OwnedAlgorithm digest_algorithm;
    OwnedAlgorithm signature_algorithm;
  };

  Result<Bytes> signed_attributes(const Bytes& message_digest);
  Result<SignerIdentifier> identifier(const Signer& signer);

  std::string_view content_type_;
  Octets content_;
  const SignedDataOptions& options_;
  Bytes content_type_der_;
  Bytes signing_time_der_;
  Decoder decoder_;  // of the signers' certificates
  std::vector<std::unique_ptr<Part>> parts_;
  std::vector<SignerInfo> infos_;
};

Result<Bytes> SignedDataBuilder::signed_attributes(const Bytes& message_digest) {
  const std::pair<std::string_view, const Bytes*> values[]{
      {oids::content_type, &content_type_der_},
      {oids::message_digest, &message_digest},
      {oids::signing_time, &signing_time_der_},
  };
  std::vector<Bytes> types;
  std::vector<Any> anys;
  types.reserve(std::size(values));
  anys.reserve(std::size(values));
  std::vector<Attribute> attributes;
  for (const auto& [type, value] : values) {
    if (value->empty()) continue;
    types.push_back(*oid_content(type));
    anys.push_back(Any{*value});
    Attribute attribute;
    attribute.type.content = types.back();
    attribute.values = List<Any>(std::span<const Any>(&anys.back(), 1));
    attributes.push_back(attribute);
  }
  return encode(SignedAttributes{List<Attribute>(std::span<const Attribute>(attributes))});
}

Result<SignerIdentifier> SignedDataBuilder::identifier(const Signer& signer) {
  SignerIdentifier sid;
  if (!signer.key_identifier.empty()) {
    sid.choice = SubjectKeyIdentifier{signer.key_identifier, {}};
    return sid;
  }
  if (signer.certificate.empty()) {
    return Error{Errc::not_encodable, 0, "SignerInfo.sid", {}, "a signer needs a certificate or a key identifier"};
  }
  CMC_TRY(const auto certificate, decoder_.decode<Certificate>(signer.certificate));
  CMC_TRY(const auto tbs, decoder_.decode<TBSCertificate>(certificate.tbs_certificate));
  sid.choice = IssuerAndSerialNumber{tbs.issuer, tbs.serial_number, {}};
  return sid;
}

Result<void> SignedDataBuilder::add(const Signer& signer) {
  CMC_CHECK(check_signs_messages(signer.scheme));
  const Hash hash = digest_for(signer);
  const OwnedAlgorithm signature_algorithm =
      signer.key == nullptr ? OwnedAlgorithm(oids::no_signature, OwnedAlgorithm::Parameters::null)
                            : algorithm_of(signer.scheme);
  const auto parameters =
      options_.null_digest_parameters ? OwnedAlgorithm::Parameters::null : OwnedAlgorithm::Parameters::absent;
  Part& part = *parts_.emplace_back(
      std::make_unique<Part>(Part{{}, {}, {}, {}, OwnedAlgorithm(oid_of(hash), parameters), signature_algorithm}));
  part.message_digest = der_octet_string(digest(hash, content_));
  const bool attributes = !is_data(content_type_) || options_.signing_time;
  if (attributes) {
    CMC_TRY(part.attributes, signed_attributes(part.message_digest));
    part.tagged = part.attributes;
    part.tagged[0] = implicit_0;
  }
  const Octets message = attributes ? Octets(part.attributes) : content_;
  if (signer.key == nullptr) {
    part.signature = digest(Hash::sha1, message);
  } else {
    CMC_TRY(part.signature, signer.key->sign(signer.scheme, message));
  }

  SignerInfo& info = infos_.emplace_back();
  CMC_TRY(info.sid, identifier(signer));
  static constexpr std::uint8_t v1[]{1}, v3[]{3};
  info.version.content = std::holds_alternative<SubjectKeyIdentifier>(info.sid.choice) ? Octets(v3) : Octets(v1);
  info.digest_algorithm = part.digest_algorithm.view();
  if (attributes) info.signed_attrs = Raw<SignedAttributes>{part.tagged};
  info.signature_algorithm = part.signature_algorithm.view();
  info.signature = part.signature;
  return {};
}

std::vector<Any> elements_of(std::span<const Bytes> ders) {
  std::vector<Any> elements;
  for (const Bytes& der : ders) elements.push_back(Any{der});
  return elements;
}

Result<Bytes> SignedDataBuilder::finish() {
  SignedData value;
  static constexpr std::uint8_t v1[]{1}, v3[]{3};
  const bool any_v3 = std::ranges::any_of(infos_, [](const SignerInfo& info) { return info.version.content[0] == 3; });
  value.version.content = !is_data(content_type_) || any_v3 ? Octets(v3) : Octets(v1);

  std::vector<AlgorithmIdentifier> digests;
  for (const SignerInfo& info : infos_) {
    if (std::ranges::find(digests, info.digest_algorithm) == digests.end()) digests.push_back(info.digest_algorithm);
  }
  value.digest_algorithms = List<AlgorithmIdentifier>(std::span<const AlgorithmIdentifier>(digests));

  const Bytes type = *oid_content(content_type_);
  const Bytes content = der_octet_string(content_);
  value.encap_content_info.e_content_type.content = type;
  const bool certs_only = infos_.empty() && content_.empty();
  if (!options_.detached && !certs_only) value.encap_content_info.e_content = Any{content};

  const auto certificates = elements_of(options_.certificates);
  if (!certificates.empty()) value.certificates = List<Any>(std::span<const Any>(certificates));
  const auto crls = elements_of(options_.crls);
  if (!crls.empty()) value.crls = List<Any>(std::span<const Any>(crls));
  value.signer_infos = List<SignerInfo>(std::span<const SignerInfo>(infos_));

  CMC_TRY(const Bytes inner, encode(value));
  const Bytes outer_type = *oid_content(oids::signed_data);
  ContentInfo info;
  info.content_type.content = outer_type;
  info.content = Any{inner};
  return encode(info);
}

}  // namespace

Result<std::vector<std::uint8_t>> make_signed_data(std::string_view content_type, Octets content,
                                                   std::span<const Signer> signers, const SignedDataOptions& options) {
  if (!oid_content(content_type)) {
    return Error{Errc::not_encodable, 0, "SignedData.encapContentInfo.eContentType", {},
                 std::string(content_type) + " is no OBJECT IDENTIFIER"};
  }
  SignedDataBuilder builder(content_type, content, options);
  for (const Signer& signer : signers) CMC_CHECK(builder.add(signer));
  return builder.finish();
}

}  // namespace cmcctl
