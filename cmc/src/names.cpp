#include <cmcctl/cmc/names.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/hexadecimal.hpp>
#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/pkix.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>

#include "from_text.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t ia5_string = 0x16;

enum class Syntax : std::uint8_t { directory, printable, ia5, only_hex };

struct Bound {
  std::string_view type;
  Syntax syntax;
  std::size_t least;
  std::size_t most;          // characters
  std::string_view bound{};  // its name in RFC 5280 appendix A.1
};

constexpr std::size_t unbounded = 65'536;

constexpr Bound bounds[]{
    {"0.9.2342.19200300.100.1.25", Syntax::ia5, 1, 63, "a label of a host name"},  // DC
    {"1.2.840.113549.1.9.1", Syntax::ia5, 1, 255, "ub-emailaddress-length"},
    {"1.3.6.1.4.1.311.60.2.1.3", Syntax::printable, 2, 2, "ISO 3166 codes"},  // jurisdictionC
    {"2.5.4.3", Syntax::directory, 1, 64, "ub-common-name"},
    {"2.5.4.4", Syntax::directory, 1, 32'768, "ub-name"},  // surname
    {"2.5.4.5", Syntax::printable, 1, 64, "ub-serial-number"},
    {"2.5.4.6", Syntax::printable, 2, 2, "ISO 3166 codes"},
    {"2.5.4.7", Syntax::directory, 1, 128, "ub-locality-name"},
    {"2.5.4.8", Syntax::directory, 1, 128, "ub-state-name"},
    {"2.5.4.10", Syntax::directory, 1, 64, "ub-organization-name"},
    {"2.5.4.11", Syntax::directory, 1, 64, "ub-organizational-unit-name"},
    {"2.5.4.12", Syntax::directory, 1, 64, "ub-title"},
    {"2.5.4.16", Syntax::only_hex, 1, unbounded},  // postalAddress
    {"2.5.4.20", Syntax::printable, 1, 32},        // telephoneNumber
    {"2.5.4.41", Syntax::directory, 1, 32'768, "ub-name"},
    {"2.5.4.42", Syntax::directory, 1, 32'768, "ub-name"},  // givenName
    {"2.5.4.43", Syntax::directory, 1, 32'768, "ub-name"},  // initials
    {"2.5.4.44", Syntax::directory, 1, 32'768, "ub-name"},  // generationQualifier
    {"2.5.4.45", Syntax::only_hex, 1, unbounded},           // x500UniqueIdentifier
    {"2.5.4.46", Syntax::printable, 1, unbounded},          // dnQualifier
    {"2.5.4.65", Syntax::directory, 1, 128, "ub-pseudonym"},
};

Bound bound_of(std::string_view type) {
  const auto found = std::ranges::find(bounds, type, &Bound::type);
  return found != std::end(bounds) ? *found : Bound{type, Syntax::directory, 1, unbounded, {}};
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (c & 0xC0) != 0x80; }));
}

Error bad_value(std::string_view attribute, std::string_view what) {
  return not_from_text(std::string(attribute) + ": " + std::string(what));
}

Result<Bytes> directory_string(std::string_view attribute, const std::string& value, NameStrings strings) {
  if (!is_valid_utf8(Octets(std::string_view(value)))) return bad_value(attribute, "the value is not UTF-8");
  const bool printable = strings == NameStrings::printable && is_printable_string(value);
  return der_element(printable ? tlv::printable_string : tlv::utf8_string, Octets(std::string_view(value)));
}

Result<void> check_length(std::string_view attribute, const std::string& value, const Bound& bound) {
  const std::size_t count = characters(value);
  if (count == 0) return bad_value(attribute, "the value is empty; leave the attribute out");
  if (count >= bound.least && count <= bound.most) return {};
  const std::string limit = bound.least == bound.most ? std::to_string(bound.most) + " characters"
                                                      : "at most " + std::to_string(bound.most) + " characters";
  return bad_value(attribute, std::to_string(count) + " characters, and " + limit + " are allowed" +
                                  (bound.bound.empty() ? "" : " (" + std::string(bound.bound) + ")"));
}

Result<Bytes> value_from_text(std::string_view attribute, std::string_view type, const std::string& value,
                              NameStrings strings) {
  const Bound bound = bound_of(type);
  if (bound.syntax == Syntax::only_hex) {
    return bad_value(attribute, "this attribute is no string; give the DER of its value as #hexadecimal");
  }
  CMC_CHECK(check_length(attribute, value, bound));
  switch (bound.syntax) {
    case Syntax::printable:
      if (!is_printable_string(value))
        return bad_value(attribute, "PrintableString takes A-Z a-z 0-9 '()+,-./:=? and the blank");
      return der_element(tlv::printable_string, Octets(std::string_view(value)));
    case Syntax::ia5:
      if (!is_ascii(value))
        return bad_value(attribute, "IA5String takes ASCII; give internationalized names as A-labels (xn--...)");
      return der_element(ia5_string, Octets(std::string_view(value)));
    default:
      return directory_string(attribute, value, strings);
  }
}

Bytes joined(std::vector<Bytes> elements, std::uint8_t tag) {
  Bytes content;
  for (const Bytes& element : elements) content.insert(content.end(), element.begin(), element.end());
  return der_element(tag, content);
}

// RFC 4514 section 3.
class NameParser {
 public:
  NameParser(std::string_view text, NameStrings strings) : text_(text), strings_(strings) {}

  Result<Bytes> parse() {
    skip_blanks();
    std::vector<Bytes> rdns;
    while (at_ < text_.size() || !rdns.empty()) {
      CMC_TRY(Bytes rdn, parse_rdn());
      rdns.push_back(std::move(rdn));
      if (at_ == text_.size()) break;
      ++at_;  // the comma
    }
    std::ranges::reverse(rdns);
    return joined(std::move(rdns), tlv::sequence);
  }

 private:
  Error wrong(const std::string& what) const {
    return not_from_text("character " + std::to_string(at_ + 1) + ": " + what);
  }

  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  Result<Bytes> parse_rdn() {
    std::vector<Bytes> attributes;
    std::set<std::string> types;
    for (;;) {
      CMC_TRY(const std::string type, parse_type());
      if (!types.insert(type).second)
        return wrong("one RDN cannot have an attribute twice; use a comma in place of +");
      CMC_TRY(const Bytes value, parse_value(type));
      attributes.push_back(joined({der_oid(type), value}, tlv::sequence));
      if (at_ == text_.size() || text_[at_] != '+') break;
      ++at_;
    }
    std::ranges::sort(attributes);
    return joined(std::move(attributes), tlv::set);
  }

  Result<std::string> parse_type() {
    const std::size_t end = text_.find('=', at_);
    if (end == std::string_view::npos)
      return wrong("an attribute is written TYPE=value; a comma in a value is written \\,");
    attribute_ = without_blanks(text_.substr(at_, end - at_));
    std::string_view word = attribute_;
    if (word.starts_with("OID.") || word.starts_with("oid.")) word.remove_prefix(4);
    const std::string type = oid_from_text(word, "attribute");
    if (type.empty()) {
      return wrong("no attribute is called " + escape(attribute_) +
                   (attribute_.starts_with('/') ? "; names are written CN=me,O=Example, most specific first"
                                                : "; name it by its dotted OID, or escape a comma as \\,"));
    }
    at_ = end + 1;
    skip_blanks();
    return type;
  }

  Result<Bytes> parse_value(const std::string& type) {
    if (at_ < text_.size() && text_[at_] == '#') return parse_hex_value();
    CMC_TRY(const std::string value, parse_string());
    return value_from_text(attribute_, type, value, strings_);
  }

  Result<Bytes> parse_hex_value() {
    const std::size_t start = ++at_;
    at_ = std::min(text_.find_first_of(",+", start), text_.size());
    return element_from_hex(without_blanks(text_.substr(start, at_ - start)), attribute_);
  }

  Result<std::string> parse_string() {
    std::string value;
    std::size_t kept = 0;  // what stands behind it are blanks that may end the value
    for (; at_ < text_.size() && text_[at_] != ',' && text_[at_] != '+'; ++at_) {
      const char c = text_[at_];
      if (c == '\\') {
        CMC_TRY(const char escaped, parse_escape());
        value += escaped;
      } else if (std::string_view("\"<>;").find(c) != std::string_view::npos || c == '\0') {
        return wrong(std::string("this character is written ") + (c == '\0' ? "\\00" : std::string("\\") + c));
      } else {
        value += c;
      }
      if (c != ' ') kept = value.size();
    }
    value.resize(kept);
    return value;
  }

  // Leaves at_ on the last character of the escape.
  Result<char> parse_escape() {
    const std::string_view rest = text_.substr(at_ + 1);
    if (!rest.empty() && std::string_view(" \"#+,;<=>\\").find(rest[0]) != std::string_view::npos) {
      ++at_;
      return rest[0];
    }
    if (rest.size() < 2 || hex_digit(rest[0]) < 0 || hex_digit(rest[1]) < 0) {
      return wrong("a backslash stands before one of \"+,;<>#=\\, a blank or two hexadecimal digits");
    }
    at_ += 2;
    return static_cast<char>(hex_digit(rest[0]) << 4 | hex_digit(rest[1]));
  }

  std::string_view text_;
  NameStrings strings_;
  std::size_t at_ = 0;
  std::string_view attribute_;  // as it was written
};

}  // namespace

Result<std::vector<std::uint8_t>> parse_name(std::string_view text, NameStrings strings) {
  return NameParser(text, strings).parse();
}

bool same_name(Octets a, Octets b) { return a == b || name_text(a) == name_text(b); }

}  // namespace cmcctl
