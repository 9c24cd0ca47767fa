#include <cmcctl/codec/json.hpp>

#include <algorithm>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include <cmcctl/codec/text.hpp>

#include "json_fill.hpp"
#include "json_form.hpp"
#include "json_frame.hpp"
#include "json_leaf.hpp"
#include "json_octets.hpp"
#include "json_position.hpp"
#include "open_types.hpp"
#include "scan.hpp"
#include "summary.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {

using json_form::Tag;
using schema::Kind;
using schema::Member;
using schema::Type;
namespace note = json_form::note;

const Type* JsonPosition::type() const {
  if (tag) return tag->class_bits == 0 ? json_form::universal_type(tag->number) : nullptr;
  if (member == nullptr) return nullptr;
  if (member->type->kind == Kind::raw) return member->type->target;
  return wraps && member->type->kind == Kind::any ? json_form::universal_type(tlv::octet_string) : member->type;
}

std::size_t JsonPosition::outer_tags() const { return tag || member == nullptr ? 0 : cmcctl::outer_tags(*member); }

namespace {

using Shape = JsonFrame::Shape;
using Json = nlohmann::json;

bool is_note(std::string_view key) { return key.starts_with('$'); }
bool is_type(std::string_view key) { return !key.empty() && (key[0] == '[' || (key[0] >= 'A' && key[0] <= 'Z')); }

std::string in_quotes(std::string_view text) { return "\"" + escape(text, 80) + "\""; }

/// Gets the pieces of the JSON in their order and writes octets as soon as a value is complete. A false return ends the
/// parsing; error() tells why.
class MessageReader : public nlohmann::json_sax<Json> {
 public:
  MessageReader(const PositionedText& text, const Limits& limits) : text_(text), limits_(limits) {}

  Error& error() { return error_; }
  JsonMessage& message() { return message_; }

  bool null() override { return scalar({}); }
  bool boolean(bool value) override { return scalar({JsonScalar::Kind::boolean, value ? 1 : 0}); }
  bool number_integer(std::int64_t value) override { return scalar({JsonScalar::Kind::number, value}); }
  bool number_unsigned(std::uint64_t value) override {
    if (value <= INT64_MAX) return number_integer(static_cast<std::int64_t>(value));
    const std::string digits = std::to_string(value);
    return scalar({JsonScalar::Kind::number, 0, digits, true});
  }
  bool number_float(double, const std::string& digits) override {
    return scalar({JsonScalar::Kind::number, 0, digits, true});
  }
  bool string(std::string& text) override { return scalar({JsonScalar::Kind::text, 0, text}); }
  bool binary(Json::binary_t&) override { return fail("binary data"); }

  bool start_object(std::size_t) override;
  bool key(std::string& key) override;
  bool end_object() override;
  bool start_array(std::size_t) override;
  bool end_array() override;
  bool parse_error(std::size_t, const std::string&, const Json::exception& error) override;

 private:
  bool fail(std::string detail, std::size_t back = 0);
  std::string path() const;

  bool begin(JsonFrame frame);
  void begin_element(JsonFrame& array);
  bool scalar(const JsonScalar& scalar);
  bool place(const JsonPosition& position, const JsonScalar& scalar);
  void govern(JsonFrame& frame, std::size_t oid);
  bool by_name(const JsonPosition& position, const Type& choice, const JsonScalar& scalar);
  bool algorithm(const JsonPosition& position, std::string_view name);
  void around(const JsonPosition& position, std::size_t start);
  bool delivered();

  bool note_key(JsonFrame& frame, std::string_view key);
  bool note_scalar(JsonFrame& frame, const JsonScalar& scalar);
  bool note_item(JsonFrame& frame, const JsonScalar& scalar);
  bool type_key(JsonFrame& frame, std::string_view key);
  bool member_key(JsonFrame& frame, std::string_view key);
  bool leaf_key(JsonFrame& frame, std::string_view key);
  bool leaf_scalar(JsonFrame& frame, const JsonScalar& scalar);
  bool length_form(const JsonScalar& scalar, LengthForm& form);

  bool finish_members(JsonFrame& frame);
  bool fill_members(JsonFrame& frame);
  bool is_default(const JsonFrame& frame, const Member& member, std::size_t start) const;
  void check_signed(const JsonFrame& frame);
  void finish_list(JsonFrame& frame);
  bool finish_bits(const JsonFrame& frame);
  bool finish_octets(JsonFrame& frame);
  bool finish_element(JsonFrame& frame);
  bool note_body_part_id(const JsonFrame& frame, const JsonScalar& scalar);
  std::optional<OctetBuffer> next_body_part_id(const Type& type, const Member& member);
  Octets chunk(const JsonFrame& frame, std::size_t index) const;
  Octets scanned_member(const JsonFrame& frame, std::string_view name) const;

