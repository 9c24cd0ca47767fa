#include "json_form.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <map>
#include <unordered_map>
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

struct ByContent {
  std::vector<std::vector<std::uint8_t>> contents;  // what the keys look into
  std::unordered_map<std::string_view, OidFacts> facts;
};

ByContent make_facts() {
  ByContent index;
  index.contents.reserve(oid_entries().size());
  for (const OidEntry& entry : oid_entries()) {
    const auto content = oid_content(entry.dotted);
    if (!content || find_oid_by_name(entry.name) != &entry) continue;
    index.contents.push_back(*content);
    const Octets octets(index.contents.back());
    index.facts.emplace(octets.chars(), OidFacts{entry.name, governed_type(Oid{octets})});
  }
  return index;
}

const ByContent& facts() {
  static const ByContent index = make_facts();
  return index;
}

std::map<const Type*, Octets> make_oids() {
  std::map<const Type*, Octets> oids;
  for (const auto& [content, known] : facts().facts) {
    if (known.governed == nullptr) continue;
    const auto [place, is_new] = oids.emplace(known.governed, Octets(content));
    if (!is_new) place->second = {};  // several: none of them
  }
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

const OidFacts* oid_facts(Octets content) {
  const auto found = facts().facts.find(content.chars());
  return found == facts().facts.end() ? nullptr : &found->second;
}

Octets oid_of_type(const Type& type) {
  static const auto oids = make_oids();
  const auto found = oids.find(&type);
  return found == oids.end() ? Octets() : found->second;
}

bool holds_encoding(const Type& parent, std::string_view member) {
  return (member == "eContent" && parent.name == "EncapsulatedContentInfo") ||
         (member == "extnValue" && parent.name == "Extension");
}

bool is_signed(const Type& parent, std::string_view member) {
  struct Row {
    std::string_view member;
    std::string_view parent;
  };
  static constexpr Row rows[]{{"eContent", "EncapsulatedContentInfo"},
                              {"signedAttrs", "SignerInfo"},
                              {"certificationRequestInfo", "CertificationRequest"},
                              {"certReq", "CertReqMsg"},
                              {"tbsCertificate", "Certificate"},
                              {"tbsCertList", "CertificateList"}};
  for (const Row& row : rows) {
    if (row.member == member && row.parent == parent.name) return true;
  }
  return false;
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

bool is_canonical_integer(Octets content) {
  Scan scan;
  bool ber_only = false;
  return check_primitive(tlv::integer, content, Limits{}, scan, ber_only);
}

bool is_canonical_oid(Octets content) {
  Scan scan;
  bool ber_only = false;
  return check_primitive(tlv::oid, content, Limits{}, scan, ber_only);
}

std::string fingerprint(Octets bytes) {
  constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;
  std::uint64_t hash = odd ^ bytes.size();
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ word) * odd;
    hash ^= hash >> 29;
  };
  std::size_t at = 0;
  for (; bytes.size() - at >= 8; at += 8) {
    std::uint64_t word = 0;
    for (int i = 7; i >= 0; --i) word = word << 8 | bytes[at + static_cast<std::size_t>(i)];
    mix(word);
  }
  for (; at < bytes.size(); ++at) mix(bytes[at]);
  std::array<std::uint8_t, 8> octets;
  for (std::uint8_t& octet : octets) {
    octet = static_cast<std::uint8_t>(hash);
    hash >>= 8;
  }
  return hex(Octets(octets));
}

}  // namespace cmcctl::json_form
