#include "part_index.hpp"

#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/oids.hpp>

namespace cmcctl {
namespace {

class Reader {
 public:
  explicit Reader(Decoder& decoder) : decoder_(decoder) {}

  RequestPart tagged(const TaggedRequest& request, const std::string& path) {
    RequestPart part;
    if (const auto* tcr = std::get_if<TaggedCertificationRequest>(&request.choice)) {
      part.path = path + ".tcr.certificationRequest";
      const auto outer = decoder_.decode<CertificationRequest>(tcr->certification_request);
      if (outer) pkcs10(part, *outer);
    } else if (const auto* message = std::get_if<CertReqMsg>(&request.choice)) {
      part.path = path + ".crm";
      crmf(part, *message);
    } else {
      part.path = path + ".orm";
    }
    part.id = body_part_id(decoder_, request);
    part.tagged = &request;
    return part;
  }

  void pkcs10(RequestPart& part, const CertificationRequest& outer) {
    const auto info = decoder_.decode<CertificationRequestInfo>(outer.certification_request_info);
    if (!info) return;
    part.subject = info->subject;
    part.public_key.assign(info->subject_pk_info.der.begin(), info->subject_pk_info.der.end());
    if (!info->attributes) return;
    for (const Attribute& attribute : *info->attributes) {
      if (attribute.values.size() != 1) continue;
      learn(part, attribute.type, attribute.values[0]);
      if (!oids::is(attribute.type, oids::extension_request)) continue;
      if (const auto extensions = decoder_.decode<Extensions>(attribute.values[0])) names(part, *extensions);
    }
  }

  void crmf(RequestPart& part, const CertReqMsg& message) {
    part.ra_verified = message.popo && std::holds_alternative<ProofOfPossession::RaVerified>(message.popo->choice);
    const auto request = decoder_.decode<CertRequest>(message.cert_req);
    if (!request) return;
    const CertTemplate& wanted = request->cert_template;
    part.subject = wanted.subject;
    if (wanted.public_key) {
      part.public_key.assign(wanted.public_key->der.begin(), wanted.public_key->der.end());
      part.public_key[0] = tlv::sequence;  // it has the tag [6] there
    }
    if (wanted.extensions) names(part, *wanted.extensions);
    if (!request->controls) return;
    for (const AttributeTypeAndValue& control : *request->controls) learn(part, control.type, control.value);
  }

 private:
  static void learn(RequestPart& part, const Oid& type, const Any& value) {
    if (oids::is(type, oids::pki_archive_options)) part.pki_archive_options = value;
    const ControlRow* const row = control_row(type);
    if (row == nullptr) return;
    if (row->name == "popLinkWitness") part.pop_link_witness = value;
    if (row->name == "popLinkWitnessV2") part.pop_link_witness_v2 = value;
    if (row->name == "changeSubjectName") part.changes_name = true;
  }

  void names(RequestPart& part, const Extensions& extensions) {
    for (const Extension& extension : extensions.extensions) {
      const Octets value = extension.extn_value;
      if (oids::is(extension.extn_id, oids::subject_alt_name)) part.subject_alt_name.assign(value.begin(), value.end());
      if (oids::is(extension.extn_id, oids::subject_key_identifier)) identifier(part, value);
    }
  }

  // Dogtag's CRMF clients leave out the inner OCTET STRING.
  void identifier(RequestPart& part, Octets extn_value) {
    const auto value = decoder_.scan(extn_value);
    const bool wrapped = value && value->der[0] == tlv::octet_string;
    const Octets octets = wrapped ? tlv::first(value->der).content : extn_value;
    part.key_identifier.assign(octets.begin(), octets.end());
    part.key_identifier_value.assign(extn_value.begin(), extn_value.end());
  }

