#include <cmcctl/codec/pkix.hpp>
#include <cmcctl/codec/text.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/names.hpp>

#include "fuzz_check.hpp"

using namespace cmcctl;

namespace {

struct Part {
  std::string type;
  std::string value;  // its escapes undone; "#" and hexadecimal stay as they are
  bool hexadecimal = false;
};
using Rdn = std::vector<Part>;

bool is_special(char c) { return std::string_view(" \"#+,;<=>\\").find(c) != std::string_view::npos; }

/// A reader of RFC 4514 section 3 that knows nothing of the writer.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::vector<Rdn> name() {
    std::vector<Rdn> rdns;
    if (text_.empty()) return rdns;
    rdns.emplace_back();
    while (true) {
      rdns.back().push_back(part());
      if (at_ == text_.size()) return rdns;
      if (text_[at_++] == ',') rdns.emplace_back();
    }
  }

 private:
  bool at_separator() const { return at_ == text_.size() || text_[at_] == ',' || text_[at_] == '+'; }

  Part part() {
    Part part;
    const std::size_t equals = text_.find('=', at_);
    FUZZ_CHECK(equals != std::string_view::npos && equals != at_);
    part.type = text_.substr(at_, equals - at_);
    at_ = equals + 1;
    part.hexadecimal = at_ < text_.size() && text_[at_] == '#';
    while (!at_separator()) part.value += character();
    return part;
  }

  char character() {
    const char c = text_[at_++];
    FUZZ_CHECK(c != '\0' && std::string_view("\";<>").find(c) == std::string_view::npos);
    if (c != '\\') return c;
    FUZZ_CHECK(at_ < text_.size());
    if (is_special(text_[at_])) return text_[at_++];
    FUZZ_CHECK(text_.substr(at_).starts_with("00"));  // the one octet that has to be written in hexadecimal
    at_ += 2;
    return '\0';
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void check_part(const AttributeTypeAndValue& attribute, const Part& part) {
  const std::string dotted = to_string(attribute.type);
  const OidEntry* entry = find_oid(dotted);
  FUZZ_CHECK(part.type == dotted || (entry != nullptr && part.type == entry->name));
  const Octets value = attribute.value.der;
  if (part.hexadecimal) {
    FUZZ_CHECK(part.value == "#" + hex(value));
    return;
  }
  Decoder decoder;
  FUZZ_CHECK(decoder.scan(value) && !decoder.saw_ber());
  const std::size_t header = value[1] < 0x80 ? 2 : 2 + (value[1] & 0x7Fu);
  FUZZ_CHECK(part.value == string_value(value[0] & 0x1F, value.from(header)));
}

}  // namespace

/// The text of a name says all that is in it: read again, it has the same attributes, and of a string every character.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Octets input(data, data + size);
  check_decoder<Name>(input);
  const std::string text = name_text(input);
  FUZZ_CHECK(is_valid_utf8(Octets(std::string_view(escape(text)))));
  if (text == "(unreadable name)") return 0;
  Decoder decoder;
  const auto name = decoder.decode<Name>(input);
  FUZZ_CHECK(name);
  const auto rdns = Reader(text).name();
  FUZZ_CHECK(rdns.size() == name->rdn_sequence.size());
  for (std::size_t i = 0; i < rdns.size(); ++i) {
    const auto& attributes = name->rdn_sequence[rdns.size() - 1 - i].attributes;  // the last RDN stands first
    FUZZ_CHECK(rdns[i].size() == attributes.size());
    for (std::size_t k = 0; k < attributes.size(); ++k) check_part(attributes[k], rdns[i][k]);
  }
  return 0;
}
