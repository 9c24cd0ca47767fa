#include <cmcctl/codec/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <cmcctl/codec/message.hpp>
#include <cmcctl/codec/text.hpp>

#include "json_form.hpp"
#include "json_octets.hpp"
#include "json_text.hpp"
#include "open_types.hpp"
#include "short_pki_data.hpp"
#include "summary.hpp"
#include <cmcctl/codec/tlv.hpp>
#include "writer.hpp"

namespace cmcctl {
namespace {

using json_form::OidFacts;
using json_form::Tag;
using schema::Kind;
using schema::Member;
using schema::Type;
namespace note = json_form::note;

// An element as it stands in the input, BER or DER. The scan has accepted it.
struct Element {
  const std::uint8_t* start = nullptr;
  Octets content;
  const std::uint8_t* end = nullptr;  // behind the end-of-contents octets, too
  std::uint8_t id = 0;
  bool indefinite = false;
  std::uint8_t length_octets = 1;

  Octets whole() const { return Octets(start, end); }
  bool constructed() const { return tlv::is_constructed(id); }
};

const std::uint8_t* skip_tag(const std::uint8_t* p) {
  if ((*p++ & tlv::number_bits) == tlv::number_bits) {
    while ((*p++ & 0x80) != 0) {
    }
  }
  return p;
}

// Behind the end-of-contents octets that end what starts at `p`.
const std::uint8_t* skip_indefinite(const std::uint8_t* p) {
  for (std::size_t open = 1; open != 0;) {
    if (p[0] == 0 && p[1] == 0) {
      p += 2;
      --open;
      continue;
    }
    p = skip_tag(p);
    std::size_t length = *p++;
    if (length == 0x80) {
      ++open;
      continue;
    }
    if (length > 0x80) {
      std::size_t octets = length & 0x7F;
      for (length = 0; octets-- != 0;) length = length << 8 | *p++;
    }
    p += length;
  }
  return p;
}

Element read_element(const std::uint8_t* p) {
  Element element;
  element.start = p;
  element.id = *p;
  p = skip_tag(p);
  std::size_t length = *p++;
  if (length == 0x80) {
    element.indefinite = true;
    element.end = skip_indefinite(p);
    element.content = Octets(p, element.end - 2);
    return element;
  }
  if (length > 0x80) {
    element.length_octets = static_cast<std::uint8_t>(1 + (length & 0x7F));
    length = 0;
    for (unsigned i = 1; i < element.length_octets; ++i) length = length << 8 | *p++;
  }
  element.content = Octets(p, p + length);
  element.end = p + length;
  return element;
}

std::uint8_t shortest_length(std::size_t length) {
  std::uint8_t octets = 1;
  if (length >= 0x80) {
    for (; length != 0; length >>= 8) ++octets;
  }
  return octets;
}

bool has_plain_length(const Element& element) {
  return !element.indefinite && element.length_octets == shortest_length(element.content.size());
}

Tag tag_of(const Element& element) {
  Tag tag{static_cast<std::uint8_t>(element.id & tlv::class_bits),
          static_cast<std::uint32_t>(element.id & tlv::number_bits)};
  if (tag.number == tlv::number_bits) {
    tag.number = 0;
    for (const std::uint8_t* p = element.start + 1;; ++p) {
      tag.number = tag.number << 7 | (*p & 0x7Fu);
      if ((*p & 0x80) == 0) break;
    }
  }
  return tag;
}

// What is not canonical about an element and the EXPLICIT tags around it.
struct Notes {
  const Element* outer = nullptr;  // `outer_count` of them, from outside in
  std::size_t outer_count = 0;
  const Element* length = nullptr;
  const std::vector<std::size_t>* segments = nullptr;
  bool keep_order = false;
  bool direct = false;

  bool any() const { return outer_count != 0 || length != nullptr || segments != nullptr || keep_order || direct; }
};

class MessageWriter {
 public:
  MessageWriter(std::ostream& out, Decoder& decoder, bool indent)
      : json_(out, indent), decoder_(decoder), ber_(decoder.saw_ber()) {}

