#include <cmcctl/cmc/pki_data.hpp>

#include "body_parts_views.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view identification_oid = "1.3.6.1.5.5.7.7.2";

Error no_request(const Error& pkcs10) {
  return {Errc::not_a_message, pkcs10.offset, pkcs10.path, {}, "expected a PKCS #10 or a CertReqMsg"};
}

}  // namespace

Result<BodyPartID> PkiDataBuilder::crmf(Octets der, std::optional<BodyPartID> id) {
  Decoder decoder;
  CMC_TRY(const auto message, decoder.decode<CertReqMsg>(der));
  CMC_TRY(const auto request, decoder.decode<CertRequest>(message.cert_req));
  auto number = BodyPartID::from(request.cert_req_id);
  if (!number || number->value() == 0 || is_taken(*number)) {
    return Error{Errc::value_out_of_range, 0, "CertRequest.certReqId", "CMC-5272-3.2.2-02",
                 "certReqId " + to_string(request.cert_req_id) +
                     " is no free body part identifier, and it is signed: make the request with another one, or add it "
                     "before what has the number now"};
  }
  if (id && *id != *number) {
    return Error{Errc::value_out_of_range, 0, "CertRequest.certReqId", "CMC-5272-3.2.2-05",
                 "the identifier of a CertReqMsg is its certReqId, " + to_string(request.cert_req_id)};
  }
  CMC_TRY(const BodyPartID taken, take(*number));
  requests_.emplace_back(Crmf{{der.begin(), der.end()}});
  return taken;
}

Result<BodyPartID> PkiDataBuilder::request(Octets der, std::optional<BodyPartID> id) {
  Decoder decoder;
  const auto pkcs10 = decoder.decode<CertificationRequest>(der);
  if (!pkcs10) {
    Decoder other;
    return other.decode<CertReqMsg>(der) ? crmf(der, id) : Result<BodyPartID>(no_request(pkcs10.error()));
  }
  CMC_CHECK(decoder.decode<CertificationRequestInfo>(pkcs10->certification_request_info));
  CMC_TRY(const BodyPartID taken, take(id));
  requests_.emplace_back(Pkcs10{taken, {der.begin(), der.end()}});
  return taken;
}

Result<BodyPartID> PkiDataBuilder::other_request(std::string_view type, Octets value, std::optional<BodyPartID> id) {
  auto oid = oid_content(type);
  if (!oid) {
    return Error{
        Errc::not_encodable, 0, "OtherReqMsg.requestMessageType", {}, std::string(type) + " is no OBJECT IDENTIFIER"};
  }
  CMC_CHECK(check_element(value, "OtherReqMsg.requestMessageValue"));
  CMC_TRY(const BodyPartID taken, take(id));
  requests_.emplace_back(Other{taken, *std::move(oid), {value.begin(), value.end()}});
  return taken;
}

Result<BodyPartID> PkiDataBuilder::identification(std::string_view name) {
  if (!is_valid_utf8(Octets(name))) {
    return Error{Errc::not_encodable, 0, "Identification", {}, "an identification is UTF-8 text"};
  }
  return control_of("identification", Identification{Utf8String{Octets(name)}});
}

Result<void> PkiDataBuilder::identity_proof(Octets secret, IdentityProofs which, Hash hash, Hash mac) {
  constexpr std::uint8_t null[]{0x05, 0x00};  // until `der` knows the reqSequence
  const auto reserve = [&](std::string_view name, bool v2) -> Result<void> {
    CMC_CHECK(control(name, Octets(null)));
    proofs_.push_back({controls_.size() - 1, v2});
    return {};
  };
  if (which != IdentityProofs::v2) CMC_CHECK(reserve("identityProof", false));
  if (which != IdentityProofs::v1) CMC_CHECK(reserve("identityProofV2", true));
  secret_ = secret_copy(secret);
  proof_hash_ = hash;
  proof_mac_ = mac;
  return {};
}

Result<Bytes> PkiDataBuilder::encoded(std::span<const Control> controls) const {
  BodyPartsViews views;
  Decoder decoder;  // the values of CRMF messages look into it
  std::vector<TaggedRequest> requests;
  for (const auto& request : requests_) {
    TaggedRequest& tagged = requests.emplace_back();
    if (const auto* pkcs10 = std::get_if<Pkcs10>(&request)) {
      tagged.choice = TaggedCertificationRequest{pkcs10->id, Raw<CertificationRequest>{pkcs10->der}};
    } else if (const auto* crmf = std::get_if<Crmf>(&request)) {
      CMC_TRY(tagged.choice, decoder.decode<CertReqMsg>(Octets(crmf->der)));
    } else {
      const auto& other = std::get<Other>(request);
      tagged.choice = OtherReqMsg{other.id, Oid{other.type}, Any{other.value}};
    }
  }
  return encode(PKIData{views.controls(controls), {requests}, views.nested(nested_), views.others(others_), {}});
}

Result<void> PkiDataBuilder::fill_in_proofs(std::vector<Control>& controls) const {
  CMC_TRY(const Bytes without, encoded(controls));
  Decoder decoder;
  CMC_TRY(const auto data, decoder.decode<PKIData>(Octets(without)));
  const Octets requests = decoder.original(data.req_sequence.source.bytes);
  SharedSecret shared{secret_};
  const Bytes oid = *oid_content(identification_oid);
  for (const TaggedAttribute& control : data.control_sequence) {
    if (control.attr_type != Oid{oid}) continue;
    CMC_TRY(const auto identification, decode_control<Identification>(decoder, control));
    shared.identification = identification.value.bytes;
  }
  for (const Proof& proof : proofs_) {
    controls[proof.control].value = proof.v2 ? identity_proof_v2(shared, requests, proof_hash_, proof_mac_)
                                             : cmcctl::identity_proof(shared, requests);
  }
  return {};
}

Result<Bytes> PkiDataBuilder::der() const {
  if (proofs_.empty()) return encoded(controls_);
  std::vector<Control> controls = controls_;
  CMC_CHECK(fill_in_proofs(controls));
  return encoded(controls);
}

}  // namespace cmcctl
