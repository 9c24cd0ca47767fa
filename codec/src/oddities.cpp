#include "oddities.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "control_text.hpp"
#include "oids.hpp"
#include "unsorted_sets.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {
namespace {

class Finder {
 public:
  explicit Finder(Decoder& decoder) : decoder_(decoder) {}

  void layer(const Layer& layer);

 private:
  void error(std::string_view rule, std::string text, Octets where) {
    decoder_.add_oddity(Severity::error, rule, std::move(text), where);
  }
  void warning(std::string_view rule, std::string text, Octets where) {
    decoder_.add_oddity(Severity::warning, rule, std::move(text), where);
  }
  void note(std::string_view rule, std::string text, Octets where) {
    decoder_.add_oddity(Severity::note, rule, std::move(text), where);
  }

  void signed_data(const SignedData& data, const Layer& layer);
  void signer(const SignerInfo& signer, const SignedData& data);
  void signed_attributes(const SignerInfo& signer, const SignedData& data);
  void algorithm(const AlgorithmIdentifier& id);
  void controls(const List<TaggedAttribute>& controls, Place place);
  void control(const TaggedAttribute& control, Place place);
  void control_value(const ControlRow& row, const TaggedAttribute& control);
  void status(const TaggedAttribute& control);
  void body_part_ids(const PKIData& data);
  void body_part_ids(const PKIResponse& response);
  void request(const TaggedRequest& request);
  void certification_request(const OpenedRequest& opened);
  void cert_req_msg(const CertReqMsg& message);
  void extensions(const List<Extension>& extensions);
  void text(const Utf8String& text);

  // Where a body part identifier occurs, and what carries it.
  struct Carrier {
    BodyPartID id;
    std::string what;
    Octets where;
  };
  void unique(const std::vector<Carrier>& carriers);

