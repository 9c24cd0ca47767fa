#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include <cmcctl/codec/tlv.hpp>

extern "C" {
struct asn_TYPE_descriptor_s;
}

/// The types of the ASN.1 modules as the codec sees them: asn1c's tables, read once and put into a shape that says
/// only what BER needs. schema.cpp is the one place that knows asn1c's own layout.
namespace cmcctl::schema {

enum class Kind : std::uint8_t {
  boolean,
  integer,
  enumerated,
  bit_string,
  octet_string,
  null,
  oid,
  utf8_string,
  other_string,  // every other character string
  time,
  sequence,
  sequence_of,
  set_of,
  choice,
  any,
  raw,  // Raw<Type>: a complete element that is decoded later as `target`
};

/// The universal type whose rules the contents of this kind follow under any tag; 0 where there are none to follow.
constexpr std::uint8_t contents_like(Kind kind) {
  switch (kind) {
    case Kind::boolean: return tlv::boolean;
    case Kind::integer:
    case Kind::enumerated: return tlv::integer;
    case Kind::bit_string: return tlv::bit_string;
    case Kind::null: return tlv::null;
    case Kind::oid: return tlv::oid;
    default: return 0;
  }
}

struct Type;

/// A member of a SEQUENCE, an alternative of a CHOICE, or the element of a list.
struct Member {
  std::string_view name;               // RFC spelling; empty for list elements
  const Type* type = nullptr;
  std::array<std::uint8_t, 4> tags{};  // identifier octets from outside in, without the constructed bit
  std::uint8_t tag_count = 0;          // 0: an untagged CHOICE or ANY
  bool optional = false;               // OPTIONAL or DEFAULT

  bool matches(std::uint8_t id) const;
  /// Nothing but a universal tag, or none at all: of these the scan has checked everything.
  bool plain() const { return tag_count == 0 || (tag_count == 1 && (tags[0] & 0xC0) == 0); }
};

struct Type {
  std::string_view name;
  Kind kind = Kind::any;
  Member self;                      // how the type stands on its own
  std::span<const Member> members;  // of a list: its element
  const Type* target = nullptr;     // of a Raw<Type>; nullptr for RawSequence and RawSet

  bool constructed() const { return kind >= Kind::sequence && kind <= Kind::set_of; }
};

/// The type behind one of asn1c's descriptors. Thread-safe; the first call reads all tables.
const Type& of(const asn_TYPE_descriptor_s& descriptor);

/// The type with this RFC name, or nullptr.
const Type* find(std::string_view name);

inline bool Member::matches(std::uint8_t id) const {
  if (tag_count != 0) return (id & 0xDF) == tags[0];
  if (type->kind == Kind::any) return true;
  for (const Member& alternative : type->members) {
    if (alternative.matches(id)) return true;
  }
  return false;
}

}  // namespace cmcctl::schema
