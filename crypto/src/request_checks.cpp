#include "request_checks.hpp"

#include <algorithm>

#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/mac.hpp>
#include <cmcctl/crypto/oids.hpp>
#include <cmcctl/crypto/static_dh.hpp>

#include "dh_group.hpp"
#include "static_dh_check.hpp"

namespace cmcctl {
namespace {

constexpr std::string_view possession = "possession";
constexpr std::string_view extension_request = "1.2.840.113549.1.9.14";
constexpr std::string_view statement_of_possession = "1.3.6.1.4.1.22112.2.1";

// What is the same in PKCS #10 and CRMF.
struct Request {
  std::string name;
  std::string path;
  Octets element;
  std::optional<Raw<SubjectPublicKeyInfo>> key;
  List<Extension> extensions;
  const CertificationRequest* pkcs10 = nullptr;
  const CertReqMsg* crmf = nullptr;
  std::optional<CertRequest> cert_request;
  std::optional<Any> statement;  // RFC 9883
};

std::string subject_text(const std::optional<Raw<Name>>& subject) {
  const std::string text = subject ? name_text(subject->der) : "";
  return text.empty() ? "an empty subject" : text;
}

class RequestReader {
 public:
  explicit RequestReader(Decoder& decoder) : decoder_(decoder) {}

  /// Visits every request of a content; those that do not decode are left out.
  template <class Visit>
  void each(const Layer::Content& content, const std::string& path, Visit&& visit) {
    if (const auto* opened = std::get_if<OpenedRequest>(&content)) visit(pkcs10(opened->request, opened->info, path, ""));
    if (const auto* message = std::get_if<CertReqMsg>(&content)) crmf(*message, path, "", visit);
    if (const auto* messages = std::get_if<CertReqMessages>(&content)) {
      for (std::size_t i = 0; i < messages->messages.size(); ++i) {
        crmf(messages->messages[i], path + "[" + std::to_string(i) + "]", "", visit);
      }
    }
    const auto* data = std::get_if<PKIData>(&content);
    if (data == nullptr) return;
    for (std::size_t i = 0; i < data->req_sequence.size(); ++i) {
      tagged(data->req_sequence[i], path + ".reqSequence[" + std::to_string(i) + "]", visit);
    }
  }

 private:
  template <class Visit>
  void tagged(const TaggedRequest& request, const std::string& path, Visit&& visit) {
    const auto id = body_part_id(decoder_, request);
    const std::string prefix = id ? "body part " + std::to_string(id->value()) + ": " : "";
    if (const auto* tcr = std::get_if<TaggedCertificationRequest>(&request.choice)) {
      const auto outer = decoder_.decode<CertificationRequest>(tcr->certification_request);
      if (!outer) return;
      const auto info = decoder_.decode<CertificationRequestInfo>(outer->certification_request_info);
      if (info) visit(pkcs10(*outer, *info, path + ".tcr.certificationRequest", prefix));
    }
    if (const auto* message = std::get_if<CertReqMsg>(&request.choice)) crmf(*message, path + ".crm", prefix, visit);
  }

  Request pkcs10(const CertificationRequest& outer, const CertificationRequestInfo& info, const std::string& path,
                 const std::string& prefix) {
    Request request;
    request.name = prefix + "PKCS #10 of " + subject_text(info.subject);
    request.path = path;
    request.element = outer.source.bytes;
    request.key = info.subject_pk_info;
    request.pkcs10 = &outer;
    if (!info.attributes) return request;
    for (const Attribute& attribute : *info.attributes) {
      if (attribute.values.size() != 1) continue;
      if (oids::is(attribute.type, statement_of_possession)) request.statement = attribute.values[0];
      if (!oids::is(attribute.type, extension_request)) continue;
      if (const auto extensions = decoder_.decode<Extensions>(attribute.values[0])) request.extensions = extensions->extensions;
    }
    return request;
  }

