#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <cmcctl/codec/octets.hpp>
#include <cmcctl/codec/values.hpp>

#include "schema.hpp"

/// What `decode` and `encode` agree on: how the JSON of docs/json.md names types, tags, identifiers and side notes.
namespace cmcctl::json_form {

constexpr int version = 1;  // value of "$cmcctl"

// Side notes; docs/json.md tells what each is for.
namespace note {
constexpr std::string_view version = "$cmcctl";
constexpr std::string_view value = "$value";
constexpr std::string_view raw = "$raw";
constexpr std::string_view tag = "$tag";
constexpr std::string_view length = "$length";
constexpr std::string_view outer = "$outer";
constexpr std::string_view claims = "$claims";
constexpr std::string_view segments = "$segments";
constexpr std::string_view order = "$order";
constexpr std::string_view omit = "$omit";
constexpr std::string_view extra = "$extra";
constexpr std::string_view defaults = "$defaults";
constexpr std::string_view bare = "$bare";
constexpr std::string_view direct = "$direct";
constexpr std::string_view signed_part = "$signed";
}  // namespace note

constexpr std::string_view indefinite = "indefinite";
constexpr std::string_view kept = "kept";

/// A tag as in "SEQUENCE", "OCTET STRING", "[0]", "[APPLICATION 3]", "[UNIVERSAL 31]".
struct Tag {
  std::uint8_t class_bits = 0;
  std::uint32_t number = 0;
  friend bool operator==(const Tag&, const Tag&) = default;
};
std::string to_string(Tag tag);
std::optional<Tag> parse_tag(std::string_view text);

/// The type with this universal tag number that has a value in JSON; nullptr for SEQUENCE, SET and what is rare.
const schema::Type* universal_type(std::uint32_t number);

/// What is known about an identifier that occurs in a message.
struct OidFacts {
  std::string_view name;                   // that find_oid_by_name leads back from; never empty
  const schema::Type* governed = nullptr;  // the type of the value beside it
};
const OidFacts* oid_facts(Octets content);

/// The identifier whose values have this type, where there is just one; empty otherwise.
Octets oid_of_type(const schema::Type& type);

/// Members of a SEQUENCE that JSON treats in its own way; nullptr where the type has none.
struct SpecialMembers {
  const schema::Member* encoding = nullptr;     // an OCTET STRING that holds an encoding: eContent, extnValue
  const schema::Member* signed_part = nullptr;  // over it a signature or proof of possession is made
};
SpecialMembers special_members(const schema::Type& type);

/// What a list consists of: where the module has ANY because it keeps certificates and CRLs as they are, the CHOICE.
const schema::Member& element_of(const schema::Type& list);

/// The DEFAULT of a BOOLEAN or INTEGER member as contents octets; empty where the module has none.
Octets default_of(const schema::Type& parent, const schema::Member& member);

/// Whether content octets are a canonical encoding of the type, so that a JSON value can stand for them.
bool is_canonical_integer(Octets content);
bool is_canonical_oid(Octets content);

/// 16 hexadecimal digits. Not cryptographic: tells whether a part was edited, not by whom.
std::string fingerprint(Octets bytes);

}  // namespace cmcctl::json_form