  void document(Octets bytes, const Type* type) {
    const Element element = read_element(bytes.data());
    json_.begin_object();
    json_.key(note::version);
    json_.number(json_form::version);
    if (type == nullptr || !type->self.matches(element.id)) {
      generic_members(element);
    } else {
      json_.key(type->name);
      place(type->self, element);
    }
    json_.end_object();
    json_.finish();
  }

 private:
  // --- An element in its place -------------------------------------------------------------------------------------

  void place(const Member& member, const Element& element, const Type* governed = nullptr, bool wraps = false) {
    if (!member.matches(element.id)) return unfit(member, element, wraps);
    if (!wraps && is_plain_leaf(member, element)) return leaf_value(*member.type, element.content);
    if (!place_typed(member, element, governed, wraps)) unfit(member, element, wraps);
  }

  // What nearly every element is: primitive, with one tag, nothing to be noted.
  bool is_plain_leaf(const Member& member, const Element& element) {
    return member.type->kind < Kind::sequence && member.tag_count == 1 && !element.constructed() &&
           has_plain_length(element) && representable(*member.type, element.content);
  }

  // An element that is not what should stand there. Where something would be put around it, `$bare` prevents that.
  void unfit(const Member& member, const Element& element, bool wraps) {
    json_.begin_object();
    const bool untagged = member.type->kind == Kind::any || member.type->kind == Kind::choice;
    if (wraps || (untagged && member.tag_count != 0)) {
      json_.key(note::bare);
      json_.raw("true");
    }
    generic_members(element);
    json_.end_object();
  }

  // False, and nothing written, when tags or contents are not what the module says.
  bool place_typed(const Member& member, const Element& element, const Type* governed, bool wraps) {
    const Kind kind = member.type->kind;
    const Type* type = kind == Kind::raw ? member.type->target : member.type;
    if (type == nullptr) return false;
    Notes notes;
    if (const std::size_t tags = outer_tags(member); tags != 0) {
      return place_inside(member, tags, *type, element, notes, governed, wraps);
    }
    return place_inner(*type, element, notes, governed, wraps);
  }

  bool place_inner(const Type& type, const Element& element, Notes& notes, const Type* governed, bool wraps) {
    if (!has_plain_length(element)) notes.length = &element;
    ++depth_;
    const bool done = typed(type, element, notes, governed, wraps);
    --depth_;
    return done;
  }

  // As place_inner, from outside the EXPLICIT tags.
  bool place_inside(const Member& member, std::size_t tags, const Type& type, const Element& element, Notes& notes,
                    const Type* governed, bool wraps) {
    bool noteworthy = false;
    Element inner = element;
    for (std::size_t i = 0; i < tags; ++i) {
      if (!inner.constructed() || inner.content.empty()) return false;
      noteworthy = noteworthy || !has_plain_length(inner);
      const Octets around = inner.content;
      inner = read_element(around.data());
      if (inner.end != around.end_ptr()) return false;
      if (i + 1 < member.tag_count && (inner.id & 0xDF) != member.tags[i + 1]) return false;
    }
    std::vector<Element> outer;
    if (noteworthy) {
      outer = elements_around(element, tags);
      notes.outer = outer.data();
      notes.outer_count = tags;
    }
    depth_ += tags;
    const bool done = place_inner(type, inner, notes, governed, wraps);
    depth_ -= tags;
    return done;
  }

  // From outside in.
  static std::vector<Element> elements_around(const Element& outermost, std::size_t count) {
    std::vector<Element> around{outermost};
    while (around.size() != count) around.push_back(read_element(around.back().content.data()));
    return around;
  }

  // False, and nothing written, when the element is not what the type says.
  bool typed(const Type& type, const Element& element, Notes& notes, const Type* governed, bool wraps) {
    switch (type.kind) {
      case Kind::sequence:
        return element.constructed() && (sequence(type, element, notes), true);
      case Kind::sequence_of:
      case Kind::set_of:
        return element.constructed() && (list(type, element, notes, governed), true);
      case Kind::choice:
        return choice(type, element, notes);
      case Kind::any:
        return any(element, notes, governed, wraps);
      default:
        return leaf(type, element, notes, governed, wraps);
    }
  }

