#include <cmcctl/codec/der_text.hpp>

#include <sstream>
#include <string>
#include <string_view>

#include "fuzz_check.hpp"

using namespace cmcctl;

namespace {

void check_clean(const std::string& text) {
  FUZZ_CHECK(is_valid_utf8(Octets(std::string_view(text))));
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    FUZZ_CHECK(octet == '\n' || (octet >= 0x20 && octet != 0x7F));
    FUZZ_CHECK(octet != 0xC2 || static_cast<unsigned char>(text[i + 1]) >= 0xA0);  // U+0080 to U+009F
  }
}

void check_round_trip(Octets bytes, const Limits& limits) {
  std::ostringstream out;
  write_der_text(out, bytes, limits);
  const std::string text = out.str();
  check_clean(text);
  const auto again = read_der_text(text, limits);
  FUZZ_CHECK(again);
  FUZZ_CHECK(Octets(*again) == bytes);
}

void check_text(std::string_view text, const Limits& limits) {
  const auto bytes = read_der_text(text, limits);
  if (bytes) {
    check_round_trip(Octets(*bytes), limits);
    return;
  }
  const Error& error = bytes.error();
  FUZZ_CHECK(error.code == Errc::bad_der_text || error.code == Errc::limit_exceeded);
  FUZZ_CHECK(error.offset <= text.size());
  FUZZ_CHECK(error.detail.starts_with("line "));
  check_clean(to_string(error));
}

}  // namespace

// The first octet chooses: text or bytes, and the limits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Octets input = Octets(data, data + size).from(1);
  Limits limits;
  if ((data[0] & 2) != 0) {
    limits.depth = 4;
    limits.nodes = 32;
  }
  if ((data[0] & 1) != 0) {
    check_text(input.chars(), limits);
  } else {
    check_round_trip(input, limits);
  }
  return 0;
}