  Decoder& decoder_;
};

bool has_null_parameters(const AlgorithmIdentifier& id) {
  return id.parameters && !id.parameters->der.empty() && id.parameters->der[0] == tlv::null;
}

std::string control_name(const TaggedAttribute& control) {
  const ControlRow* row = control_row(control.attr_type);
  return row != nullptr ? std::string(row->name) : to_string(control.attr_type);
}

void Finder::layer(const Layer& layer) {
  if (const auto* data = std::get_if<SignedData>(&layer.cms)) signed_data(*data, layer);
  if (const auto* data = std::get_if<PKIData>(&layer.content)) {
    note_unsorted_sets(decoder_, data->source.bytes);
    body_part_ids(*data);
    controls(data->control_sequence, Place::request);
    for (const TaggedRequest& each : data->req_sequence) request(each);
  }
  if (const auto* response = std::get_if<PKIResponse>(&layer.content)) {
    note_unsorted_sets(decoder_, response->source.bytes);
    body_part_ids(*response);
    controls(response->control_sequence, Place::response);
  }
  if (const auto* opened = std::get_if<OpenedRequest>(&layer.content)) certification_request(*opened);
  if (const auto* message = std::get_if<CertReqMsg>(&layer.content)) cert_req_msg(*message);
  if (const auto* messages = std::get_if<CertReqMessages>(&layer.content)) {
    for (const CertReqMsg& message : messages->messages) cert_req_msg(message);
  }
  for (const Layer& nested : layer.nested) this->layer(nested);
}

// --- CMS ---------------------------------------------------------------------------------------------------------------

void Finder::signed_data(const SignedData& data, const Layer& layer) {
  const bool id_data = to_string(data.encap_content_info.e_content_type) == oids::id_data;
  const bool any_v3 = std::ranges::any_of(data.signer_infos, [](const SignerInfo& s) { return s.version.to_int64() == 3; });
  const auto version = data.version.to_int64();
  const bool certs_only = layer.kind == MessageKind::simple_pki_response;
  // 4 and 5 belong to attribute certificates and other formats; certs-only with 3 is common.
  if (!certs_only && version && *version < 4 && *version != (!id_data || any_v3 ? 3 : 1)) {
    note("CMC-5652-5.1-01", "SignedData version " + std::to_string(*version) + ", where its parts call for " +
                                (!id_data || any_v3 ? "3" : "1"),
         data.source.bytes);
  }
  if (data.certificates && data.certificates->empty()) {
    note("CMC-5652-5.1-05", "certificates is present but empty", data.certificates->source.bytes);
  }
  if (data.crls && data.crls->empty()) {
    note("CMC-5652-5.1-05", "crls is present but empty", data.crls->source.bytes);
  }
  if (certs_only && data.encap_content_info.e_content) {
    note("CMC-5272-4.1-02", "eContent is present but empty; a Simple PKI Response has none",
         data.encap_content_info.e_content->der);
  }
  if (!certs_only && data.signer_infos.empty()) {
    warning("CMC-5272-3.2.1.3.4-01", "nobody has signed this SignedData", data.source.bytes);
  }
  for (const AlgorithmIdentifier& digest : data.digest_algorithms) algorithm(digest);
  for (const SignerInfo& each : data.signer_infos) signer(each, data);
}

void Finder::signer(const SignerInfo& signer, const SignedData& data) {
  const bool ski = signer.sid.choice.index() == 1;
  const auto version = signer.version.to_int64();
  if (version != (ski ? 3 : 1)) {
    warning("CMC-5652-5.3-01", "SignerInfo version " + to_string(signer.version) + " with " +
                                   (ski ? "subjectKeyIdentifier, which calls for 3"
                                        : "issuerAndSerialNumber, which calls for 1"),
            signer.source.bytes);
  }
  const bool listed = std::ranges::any_of(data.digest_algorithms, [&](const AlgorithmIdentifier& id) {
    return id.algorithm == signer.digest_algorithm.algorithm;
  });
  if (!listed) note("CMC-5652-5.1-03", "digestAlgorithms does not list this signer's digest", signer.source.bytes);
  if (ski && tlv::is_constructed(std::get<1>(signer.sid.choice).source.bytes[0])) {
    warning("CMC-5652-5.3-02", "subjectKeyIdentifier with an EXPLICIT tag, where the module has an IMPLICIT one",
            std::get<1>(signer.sid.choice).source.bytes);
  }
  algorithm(signer.digest_algorithm);
  algorithm(signer.signature_algorithm);
  signed_attributes(signer, data);
}

void Finder::signed_attributes(const SignerInfo& signer, const SignedData& data) {
  const bool id_data = to_string(data.encap_content_info.e_content_type) == oids::id_data;
  if (!signer.signed_attrs) {
    if (!id_data) error("CMC-5652-5.3-03", "no signedAttrs although the content is not id-data", signer.source.bytes);
    return;
  }
  const auto attributes = decoder_.decode<SignedAttributes>(*signer.signed_attrs);
  if (!attributes) return;
  std::map<std::string, std::size_t> counts;
  for (const Attribute& attribute : attributes->attributes) {
    ++counts[to_string(attribute.type)];
    if (attribute.values.empty()) note("CMC-2986-4.1-03", "an attribute without a value", attribute.source.bytes);
  }
  const std::size_t content_types = counts[std::string(oids::id_content_type)];
  const std::size_t digests = counts[std::string(oids::id_message_digest)];
  if (content_types != 1) {
    error("CMC-5652-11.1-01", std::to_string(content_types) + " content-type attributes among signedAttrs, not one",
          signer.signed_attrs->der);
  }
  if (digests != 1) {
    error("CMC-5652-11.2-01", std::to_string(digests) + " message-digest attributes among signedAttrs, not one",
          signer.signed_attrs->der);
  }
}

void Finder::algorithm(const AlgorithmIdentifier& id) {
  const std::string oid = to_string(id.algorithm);
  const bool no_parameters = oid.starts_with("1.2.840.10045.4.") ||           // ECDSA
                             oid == "1.3.101.112" || oid == "1.3.101.113" ||  // EdDSA
                             oid.starts_with("2.16.840.1.101.3.4.3.");        // ML-DSA, SLH-DSA
  if (no_parameters && has_null_parameters(id)) {
    const bool ecdsa = oid.starts_with("1.2.840.10045.4.");
    note(ecdsa ? "CMC-5754-3.3-01" : oid.starts_with("1.3.") ? "CMC-8419-2-01" : "CMC-9882-3-01",
         "NULL parameters, where this algorithm has none", id.source.bytes);
  }
  if (oid == "1.3.6.1.5.5.7.6.2" && !has_null_parameters(id)) {
    warning("CMC-5272-C.1-01", "id-alg-noSignature without its NULL parameters", id.source.bytes);
  }
}

// --- controls ------------------------------------------------------------------------------------------------------------

void Finder::controls(const List<TaggedAttribute>& controls, Place place) {
  std::map<std::string_view, std::size_t> counts;
  for (const TaggedAttribute& each : controls) {
    control(each, place);
    const ControlRow* row = control_row(each.attr_type);
    if (row == nullptr || row->count != Count::once) continue;
    if (++counts[row->name] == 2) {
      warning("CMC-5272-3.2.1.1-02", std::string(row->name) + " occurs more than once", each.source.bytes);
    }
  }
}

void Finder::control(const TaggedAttribute& control, Place place) {
  const ControlRow* row = control_row(control.attr_type);
  if (row == nullptr) {
    note("CMC-5272-3.2.1.1-03", "a control that no CMC document defines: " + to_string(control.attr_type),
         control.source.bytes);
    return;
  }
  if (control.attr_values.size() != 1) {
    warning("CMC-5272-3.2.1.1-02", std::string(row->name) + " with " + std::to_string(control.attr_values.size()) +
                                       " values, not one",
            control.source.bytes);
  }
  if (row->place == Place::attribute || row->place == Place::unsigned_attribute) {
    warning("CMC-5272-6-01", std::string(row->name) + " is an attribute, not a control", control.source.bytes);
  } else if (row->place != Place::both && row->place != place) {
    warning("CMC-5272-6-01", std::string(row->name) + " belongs into a " +
                                 (row->place == Place::request ? "request" : "response"),
            control.source.bytes);
  }
  control_value(*row, control);
}

void Finder::control_value(const ControlRow& row, const TaggedAttribute& control) {
  if (control.attr_values.size() != 1) return;
  // Decoding it reports what peers write differently inside.
  if (control_text(decoder_, row, control.attr_values[0]).empty()) {
    error("CMC-5272-3.2.1.1-01", std::string(row.name) + " with a value that is no " + std::string(row.type),
          control.attr_values[0].der);
    return;
  }
  if (row.name == "statusInfoV2" || row.name == "statusInfo") return status(control);
  const auto wants = [&](std::string_view name) { return row.name == name; };
  const Any& value = control.attr_values[0];
  if (wants("identification")) {
    if (const auto decoded = decoder_.decode<Identification>(value)) text(decoded->value);
  } else if (wants("popLinkRandom")) {
    const auto decoded = decoder_.decode<PopLinkRandom>(value);
    if (decoded && decoded->value.size() < 64) {
      note("CMC-5272-6.3.1.1-01", "popLinkRandom of " + std::to_string(decoded->value.size() * 8) +
                                      " bits; 512 or more are called for",
           value.der);
    }
  } else if (wants("encryptedPOP")) {
    if (const auto decoded = decoder_.decode<EncryptedPOP>(value)) request(decoded->request);
  } else if (wants("batchRequests") || wants("batchResponses")) {
    const auto decoded = decoder_.decode<BatchRequests>(value);
    if (decoded && decoded->value.empty()) {
      warning("CMC-5272-3.2.2-06", std::string(row.name) + " names no body part", value.der);
    }
  }
}

void Finder::status(const TaggedAttribute& control) {
  const Any& value = control.attr_values[0];
  const auto common = [&](const auto& info) {
    if (info.body_list.empty()) warning("CMC-5272-6.1.1-03", "bodyList is empty", value.der);
    if (info.status_string) text(*info.status_string);
    const auto number = static_cast<std::int64_t>(info.cmc_status);
    if (number < 0 || number > 7 || number == 1) {
      warning("CMC-5272-6.1.3-01", "cMCStatus " + std::to_string(number) + " is not defined", value.der);
    }
    if (!info.other_info) return;
    if (const auto* fail = std::get_if<CMCFailInfo>(&info.other_info->choice)) {
      const auto code = static_cast<std::int64_t>(*fail);
      if (code < 0 || (code > 13 && (code < 1000 || code > 1999))) {
        warning("CMC-5272-6.1.4-01", "failInfo " + std::to_string(code) + " is not defined", value.der);
      }
    }
  };
  if (control_name(control) == "statusInfo") {
    if (const auto info = decoder_.decode<CMCStatusInfo>(value)) return common(*info);
    if (const auto info = decoder_.decode<CMCStatusInfoV2>(value)) {
      warning("CMC-5272-6.1.2-01", "the value of statusInfo has the form of statusInfoV2", value.der);
      common(*info);
    }
  } else if (const auto info = decoder_.decode<CMCStatusInfoV2>(value)) {
    common(*info);
  }
}

// --- body part identifiers -------------------------------------------------------------------------------------------------

void Finder::unique(const std::vector<Carrier>& carriers) {
  std::map<BodyPartID, const Carrier*> first;
  for (const Carrier& carrier : carriers) {
    if (carrier.id == BodyPartID(0)) {
      warning("CMC-5272-3.2.2-04", carrier.what + " has bodyPartID 0, which stands for the message itself", carrier.where);
    }
    const auto [place, is_new] = first.emplace(carrier.id, &carrier);
    if (is_new) continue;
    error("CMC-5272-3.2.2-02", "bodyPartID " + std::to_string(carrier.id.value()) + " of " + carrier.what +
                                   " is already the one of " + place->second->what,
          carrier.where);
  }
}

template <class T>
void add_carriers(const T& parts, std::string_view what, auto& carriers) {
  for (const auto& part : parts) carriers.push_back({part.body_part_id, std::string(what), part.source.bytes});
}

void add_controls(const List<TaggedAttribute>& controls, auto& carriers) {
  for (const TaggedAttribute& each : controls) {
    carriers.push_back({each.body_part_id, control_name(each), each.source.bytes});
  }
}

void Finder::body_part_ids(const PKIData& data) {
  std::vector<Carrier> carriers;
  add_controls(data.control_sequence, carriers);
  for (const TaggedRequest& each : data.req_sequence) {
    if (const auto id = body_part_id(decoder_, each)) carriers.push_back({*id, "a request", each.source.bytes});
  }
  add_carriers(data.cms_sequence, "a message in cmsSequence", carriers);
  add_carriers(data.other_msg_sequence, "an other message", carriers);
  unique(carriers);
}

void Finder::body_part_ids(const PKIResponse& response) {
  std::vector<Carrier> carriers;
  add_controls(response.control_sequence, carriers);
  add_carriers(response.cms_sequence, "a message in cmsSequence", carriers);
  add_carriers(response.other_msg_sequence, "an other message", carriers);
  unique(carriers);
}

// --- requests ----------------------------------------------------------------------------------------------------------------

void Finder::request(const TaggedRequest& request) {
  if (const auto* tcr = std::get_if<TaggedCertificationRequest>(&request.choice)) {
    const auto outer = decoder_.decode<CertificationRequest>(tcr->certification_request);
    if (!outer) return;
    const auto info = decoder_.decode<CertificationRequestInfo>(outer->certification_request_info);
    if (info) certification_request({*outer, *info});
  } else if (const auto* crm = std::get_if<CertReqMsg>(&request.choice)) {
    cert_req_msg(*crm);
    const auto cert_request = decoder_.decode<CertRequest>(crm->cert_req);
    if (cert_request && !BodyPartID::from(cert_request->cert_req_id)) {
      warning("CMC-5272-3.2.2-05", "certReqId " + to_string(cert_request->cert_req_id) + " is no BodyPartID",
              crm->cert_req.der);
    }
  }
}

void Finder::certification_request(const OpenedRequest& opened) {
  algorithm(opened.request.signature_algorithm);
  if (opened.info.version.to_int64() != 0) {
    note("CMC-2986-4.1-01", "CertificationRequestInfo version " + to_string(opened.info.version) + ", not 0",
         opened.request.certification_request_info.der);
  }
  if (!opened.info.attributes) {
    note("CMC-2986-4.1-02", "the attributes field is missing; it is written even when empty",
         opened.request.certification_request_info.der);
    return;
  }
  std::size_t extension_requests = 0;
  for (const Attribute& attribute : *opened.info.attributes) {
    if (attribute.values.empty()) note("CMC-2986-4.1-03", "an attribute without a value", attribute.source.bytes);
    if (to_string(attribute.type) != oids::id_extension_request) continue;
    if (++extension_requests == 2 || attribute.values.size() > 1) {
      note("CMC-2985-5.4.2-01", "more than one extensionRequest", attribute.source.bytes);
    }
    for (const Any& value : attribute.values) {
      if (const auto requested = decoder_.decode<Extensions>(value)) extensions(requested->extensions);
    }
  }
}

void Finder::cert_req_msg(const CertReqMsg& message) {
  const auto request = decoder_.decode<CertRequest>(message.cert_req);
  if (!request) return;
  if (request->controls && request->controls->empty()) {
    note("CMC-4211-6-01", "controls is present but empty; it has one entry or more", request->controls->source.bytes);
  }
  if (request->cert_template.extensions) extensions(request->cert_template.extensions->extensions);
  if (!message.popo) return;
  if (const auto* signature = std::get_if<POPOSigningKey>(&message.popo->choice)) {
    algorithm(signature->algorithm_identifier);
  }
}

void Finder::extensions(const List<Extension>& extensions) {
  for (const Extension& extension : extensions) {
    if (to_string(extension.extn_id) != "2.5.29.14") continue;
    const std::size_t oddities = decoder_.oddities().size();
    const auto inside = decoder_.scan(extension.extn_value);
    decoder_.drop_oddities(oddities);
    if (inside && inside->der[0] == tlv::octet_string) continue;
    warning("CMC-5280-4.1-01", "subjectKeyIdentifier without the OCTET STRING inside extnValue",
            extension.source.bytes);
  }
}

void Finder::text(const Utf8String& text) {
  if (!is_valid_utf8(text.bytes)) warning("CMC-5272-6.1.1-08", "a UTF8String that is not valid UTF-8", text.bytes);
}

}  // namespace

void find_oddities(Decoder& decoder, const Layer& layer) {
  Finder(decoder).layer(layer);
  note_unsorted_sets(decoder, layer.bytes);
}

}  // namespace cmcctl