  void sequence(const Type& type, const Element& element, const Notes& notes) {
    json_.begin_object();
    write_notes(notes);
    members(type, element);
    json_.end_object();
  }

  void members(const Type& type, const Element& element) {
    const std::uint8_t* p = element.content.begin_ptr();
    const std::uint8_t* const end = element.content.end_ptr();
    const Type* governed = nullptr;
    Octets governing;
    const auto lists = short_lists(type, element);
    const json_form::SpecialMembers special = json_form::special_members(type);
    Octets signed_part;
    std::uint64_t omitted = 0;  // bit i: member i
    std::uint64_t defaults = 0;
    for (std::size_t i = 0; i < type.members.size(); ++i) {
      const Member& member = type.members[i];
      const bool absent = p == end || (lists && lists->lists[i].empty()) || !stands_here(type, i, *p);
      if (absent) {
        if (!member.optional) omitted |= std::uint64_t{1} << i;
        continue;
      }
      const Element value = lists ? read_element(lists->lists[i].data()) : read_element(p);
      p = lists ? end : value.end;
      if (is_default(type, member, value)) defaults |= std::uint64_t{1} << i;
      json_.key(member.name);
      const bool wraps = &member == special.encoding;
      const Type* type_of_value = governed;
      if (type_of_value == nullptr && member.type->kind == Kind::any)
        type_of_value = type_by_place(type, member, value, governing);
      place(member, value, type_of_value, wraps);
      if (&member == special.signed_part) signed_part = value.whole();
      if (member.type->kind == Kind::oid && value.id == tlv::oid) {
        governing = value.content;
        const OidFacts* facts = facts_of(governing);
        governed = facts != nullptr ? facts->governed : governed_type(Oid{governing});
      }
    }
    if (omitted != 0) name_list(note::omit, type, omitted);
    if (defaults != 0) name_list(note::defaults, type, defaults);
    if (p != end) extra(p, end);
    if (!signed_part.empty()) {
      json_.key(note::signed_part);
      json_.text(json_form::fingerprint(signed_part));
    }
  }

  static bool is_default(const Type& type, const Member& member, const Element& value) {
    if (!member.optional) return false;
    const Octets absent = json_form::default_of(type, member);
    if (absent.empty()) return false;
    const bool in_explicit_tag = member.tag_count > 1;
    return (in_explicit_tag && value.constructed() ? read_element(value.content.data()).content : value.content) ==
           absent;
  }

  // Peers leave out empty lists of PKIData; which ones are there, their elements tell.
  std::optional<ShortPKIData> short_lists(const Type& type, const Element& element) {
    static const Type* const pki_data = schema::find("PKIData");
    if (&type != pki_data || element.content.empty() || ber_) return std::nullopt;
    return split_short_pki_data(element.whole());
  }

  // Whether the element with this identifier is taken for member i: it is, or nothing that follows would take it.
  static bool stands_here(const Type& type, std::size_t i, std::uint8_t id) {
    if (type.members[i].matches(id)) return true;
    if (type.members[i].optional) return false;
    for (std::size_t later = i + 1; later < type.members.size(); ++later) {
      if (type.members[later].matches(id)) return false;
    }
    return true;
  }

  // Where the module has ANY and no identifier tells: what peers are known to put there is told by its shape.
  static const Type* type_by_place(const Type& parent, const Member& member, const Element& value, Octets governing) {
    if (json_form::special_members(parent).encoding != &member) {
      return loose_type(parent, member, tlv::Element{value.id, value.whole(), value.content});
    }
    if (value.content.empty() || !is_id_data(Oid{governing})) return nullptr;
    const Element string = read_element(value.content.data());  // inside eContent's EXPLICIT tag
    return string.id == tlv::octet_string ? type_by_shape(string.content) : nullptr;
  }

