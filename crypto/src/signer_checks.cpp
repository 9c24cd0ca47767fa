#include "signer_checks.hpp"

#include <algorithm>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "signed_attributes.hpp"

namespace cmcctl {
namespace {

class SignerChecker {
 public:
  SignerChecker(Decoder& decoder, const SignerInfo& signer, const SignedContent& content, const Result<PublicKey>* key,
                bool allow_sha1)
      : decoder_(decoder), signer_(signer), content_(content), key_(key), allow_sha1_(allow_sha1) {}

  std::vector<Check> run();

 private:
  Check algorithm();
  Check attributes();
  Check digest_check();
  Check signature();
  Check signature_over(Octets bytes, std::string_view remark = {}) const;
  Check signature_over_attributes(Octets der) const;
  std::string attribute_problem();
  std::string protection_problem(const List<Attribute>& attributes);
  bool is_data() const { return oids::is(content_.type, oids::data); }

  Decoder& decoder_;
  const SignerInfo& signer_;
  const SignedContent& content_;
  const Result<PublicKey>* key_;
  bool allow_sha1_;
  bool no_signature_ = false;
  std::optional<Hash> hash_;
  std::optional<SignatureScheme> scheme_;
  std::optional<List<Attribute>> attributes_;
};

std::vector<Check> SignerChecker::run() {
  std::vector<Check> checks;
  checks.push_back(algorithm());
  checks.push_back(attributes());
  checks.push_back(digest_check());
  checks.push_back(signature());
  return checks;
}

Check SignerChecker::algorithm() {
  constexpr std::string_view name = "algorithm";
  if (const auto hash = hash_of(signer_.digest_algorithm)) {
    hash_ = *hash;
  } else {
    return {name, Verdict::unknown, hash.error().detail, {}, "verify it with software that has the algorithm"};
  }
  no_signature_ = oids::is(signer_.signature_algorithm.algorithm, oids::no_signature);
  if (no_signature_) return {name, Verdict::pass, "id-alg-noSignature", {}, {}};
  const auto scheme = signature_scheme_of(decoder_, signer_.signature_algorithm, hash_);
  if (!scheme) {
    const bool unknown = scheme.error().code == Errc::unsupported_algorithm;
    return {name, unknown ? Verdict::unknown : Verdict::fail, scheme.error().detail, {},
            unknown ? "verify it with software that has the algorithm" : "the signer's software is at fault"};
  }
  scheme_ = *scheme;
  const std::string text = to_string(*scheme_);
  if (has_hash(scheme_->kind) && scheme_->hash != *hash_) {
    return {name, Verdict::fail,
            "the digest is " + std::string(to_string(*hash_)) + ", the signature is " + text, "CMC-5652-5.1-03",
            "the signer's software is at fault"};
  }
  if (scheme_->kind == SignatureKind::ed25519 && signer_.signed_attrs && *hash_ != Hash::sha512) {
    return {name, Verdict::fail, "Ed25519 with the digest " + std::string(to_string(*hash_)), "CMC-8419-2-01",
            "the signer's software is at fault"};
  }
  if (*hash_ == Hash::sha1) {
    if (!allow_sha1_) return {name, Verdict::fail, text + ": SHA-1 proves nothing any more", {}, "have it signed with SHA-256"};
    return {name, Verdict::pass, text + ": SHA-1, weak, allowed by option", {}, {}};
  }
  return {name, Verdict::pass, text, {}, {}};
}

// RFC 8933: what names the algorithms inside the signature has to name those outside.
std::string SignerChecker::protection_problem(const List<Attribute>& attributes) {
  const bool there = std::ranges::any_of(
      attributes, [](const Attribute& a) { return oids::is(a.type, oids::algorithm_protection); });
  if (!there) return {};
  std::string problem;
  const auto value = single_attribute(attributes, oids::algorithm_protection, "CMSAlgorithmProtection", problem);
  if (!value) return problem;
  const Octets digest = signer_.digest_algorithm.source.bytes;
  const Octets signature = signer_.signature_algorithm.source.bytes;
  // SEQUENCE { digestAlgorithm, signatureAlgorithm [1] IMPLICIT }: the same bytes but for one tag.
  std::vector<std::uint8_t> wanted(digest.begin(), digest.end());
  wanted.insert(wanted.end(), signature.begin(), signature.end());
  wanted[digest.size()] = 0xA1;
  if (!std::ranges::equal(value->der.last(std::min(value->der.size(), wanted.size())), wanted)) {
    return "CMSAlgorithmProtection names other algorithms than the SignerInfo";
  }
  return {};
}

std::string SignerChecker::attribute_problem() {
  std::string problem;
  const auto type = single_attribute(*attributes_, oids::content_type, "contentType", problem);
  if (!type) return problem;
  const auto oid = decoder_.scan(type->der);
  if (!oid || oid->der[0] != 0x06 || oid->der.from(2) != content_.type.content) {
    return "contentType is not the eContentType " + to_string(content_.type);
  }
  const auto digest = single_attribute(*attributes_, oids::message_digest, "messageDigest", problem);
  if (!digest) return problem;
  if (digest->der[0] != 0x04) return "messageDigest is no OCTET STRING";
  return protection_problem(*attributes_);
}

Check SignerChecker::attributes() {
  constexpr std::string_view name = "signed attributes";
  if (!signer_.signed_attrs) {
    if (is_data()) return {name, Verdict::pass, "none", {}, {}};
    return {name, Verdict::fail, "none, although the content is not id-data", "CMC-5652-5.3-03",
            "the signer's software is at fault"};
  }
  const auto decoded = decoder_.decode<SignedAttributes>(*signer_.signed_attrs);
  if (!decoded) return {name, Verdict::fail, to_string(decoded.error()), {}, "the signer's software is at fault"};
  attributes_ = decoded->attributes;
  const std::string problem = attribute_problem();
  if (problem.empty()) return {name, Verdict::pass, std::to_string(attributes_->size()) + " attributes", {}, {}};
  return {name, Verdict::fail, problem,
          problem.starts_with("messageDigest") ? "CMC-5652-11.2-01" : problem.starts_with("contentType") ? "CMC-5652-11.1-01" : "",
          "the message was changed, or the signer's software is at fault"};
}

Check SignerChecker::digest_check() {
  constexpr std::string_view name = "digest";
  if (!attributes_) {
    if (signer_.signed_attrs) return {name, Verdict::unknown, "the signed attributes do not decode", {}, {}};
    return {name, Verdict::pass, "part of the signature", {}, {}};
  }
  if (!hash_) return {name, Verdict::unknown, "the digest algorithm is not known", {}, "verify it with software that has the algorithm"};
  if (!content_.octets) return {name, Verdict::unknown, "the content is not in the message", {}, "give the detached content with --content FILE"};
  std::string problem;
  const auto value = single_attribute(*attributes_, oids::message_digest, "messageDigest", problem);
  const auto scanned = value ? decoder_.scan(value->der) : Result<Any>(Error{});
  if (!value || !scanned || scanned->der[0] != 0x04) return {name, Verdict::fail, "no messageDigest to compare with", "CMC-5652-11.2-01", {}};
  const auto computed = der_octet_string(digest(*hash_, *content_.octets));
  if (scanned->der == Octets(computed)) return {name, Verdict::pass, std::string(to_string(*hash_)) + " of the content", {}, {}};
  return {name, Verdict::fail, "the content is not the one that was signed", "CMC-5652-5.6-01",
          "the content was changed after signing"};
}

Check SignerChecker::signature_over(Octets bytes, std::string_view remark) const {
  constexpr std::string_view name = "signature";
  const auto good = (*key_)->verify(*scheme_, bytes, signer_.signature);
  if (!good) {
    const bool unknown = good.error().code == Errc::unsupported_algorithm;
    return {name, unknown ? Verdict::unknown : Verdict::fail, good.error().detail, {},
            unknown ? "verify it with software that has the algorithm" : "this is not the signer's key"};
  }
  if (!*good) {
    return {name, Verdict::fail, "not by the key " + (*key_)->text(), "CMC-5652-5.4-01",
            "the message was changed, or another key has signed it"};
  }
  if (remark.empty()) return {name, Verdict::pass, (*key_)->text(), {}, {}};
  return {name, Verdict::pass, (*key_)->text() + ", " + std::string(remark), "CMC-5652-5.3-04", {}};
}

Check SignerChecker::signature_over_attributes(Octets der) const {
  Check right = signature_over(Octets(attribute_form(der).bytes));
  if (right.verdict != Verdict::fail) return right;
  for (const AttributeForm& form : other_attribute_forms(decoder_, der)) {
    Check other = signature_over(Octets(form.bytes), form.remark);
    if (other.verdict == Verdict::pass) return other;
  }
  return right;
}

// Attributes that once were signed, sent as the content of a signature without attributes, would pass for the
// content (draft-ietf-lamps-cms-euf-cma-signeddata).
bool looks_like_attributes(Decoder& decoder, Octets content) {
  if (content.empty() || content[0] != 0x31) return false;
  const auto attributes = decoder.decode<SignedAttributes>(content);
  if (!attributes) return false;
  return std::ranges::any_of(attributes->attributes,
                             [](const Attribute& a) { return oids::is(a.type, oids::message_digest); });
}

Check SignerChecker::signature() {
  constexpr std::string_view name = "signature";
  if (no_signature_) {
    return {name, Verdict::unknown, "id-alg-noSignature: nobody has signed this", {},
            "who sent it must be proved by a shared secret or by another signature"};
  }
  if (!scheme_) return {name, Verdict::unknown, "the algorithm is not known", {}, "verify it with software that has the algorithm"};
  if (key_ == nullptr) {
    return {name, Verdict::unknown, "the signer's certificate is not in the message", {}, "give it with --cert FILE"};
  }
  if (!*key_) {
    const Error& error = key_->error();
    const bool unsupported = error.code == Errc::unsupported_algorithm;
    return {name, unsupported ? Verdict::unknown : Verdict::fail, error.detail, {}, std::string(error_info(error.code).hint)};
  }
  if (signer_.signed_attrs) return signature_over_attributes(signer_.signed_attrs->der);
  if (!content_.octets) return {name, Verdict::unknown, "the content is not in the message", {}, "give the detached content with --content FILE"};
  if (looks_like_attributes(decoder_, *content_.octets)) {
    return {name, Verdict::fail, "the content is signed attributes of another message", "CMC-5652-5.3-03",
            "somebody tries to pass them for a content"};
  }
  return signature_over(*content_.octets);
}

}  // namespace

std::vector<Check> check_signer(Decoder& decoder, const SignerInfo& signer, const SignedContent& content,
                                const Result<PublicKey>* key, bool allow_sha1) {
  return SignerChecker(decoder, signer, content, key, allow_sha1).run();
}

SignedContent signed_content(const EncapsulatedContentInfo& content) {
  SignedContent result{content.e_content_type, content_octets(content)};
  if (result.octets && content.e_content->der[0] != tlv::octet_string) {
    result.octets = tlv::first(*result.octets).content;
  }
  return result;
}

}  // namespace cmcctl