  template <class Visit>
  void crmf(const CertReqMsg& message, const std::string& path, const std::string& prefix, Visit&& visit) {
    const auto inner = decoder_.decode<CertRequest>(message.cert_req);
    if (!inner) return;
    const CertTemplate& wanted = inner->cert_template;
    Request request;
    request.name = prefix + "CRMF of " + subject_text(wanted.subject);
    request.path = path;
    request.element = message.source.bytes;
    request.key = wanted.public_key;
    request.crmf = &message;
    request.cert_request = *inner;
    if (wanted.extensions) request.extensions = wanted.extensions->extensions;
    for (const AttributeTypeAndValue& control : inner->controls.value_or(List<AttributeTypeAndValue>())) {
      if (oids::is(control.type, statement_of_possession)) request.statement = control.value;
    }
    visit(request);
  }

  Decoder& decoder_;
};

// The template's public key has the tag [6] in place of SEQUENCE.
std::vector<std::uint8_t> spki_of(const Raw<SubjectPublicKeyInfo>& key) {
  std::vector<std::uint8_t> spki(key.der.begin(), key.der.end());
  spki[0] = tlv::sequence;
  return spki;
}

class PossessionCheck {
 public:
  PossessionCheck(Decoder& decoder, const VerifyOptions& options) : decoder_(decoder), options_(options) {}

  Check of(const Request& request) {
    if (!request.key) return {possession, Verdict::unknown, "the request has no public key", {}, "the CA is to make the key"};
    const auto key = PublicKey::from_spki(spki_of(*request.key), decoder_.limits());
    if (!key) {
      const bool unknown = key.error().code == Errc::unsupported_algorithm;
      return {possession, unknown ? Verdict::unknown : Verdict::fail, key.error().detail, {}, "make the request with another key"};
    }
    if (request.statement) return vouched_for(request);
    if (request.pkcs10 != nullptr) return signature_of(request, *key);
    return crmf(*key, request);
  }

  // RFC 9883:  PrivateKeyPossessionStatement ::= SEQUENCE { signer IssuerAndSerialNumber, cert Certificate OPTIONAL }
  Check vouched_for(const Request& request) {
    constexpr std::string_view broken = "the statement of possession does not decode (RFC 9883)";
    const auto scanned = decoder_.scan(request.statement->der);
    if (!scanned || scanned->der[0] != tlv::sequence) return {possession, Verdict::fail, std::string(broken), {}, {}};
    tlv::Cursor members(tlv::first(scanned->der).content);
    if (members.at_end()) return {possession, Verdict::fail, std::string(broken), {}, {}};
    const auto signer = decoder_.decode<IssuerAndSerialNumber>(members.next().whole);
    if (!signer) return {possession, Verdict::fail, std::string(broken), {}, {}};
    const std::string who = "certificate " + to_string(signer->serial_number) + " of " + subject_text(signer->issuer);
    if (members.at_end()) {
      return {possession, Verdict::unknown, "vouched for with " + who + ", which is not in the statement (RFC 9883)", {},
              "the CA has to know that certificate"};
    }
    const auto certificate = X509Certificate::from_der(members.next().whole, decoder_.limits());
    if (!certificate || !certificate->public_key()) {
      return {possession, Verdict::fail, "the certificate in the statement of possession has no key to verify with", {}, {}};
    }
    if (certificate->issuer() != signer->issuer.der || certificate->tbs().serial_number != signer->serial_number) {
      return {possession, Verdict::fail, "the statement of possession names another certificate than it holds (RFC 9883)", {}, {}};
    }
    Check signed_by = signature_of(request, *certificate->public_key());
    if (signed_by.verdict != Verdict::pass) return signed_by;
    return {possession, Verdict::unknown, "vouched for with " + who + ": " + signed_by.text + " (RFC 9883)", {},
            "it counts as much as that certificate"};
  }

  Check signature_of(const Request& request, const PublicKey& key) {
    if (request.pkcs10 != nullptr) {
      return signature(key, request.pkcs10->signature_algorithm, decoder_.original(request.pkcs10->certification_request_info.der),
                       request.pkcs10->signature);
    }
    const auto* proof = request.crmf->popo ? std::get_if<POPOSigningKey>(&request.crmf->popo->choice) : nullptr;
    if (proof == nullptr) return {possession, Verdict::fail, "a statement of possession without a signature (RFC 9883)", {}, {}};
    return signature(key, proof->algorithm_identifier, decoder_.original(request.crmf->cert_req.der), proof->signature);
  }

