#include "wire.hpp"

#include <algorithm>
#include <string_view>

#include "scan.hpp"

namespace cmcctl {

bool read_value(Reader&, const schema::Type&, const tlv::Element& element, bool& out) {
  out = element.content[0] != 0;
  return true;
}

bool read_value(Reader&, const schema::Type&, const tlv::Element& element, Integer& out) {
  out.content = element.content;
  return true;
}

bool read_value(Reader& reader, const schema::Type& type, const tlv::Element& element, std::int64_t& out) {
  const auto number = Integer{element.content}.to_int64();
  if (!number) {
    return reader.fail(Errc::value_out_of_range, element.whole.data(),
                       std::string(type.name) + " of " + std::to_string(element.content.size()) + " octets");
  }
  out = *number;
  return true;
}

bool read_value(Reader& reader, const schema::Type&, const tlv::Element& element, BodyPartID& out) {
  const Integer number{element.content};
  if (const auto small = number.to_int64(); small && *small >= 0 && *small <= 0xFFFF'FFFF) {
    out = BodyPartID(static_cast<std::uint32_t>(*small));
    return true;
  }
  const Error error = BodyPartID::from(number).error();
  reader.fail(error.code, element.whole.data(), error.detail);
  reader.error().rule = error.rule;
  return false;
}

bool read_value(Reader&, const schema::Type&, const tlv::Element& element, BitString& out) {
  out.unused_bits = element.content[0];
  out.bytes = element.content.from(1);
  return true;
}

bool read_value(Reader& reader, const schema::Type&, const tlv::Element& element, Octets& out) {
  return reader.string_content(element, out);
}

bool read_value(Reader& reader, const schema::Type&, const tlv::Element& element, Utf8String& out) {
  return reader.string_content(element, out.bytes);
}

namespace {

// X.690 sections 11.7 and 11.8; whether there is such a day is not asked.
bool is_der_form(const Time& time) {
  constexpr std::string_view digits = "0123456789";
  const std::string_view text = time.text.chars();
  const std::size_t seconds_end = std::min(text.find_first_not_of(digits), text.size());
  const bool utc = time.form == Time::Form::utc;
  if (seconds_end != (utc ? 12u : 14u) || !text.ends_with('Z')) return false;
  const std::string_view fraction = text.substr(seconds_end, text.size() - seconds_end - 1);
  if (fraction.empty()) return true;
  return !utc && fraction.size() > 1 && fraction[0] == '.' && fraction.back() != '0' &&
         fraction.find_first_not_of(digits, 1) == std::string_view::npos;
}

}  // namespace

bool read_value(Reader& reader, const schema::Type& type, const tlv::Element& element, Time& out) {
  // Time ::= CHOICE { utcTime, generalTime }; under an EXPLICIT tag nobody has looked at the inner one yet.
  if (type.kind == schema::Kind::choice && !type.self.matches(element.id)) return reader.no_alternative(type, element);
  out.text = element.content;
  out.form = element.id == tlv::utc_time ? Time::Form::utc : Time::Form::generalized;
  if (!is_der_form(out)) {
    reader.note(Severity::note, "CMC-X690-11-01",
                out.form == Time::Form::utc ? "a UTCTime that is not written YYMMDDhhmmssZ"
                                            : "a GeneralizedTime that is not written YYYYMMDDhhmmss[.f]Z",
                element.whole);
  }
  return true;
}

std::string unsorted_text(const tlv::Element& list) {
  return "the elements of " + tag_name(list.id) + " are not in DER order";
}

void note_unsorted(Reader& reader, const tlv::Element& list, const tlv::Element& element) {
  reader.note(Severity::note, "CMC-X690-11-01", unsorted_text(list), element.whole);
}

void note_explicit_default(Reader& reader, const tlv::Element& element) {
  reader.note(Severity::note, "CMC-5280-4.1-01", "a DEFAULT value is written out", element.whole);
}

bool write_value(Writer& writer, const schema::Type&, bool value) {
  writer.prepend(static_cast<std::uint8_t>(value ? 0xFF : 0x00));
  return true;
}

bool write_value(Writer& writer, const schema::Type&, const Integer& value) {
  if (value.content.empty()) return writer.fail("an INTEGER without contents");
  writer.prepend(value.content);
  return true;
}

bool write_value(Writer& writer, const schema::Type&, std::int64_t value) {
  // The last octet first, until the rest is only the sign that the octet before it shows anyway.
  std::uint8_t octet = 0;
  do {
    octet = static_cast<std::uint8_t>(value);
    writer.prepend(octet);
    value >>= 8;
  } while (value != ((octet & 0x80) != 0 ? -1 : 0));
  return true;
}

bool write_value(Writer& writer, const schema::Type& type, BodyPartID value) {
  return write_value(writer, type, static_cast<std::int64_t>(value.value()));
}

bool write_value(Writer& writer, const schema::Type&, const BitString& value) {
  if (value.unused_bits > 7 || (value.bytes.empty() && value.unused_bits != 0)) {
    return writer.fail("a BIT STRING with a wrong count of unused bits");
  }
  if (!value.bytes.empty()) {
    writer.prepend(static_cast<std::uint8_t>(value.bytes.back() & 0xFFu << value.unused_bits));
    writer.prepend(value.bytes.sub(0, value.bytes.size() - 1));
  }
  writer.prepend(value.unused_bits);
  return true;
}

bool write_value(Writer& writer, const schema::Type&, const Oid& value) {
  if (value.content.empty()) return writer.fail("an OBJECT IDENTIFIER without contents");
  writer.prepend(value.content);
  return true;
}

bool write_value(Writer& writer, const schema::Type& type, const Time& value) {
  const bool utc = value.form == Time::Form::utc;
  if (type.kind == schema::Kind::choice) return write_member(writer, type.members[utc ? 0 : 1], value);
  if (utc != (type.self.tags[0] == tlv::utc_time)) return writer.fail("a date of the other form than " + std::string(type.name));
  writer.prepend(value.text);
  return true;
}

}  // namespace cmcctl
