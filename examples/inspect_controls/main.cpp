// Prints the controls of a Full PKI Request or Response with the typed API: file, ContentInfo, SignedData, PKIData or
// PKIResponse, controls. The file has to be DER or BER; `read_blocks` (input.hpp) would take PEM and the rest, too.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/text.hpp>

using namespace cmcctl;

namespace {

constexpr std::string_view id_pki_response = "1.3.6.1.5.5.7.12.3";

std::string named(std::span<const NamedNumber> names, std::int64_t value) {
  const NamedNumber* entry = find_number(names, value);
  return entry != nullptr ? std::string(entry->name) : std::to_string(value);
}

Result<std::string> status_words(Decoder& decoder, const TaggedAttribute& control) {
  CMC_TRY(const auto info, decode_control<CMCStatusInfoV2>(decoder, control));
  std::string words = named(cmc_status_names(), static_cast<std::int64_t>(info.cmc_status));
  if (info.other_info) {
    if (const auto* fail = std::get_if<CMCFailInfo>(&info.other_info->choice)) {
      words += ", " + named(cmc_fail_info_names(), static_cast<std::int64_t>(*fail));
    }
  }
  if (info.status_string) words += " \"" + escape(info.status_string->bytes.chars()) + "\"";  // safe for a terminal
  return words;
}

Result<void> print(Decoder& decoder, const List<TaggedAttribute>& controls) {
  for (const TaggedAttribute& control : controls) {
    const ControlRow* row = control_row(control.attr_type);
    std::cout << '[' << control.body_part_id.value() << "] "
              << (row != nullptr ? std::string(row->name) : to_string(control.attr_type));
    if (row != nullptr && row->name == "statusInfoV2") {
      CMC_TRY(const std::string words, status_words(decoder, control));
      std::cout << ": " << words;
    }
    std::cout << '\n';
  }
  return {};
}

Result<void> run(Octets bytes) {
  Decoder decoder;
  CMC_TRY(const auto outer, decoder.decode<ContentInfo>(bytes));
  if (!outer.content) return Error{Errc::missing_member, 0, "ContentInfo.content", {}, {}};
  CMC_TRY(const auto signed_data, decoder.decode<SignedData>(*outer.content));
  const auto content = content_octets(signed_data.encap_content_info);
  if (!content) {
    const std::size_t offset = decoder.offset_of(signed_data.encap_content_info.source.bytes);
    return Error{Errc::missing_member, offset, "SignedData.encapContentInfo.eContent", {}, {}};
  }
  if (to_string(signed_data.encap_content_info.e_content_type) == id_pki_response) {
    CMC_TRY(const auto response, decoder.decode<PKIResponse>(*content));
    return print(decoder, response.control_sequence);
  }
  CMC_TRY(const auto request, decoder.decode<PKIData>(*content));
  return print(decoder, request.control_sequence);
}

}  // namespace

int main(int argc, char** argv) {
  std::ifstream file(argc == 2 ? argv[1] : "", std::ios::binary);
  if (!file) {
    std::cerr << "usage: inspect_controls MESSAGE.der\n";
    return 2;
  }
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
  const auto outcome = run(Octets(bytes));
  if (outcome) return 0;
  std::cerr << to_string(outcome.error()) << '\n';
  return 3;
}