  void extra(const std::uint8_t* p, const std::uint8_t* end) {
    json_.key(note::extra);
    json_.begin_array();
    while (p != end) {
      const Element element = read_element(p);
      generic(element);
      p = element.end;
    }
    json_.end_array();
  }

  void name_list(std::string_view note, const Type& type, std::uint64_t chosen) {
    json_.key(note);
    json_.begin_array();
    for (std::size_t i = 0; i < type.members.size(); ++i) {
      if ((chosen >> i & 1) != 0) json_.text(type.members[i].name);
    }
    json_.end_array();
  }

  void list(const Type& type, const Element& element, Notes& notes, const Type* governed) {
    notes.keep_order = type.kind == Kind::set_of && !sorted(element.content);
    open_value(notes);
    json_.begin_array();
    const Member& member = json_form::element_of(type);
    const std::uint8_t* const end = element.content.end_ptr();
    for (const std::uint8_t* p = element.content.begin_ptr(); p != end;) {
      const Element each = read_element(p);
      place(member, each, governed);
      p = each.end;
    }
    json_.end_array();
    close_value(notes);
  }

  static bool sorted(Octets content) {
    Octets previous;
    const std::uint8_t* const end = content.end_ptr();
    for (const std::uint8_t* p = content.begin_ptr(); p != end;) {
      const Element each = read_element(p);
      if (!previous.empty() && set_order(previous, each.whole()) > 0) return false;
      previous = each.whole();
      p = each.end;
    }
    return true;
  }

  bool choice(const Type& type, const Element& element, Notes& notes) {
    const Element* const own_length = notes.length;
    notes.length = nullptr;  // the alternative's
    for (const Member& alternative : type.members) {
      if (!alternative.matches(element.id)) continue;
      json_.begin_object();
      write_notes(notes);
      if (type.name == "OtherStatusInfo" && alternative.name == "pendInfo" && is_untagged_fail_info(element)) {
        untagged_fail_info(element);
      } else {
        json_.key(alternative.name);
        place(alternative, element);
      }
      json_.end_object();
      return true;
    }
    notes.length = own_length;
    return false;
  }

  // RFC 5272's ExtendedFailInfo stands, without its tag, where PendInfo is.
  static bool is_untagged_fail_info(const Element& element) {
    return element.id == tlv::sequence && !element.content.empty() && element.content[0] == tlv::oid;
  }

  void untagged_fail_info(const Element& element) {
    json_.key("extendedFailInfo");
    json_.begin_object();
    json_.key(note::tag);
    json_.text(json_form::to_string(Tag{0, tlv::sequence & tlv::number_bits}));
    Notes notes;
    if (!has_plain_length(element)) notes.length = &element;
    write_notes(notes);
    members(*schema::find("ExtendedFailInfo"), element);
    json_.end_object();
  }

  bool any(const Element& element, Notes& notes, const Type* governed, bool wraps) {
    if (wraps && is_octet_string(element)) {
      return leaf(*json_form::universal_type(tlv::octet_string), element, notes, governed, wraps);
    }
    Notes around;
    around.outer = notes.outer;
    around.outer_count = notes.outer_count;
    around.direct = wraps;
    json_.begin_object();
    write_notes(around);
    if (governed != nullptr && governed->self.matches(element.id)) {
      json_.key(governed->name);
      place(governed->self, element);
    } else {
      generic_members(element);
    }
    json_.end_object();
    return true;
  }

  static bool is_octet_string(const Element& element) { return (element.id & 0xDF) == tlv::octet_string; }

  // --- Leaves ------------------------------------------------------------------------------------------------------

  bool leaf(const Type& type, const Element& element, Notes& notes, const Type* governed, bool wraps) {
    Octets content = element.content;
    std::vector<std::size_t> segments;
    if (element.constructed()) {
      const bool string =
          type.kind == Kind::octet_string || type.kind == Kind::utf8_string || type.kind == Kind::other_string;
      if (!string || !join(element, content, segments)) return false;
      notes.segments = &segments;
    }
    if (!representable(type, content)) return false;
    if (wraps && contained(content, notes, governed)) return true;
    open_value(notes);
    leaf_value(type, content);
    close_value(notes);
    return true;
  }

