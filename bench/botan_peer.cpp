#include "botan_peer.hpp"

#include <botan/asn1_obj.h>
#include <botan/ber_dec.h>
#include <botan/bigint.h>
#include <botan/version.h>
#if BOTAN_VERSION_MAJOR < 3
#include <botan/alg_id.h>
#endif

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cmcctl::bench {
namespace {

// Botan 2 has one enumeration for types and classes, Botan 3 has two.
#if BOTAN_VERSION_MAJOR < 3
using Type = Botan::ASN1_Tag;
using Class = Botan::ASN1_Tag;
constexpr Class context = Botan::CONTEXT_SPECIFIC;
constexpr Class context_constructed = Class(Botan::CONTEXT_SPECIFIC | Botan::CONSTRUCTED);
constexpr Class universal = Botan::UNIVERSAL;
constexpr Class universal_constructed = Botan::CONSTRUCTED;
constexpr Type octet_string = Botan::OCTET_STRING;
constexpr Type sequence = Botan::SEQUENCE;
constexpr Type set = Botan::SET;
#else
using Type = Botan::ASN1_Type;
using Class = Botan::ASN1_Class;
constexpr Class context = Class::ContextSpecific;
constexpr Class context_constructed = Class::ExplicitContextSpecific;
constexpr Class universal = Class::Universal;
constexpr Class universal_constructed = Class::Constructed;
constexpr Type octet_string = Type::OctetString;
constexpr Type sequence = Type::Sequence;
constexpr Type set = Type::Set;
#endif

using Botan::AlgorithmIdentifier;
using Botan::BER_Decoder;
using Botan::BER_Object;
using Botan::BigInt;
using Botan::OID;
using Octet = std::vector<std::uint8_t>;

struct ContentInfo {
  OID content_type;
  BER_Object content;
};

struct IssuerAndSerialNumber {
  BER_Object issuer;
  BigInt serial_number;
};

struct Attribute {
  OID type;
  std::vector<BER_Object> values;
};

struct SignerInfo {
  std::size_t version = 0;
  std::variant<IssuerAndSerialNumber, Octet> sid;
  AlgorithmIdentifier digest_algorithm;
  std::optional<BER_Object> signed_attrs;
  AlgorithmIdentifier signature_algorithm;
  Octet signature;
  std::vector<Attribute> unsigned_attrs;
};

struct SignedData {
  std::size_t version = 0;
  std::vector<AlgorithmIdentifier> digest_algorithms;
  OID e_content_type;
  Octet e_content;
  std::vector<BER_Object> certificates;
  std::vector<BER_Object> crls;
  std::vector<SignerInfo> signer_infos;
};

struct TaggedAttribute {
  std::size_t body_part_id = 0;
  OID attr_type;
  std::vector<BER_Object> attr_values;
};

struct TaggedCertificationRequest {
  std::size_t body_part_id = 0;
  BER_Object certification_request;
};

using TaggedRequest = std::variant<TaggedCertificationRequest, BER_Object>;  // the other kinds undecoded

struct TaggedContentInfo {
  std::size_t body_part_id = 0;
  ContentInfo content_info;
};

struct OtherMsg {
  std::size_t body_part_id = 0;
  OID other_msg_type;
  BER_Object other_msg_value;
};

struct PKIData {
  std::vector<TaggedAttribute> control_sequence;
  std::vector<TaggedRequest> req_sequence;
  std::vector<TaggedContentInfo> cms_sequence;
  std::vector<OtherMsg> other_msg_sequence;
};

std::vector<BER_Object> objects(BER_Decoder from) {
  std::vector<BER_Object> result;
  while (from.more_items()) result.push_back(from.get_next_object());
  return result;
}

/// Whether the next element has this tag; if so it is in `object`, else it is still to be read.
bool take(BER_Decoder& from, int tag, Class tag_class, BER_Object& object) {
  object = from.get_next_object();
  if (object.is_a(tag, tag_class)) return true;
  from.push_back(std::move(object));
  return false;
}

template <class T>
std::vector<T> list(BER_Decoder& from, Type type, T (*decode_one)(BER_Decoder&)) {
  BER_Decoder elements = from.start_cons(type, universal);
  std::vector<T> result;
  while (elements.more_items()) result.push_back(decode_one(elements));
  elements.end_cons();
  return result;
}

ContentInfo decode_content_info(BER_Decoder& from) {
  ContentInfo info;
  from.start_cons(sequence, universal)
      .decode(info.content_type)
      .start_cons(Type(0), context)
      .get_next(info.content)
      .end_cons()
      .end_cons();
  return info;
}

Attribute decode_attribute(BER_Decoder& from) {
  Attribute attribute;
  BER_Decoder members = from.start_cons(sequence, universal);
  members.decode(attribute.type);
  attribute.values = objects(members.start_cons(set, universal));
  members.end_cons();
  return attribute;
}

SignerInfo decode_signer_info(BER_Decoder& from) {
  SignerInfo signer;
  BER_Decoder members = from.start_cons(sequence, universal);
  members.decode(signer.version);
  BER_Object object;
  if (take(members, 0, context, object)) {
    signer.sid = Octet(object.bits(), object.bits() + object.length());
  } else {
    IssuerAndSerialNumber sid;
    members.start_cons(sequence, universal).get_next(sid.issuer).decode(sid.serial_number).end_cons();
    signer.sid = std::move(sid);
  }
  members.decode(signer.digest_algorithm);
  if (take(members, 0, context_constructed, object)) signer.signed_attrs = std::move(object);
  members.decode(signer.signature_algorithm).decode(signer.signature, octet_string);
  if (take(members, 1, context_constructed, object)) {
    BER_Decoder attributes(std::move(object));
    while (attributes.more_items()) signer.unsigned_attrs.push_back(decode_attribute(attributes));
  }
  members.end_cons();
  return signer;
}

/// `members` is inside the SEQUENCE.
SignedData decode_signed_data(BER_Decoder members) {
  SignedData data;
  members.decode(data.version).decode_list(data.digest_algorithms, set);

  BER_Decoder encap = members.start_cons(sequence, universal);
  encap.decode(data.e_content_type);
  if (encap.more_items()) encap.start_cons(Type(0), context).decode(data.e_content, octet_string).end_cons();
  encap.end_cons();

  BER_Object object;
  if (take(members, 0, context_constructed, object)) data.certificates = objects(BER_Decoder(std::move(object)));
  if (take(members, 1, context_constructed, object)) data.crls = objects(BER_Decoder(std::move(object)));
  data.signer_infos = list<SignerInfo>(members, set, decode_signer_info);
  members.verify_end();
  return data;
}

TaggedAttribute decode_control(BER_Decoder& from) {
  TaggedAttribute control;
  BER_Decoder members = from.start_cons(sequence, universal);
  members.decode(control.body_part_id).decode(control.attr_type);
  control.attr_values = objects(members.start_cons(set, universal));
  members.end_cons();
  return control;
}

TaggedRequest decode_request(BER_Decoder& from) {
  BER_Object object = from.get_next_object();
  if (!object.is_a(0, context_constructed)) return object;
  TaggedCertificationRequest tcr;
  BER_Decoder(std::move(object)).decode(tcr.body_part_id).get_next(tcr.certification_request).verify_end();
  return tcr;
}

TaggedContentInfo decode_cms_part(BER_Decoder& from) {
  TaggedContentInfo part;
  BER_Decoder members = from.start_cons(sequence, universal);
  members.decode(part.body_part_id);
  part.content_info = decode_content_info(members);
  members.end_cons();
  return part;
}

OtherMsg decode_other_message(BER_Decoder& from) {
  OtherMsg message;
  from.start_cons(sequence, universal)
      .decode(message.body_part_id)
      .decode(message.other_msg_type)
      .get_next(message.other_msg_value)
      .end_cons();
  return message;
}

/// A PKIData, or a PKIResponse: that one has no requests.
PKIData decode_content(const Octet& content, bool has_requests) {
  PKIData data;
  BER_Decoder outer(content);
  BER_Decoder members = outer.start_cons(sequence, universal);
  data.control_sequence = list<TaggedAttribute>(members, sequence, decode_control);
  if (has_requests) data.req_sequence = list<TaggedRequest>(members, sequence, decode_request);
  data.cms_sequence = list<TaggedContentInfo>(members, sequence, decode_cms_part);
  data.other_msg_sequence = list<OtherMsg>(members, sequence, decode_other_message);
  members.end_cons();
  outer.verify_end();
  return data;
}

}  // namespace

BotanCounts botan_decode(Octets message) {
  static const OID pki_data("1.3.6.1.5.5.7.12.2");
  static const OID pki_response("1.3.6.1.5.5.7.12.3");
  BER_Decoder outer(message.data(), message.size());
  ContentInfo info = decode_content_info(outer);
  outer.verify_end();
  if (!info.content.is_a(sequence, universal_constructed)) return {};
  const SignedData data = decode_signed_data(BER_Decoder(std::move(info.content)));
  if (data.e_content_type != pki_data && data.e_content_type != pki_response) return {};
  const PKIData decoded = decode_content(data.e_content, data.e_content_type == pki_data);
  return {decoded.control_sequence.size(), decoded.req_sequence.size()};
}

const char* botan_version() {
  static const std::string version = Botan::short_version_string();
  return version.c_str();
}

}  // namespace cmcctl::bench
