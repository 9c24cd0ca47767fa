#include <cmcctl/codec/input.hpp>

#include <string>
#include <string_view>

#include <cmcctl/codec/text.hpp>

#include "fuzz_check.hpp"
#include "scan.hpp"

using namespace cmcctl;

namespace {

const Limits limits;

bool same(const Result<std::vector<InputBlock>>& blocks, Form form, const std::vector<std::uint8_t>& bytes) {
  return blocks && blocks->size() == 1 && blocks->front().form == form && blocks->front().bytes == bytes;
}

// What was taken out once comes back out of each form that it is put into.
void check_round_trips(const std::vector<std::uint8_t>& bytes) {
  if (bytes.empty()) return;
  const Octets octets(bytes);
  const std::string text = base64(octets);
  FUZZ_CHECK(
      same(read_blocks(Octets("-----BEGIN CMS-----\n" + text + "\n-----END CMS-----\n"), limits), Form::pem, bytes));
  FUZZ_CHECK(same(read_blocks(Octets("\r\n" + text + "\r\n"), limits, Form::base64), Form::base64, bytes));
  FUZZ_CHECK(same(read_blocks(Octets(hex_spaced(octets, 1)), limits, Form::hex), Form::hex, bytes));
  FUZZ_CHECK(same(read_blocks(octets, limits, Form::der), Form::der, bytes));
  const std::string mime = "Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n" + text;
  if (octets.chars().find("-----BEGIN ") == std::string_view::npos) {
    FUZZ_CHECK(same(read_blocks(Octets(mime), limits), Form::mime, bytes));
  }
}

void check_blocks(const Result<std::vector<InputBlock>>& blocks, Octets input) {
  if (!blocks) {
    FUZZ_CHECK(blocks.error().offset <= input.size());
    FUZZ_CHECK(is_valid_utf8(Octets(std::string_view(blocks.error().detail))));
    return;
  }
  FUZZ_CHECK(!blocks->empty());
  std::size_t together = 0;
  std::size_t line = 0;
  for (const InputBlock& block : *blocks) {
    FUZZ_CHECK(block.bytes.size() <= limits.message_octets);
    FUZZ_CHECK(block.line >= line && block.line <= 1 + input.size());
    line = block.line;
    together += block.bytes.size();
  }
  FUZZ_CHECK(together <= input.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Octets input(data, data + size);
  for (const Form form : {Form::der, Form::pem, Form::base64, Form::hex, Form::mime, Form::http}) {
    check_blocks(read_blocks(input, limits, form), input);
  }
  const auto blocks = read_blocks(input, limits);
  check_blocks(blocks, input);
  if (size != 0 && data[0] == 0x30 && scan_der(input, limits).outcome == Scan::Outcome::der) {
    FUZZ_CHECK(same(blocks, Form::der, {data, data + size}));
  }
  if (blocks) check_round_trips(blocks->front().bytes);
  return 0;
}
