#include "json_form.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cstring>
#include <map>
#include <vector>

#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/limits.hpp>
#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/text.hpp>

#include "open_types.hpp"
#include "scan.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl::json_form {
namespace {

using schema::Member;
using schema::Type;

constexpr std::array<std::string_view, 31> universal_names{"",
                                                           "BOOLEAN",
                                                           "INTEGER",
                                                           "BIT STRING",
                                                           "OCTET STRING",
                                                           "NULL",
                                                           "OBJECT IDENTIFIER",
                                                           "ObjectDescriptor",
                                                           "EXTERNAL",
                                                           "REAL",
                                                           "ENUMERATED",
                                                           "EMBEDDED PDV",
                                                           "UTF8String",
                                                           "RELATIVE-OID",
                                                           "TIME",
                                                           "",
                                                           "SEQUENCE",
                                                           "SET",
                                                           "NumericString",
                                                           "PrintableString",
                                                           "TeletexString",
                                                           "VideotexString",
                                                           "IA5String",
                                                           "UTCTime",
                                                           "GeneralizedTime",
                                                           "GraphicString",
                                                           "VisibleString",
                                                           "GeneralString",
                                                           "UniversalString",
                                                           "CHARACTER STRING",
                                                           "BMPString"};

struct ClassName {
  std::uint8_t bits;
  std::string_view text;
};
constexpr ClassName class_names[]{{0x00, "UNIVERSAL "}, {0x40, "APPLICATION "}, {0xC0, "PRIVATE "}, {0x80, ""}};

class UniversalTypes {
 public:
  UniversalTypes() {
    using schema::Kind;
    set(tlv::boolean, Kind::boolean);
    set(tlv::integer, Kind::integer);
    set(tlv::bit_string, Kind::bit_string);
    set(tlv::octet_string, Kind::octet_string);
    set(tlv::null, Kind::null);
    set(tlv::oid, Kind::oid);
    set(tlv::enumerated, Kind::enumerated);
    set(tlv::utf8_string, Kind::utf8_string);
    set(tlv::utc_time, Kind::time);
    set(tlv::generalized_time, Kind::time);
    for (const std::uint8_t tag : std::to_array<std::uint8_t>({7, 18, 19, 20, 21, 22, 25, 26, 27, 28, 30}))
      set(tag, Kind::other_string);
  }

  const Type* find(std::uint32_t number) const {
    return number < types_.size() && types_[number].self.tag_count != 0 ? &types_[number] : nullptr;
  }

 private:
  void set(std::uint8_t tag, schema::Kind kind) {
    Type& type = types_[tag];
    type.name = universal_names[tag];
    type.kind = kind;
    type.self.type = &type;
    type.self.tags[0] = tag;
    type.self.tag_count = 1;
  }

  std::array<Type, 31> types_{};
};

// One load, as compilers see it.
std::uint64_t little_endian_word(const std::uint8_t* p) {
  return std::uint64_t{p[0]} | std::uint64_t{p[1]} << 8 | std::uint64_t{p[2]} << 16 | std::uint64_t{p[3]} << 24 |
         std::uint64_t{p[4]} << 32 | std::uint64_t{p[5]} << 40 | std::uint64_t{p[6]} << 48 | std::uint64_t{p[7]} << 56;
}

// The identifiers that have names, by their contents octets: a table with open addressing, as this is asked for every
// identifier of a message.
class OidTable {
 public:
  OidTable() : slots_(slot_count) {
    contents_.reserve(oid_entries().size());
    assert(oid_entries().size() < slot_count / 2);
    for (const OidEntry& entry : oid_entries()) {
      const auto content = oid_content(entry.dotted);
      if (!content || find_oid_by_name(entry.name) != &entry) continue;
      contents_.push_back(*content);
      const Octets octets(contents_.back());
      slots_[place_of(octets)] = {octets, {entry.name, governed_type(Oid{octets})}};
    }
  }

  const OidFacts* find(Octets content) const {
    const Slot& slot = slots_[place_of(content)];
    return slot.content.empty() ? nullptr : &slot.facts;
  }

  template <class Visit>
  void each(Visit visit) const {
    for (const Slot& slot : slots_) {
      if (!slot.content.empty()) visit(slot.content, slot.facts);
    }
  }

 private:
  struct Slot {
    Octets content;  // empty: nobody's
    OidFacts facts;
  };

  // Where it stands, or would.
  std::size_t place_of(Octets content) const {
    std::size_t place = hash(content) % slot_count;
    while (!slots_[place].content.empty() && !(slots_[place].content == content)) place = (place + 1) % slot_count;
    return place;
  }

  // The last octets tell identifiers apart.
  static std::size_t hash(Octets content) {
    std::uint64_t tail = 0;
    if (content.size() >= sizeof tail) {
      tail = little_endian_word(content.end_ptr() - sizeof tail);
    } else {
      for (const std::uint8_t octet : content) tail = tail << 8 | octet;
    }
    return static_cast<std::size_t>(tail * 0x9E3779B97F4A7C15 >> 48);
  }