  // RFC 4211 section 4.1: who has no name that was proved yet proves the knowledge of a secret over the public key.
  std::optional<Check> public_key_mac(const Request& request) {
    if (request.crmf == nullptr || !request.crmf->popo) return std::nullopt;
    const auto* proof = std::get_if<POPOSigningKey>(&request.crmf->popo->choice);
    if (proof == nullptr || !proof->poposk_input) return std::nullopt;
    const auto input = decoder_.decode<POPOSigningKeyInput>(*proof->poposk_input);
    const auto* mac = input ? std::get_if<PKMACValue>(&input->auth_info.choice) : nullptr;
    if (mac == nullptr) return std::nullopt;
    constexpr std::string_view name = "public key MAC";
    if (!options_.shared_secret) return Check{name, Verdict::unknown, "made with a shared secret", {}, "give it with --secret SOURCE"};
    Limits limits = decoder_.limits();  // many MACs take hardly longer than one
    limits.pbm_iterations /= ++macs_;
    limits.pbkdf2_iterations /= macs_;
    const auto good = check_mac(decoder_, mac->alg_id, *options_.shared_secret, decoder_.original(input->public_key.der),
                                mac->value.bytes, limits);
    if (!good) return Check{name, Verdict::unknown, good.error().detail, good.error().rule, {}};
    if (*good && mac->value.unused_bits == 0) return Check{name, Verdict::pass, "made with the shared secret", {}, {}};
    return Check{name, Verdict::fail, "not made with this secret", {}, "it is another secret, or the request was changed"};
  }

 private:
  Check crmf(const PublicKey& key, const Request& request) {
    const auto& popo = request.crmf->popo;
    if (!popo) return {possession, Verdict::unknown, "no proof of possession", {}, "the CA has to ask for it, or the key cannot sign"};
    if (std::holds_alternative<ProofOfPossession::RaVerified>(popo->choice)) {
      return {possession, Verdict::unknown, "raVerified: an RA is to have seen it", {}, "it counts only under the signature of an RA"};
    }
    if (const auto* agreement = std::get_if<ProofOfPossession::KeyAgreement>(&popo->choice)) {
      if (const auto* mac = std::get_if<PKMACValue>(&agreement->value.choice)) return agree_mac(key, request, *mac);
    }
    const auto* proof = std::get_if<POPOSigningKey>(&popo->choice);
    if (proof == nullptr) {
      return {possession, Verdict::unknown, "the key cannot sign; the proof takes another message", {}, "the CA answers with encryptedPOP"};
    }
    return signing_key(key, *request.crmf, *request.cert_request, *proof);
  }

  // RFC 4211 section 4.2: over the CertRequest, "which must include both subject and publicKey".
  Check agree_mac(const PublicKey& key, const Request& request, const PKMACValue& mac) {
    if (!static_dh_of(mac.alg_id.algorithm)) {
      return {possession, Verdict::unknown, "agreeMAC with " + to_string(mac.alg_id.algorithm), {},
              "verify it with software that has the algorithm"};
    }
    if (!request.cert_request->cert_template.subject) {
      return {possession, Verdict::fail, "agreeMAC without a subject in the template (RFC 4211 section 4.2)", {},
              "the requester's software is at fault"};
    }
    const Octets message = decoder_.original(request.crmf->cert_req.der);
    return check_static_dh(decoder_, {mac.alg_id, mac.value, message}, key, options_);
  }

  // RFC 4211 section 4.1: poposkInput is signed when it is there, and has to be there unless the template names both
  // subject and key.
  Check signing_key(const PublicKey& key, const CertReqMsg& message, const CertRequest& request, const POPOSigningKey& proof) {
    if (!proof.poposk_input) {
      if (!request.cert_template.subject) {
        return {possession, Verdict::fail, "without a subject in the template poposkInput is needed", {}, "the requester's software is at fault"};
      }
      return signature(key, proof.algorithm_identifier, decoder_.original(message.cert_req.der), proof.signature);
    }
    const auto input = decoder_.decode<POPOSigningKeyInput>(*proof.poposk_input);
    if (!input) return {possession, Verdict::fail, "poposkInput does not decode: " + to_string(input.error()), {}, {}};
    if (spki_of(input->public_key) != spki_of(*request.cert_template.public_key)) {
      return {possession, Verdict::fail, "poposkInput is for another key than the template's", {}, "the requester's software is at fault"};
    }
    const Octets tagged = decoder_.original(proof.poposk_input->der);
    std::vector<std::uint8_t> signed_octets(tagged.begin(), tagged.end());
    signed_octets[0] = tlv::sequence;
    return signature(key, proof.algorithm_identifier, signed_octets, proof.signature);
  }

