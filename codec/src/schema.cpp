#include "schema.hpp"

#include <cassert>
#include <deque>
#include <map>
#include <vector>

extern "C" {
#include <ANY.h>
#include <asn_application.h>
#include <constr_CHOICE.h>
#include <constr_SEQUENCE.h>
#include <constr_SEQUENCE_OF.h>
#include <constr_SET_OF.h>

extern asn_TYPE_descriptor_t* asn_pdu_collection[];  // every type of the modules, ended by a null pointer
}

namespace cmcctl::schema {
namespace {

constexpr std::uint8_t identifier(ber_tlv_tag_t tag) {
  return static_cast<std::uint8_t>((tag & 3) << 6 | tag >> 2);
}

Kind kind_of_universal(ber_tlv_tag_t number) {
  switch (number) {
    case 1: return Kind::boolean;
    case 2: return Kind::integer;
    case 3: return Kind::bit_string;
    case 4: return Kind::octet_string;
    case 5: return Kind::null;
    case 6: return Kind::oid;
    case 10: return Kind::enumerated;
    case 12: return Kind::utf8_string;
    case 23:
    case 24: return Kind::time;
    default: return Kind::other_string;
  }
}

Kind kind_of(const asn_TYPE_descriptor_t& descriptor) {
  if (std::string_view(descriptor.name).starts_with("Raw")) return Kind::raw;
  if (descriptor.ber_decoder == SEQUENCE_decode_ber) return Kind::sequence;
  if (descriptor.ber_decoder == CHOICE_decode_ber) return Kind::choice;
  if (descriptor.ber_decoder == SET_OF_decode_ber) {
    return descriptor.der_encoder == SET_OF_encode_der ? Kind::set_of : Kind::sequence_of;
  }
  // all_tags runs from the type's own tags down to those of what asn1c builds it on: the first universal one counts.
  for (int i = 0; i < descriptor.all_tags_count; ++i) {
    if ((descriptor.all_tags[i] & 3) == ASN_TAG_CLASS_UNIVERSAL) return kind_of_universal(descriptor.all_tags[i] >> 2);
  }
  return Kind::any;
}

class Registry {
 public:
  Registry() {
    for (asn_TYPE_descriptor_t** pdu = asn_pdu_collection; *pdu != nullptr; ++pdu) {
      const Type& type = read(**pdu);
      by_name_.emplace(type.name, &type);
    }
    for (const Type& type : types_) by_name_.emplace(type.name, &type);  // those asn1c brings along, and inline ones
    for (Type& type : types_) {
      if (type.kind == Kind::raw) type.target = find(type.name.substr(std::string_view("Raw").size()));
    }
  }

  const Type& at(const asn_TYPE_descriptor_t& descriptor) const {
    const auto found = by_descriptor_.find(&descriptor);
    assert(found != by_descriptor_.end());
    return *found->second;
  }

  const Type* find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
  }

 private:
  const Type& read(asn_TYPE_descriptor_t& descriptor) {
    const auto [place, is_new] = by_descriptor_.emplace(&descriptor, nullptr);
    if (!is_new) return *place->second;
    Type& type = types_.emplace_back();
    place->second = &type;
    // A type that is another one by a new name takes over that one's tables only when it is first used: freeing
    // nothing is such a use. It is why the tables are read once, here, and not by every thread.
    descriptor.free_struct(&descriptor, nullptr, 0);
    type.name = descriptor.name;
    type.kind = kind_of(descriptor);
    type.self = member(descriptor);
    type.self.type = &type;

    std::vector<Member>& members = members_.emplace_back();
    members.reserve(static_cast<std::size_t>(descriptor.elements_count));
    for (int i = 0; i < descriptor.elements_count; ++i) members.push_back(member(descriptor.elements[i]));
    type.members = members;
    return type;
  }

  static Member member(const asn_TYPE_descriptor_t& descriptor) {
    Member self;
    for (int i = 0; i < descriptor.tags_count; ++i) add_tag(self, descriptor.tags[i]);
    return self;
  }

  Member member(const asn_TYPE_member_t& element) {
    Member result;
    result.name = element.name;
    result.type = &read(*element.type);
    result.optional = element.optional != 0;
    if (element.tag_mode != 0) add_tag(result, element.tag);
    for (int i = element.tag_mode < 0 ? 1 : 0; i < element.type->tags_count; ++i) {
      add_tag(result, element.type->tags[i]);
    }
    return result;
  }

  static void add_tag(Member& member, ber_tlv_tag_t tag) {
    assert(member.tag_count < member.tags.size());
    member.tags[member.tag_count++] = identifier(tag);
  }

  std::deque<Type> types_;
  std::deque<std::vector<Member>> members_;
  std::map<const asn_TYPE_descriptor_t*, Type*> by_descriptor_;
  std::map<std::string_view, const Type*> by_name_;
};

const Registry& registry() {
  static const Registry instance;
  return instance;
}

}  // namespace

const Type& of(const asn_TYPE_descriptor_s& descriptor) { return registry().at(descriptor); }

const Type* find(std::string_view name) { return registry().find(name); }

}  // namespace cmcctl::schema