  // The segments of a constructed string, put together; false when they are not plain OCTET STRINGs.
  bool join(const Element& element, Octets& content, std::vector<std::size_t>& segments) {
    std::size_t size = 0;
    const std::uint8_t* const end = element.content.end_ptr();
    for (const std::uint8_t* p = element.content.begin_ptr(); p != end;) {
      const Element segment = read_element(p);
      if (segment.id != tlv::octet_string || !has_plain_length(segment)) return false;
      segments.push_back(segment.content.size());
      size += segment.content.size();
      p = segment.end;
    }
    auto* const joined = decoder_.arena().allocate<std::uint8_t>(size);
    if (joined == nullptr) return false;
    std::uint8_t* to = joined;
    for (const std::uint8_t* p = element.content.begin_ptr(); p != end;) {
      const Element segment = read_element(p);
      to = std::copy(segment.content.begin(), segment.content.end(), to);
      p = segment.end;
    }
    content = Octets(joined, joined + size);
    return true;
  }

  // An OCTET STRING that holds an encoding: of a type that is known, or of any that is worth opening.
  bool contained(Octets content, const Notes& notes, const Type* governed) {
    if (content.empty()) return false;
    const bool known = governed != nullptr && governed->self.matches(content[0]);
    if (!known && !tlv::is_constructed(content[0])) return false;
    decoder_.set_depth(depth_);
    const auto scanned = decoder_.scan(content);
    if (!scanned) return false;
    const bool is_ber = scanned->der.data() != content.data();
    if (!known && is_ber) return false;  // one object cannot bear the notes of both elements
    json_.begin_object();
    write_notes(notes);
    const bool outer_ber = std::exchange(ber_, is_ber);
    if (known) {
      json_.key(governed->name);
      place(governed->self, read_element(content.data()));
    } else {
      generic_members(read_element(content.data()));
    }
    ber_ = outer_ber;
    json_.end_object();
    return true;
  }

  bool representable(const Type& type, Octets content) {
    switch (type.kind) {
      case Kind::boolean:
        return content.size() == 1;
      case Kind::integer:
      case Kind::enumerated:
        return json_form::is_canonical_integer(content);
      case Kind::bit_string:
        return !content.empty() && content[0] <= 7 && (content.size() > 1 || content[0] == 0);
      case Kind::null:
        return content.empty();
      case Kind::oid:
        return facts_of(content) != nullptr || json_form::is_canonical_oid(content);
      default:
        return true;
    }
  }

  void leaf_value(const Type& type, Octets content) {
    switch (type.kind) {
      case Kind::boolean:
        return boolean(content[0]);
      case Kind::integer:
      case Kind::enumerated:
        return integer(type.name, content);
      case Kind::bit_string:
        return bit_string(type.name, content);
      case Kind::null:
        return json_.null();
      case Kind::oid:
        return oid(content);
      case Kind::octet_string:
        return json_.hex(content);
      case Kind::time:
        return time(string_tag(type) == tlv::utc_time, content);
      default:
        return string(string_tag(type), content);
    }
  }

  static std::uint8_t string_tag(const Type& type) {
    return type.kind == Kind::utf8_string ? std::uint8_t{tlv::utf8_string} : type.self.tags[type.self.tag_count - 1u];
  }

  void boolean(std::uint8_t octet) {
    if (octet == 0x00) return json_.raw("false");
    if (octet == 0xFF) return json_.raw("true");
    json_.number(octet);
  }

  void integer(std::string_view type, Octets content) {
    const Integer integer{content};
    const auto small = integer.to_int64();
    constexpr std::int64_t exact = std::int64_t{1} << 53;  // what every reader of JSON keeps
    if (!small || *small > exact || *small < -exact) return large_integer(content);
    const auto names = number_names(type);
    const NamedNumber* named = names.empty() ? nullptr : find_number(names, *small);
    if (named != nullptr) return json_.text(named->name);
    json_.number(*small);
  }