  struct BodyParts {  // of one PKIData or PKIResponse
    std::size_t frame;
    std::set<std::int64_t> given;
    std::set<std::int64_t> filled_in;
    std::int64_t next = 1;
  };

  const PositionedText& text_;
  const Limits& limits_;
  JsonMessage message_;
  std::vector<JsonFrame> frames_;
  std::vector<BodyParts> body_parts_;
  bool noted_ = false;  // the element that was delivered last has been written as notes asked for
  bool complete_ = false;
  Error error_;
};

// --- Where we are ---------------------------------------------------------------------------------------------------

std::string MessageReader::path() const {
  std::string path;
  for (const JsonFrame& frame : frames_) {
    if (frame.array) {
      path += "[" + std::to_string(frame.index) + "]";
    } else if (!frame.key.empty() && !(is_note(frame.key) && &frame != &frames_.back())) {
      path += (path.empty() ? "" : ".") + escape(frame.key, 80);
    }
  }
  return path;
}

bool MessageReader::fail(std::string detail, std::size_t back) {
  error_ = Error{Errc::bad_json, text_.offset(), path(), {}, text_.place(back) + ": " + std::move(detail)};
  return false;
}

bool MessageReader::parse_error(std::size_t, const std::string&, const Json::exception& error) {
  // "[json.exception.parse_error.101] parse error at line 2, column 1: syntax error while …": from the last part on.
  std::string_view what = error.what();
  const std::size_t column = what.find("column ");
  const std::size_t colon = column == std::string_view::npos ? column : what.find(": ", column);
  if (colon != std::string_view::npos) what.remove_prefix(colon + 2);
  return fail(escape(what, 200));
}

// --- Positions ------------------------------------------------------------------------------------------------------

std::string wanted(const JsonPosition& position) {
  const Type* type = position.type();
  if (type == nullptr) {
    if (position.tag) return "an array of elements, or hexadecimal";
    return "an object that names the type: {\"UTF8String\": …}, {\"SEQUENCE\": […]}, {\"[0]\": …}";
  }
  const std::string name(type->name);
  switch (type->kind) {
    case Kind::sequence:
      return "an object: " + name;
    case Kind::sequence_of:
    case Kind::set_of:
      return "an array: " + name;
    case Kind::any:
      return "an object that names the type: {\"UTF8String\": …}, {\"SEQUENCE\": […]}, {\"[0]\": …}";
    case Kind::choice: {
      std::string text = "an object with one of the members of " + name + ":";
      for (const Member& member : type->members) text += " " + std::string(member.name);
      return text;
    }
    default:
      return name;
  }
}

// An ANY without tags around it may be given as a plain value of the type that the identifier beside it stands for.
const Member* known_type(const Member* member, const Type* governed) {
  const bool open =
      member != nullptr && governed != nullptr && member->type->kind == Kind::any && member->tag_count == 0;
  return open ? &governed->self : member;
}

JsonPosition element_position(const JsonFrame& array) {
  return {array.shape == Shape::elements ? known_type(array.element, array.governed) : nullptr, {}, false};
}

bool MessageReader::begin(JsonFrame frame) {
  if (complete_) return fail("something follows the message");
  if (frames_.size() > 8 * limits_.depth) return fail("nested too deep; limit depth");
  frame.start = message_.bytes.size();
  if (frames_.empty()) {
    if (frame.array) return fail("expected an object: {\"ContentInfo\": …}");
  } else {
    JsonFrame& parent = frames_.back();
    if (parent.array) {
      if (parent.shape != Shape::elements) return fail("expected a plain value in this array");
      begin_element(parent);
      frame.position = element_position(parent);
    } else {
      if (frame.array) frame.governed = parent.governed;
      frame.position = parent.of_key;
    }
  }
  frames_.push_back(std::move(frame));
  return true;
}

// The elements of a SET OF are put into order at its end.
void MessageReader::begin_element(JsonFrame& array) {
  if (array.type != nullptr && array.type->kind == Kind::set_of)
    array.chunks.push_back({array.index, message_.bytes.size()});
}

bool MessageReader::start_object(std::size_t) {
  if (!frames_.empty() && !frames_.back().array && is_note(frames_.back().key) && frames_.back().key != note::value) {
    return fail("expected no object in a side note");
  }
  JsonFrame frame;
  if (!begin(std::move(frame))) return false;
  const Type* type = frames_.back().position.type();
  if (type != nullptr && (type->name == "PKIData" || type->name == "PKIResponse")) {
    body_parts_.push_back({frames_.size(), {}, {}});
  }
  return true;
}

bool MessageReader::start_array(std::size_t) {
  JsonFrame frame;
  frame.array = true;
  if (!frames_.empty() && !frames_.back().array && is_note(frames_.back().key) && frames_.back().key != note::value) {
    const std::string_view key = frames_.back().key;
    if (key == note::segments) frames_.back().notes.segments.emplace();
    frame.shape = key == note::outer      ? Shape::lengths
                  : key == note::segments ? Shape::sizes
                  : key == note::extra    ? Shape::elements
                                          : Shape::names;
    return begin(std::move(frame));
  }
  frame.shape = Shape::elements;
  if (!begin(std::move(frame))) return false;
  JsonFrame& begun = frames_.back();
  const Type* type = begun.position.type();
  if (begun.position.tag) return true;
  if (type != nullptr && (type->kind == Kind::sequence_of || type->kind == Kind::set_of)) {
    begun.element = &json_form::element_of(*type);
    begun.type = type;
    return true;
  }
  if (type != nullptr && type->kind == Kind::bit_string && !bit_names(type->name).empty()) {
    begun.shape = Shape::bits;
    return true;
  }
  return fail("expected " + wanted(begun.position) + ", found an array");
}

// --- Scalars --------------------------------------------------------------------------------------------------------

bool MessageReader::scalar(const JsonScalar& scalar) {
  if (frames_.empty()) return fail("expected an object: {\"ContentInfo\": …}");
  JsonFrame& frame = frames_.back();
  if (frame.array) {
    if (frame.shape != Shape::elements) return note_item(frame, scalar);
    begin_element(frame);
    const bool absent = scalar.kind == JsonScalar::Kind::null;
    return place(absent ? JsonPosition{frame.element, {}, false} : element_position(frame), scalar) && delivered();
  }
  if (frame.shape == Shape::octets) return leaf_scalar(frame, scalar);
  if (is_note(frame.key) && frame.key != note::value) return note_scalar(frame, scalar);
  if (frame.shape != Shape::members) return place(frame.of_key, scalar) && delivered();
  if (!note_body_part_id(frame, scalar)) return false;
  const std::size_t start = message_.bytes.size();
  if (scalar.kind != JsonScalar::Kind::null) frame.of_key.member = known_type(frame.of_key.member, frame.governed);
  if (!place(frame.of_key, scalar)) return false;
  govern(frame, start);
  return delivered();
}

// Remembers what an OBJECT IDENTIFIER says about the value beside it.
void MessageReader::govern(JsonFrame& frame, std::size_t oid) {
  if (frame.of_key.member->type->kind != Kind::oid) return;
  const Octets content = tlv::first(Octets(message_.bytes).from(oid)).content;
  frame.governed = governed_type(Oid{content});
  // RFC 5280 section 4.1.2.4: UTF8String, but for what has a type of its own there.
  if (frame.governed != nullptr || frame.type->name != "AttributeTypeAndValue") return;
  const std::string_view name = to_string(Oid{content}) == "2.5.4.6" || to_string(Oid{content}) == "2.5.4.5"
                                    ? "PrintableString"
                                : to_string(Oid{content}) == "0.9.2342.19200300.100.1.25" ? "IA5String"
                                                                                          : "UTF8String";
  frame.governed = json_form::universal_type(json_form::parse_tag(name)->number);
}

// Writes the complete element that the scalar stands for.
bool MessageReader::place(const JsonPosition& position, const JsonScalar& scalar) {
  const std::size_t back = scalar.kind == JsonScalar::Kind::text ? scalar.text.size() + 1 : 0;
  const Type* type = position.type();
  const std::size_t start = message_.bytes.size();
  noted_ = false;
  if (type == nullptr && position.tag) {
    if (scalar.kind != JsonScalar::Kind::text || !append_hex(scalar.text, message_.bytes)) {
      return fail("expected " + wanted(position), back);
    }
    put_header(message_.bytes, start, *position.tag, false);
    return true;
  }
  if (type == nullptr || type->kind == Kind::any) {
    if (scalar.kind != JsonScalar::Kind::null) return fail("expected " + wanted(position), back);
    put_header(message_.bytes, start, {0, tlv::null}, false);
    if (position.member != nullptr) put_outer_tags(message_.bytes, start, *position.member);
    return true;
  }
  if (type->kind == Kind::choice) return by_name(position, *type, scalar);
  if (type->kind == Kind::sequence && scalar.kind == JsonScalar::Kind::text && type->members.size() == 2 &&
      type->members[0].name == "algorithm" && type->members[1].name == "parameters") {
    return algorithm(position, scalar.text);
  }
  if (type->constructed()) return fail("expected " + wanted(position), back);
  std::string expected;
  if (!leaf_content(*type, scalar, message_.bytes, expected)) {
    return fail("expected " + expected + " for " + std::string(type->name), back);
  }
  if (position.tag) {
    put_header(message_.bytes, start, *position.tag, false);
  } else if (position.wraps && position.member->type->kind == Kind::any) {
    put_header(message_.bytes, start, {0, tlv::octet_string}, false);
    put_outer_tags(message_.bytes, start, *position.member);
  } else {
    put_tags(message_.bytes, start, *position.member, false);
  }
  return true;
}

// A plain text where a CHOICE has one alternative for it: dates, and strings of names.
bool MessageReader::by_name(const JsonPosition& position, const Type& choice, const JsonScalar& scalar) {
  const std::size_t back = scalar.kind == JsonScalar::Kind::text ? scalar.text.size() + 1 : 0;
  const bool text = scalar.kind == JsonScalar::Kind::text;
  std::string_view name;
  if (text && choice.name == "Time") {
    const bool utc = scalar.text >= "1950" && scalar.text < "2050";  // RFC 5280 section 4.1.2.5
    name = utc ? "utcTime" : "generalTime";
  }
  if (text && choice.name == "DirectoryString") name = "utf8String";
  const auto alternative = std::ranges::find(choice.members, name, &Member::name);
  if (name.empty() || alternative == choice.members.end()) return fail("expected " + wanted(position), back);
  const std::size_t start = message_.bytes.size();
  if (!place({&*alternative, {}, false}, scalar)) return false;
  put_outer_tags(message_.bytes, start, *position.member);
  return true;
}

// "SHA-256" for an AlgorithmIdentifier: without parameters, but for RSA's PKCS #1 algorithms (RFC 4055 section 5).
bool MessageReader::algorithm(const JsonPosition& position, std::string_view name) {
  const std::size_t start = message_.bytes.size();
  const JsonScalar scalar{JsonScalar::Kind::text, 0, name};
  std::string expected;
  OctetBuffer content;
  if (!leaf_content(*json_form::universal_type(tlv::oid), scalar, content, expected)) {
    return fail("expected an algorithm: its name, or an object", name.size() + 1);
  }
  message_.bytes.insert(message_.bytes.end(), content.begin(), content.end());
  put_header(message_.bytes, start, {0, tlv::oid}, false);
  static const auto pkcs1 = oid_content("1.2.840.113549.1.1");
  const bool rsa = content.size() == pkcs1->size() + 1 && std::equal(pkcs1->begin(), pkcs1->end(), content.begin()) &&
                   content.back() != 7 && content.back() != 10;
  if (rsa) message_.bytes.insert(message_.bytes.end(), {tlv::null, 0x00});
  put_tags(message_.bytes, start, *position.member, true);
  return true;
}

// A value is complete and stands at the end of the octets.
bool MessageReader::delivered() {
  if (message_.bytes.size() > limits_.message_octets) return fail("the message grows beyond limit message_octets");
  if (frames_.empty()) {
    complete_ = true;
    return true;
  }
  JsonFrame& frame = frames_.back();
  if (frame.array) ++frame.index;
  return true;
}

// --- Keys -----------------------------------------------------------------------------------------------------------

bool MessageReader::key(std::string& key) {
  JsonFrame& frame = frames_.back();
  frame.key = key;
  frame.of_key = {};
  const std::size_t start = message_.bytes.size();
  if (is_note(key)) {
    if (key == note::extra && frame.shape != Shape::members && frame.shape != Shape::undecided) {
      return fail(in_quotes(key) + " belongs into a SEQUENCE");
    }
    if (key == note::extra) {
      frame.shape = Shape::members;
      frame.type = frame.position.type();
      if (frame.type == nullptr || frame.type->kind != Kind::sequence)
        return fail(in_quotes(key) + " belongs into a SEQUENCE");
      frame.chunks.push_back({frame.type->members.size(), start});
    }
    return note_key(frame, key);
  }
  if (frame.shape == Shape::value || frame.shape == Shape::raw)
    return fail(in_quotes(key) + " beside another value", key.size() + 1);
  if (is_type(key)) return type_key(frame, key);
  return member_key(frame, key);
}

bool MessageReader::note_key(JsonFrame& frame, std::string_view key) {
  static constexpr std::string_view notes[]{note::version, note::raw,         note::tag,      note::length,
                                            note::outer,   note::claims,      note::segments, note::order,
                                            note::omit,    note::extra,       note::defaults, note::bare,
                                            note::direct,  note::signed_part, note::value};
  if (std::ranges::find(notes, key) == std::end(notes))
    return fail("there is no side note " + in_quotes(key), key.size() + 1);
  if (key != note::value && key != note::raw) return true;
  if (frame.shape != Shape::undecided) return fail(in_quotes(key) + " beside another value", key.size() + 1);
  frame.shape = key == note::value ? Shape::value : Shape::raw;
  frame.of_key = frame.position;
  return true;
}

bool MessageReader::type_key(JsonFrame& frame, std::string_view key) {
  if (frame.shape != Shape::undecided) return fail(in_quotes(key) + " beside another value", key.size() + 1);
  frame.shape = Shape::element;
  if (const auto tag = json_form::parse_tag(key)) {
    frame.of_key = {nullptr, tag, false};
    return true;
  }
  const Type* type = schema::find(key);
  if (type == nullptr) return fail("no type and no tag is called " + in_quotes(key), key.size() + 1);
  frame.holds = type;
  frame.of_key = {&type->self, {}, false};
  return true;
}

bool MessageReader::member_key(JsonFrame& frame, std::string_view key) {
  if (frames_.size() > 1 && !frames_[frames_.size() - 2].array) {
    frame.position.member = known_type(frame.position.member, frames_[frames_.size() - 2].governed);
  }
  const Type* type = frame.position.type();
  const bool structured = type != nullptr && (type->kind == Kind::sequence || type->kind == Kind::choice);
  if (!structured) return leaf_key(frame, key);
  const auto member = std::ranges::find(type->members, key, &Member::name);
  if (member == type->members.end()) {
    std::string names;
    for (const Member& known : type->members) names += " " + std::string(known.name);
    return fail(std::string(type->name) + " has no member " + in_quotes(key) + ", only" + names, key.size() + 1);
  }
  if (type->kind == Kind::choice) {
    if (frame.shape != Shape::undecided) return fail(in_quotes(key) + " beside another alternative", key.size() + 1);
    frame.shape = Shape::alternative;
    frame.of_key = {&*member, {}, false};
    return true;
  }
  if (frame.shape != Shape::undecided && frame.shape != Shape::members) {
    return fail(in_quotes(key) + " beside another value", key.size() + 1);
  }
  frame.shape = Shape::members;
  frame.type = type;
  const auto index = static_cast<std::size_t>(member - type->members.begin());
  for (const JsonFrame::Chunk& chunk : frame.chunks) {
    if (chunk.member == index) return fail(in_quotes(key) + " is given twice", key.size() + 1);
  }
  frame.chunks.push_back({index, message_.bytes.size()});
  frame.of_key = {&*member, {}, json_form::special_members(*type).encoding == &*member};
  return true;
}

bool MessageReader::leaf_key(JsonFrame& frame, std::string_view key) {
  const Type* type = frame.position.type();
  const bool leaf = type != nullptr && (type->kind == Kind::bit_string || type->kind >= Kind::octet_string) &&
                    !type->constructed() && type->kind != Kind::any;
  const bool known = key == "hex" || (key == "unused" && leaf && type->kind == Kind::bit_string);
  if (!leaf || !known || (frame.shape != Shape::undecided && frame.shape != Shape::octets)) {
    return fail("expected " + wanted(frame.position) + ", found the member " + in_quotes(key), key.size() + 1);
  }
  frame.shape = Shape::octets;
  return true;
}

bool MessageReader::leaf_scalar(JsonFrame& frame, const JsonScalar& scalar) {
  if (frame.key == "unused") {
    frame.unused = scalar.number;
    const bool fits =
        scalar.kind == JsonScalar::Kind::number && !scalar.large && scalar.number >= 0 && scalar.number <= 0xFF;
    return fits || fail("expected a number of bits");
  }
  const bool fits = scalar.kind == JsonScalar::Kind::text && append_hex(scalar.text, frame.octets);
  return fits || fail("expected hexadecimal");
}

// --- Side notes -----------------------------------------------------------------------------------------------------

bool MessageReader::length_form(const JsonScalar& scalar, LengthForm& form) {
  if (scalar.kind == JsonScalar::Kind::null) return true;
  if (scalar.kind == JsonScalar::Kind::text && scalar.text == json_form::indefinite) {
    form.indefinite = true;
    return true;
  }
  if (scalar.kind == JsonScalar::Kind::number && !scalar.large && scalar.number >= 1 && scalar.number <= 126) {
    form.octets = static_cast<std::size_t>(scalar.number);
    return true;
  }
  return fail("expected \"indefinite\", or how many octets (1 to 126) the length takes in its long form");
}

bool MessageReader::note_scalar(JsonFrame& frame, const JsonScalar& scalar) {
  const std::string_view key = frame.key;
  const bool is_text = scalar.kind == JsonScalar::Kind::text;
  const bool is_count = scalar.kind == JsonScalar::Kind::number && !scalar.large && scalar.number >= 0;
  const bool is_true = scalar.kind == JsonScalar::Kind::boolean;
  if (key == note::version) {
    const bool known = is_count && scalar.number == json_form::version;
    return known || fail("this version of the JSON is not known; cmcctl writes " + std::to_string(json_form::version));
  }
  if (key == note::raw) {
    return (is_text && append_hex(scalar.text, message_.bytes)) || fail("expected hexadecimal");
  }
  if (key == note::tag) {
    frame.notes.tag = is_text ? json_form::parse_tag(scalar.text) : std::nullopt;
    return frame.notes.tag.has_value() || fail("expected a tag: \"SEQUENCE\", \"[0]\", \"[APPLICATION 3]\"");
  }
  if (key == note::length) return length_form(scalar, frame.notes.length.emplace());
  if (key == note::outer) return length_form(scalar, frame.notes.outer.emplace_back());
  if (key == note::claims) {
    frame.notes.claims = static_cast<std::size_t>(scalar.number);
    return is_count || fail("expected a length");
  }
  if (key == note::segments) {
    frame.notes.equal_segments = true;
    frame.notes.segments.emplace(1, static_cast<std::size_t>(scalar.number));
    return (is_count && scalar.number > 0) || fail("expected the size of the segments");
  }
  if (key == note::order) {
    frame.notes.keep_order = true;
    return (is_text && scalar.text == json_form::kept) || fail("expected \"kept\"");
  }
  if (key == note::signed_part) {
    if (is_text) frame.notes.signed_part = scalar.text;
    return is_text || fail("expected text");
  }
  if (key == note::bare || key == note::direct) {
    (key == note::bare ? frame.notes.bare : frame.notes.direct) = scalar.number != 0;
    return is_true || fail("expected true");
  }
  return fail("expected an array");
}

bool MessageReader::note_item(JsonFrame& frame, const JsonScalar& scalar) {
  ++frame.index;
  if (frame.shape == Shape::bits) {
    const Type* type = frame.position.type();
    const auto names = bit_names(type->name);
    std::size_t bit = static_cast<std::size_t>(std::ranges::find(names, scalar.text) - names.begin());
    const bool text = scalar.kind == JsonScalar::Kind::text;
    if (!text && scalar.kind == JsonScalar::Kind::number && scalar.number >= 0)
      bit = static_cast<std::size_t>(scalar.number);
    if (bit >= names.size()) {
      std::string known;
      for (const std::string_view name : names) known += " " + std::string(name);
      return fail("expected a bit of " + std::string(type->name) + ":" + known);
    }
    if (frame.octets.size() <= bit / 8) frame.octets.resize(bit / 8 + 1);
    frame.octets[bit / 8] = static_cast<std::uint8_t>(frame.octets[bit / 8] | 0x80u >> bit % 8);
    return true;
  }
  JsonFrame& owner = frames_[frames_.size() - 2];
  if (frame.shape == Shape::lengths) return length_form(scalar, owner.notes.outer.emplace_back());
  if (frame.shape == Shape::sizes) {
    owner.notes.segments->push_back(static_cast<std::size_t>(scalar.number));
    const bool fits = scalar.kind == JsonScalar::Kind::number && !scalar.large && scalar.number >= 0;
    return fits || fail("expected the size of a segment");
  }
  if (scalar.kind != JsonScalar::Kind::text || (owner.key != note::omit && owner.key != note::defaults)) {
    return fail("expected names of members");
  }
  (owner.key == note::omit ? owner.notes.omit : owner.notes.defaults).emplace_back(scalar.text);
  return true;
}

// --- Ends -----------------------------------------------------------------------------------------------------------

bool MessageReader::end_array() {
  JsonFrame frame = std::move(frames_.back());
  frames_.pop_back();
  if (!frames_.empty() && is_note(frames_.back().key) && !frames_.back().array && frames_.back().key != note::value)
    return true;
  noted_ = false;
  if (!frames_.empty() && frame.holds != nullptr) frames_.back().holds = frame.holds;
  if (frame.shape == Shape::bits) return finish_bits(frame) && delivered();
  finish_list(frame);
  return delivered();
}

void MessageReader::finish_list(JsonFrame& frame) {
  OctetBuffer& out = message_.bytes;
  if (frame.position.tag) return put_header(out, frame.start, *frame.position.tag, true);
  const bool kept = !frames_.empty() && !frames_.back().array && frames_.back().shape == Shape::value &&
                    frames_.back().notes.keep_order;
  if (frame.type->kind == Kind::set_of && !kept) sort_set(out, frame.chunks);
  put_tags(out, frame.start, *frame.position.member, true);
}

bool MessageReader::finish_bits(const JsonFrame& frame) {
  OctetBuffer& out = message_.bytes;
  unsigned unused = 0;
  if (!frame.octets.empty()) {
    while ((frame.octets.back() >> unused & 1) == 0) ++unused;
  }
  const std::size_t content = out.size();
  out.resize(content + 1 + frame.octets.size());
  out[content] = static_cast<std::uint8_t>(unused);
  std::ranges::copy(frame.octets, out.begin() + static_cast<std::ptrdiff_t>(content) + 1);
  put_tags(out, frame.start, *frame.position.member, false);
  return true;
}

bool MessageReader::end_object() {
  const bool inner_noted = std::exchange(noted_, false);
  // The frame stays until it is finished, so that errors have the path.
  JsonFrame& frame = frames_.back();
  if (!body_parts_.empty() && body_parts_.back().frame == frames_.size() && frame.shape != Shape::members)
    body_parts_.pop_back();
  if (frame.shape == Shape::undecided) {
    const Type* type = frame.position.type();
    if (type == nullptr || type->kind != Kind::sequence)
      return fail("expected " + wanted(frame.position) + ", found {}");
    frame.shape = Shape::members;
    frame.type = type;
  }
  if (frame.notes.change_element() && inner_noted &&
      (frame.shape == Shape::value || frame.shape == Shape::element || frame.shape == Shape::alternative)) {
    return fail("side notes for one element stand in two objects");
  }
  bool done = true;
  switch (frame.shape) {
    case Shape::members:
      done = finish_members(frame);
      break;
    case Shape::octets:
      done = finish_octets(frame);
      break;
    case Shape::element:
      done = finish_element(frame);
      break;
    case Shape::alternative:
      if (frame.position.member != nullptr) put_outer_tags(message_.bytes, frame.start, *frame.position.member);
      apply_notes(message_.bytes, frame.start, frame.position.outer_tags(), frame.notes);
      break;
    case Shape::value:
      apply_notes(message_.bytes, frame.start, frame.position.outer_tags(), frame.notes);
      break;
    default:
      break;
  }
  if (!done) return false;
  noted_ = inner_noted || frame.notes.change_element() || frame.shape == Shape::raw;
  const Type* holds = frame.shape == Shape::element || frame.shape == Shape::value ? frame.holds : nullptr;
  frames_.pop_back();
  if (!frames_.empty() && holds != nullptr) frames_.back().holds = holds;
  return delivered();
}

bool MessageReader::finish_octets(JsonFrame& frame) {
  OctetBuffer& out = message_.bytes;
  const Type& type = *frame.position.type();
  if (type.kind == Kind::bit_string) out.push_back(static_cast<std::uint8_t>(frame.unused));
  out.insert(out.end(), frame.octets.begin(), frame.octets.end());
  if (frame.position.tag) {
    put_header(out, frame.start, *frame.position.tag, false);
  } else if (frame.position.wraps && frame.position.member->type->kind == Kind::any) {
    put_header(out, frame.start, {0, tlv::octet_string}, false);
    put_outer_tags(out, frame.start, *frame.position.member);
  } else {
    put_tags(out, frame.start, *frame.position.member, false);
  }
  apply_notes(out, frame.start, frame.position.outer_tags(), frame.notes);
  return true;
}

// An element that names its own type: as it is in place of any typed one, inside what belongs around it elsewhere.
bool MessageReader::finish_element(JsonFrame& frame) {
  OctetBuffer& out = message_.bytes;
  const JsonPosition& position = frame.position;
  const bool untyped = position.member == nullptr || position.member->type->kind == Kind::any ||
                       position.member->type->kind == Kind::choice;
  if (frame.notes.bare || (!untyped && !position.wraps)) {
    apply_notes(out, frame.start, 0, frame.notes);
    return true;
  }
  if (position.wraps && !frame.notes.direct) {
    if (position.member->type->kind == Kind::any) {
      put_header(out, frame.start, {0, tlv::octet_string}, false);
      put_outer_tags(out, frame.start, *position.member);
    } else {
      put_tags(out, frame.start, *position.member, false);
    }
  } else if (position.member != nullptr) {
    put_outer_tags(out, frame.start, *position.member);
  }
  apply_notes(out, frame.start, position.outer_tags(), frame.notes);
  return true;
}

// --- SEQUENCE -------------------------------------------------------------------------------------------------------

Octets MessageReader::chunk(const JsonFrame& frame, std::size_t index) const {
  const std::size_t end = index + 1 < frame.chunks.size() ? frame.chunks[index + 1].start : message_.bytes.size();
  return Octets(message_.bytes).sub(frame.chunks[index].start, end - frame.chunks[index].start);
}

Octets MessageReader::scanned_member(const JsonFrame& frame, std::string_view name) const {
  for (std::size_t i = 0; i < frame.chunks.size(); ++i) {
    const std::size_t member = frame.chunks[i].member;
    if (member >= frame.type->members.size() || frame.type->members[member].name != name) continue;
    const Octets element = chunk(frame, i);
    return scan_der(element, limits_).outcome == Scan::Outcome::der ? element : Octets();
  }
  return {};
}

bool MessageReader::finish_members(JsonFrame& frame) {
  OctetBuffer& out = message_.bytes;
  for (std::size_t i = frame.chunks.size(); i-- != 0;) {  // a DEFAULT is left out
    const std::size_t index = frame.chunks[i].member;
    if (index >= frame.type->members.size()) continue;
    const Member& member = frame.type->members[index];
    if (json_form::default_of(*frame.type, member).empty()) continue;
    if (std::ranges::find(frame.notes.defaults, member.name) != frame.notes.defaults.end()) continue;
    OctetBuffer absent(json_form::default_of(*frame.type, member).begin(),
                       json_form::default_of(*frame.type, member).end());
    put_tags(absent, 0, member, false);
    if (chunk(frame, i) != Octets(absent)) continue;
    const auto from = out.begin() + static_cast<std::ptrdiff_t>(frame.chunks[i].start);
    out.erase(from, from + static_cast<std::ptrdiff_t>(absent.size()));
    frame.chunks.erase(frame.chunks.begin() + static_cast<std::ptrdiff_t>(i));
    for (std::size_t k = i; k < frame.chunks.size(); ++k) frame.chunks[k].start -= absent.size();
  }
  if (!fill_members(frame)) return false;
  sort_members(out, frame.chunks);
  check_signed(frame);
  if (frame.position.tag) {
    put_header(out, frame.start, *frame.position.tag, true);
  } else {
    put_tags(out, frame.start, *frame.position.member, true);
  }
  apply_notes(out, frame.start, frame.position.outer_tags(), frame.notes);
  if (!body_parts_.empty() && body_parts_.back().frame == frames_.size()) body_parts_.pop_back();
  return true;
}

bool MessageReader::fill_members(JsonFrame& frame) {
  OctetBuffer& out = message_.bytes;
  frame.key.clear();
  for (std::size_t i = frame.type->members.size(); i-- != 0;) {  // versions come first and look at the rest
    const Member& member = frame.type->members[i];
    const auto is_this = [&](const JsonFrame::Chunk& given) { return given.member == i; };
    if (std::ranges::any_of(frame.chunks, is_this)) continue;
    if (std::ranges::find(frame.notes.omit, member.name) != frame.notes.omit.end()) continue;
    std::optional<OctetBuffer> filled;
    if (!member.optional) {
      filled = next_body_part_id(*frame.type, member);
      if (!filled && member.type->kind == Kind::oid && frame.holds != nullptr) {
        if (const Octets oid = json_form::oid_of_type(*frame.holds); !oid.empty()) {
          filled.emplace(oid.begin(), oid.end());
          put_tags(*filled, 0, member, false);
        }
      }
      if (!filled)
        filled = fill_in(*frame.type, member, [&](std::string_view name) { return scanned_member(frame, name); });
      if (!filled) {
        return fail(std::string(frame.type->name) + " lacks " + std::string(member.name) +
                    "; to leave it out on purpose: \"" + std::string(note::omit) + "\": [\"" +
                    std::string(member.name) + "\"]");
      }
    }
    if (!filled) continue;
    frame.chunks.push_back({i, out.size()});
    out.insert(out.end(), filled->begin(), filled->end());
  }
  return true;
}

void MessageReader::check_signed(const JsonFrame& frame) {
  if (frame.notes.signed_part.empty()) return;
  const Member* const signed_part = json_form::special_members(*frame.type).signed_part;
  if (signed_part == nullptr) return;
  for (std::size_t i = 0; i < frame.chunks.size(); ++i) {
    const std::size_t index = frame.chunks[i].member;
    if (index >= frame.type->members.size() || &frame.type->members[index] != signed_part) continue;
    if (json_form::fingerprint(chunk(frame, i)) == frame.notes.signed_part) continue;
    message_.remarks.push_back(
        path() + (path().empty() ? "" : ".") + std::string(signed_part->name) +
        ": edited after it was signed; signatures and proofs of possession over it do not hold any more");
  }
}

// --- bodyPartID -----------------------------------------------------------------------------------------------------

bool is_body_part(std::string_view type) {
  for (const std::string_view known :
       {"TaggedAttribute", "TaggedCertificationRequest", "TaggedContentInfo", "OtherReqMsg", "OtherMsg"}) {
    if (type == known) return true;
  }
  return false;
}

bool MessageReader::note_body_part_id(const JsonFrame& frame, const JsonScalar& scalar) {
  if (frame.key != "bodyPartID" || body_parts_.empty() || !is_body_part(frame.type->name)) return true;
  if (scalar.kind != JsonScalar::Kind::number) return true;
  BodyParts& parts = body_parts_.back();
  parts.given.insert(scalar.number);
  return !parts.filled_in.contains(scalar.number) ||
         fail("an earlier body part that gives no bodyPartID has been given " + std::to_string(scalar.number) +
              "; give it one");
}

std::optional<OctetBuffer> MessageReader::next_body_part_id(const Type& type, const Member& member) {
  if (member.name != "bodyPartID" || !is_body_part(type.name)) return std::nullopt;
  std::int64_t id = 1;
  if (!body_parts_.empty()) {
    BodyParts& parts = body_parts_.back();
    while (parts.given.contains(parts.next)) ++parts.next;
    id = parts.next++;
    parts.filled_in.insert(id);
  }
  OctetBuffer element = integer_content(id);
  put_tags(element, 0, member, false);
  return element;
}

}  // namespace

Result<JsonMessage> read_json(std::istream& text, const Limits& limits) {
  PositionedText positioned(text);
  MessageReader reader(positioned, limits);
  std::istream in(&positioned);
  if (!Json::sax_parse(in, &reader)) return std::move(reader.error());
  return std::move(reader.message());
}

}  // namespace cmcctl
