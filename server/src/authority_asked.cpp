#include "authority_asked.hpp"

#include <algorithm>
#include <unordered_set>

#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/oids.hpp>

namespace cmcctl::authority {
namespace {

constexpr std::uint8_t empty_name[]{0x30, 0x00};

Refusal undecoded(const Error& error) { return {CMCFailInfo::badRequest, to_string(error)}; }

Objection add_extensions(Asked& asked, const List<Extension>& extensions) {
  if (extensions.size() > most_extensions) return Refusal{CMCFailInfo::badRequest, "too many extensions"};
  std::unordered_set<std::string> types;
  for (const RequestedExtension& known : asked.extensions) types.insert(known.oid);
  for (const Extension& extension : extensions) {
    RequestedExtension one = requested(extension);
    if (!types.insert(one.oid).second) {
      return Refusal{CMCFailInfo::badRequest, "the extension " + one.oid + " is asked for twice"};
    }
    asked.extensions.push_back(std::move(one));
  }
  return std::nullopt;
}

// One attribute of a PKCS #10, or one control of a CertRequest.
Objection take_value(Decoder& decoder, Asked& asked, const Oid& type, const Any& value) {
  const ControlRow* const row = control_row(type);
  if (row == nullptr || row->name != "changeSubjectName") return std::nullopt;
  const auto change = decoder.decode<ChangeSubjectName>(value);
  if (!change) return undecoded(change.error());
  asked.change = *change;
  return std::nullopt;
}

}  // namespace

const RequestedExtension* Asked::extension(std::string_view oid) const {
  const auto found = std::ranges::find(extensions, oid, &RequestedExtension::oid);
  return found == extensions.end() ? nullptr : &*found;
}

RequestedExtension requested(const Extension& extension) {
  return {to_string(extension.extn_id), extension.critical, bytes_of(extension.extn_value)};
}

void set_extension(std::vector<RequestedExtension>& extensions, RequestedExtension extension) {
  const auto known = std::ranges::find(extensions, extension.oid, &RequestedExtension::oid);
  if (known == extensions.end()) {
    extensions.push_back(std::move(extension));
  } else {
    *known = std::move(extension);
  }
}

Ruling<Asked> asked_in(Decoder& decoder, const CertificationRequest& request) {
  const auto info = decoder.decode<CertificationRequestInfo>(request.certification_request_info);
  if (!info) return undecoded(info.error());
  Asked asked{bytes_of(info->subject.der), bytes_of(info->subject_pk_info.der)};
  const Bytes extension_request = *oid_content(oids::extension_request);
  for (const Attribute& attribute : info->attributes.value_or(List<Attribute>())) {
    if (attribute.values.size() != 1) continue;
    if (auto objection = take_value(decoder, asked, attribute.type, attribute.values[0])) return *objection;
    if (attribute.type.content != Octets(extension_request)) continue;
    const auto extensions = decoder.decode<Extensions>(attribute.values[0]);
    if (!extensions) return undecoded(extensions.error());
    if (auto objection = add_extensions(asked, extensions->extensions)) return *objection;
  }
  return asked;
}

Ruling<Asked> asked_in(Decoder& decoder, const CertReqMsg& message) {
  const auto request = decoder.decode<CertRequest>(message.cert_req);
  if (!request) return undecoded(request.error());
  const CertTemplate& wanted = request->cert_template;
  Asked asked{wanted.subject ? bytes_of(wanted.subject->der) : bytes_of(Octets(empty_name)), {}};
  if (!wanted.public_key) {
    return Refusal{CMCFailInfo::badRequest, "the template has no public key, and this CA makes none for others"};
  }
  asked.public_key = bytes_of(wanted.public_key->der);
  asked.public_key[0] = tlv::sequence;  // it has the tag [6] there
  if (wanted.extensions) {
    if (auto objection = add_extensions(asked, wanted.extensions->extensions)) return *objection;
  }
  const Bytes archive = *oid_content(oids::pki_archive_options);
  for (const AttributeTypeAndValue& control : request->controls.value_or(List<AttributeTypeAndValue>())) {
    if (auto objection = take_value(decoder, asked, control.type, control.value)) return *objection;
    if (control.type.content == Octets(archive)) {
      asked.archive = Raw<PKIArchiveOptions>{control.value.der, control.value.scanned};
    }
  }
  return asked;
}

Objection change_name(Asked& asked) {
  if (!asked.change) return std::nullopt;
  asked.subject = asked.change->subject ? bytes_of(asked.change->subject->der) : bytes_of(Octets(empty_name));
  std::erase_if(asked.extensions,
                [](const RequestedExtension& extension) { return extension.oid == oids::subject_alt_name; });
  if (!asked.change->subject_alt) return std::nullopt;
  auto names = encode(*asked.change->subject_alt);
  if (!names) return undecoded(names.error());
  asked.extensions.push_back({std::string(oids::subject_alt_name), !asked.has_subject(), *std::move(names)});
  return std::nullopt;
}

}  // namespace cmcctl::authority