  void large_integer(Octets content) {
    const bool negative = (content[0] & 0x80) != 0;
    std::vector<std::uint8_t> magnitude(content.begin(), content.end());
    if (negative) {
      unsigned carry = 1;
      for (std::size_t i = magnitude.size(); i-- != 0;) {
        carry += static_cast<std::uint8_t>(~magnitude[i]);
        magnitude[i] = static_cast<std::uint8_t>(carry);
        carry >>= 8;
      }
    } else if (magnitude[0] == 0) {
      magnitude.erase(magnitude.begin());
    }
    json_.begin_text(negative ? "-0x" : "0x");
    json_.hex_part(Octets(magnitude));
    json_.end_text();
  }

  void bit_string(std::string_view type, Octets content) {
    const unsigned unused = content[0];
    const Octets bytes = content.from(1);
    if (const auto names = bit_names(type); !names.empty() && are_named_bits(bytes, unused, names.size())) {
      json_.begin_array();
      for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        if ((bytes[bit / 8] & 0x80u >> bit % 8) != 0) json_.text(names[bit]);
      }
      return json_.end_array();
    }
    if (unused == 0) return json_.hex(bytes);
    json_.begin_object();
    json_.key("hex");
    json_.hex(bytes);
    json_.key("unused");
    json_.number(unused);
    json_.end_object();
  }

  // DER's form of a named bit list: no zero bits at the end, and every bit has a name.
  static bool are_named_bits(Octets bytes, unsigned unused, std::size_t names) {
    if (bytes.empty()) return true;
    if ((bytes.back() & ((1u << unused) - 1)) != 0 || (bytes.back() >> unused & 1) == 0) return false;
    return bytes.size() * 8 - unused <= names;
  }

  void oid(Octets content) {
    const OidFacts* facts = facts_of(content);
    json_.text(facts != nullptr ? facts->name : std::string_view(to_string(Oid{content})));
  }

  // An identifier is asked for twice in a row: for its name, and for what it governs.
  const OidFacts* facts_of(Octets content) {
    if (content.data() != latest_oid_) {
      latest_oid_ = content.data();
      latest_facts_ = json_form::oid_facts(content);
    }
    return latest_facts_;
  }

  void time(bool utc, Octets content) {
    if (content.size() != (utc ? 13 : 15) || content.back() != 'Z') return string(tlv::utf8_string, content);
    for (const std::uint8_t c : content.sub(0, content.size() - 1)) {
      if (c < '0' || c > '9') return string(tlv::utf8_string, content);
    }
    const std::string_view digits = content.chars();
    const std::size_t year = utc ? 2 : 4;
    json_.begin_text(!utc ? "" : digits[0] < '5' ? "20" : "19");
    json_.part(digits.substr(0, year));
    constexpr std::string_view marks = "--T::";
    for (std::size_t i = 0; i < marks.size(); ++i) {
      json_.part(marks.substr(i, 1));
      json_.part(digits.substr(year + 2 * i, 2));
    }
    json_.part("Z");
    json_.end_text();
  }

  void string(std::uint8_t tag_number, Octets content) {
    if (tag_number == 30) return bmp_string(content);
    if (JsonText::is_plain(content.chars())) return json_.text(content.chars());
    if (is_valid_utf8(content)) return json_.string(content.chars());
    hex_object(content);
  }

  void bmp_string(Octets content) {
    bool plain = content.size() % 2 == 0;
    for (std::size_t i = 0; plain && i < content.size(); i += 2) plain = (content[i] & 0xF8) != 0xD8;  // no surrogates
    if (!plain) return hex_object(content);
    json_.string(string_value(30, content));
  }

  void hex_object(Octets content) {
    json_.begin_object();
    json_.key("hex");
    json_.hex(content);
    json_.end_object();
  }

  // --- Without a type ----------------------------------------------------------------------------------------------

  void generic(const Element& element) {
    json_.begin_object();
    generic_members(element);
    json_.end_object();
  }

