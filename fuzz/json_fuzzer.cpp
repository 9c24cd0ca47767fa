#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include <cmcctl/codec/decoder.hpp>
#include <cmcctl/codec/json.hpp>

#include "fuzz_check.hpp"

namespace cmcctl {
namespace {

bool is_clean(const std::string& text) {
  for (const char c : text) {
    if (c != '\n' && (c < 0x20 || c > 0x7E)) return false;
  }
  return true;
}

/// What is written as JSON reads as the same octets; and what the scan refuses is refused before anything is written.
void check_round_trip(Octets message) {
  std::stringstream json;
  const auto written = write_json(json, message);
  Decoder decoder;
  FUZZ_CHECK(written.ok() == decoder.scan(message).ok());
  if (!written) {
    FUZZ_CHECK(json.str().empty());
    return;
  }
  FUZZ_CHECK(is_clean(json.str()));
  const auto read = read_json(json);
  FUZZ_CHECK(read);
  FUZZ_CHECK(Octets(read->bytes) == message);
  FUZZ_CHECK(read->remarks.empty());
}

void check_text(std::string_view text) {
  std::istringstream in{std::string(text)};
  const auto read = read_json(in);
  if (!read) {
    FUZZ_CHECK(read.error().offset <= text.size());
    FUZZ_CHECK(read.error().detail.starts_with("line "));
    return;
  }
  if (!read->bytes.empty()) check_round_trip(Octets(read->bytes));
}

}  // namespace
}  // namespace cmcctl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const cmcctl::Octets input(data, data + size);
  const bool is_text = size != 0 && data[0] == '{';
  if (is_text) {
    cmcctl::check_text(input.chars());
  } else {
    cmcctl::check_round_trip(input);
  }
  return 0;
}