  Decoder& decoder_;
};

List<TaggedRequest> tagged_requests(const Layer& layer) {
  const auto* const data = std::get_if<PKIData>(&layer.content);
  return data == nullptr ? List<TaggedRequest>() : data->req_sequence;
}

List<TaggedContentInfo> nested_of(const Layer& layer) {
  if (const auto* data = std::get_if<PKIData>(&layer.content)) return data->cms_sequence;
  if (const auto* response = std::get_if<PKIResponse>(&layer.content)) return response->cms_sequence;
  return {};
}

List<OtherMsg> others_of(const Layer& layer) {
  if (const auto* data = std::get_if<PKIData>(&layer.content)) return data->other_msg_sequence;
  if (const auto* response = std::get_if<PKIResponse>(&layer.content)) return response->other_msg_sequence;
  return {};
}

}  // namespace

List<TaggedAttribute> controls_of(const Layer& layer) {
  if (const auto* data = std::get_if<PKIData>(&layer.content)) return data->control_sequence;
  if (const auto* response = std::get_if<PKIResponse>(&layer.content)) return response->control_sequence;
  return {};
}

RequestPart request_part(Decoder& decoder, const TaggedRequest& request, const std::string& path) {
  return Reader(decoder).tagged(request, path);
}

std::optional<Octets> subject_public_key(Decoder& decoder, const RequestPart& part) {
  if (part.public_key.empty()) return std::nullopt;
  const auto key = decoder.decode<SubjectPublicKeyInfo>(Octets(part.public_key));
  if (!key) return std::nullopt;
  return key->subject_public_key.bytes;
}

std::vector<RequestPart> request_parts(Decoder& decoder, const Layer& layer) {
  Reader reader(decoder);
  std::vector<RequestPart> parts;
  const auto tagged = tagged_requests(layer);
  for (std::size_t i = 0; i < tagged.size(); ++i) {
    parts.push_back(reader.tagged(tagged[i], layer.content_path + ".reqSequence[" + std::to_string(i) + "]"));
  }
  const auto bare = [&](const std::string& path) -> RequestPart& {
    parts.emplace_back().path = path;
    return parts.back();
  };
  if (const auto* opened = std::get_if<OpenedRequest>(&layer.content)) {
    reader.pkcs10(bare(layer.content_path), opened->request);
  }
  if (const auto* message = std::get_if<CertReqMsg>(&layer.content)) reader.crmf(bare(layer.content_path), *message);
  if (const auto* messages = std::get_if<CertReqMessages>(&layer.content)) {
    for (std::size_t i = 0; i < messages->messages.size(); ++i) {
      reader.crmf(bare(layer.content_path + "[" + std::to_string(i) + "]"), messages->messages[i]);
    }
  }
  return parts;
}

PartIndex::Scope& PartIndex::scope(const Layer& layer) {
  const auto [place, is_new] = scopes_.try_emplace(&layer);
  Scope& scope = place->second;
  if (!is_new) return scope;
  const auto enter = [&](BodyPartID id, std::optional<std::size_t> BodyPart::*kind, std::size_t index) {
    auto& slot = scope.parts[id.value()].*kind;
    if (!slot) slot = index;
  };
  const auto controls = controls_of(layer);
  for (std::size_t i = 0; i < controls.size(); ++i) enter(controls[i].body_part_id, &BodyPart::control, i);
  scope.requests = request_parts(decoder_, layer);
  for (std::size_t i = 0; i < scope.requests.size(); ++i) {
    if (scope.requests[i].id) enter(*scope.requests[i].id, &BodyPart::request, i);
  }
  const auto nested = nested_of(layer);
  for (std::size_t i = 0; i < nested.size(); ++i) enter(nested[i].body_part_id, &BodyPart::nested, i);
  for (const OtherMsg& other : others_of(layer)) scope.parts[other.body_part_id.value()].other = true;
  return scope;
}

const BodyPart* PartIndex::find(const Layer& layer, BodyPartID id) {
  const auto& parts = scope(layer).parts;
  const auto found = parts.find(id.value());
  return found == parts.end() ? nullptr : &found->second;
}

PartIndex::Found PartIndex::find(const Layer& layer, std::span<const BodyPartID> path) {
  const Layer* here = &layer;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const BodyPart* const part = find(*here, path[i]);
    if (part == nullptr) return {};
    if (i + 1 == path.size()) return {here, part};
    if (!part->nested || *part->nested >= here->nested.size()) return {};
    here = &here->nested[*part->nested];
  }
  return {};
}

}  // namespace cmcctl
