#include <cmcctl/codec/controls.hpp>

#include <sstream>
#include <string>
#include <vector>

#include <cmcctl/codec/cmc.hpp>
#include <cmcctl/codec/inspect.hpp>
#include <cmcctl/codec/values.hpp>

#include "fuzz_check.hpp"

using namespace cmcctl;

namespace {

/// A PKIData with this one control.
std::vector<std::uint8_t> pki_data(Octets identifier, Octets value) {
  const Any values[]{{value, false}};
  TaggedAttribute control;
  control.body_part_id = BodyPartID(1);
  control.attr_type = Oid{identifier};
  control.attr_values = List<Any>(std::span(values));
  PKIData data;
  data.control_sequence = List<TaggedAttribute>(std::span(&control, 1));
  const auto encoded = encode(data);
  FUZZ_CHECK(encoded);
  return *encoded;
}

}  // namespace

/// The first octet picks the control, the rest is its value: decoded in its type, encoded again, and shown.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto rows = control_rows();
  const ControlRow& row = rows[data[0] % rows.size()];
  const Octets value(data + 1, data + size);
  Decoder scanner;
  if (!scanner.scan(value)) return 0;

  const auto identifier = oid_content(row.oid);
  const auto bytes = pki_data(Octets(*identifier), value);
  Decoder decoder;
  const auto message = open_message(decoder, Octets(bytes));
  if (!message) return 0;  // limits
  std::ostringstream text;
  inspect_text(text, decoder, *message, {"fuzz", "DER", {}}, {});
  FUZZ_CHECK(is_valid_utf8(Octets(text.view())));
  FUZZ_CHECK(text.view().find(row.name) != std::string_view::npos);
  return 0;
}