  Check signature(const PublicKey& key, const AlgorithmIdentifier& algorithm, Octets message, const BitString& value) {
    if (oids::is(algorithm.algorithm, oids::no_signature)) {
      return {possession, Verdict::unknown, "id-alg-noSignature: not signed with its key", {}, "the CA answers with encryptedPOP"};
    }
    if (static_dh_of(algorithm.algorithm)) {
      return check_static_dh(decoder_, {algorithm, value, message}, key, options_);
    }
    const auto scheme = possession_scheme_of(decoder_, algorithm);
    if (!scheme) {
      const bool unknown = scheme.error().code == Errc::unsupported_algorithm;
      return {possession, unknown ? Verdict::unknown : Verdict::fail, scheme.error().detail, {}, "verify it with software that has the algorithm"};
    }
    if (has_hash(scheme->kind) && scheme->hash == Hash::sha1 && !options_.allow_sha1) {
      return {possession, Verdict::fail, to_string(*scheme) + ": SHA-1 proves nothing any more", {}, "have it signed with SHA-256"};
    }
    if (scheme->kind == SignatureKind::discrete_log && key.kind() == KeyKind::dh) {
      if (const auto problem = groups_.problem(key)) {
        return {possession, problem->known ? Verdict::fail : Verdict::unknown,
                to_string(*scheme) + " with " + key.text() + ": " + problem->text + " (RFC 6955 section 5.3)", {},
                "make the key in a group of RFC 7919"};
      }
    }
    const auto good = key.verify(*scheme, message, value.bytes);
    if (!good) {
      const bool unknown = good.error().code == Errc::unsupported_algorithm;
      return {possession, unknown ? Verdict::unknown : Verdict::fail, good.error().detail, {}, {}};
    }
    if (*good && value.unused_bits == 0) return {possession, Verdict::pass, to_string(*scheme) + " with " + key.text(), {}, {}};
    return {possession, Verdict::fail, "not signed with its own key " + key.text(), {}, "the request was changed, or signed with another key"};
  }

  Decoder& decoder_;
  const VerifyOptions& options_;
  std::size_t macs_ = 0;
  GroupTests groups_;
};

}  // namespace

std::vector<RequestChecks> check_requests(Decoder& decoder, const Layer& layer, const VerifyOptions& options) {
  std::vector<RequestChecks> results;
  PossessionCheck check(decoder, options);
  RequestReader(decoder).each(layer.content, layer.content_path, [&](const Request& request) {
    results.push_back({request.name, request.path, decoder.offset_of(request.element), {check.of(request)}});
    if (auto mac = check.public_key_mac(request)) results.back().checks.push_back(*std::move(mac));
  });
  return results;
}

std::optional<RequestKey> key_of_request(Decoder& decoder, const Layer::Content& content, const SignerIdentifier& sid) {
  const auto* wanted = std::get_if<SubjectKeyIdentifier>(&sid.choice);
  if (wanted == nullptr) return std::nullopt;
  std::optional<RequestKey> found;
  RequestReader(decoder).each(content, {}, [&](const Request& request) {
    if (found || !request.key) return;
    bool named = std::ranges::any_of(request.extensions, [&](const Extension& extension) {
      if (!oids::is(extension.extn_id, oids::subject_key_identifier)) return false;
      const auto value = decoder.scan(extension.extn_value);
      return value && value->der[0] == tlv::octet_string && tlv::first(value->der).content == wanted->value;
    });
    auto key = PublicKey::from_spki(spki_of(*request.key), decoder.limits());
    named = named || (key && Octets(key->key_identifier()) == wanted->value);
    if (named) found = RequestKey{"the key of " + request.name, std::move(key)};
  });
  return found;
}

}  // namespace cmcctl
