#include "from_text.hpp"

#include <algorithm>

#include <cmcctl/codec/decoder.hpp>
#include <cmcctl/codec/hexadecimal.hpp>
#include <cmcctl/codec/names.hpp>

namespace cmcctl {

Error not_from_text(std::string detail) { return {Errc::not_encodable, 0, {}, {}, std::move(detail)}; }

std::string oid_from_text(std::string_view word, std::string_view kind) {
  if (oid_content(word)) return std::string(word);
  const OidEntry* const entry = find_oid_by_name(word);
  if (entry == nullptr || !entry->kind.ends_with(kind)) return {};
  return std::string(entry->dotted);
}

Result<std::vector<std::uint8_t>> element_from_hex(std::string_view hex, std::string_view what) {
  auto octets = octets_of_hex(hex);
  if (!octets || octets->empty()) return not_from_text(std::string(what) + ": not octets in hexadecimal");
  Decoder decoder;
  const auto scanned = decoder.scan(Octets(*octets));
  if (!scanned) return not_from_text(std::string(what) + ": not one element in DER: " + to_string(scanned.error()));
  if (decoder.saw_ber()) return not_from_text(std::string(what) + ": BER, and not DER");
  return *std::move(octets);
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

bool is_printable_string(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const char lower = static_cast<char>(c | 0x20);
    return (lower >= 'a' && lower <= 'z') ||
           std::string_view("0123456789 '()+,-./:=?").find(c) != std::string_view::npos;
  });
}

}  // namespace cmcctl
