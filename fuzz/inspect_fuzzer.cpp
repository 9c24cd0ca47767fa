#include <cmcctl/codec/inspect.hpp>

#include <sstream>

#include <cmcctl/codec/values.hpp>
#include <nlohmann/json.hpp>

#include "fuzz_check.hpp"

using namespace cmcctl;

namespace {

// What reaches a terminal: UTF-8 without control characters but the line end.
void check_text(const std::string& text) {
  FUZZ_CHECK(is_valid_utf8(Octets(std::string_view(text))));
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    FUZZ_CHECK(c == '\n' || (c >= 0x20 && c != 0x7F));
    FUZZ_CHECK(!(c == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0));  // C1
    if (c < 0x80) continue;
    const std::string_view rest = std::string_view(text).substr(i);
    for (const std::string_view mark : {"\u202A", "\u202E", "\u2066", "\u2069", "\u2028", "\uFEFF", "\u200B"}) {
      FUZZ_CHECK(!rest.starts_with(mark));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Octets input(data, data + size);
  const InspectInput about{"fuzz", "DER", {}};
  const InspectOptions options;
  Decoder decoder;
  {
    std::ostringstream tree;
    const auto outcome = inspect_tree(tree, decoder, input, options);
    FUZZ_CHECK(outcome || outcome.error().offset <= size);
    check_text(tree.str());
  }
  const auto message = open_message(decoder, input);
  if (!message) {
    FUZZ_CHECK(message.error().offset <= size);
    return 0;
  }
  for (const Oddity& oddity : message->oddities) {
    FUZZ_CHECK(oddity.offset + oddity.length <= size);
    FUZZ_CHECK(!oddity.path.empty() && !oddity.rule.empty());
  }
  for (const Error& error : message->errors) FUZZ_CHECK(error.offset <= size && !error.path.empty());
  std::ostringstream text;
  inspect_text(text, decoder, *message, about, options);
  check_text(text.str());
  std::ostringstream json;
  inspect_json(json, decoder, *message, about, options);
  check_text(json.str());
  FUZZ_CHECK(nlohmann::json::accept(json.str()));
  return 0;
}