  void generic_members(const Element& element) {
    const Tag tag = tag_of(element);
    const Type* type = tag.class_bits == 0 ? json_form::universal_type(tag.number) : nullptr;
    if (!element.constructed() && type != nullptr && !representable(*type, element.content)) {
      json_.key(note::raw);
      return json_.hex(element.whole());
    }
    Notes notes;
    if (!has_plain_length(element)) notes.length = &element;
    write_notes(notes);
    json_.key(type != nullptr ? type->name : std::string_view(json_form::to_string(tag)));
    if (!element.constructed()) {
      if (type != nullptr) return leaf_value(*type, element.content);
      return json_.hex(element.content);
    }
    json_.begin_array();
    const std::uint8_t* const end = element.content.end_ptr();
    for (const std::uint8_t* p = element.content.begin_ptr(); p != end;) {
      const Element each = read_element(p);
      generic(each);
      p = each.end;
    }
    json_.end_array();
  }

  // --- Notes -------------------------------------------------------------------------------------------------------

  void open_value(const Notes& notes) {
    if (!notes.any()) return;
    json_.begin_object();
    write_notes(notes);
    json_.key(note::value);
  }
  void close_value(const Notes& notes) {
    if (notes.any()) json_.end_object();
  }

  void write_notes(const Notes& notes) {
    if (notes.any()) write_some(notes);
  }

  void write_some(const Notes& notes) {
    if (notes.outer_count != 0) {
      json_.key(note::outer);
      json_.begin_array();
      for (std::size_t i = 0; i < notes.outer_count; ++i) length_form(notes.outer[i]);
      json_.end_array();
    }
    if (notes.length != nullptr) {
      json_.key(note::length);
      length_form(*notes.length);
    }
    if (notes.direct) {
      json_.key(note::direct);
      json_.raw("true");
    }
    if (notes.keep_order) {
      json_.key(note::order);
      json_.text(json_form::kept);
    }
    if (notes.segments != nullptr) segment_sizes(*notes.segments);
  }

  void length_form(const Element& element) {
    if (element.indefinite) return json_.text(json_form::indefinite);
    if (has_plain_length(element)) return json_.null();
    json_.number(element.length_octets - 1);
  }

  // One number where all but the last are equal.
  void segment_sizes(const std::vector<std::size_t>& sizes) {
    json_.key(note::segments);
    bool equal = sizes.size() > 1 && sizes.back() != 0 && sizes.back() <= sizes.front() && sizes.front() != 0;
    for (std::size_t i = 0; equal && i + 1 < sizes.size(); ++i) equal = sizes[i] == sizes.front();
    if (equal) return json_.number(static_cast<std::int64_t>(sizes.front()));
    json_.begin_array();
    for (const std::size_t size : sizes) json_.number(static_cast<std::int64_t>(size));
    json_.end_array();
  }

  JsonText json_;
  Decoder& decoder_;
  bool ber_;               // some part of what is walked is BER
  std::size_t depth_ = 0;  // elements around
  const std::uint8_t* latest_oid_ = nullptr;
  const OidFacts* latest_facts_ = nullptr;
};

// The type of a message: nearly always ContentInfo, which its identifier gives away.
const Type* guess_type(Octets der, const Limits& limits) {
  const tlv::Element element = tlv::first(der);
  if (element.id != tlv::sequence || element.content.empty()) return nullptr;
  if (element.content[0] == tlv::oid) return schema::find("ContentInfo");
  Decoder decoder(limits);
  const auto message = open_message(decoder, der);
  return message ? schema::find(message->layer.path) : nullptr;
}

}  // namespace

Result<void> write_json(std::ostream& out, Octets element, const Limits& limits, const JsonOptions& options) {
  Decoder decoder(limits);
  decoder.reset(element);
  CMC_TRY(const Any scanned, decoder.scan(element));
  const Type* type = options.type.empty() ? guess_type(scanned.der, limits) : schema::find(options.type);
  if (type == nullptr && !options.type.empty()) {
    return Error{Errc::not_a_message, 0, {}, {}, "the modules have no type " + escape(options.type)};
  }
  MessageWriter(out, decoder, options.indent).document(element, type);
  return {};
}

}  // namespace cmcctl
