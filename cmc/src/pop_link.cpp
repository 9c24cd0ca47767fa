#include <cmcctl/cmc/pop_link.hpp>

#include <deque>
#include <optional>
#include <string>

#include <cmcctl/codec/cmc.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/crypto/signature_scheme.hpp>

#include "part_index.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view witness_oid = "1.3.6.1.5.5.7.7.23";
constexpr std::string_view witness_v2_oid = "1.3.6.1.5.5.7.7.33";

struct Witness {
  Bytes type;
  Bytes value;
};

std::vector<Witness> witnesses_of(const SharedSecret& shared, Octets random, const PopLinkOptions& options) {
  std::vector<Witness> witnesses;
  if (options.v1) {
    witnesses.push_back({*oid_content(witness_oid), pop_link_witness(shared, random, options.key)});
  }
  if (options.v2) {
    witnesses.push_back(
        {*oid_content(witness_v2_oid), pop_link_witness_v2(shared, random, options.key, options.key_gen, options.mac)});
  }
  return witnesses;
}

bool is_witness(const Oid& type) { return to_string(type) == witness_oid || to_string(type) == witness_v2_oid; }

class PopLink {
 public:
  PopLink(PrivateKey* key, std::vector<Witness> witnesses) : key_(key), witnesses_(std::move(witnesses)) {}

  Result<Bytes> pkcs10(const CertificationRequest& request);
  Result<Bytes> crmf(const CertReqMsg& message);

  Decoder& decoder() { return decoder_; }

 private:
  Result<void> check_key(const TaggedRequest& request);
  Result<Bytes> signature(const AlgorithmIdentifier& algorithm, Octets message);

  PrivateKey* key_;
  std::vector<Witness> witnesses_;
  Decoder decoder_;
};

Result<void> PopLink::check_key(const TaggedRequest& request) {
  if (key_ == nullptr) {
    return Error{
        Errc::no_key, 0, {}, {}, "a POP link witness is signed with the request, whose private key is missing"};
  }
  const RequestPart part = request_part(decoder_, request);
  if (subject_public_key(decoder_, part) == key_->public_key().subject_public_key()) return {};
  return Error{Errc::no_key, 0, {}, {}, "the private key is not that of the request"};
}

Result<Bytes> PopLink::signature(const AlgorithmIdentifier& algorithm, Octets message) {
  CMC_TRY(const SignatureScheme scheme, possession_scheme_of(decoder_, algorithm));
  return key_->sign(scheme, message);
}

Result<Bytes> PopLink::pkcs10(const CertificationRequest& request) {
  CMC_CHECK(check_key({TaggedCertificationRequest{{}, {request.source.bytes}}, {}}));
  CMC_TRY(auto info, decoder_.decode<CertificationRequestInfo>(request.certification_request_info));
  std::vector<Attribute> attributes;
  for (const Attribute& attribute : info.attributes.value_or(List<Attribute>())) {
    if (!is_witness(attribute.type)) attributes.push_back(attribute);
  }
  std::deque<Any> values;
  for (const Witness& witness : witnesses_) {
    const Any& value = values.emplace_back(Any{witness.value});
    attributes.push_back({Oid{witness.type}, List<Any>(std::span<const Any>(&value, 1)), {}});
  }
  info.attributes = List<Attribute>(attributes);
  CMC_TRY(const Bytes signed_part, encode(info));
  CMC_TRY(const Bytes signed_with, signature(request.signature_algorithm, signed_part));
  return encode(CertificationRequest{{signed_part}, request.signature_algorithm, {signed_with}, {}});
}

Result<Bytes> PopLink::crmf(const CertReqMsg& message) {
  CMC_TRY(auto request, decoder_.decode<CertRequest>(message.cert_req));
  std::vector<AttributeTypeAndValue> controls;
  for (const AttributeTypeAndValue& control : request.controls.value_or(List<AttributeTypeAndValue>())) {
    if (!is_witness(control.type)) controls.push_back(control);
  }
  for (const Witness& witness : witnesses_) controls.push_back({Oid{witness.type}, Any{witness.value}, {}});
  request.controls = List<AttributeTypeAndValue>(controls);
  CMC_TRY(const Bytes changed, encode(request));

  CertReqMsg linked = message;
  linked.cert_req = {changed};
  Bytes signed_with;
  if (linked.popo) {
    if (auto* pop = std::get_if<POPOSigningKey>(&linked.popo->choice); pop != nullptr && !pop->poposk_input) {
      CMC_CHECK(check_key({message, {}}));
      CMC_TRY(signed_with, signature(pop->algorithm_identifier, changed));
      pop->signature = {signed_with};
    }
    const auto* agreement = std::get_if<ProofOfPossession::KeyAgreement>(&linked.popo->choice);
    const bool mac = agreement != nullptr && (std::holds_alternative<PKMACValue>(agreement->value.choice) ||
                                              std::holds_alternative<POPOPrivKey::DhMac>(agreement->value.choice));
    if (mac) {
      return Error{
          Errc::not_encodable,
          0,
          "CertReqMsg.popo",
          {},
          "the proof of possession is a MAC over the CertRequest (RFC 4211 section 4.3), which a witness would "
          "break; make the request with the witness in it"};
    }
  }
  return encode(linked);
}

}  // namespace

Result<Bytes> add_pop_link(Octets request, PrivateKey* key, const SharedSecret& shared, Octets random,
                           const PopLinkOptions& options) {
  PopLink link(key, witnesses_of(shared, random, options));
  if (const auto pkcs10 = link.decoder().decode<CertificationRequest>(request)) return link.pkcs10(*pkcs10);
  CMC_TRY(const auto message, link.decoder().decode<CertReqMsg>(request));
  return link.crmf(message);
}

}  // namespace cmcctl
