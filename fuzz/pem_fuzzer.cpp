#include <string>
#include <vector>

#include <cmcctl/codec/text.hpp>

#include "fuzz_check.hpp"
#include "input_forms.hpp"

using namespace cmcctl;

namespace {

std::string armoured(const Found& block) {
  return "-----BEGIN " + block.label + "-----\n" + base64(Octets(block.bytes)) + "\n-----END " + block.label + "-----\n";
}

bool same(const Found& a, const Found& b) { return a.form == b.form && a.label == b.label && a.bytes == b.bytes; }

/// The blocks that were found, written one behind the other, are found again, and with text around them too.
void check_round_trip(const Finds& finds, const Limits& limits) {
  std::string text = "text: around\n";
  for (const Found& block : finds) text += armoured(block) + "\nmore of it\n";
  const auto again = read_pem({text}, limits);
  FUZZ_CHECK(again && again->size() == finds.size());
  for (std::size_t i = 0; i < finds.size(); ++i) FUZZ_CHECK(same((*again)[i], finds[i]));
}

void check_places(const Finds& finds, std::string_view text) {
  std::size_t end = 0;
  for (const Found& block : finds) {
    FUZZ_CHECK(block.offset >= end);
    const std::string_view rest = text.substr(block.offset);
    FUZZ_CHECK(rest.starts_with("-----BEGIN " + block.label + "-----"));
    FUZZ_CHECK(block.bytes.size() <= rest.size() / 4 * 3);
    end = block.offset + 1;
  }
}

}  // namespace

/// The PEM reader alone.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = Octets(data, data + size).chars();
  const Limits limits;
  const auto finds = read_pem({text}, limits);
  if (!finds) {
    FUZZ_CHECK(finds.error().offset == no_place || finds.error().offset <= size);
    FUZZ_CHECK(!finds.error().detail.empty());
    return 0;
  }
  FUZZ_CHECK(!finds->empty());
  check_places(*finds, text);
  check_round_trip(*finds, limits);
  return 0;
}