  static constexpr std::size_t slot_count = 4'096;
  std::vector<std::vector<std::uint8_t>> contents_;  // what the slots look into
  std::vector<Slot> slots_;
};

const OidTable& oid_facts_table() {
  static const OidTable table;
  return table;
}

std::map<const Type*, Octets> make_oids() {
  std::map<const Type*, Octets> oids;
  oid_facts_table().each([&](Octets content, const OidFacts& known) {
    if (known.governed == nullptr) return;
    const auto [place, is_new] = oids.emplace(known.governed, content);
    if (!is_new) place->second = {};  // several: none of them
  });
  return oids;
}

}  // namespace

std::string to_string(Tag tag) {
  if (tag.class_bits == 0 && tag.number < universal_names.size() && !universal_names[tag.number].empty()) {
    return std::string(universal_names[tag.number]);
  }
  for (const ClassName& name : class_names) {
    if (name.bits == tag.class_bits) return "[" + std::string(name.text) + std::to_string(tag.number) + "]";
  }
  return {};
}

std::optional<Tag> parse_tag(std::string_view text) {
  for (std::uint32_t number = 1; number < universal_names.size(); ++number) {
    if (universal_names[number] == text && !text.empty()) return Tag{0, number};
  }
  if (text.size() < 3 || text.front() != '[' || text.back() != ']') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  for (const ClassName& name : class_names) {
    if (!text.starts_with(name.text)) continue;
    text.remove_prefix(name.text.size());
    Tag tag{name.bits, 0};
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), tag.number);
    if (error != std::errc{} || rest != text.data() + text.size() || tag.number >= 1u << 28) return std::nullopt;
    return tag;
  }
  return std::nullopt;
}

const Type* universal_type(std::uint32_t number) {
  static const UniversalTypes types;
  return types.find(number);
}

const OidFacts* oid_facts(Octets content) { return oid_facts_table().find(content); }

Octets oid_of_type(const Type& type) {
  static const auto oids = make_oids();
  const auto found = oids.find(&type);
  return found == oids.end() ? Octets() : found->second;
}

SpecialMembers special_members(const Type& type) {
  struct Row {
    Row(std::string_view name, std::string_view encoding, std::string_view signed_part)
        : type(schema::find(name)), members{member(encoding), member(signed_part)} {}

    const Member* member(std::string_view name) const {
      const auto found = std::ranges::find(type->members, name, &Member::name);
      return found == type->members.end() ? nullptr : &*found;
    }

    const Type* type;
    SpecialMembers members;
  };
  static const Row rows[]{{"EncapsulatedContentInfo", "eContent", "eContent"},
                          {"Extension", "extnValue", ""},
                          {"SignerInfo", "", "signedAttrs"},
                          {"CertificationRequest", "", "certificationRequestInfo"},
                          {"CertReqMsg", "", "certReq"},
                          {"Certificate", "", "tbsCertificate"},
                          {"CertificateList", "", "tbsCertList"}};
  static const auto types = [] {
    std::array<const Type*, std::size(rows)> found{};
    std::ranges::transform(rows, found.begin(), &Row::type);
    return found;
  }();
  const auto place = std::find(types.begin(), types.end(), &type);
  return place == types.end() ? SpecialMembers() : rows[place - types.begin()].members;
}

const Member& element_of(const Type& list) {
  struct Open {
    const Type* list;
    const Type* element;
  };
  static const Open open[]{{schema::find("CertificateSet"), schema::find("CertificateChoices")},
                           {schema::find("RevocationInfoChoices"), schema::find("RevocationInfoChoice")}};
  for (const Open& row : open) {
    if (row.list == &list) return row.element->self;
  }
  return list.members[0];
}

Octets default_of(const Type& parent, const Member& member) {
  static constexpr std::uint8_t zero[]{0x00};
  static constexpr std::uint8_t all[]{0xFF};
  if (!member.optional) return {};
  // Every optional BOOLEAN of the modules has a DEFAULT, and all but this one are FALSE.
  if (member.type->kind == schema::Kind::boolean) return member.name == "replace" ? Octets(all) : Octets(zero);
  const bool number = (member.name == "version" && parent.name == "TBSCertificate") ||
                      (member.name == "minimum" && parent.name == "GeneralSubtree");
  return number ? Octets(zero) : Octets();
}

namespace {

bool is_canonical(std::uint8_t id, Octets content) {
  static constexpr Limits usual;
  Scan scan;
  bool ber_only = false;
  return check_primitive(id, content, usual, scan, ber_only);
}

}  // namespace

bool is_canonical_integer(Octets content) {
  return is_canonical(tlv::integer, content);
}

bool is_canonical_oid(Octets content) {
  return is_canonical(tlv::oid, content);
}

std::string fingerprint(Octets bytes) {
  constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;
  std::uint64_t hash = odd ^ bytes.size();
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ word) * odd;
    hash ^= hash >> 29;
  };
  std::size_t at = 0;
  for (; bytes.size() - at >= 8; at += 8) mix(little_endian_word(bytes.data() + at));
  for (; at < bytes.size(); ++at) mix(bytes[at]);
  std::array<std::uint8_t, 8> octets;
  for (std::uint8_t& octet : octets) {
    octet = static_cast<std::uint8_t>(hash);
    hash >>= 8;
  }
  return hex(Octets(octets));
}

}  // namespace cmcctl::json_form
