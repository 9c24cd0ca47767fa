#include "part_references.hpp"

#include <algorithm>
#include <charconv>

namespace cmcctl::cli {
namespace {

Result<void> check_reference(const PkiDataBuilder& data, BodyPartID id, const std::string& option) {
  if (data.is_taken(id)) return {};
  return Error{Errc::not_encodable, 0, option, "CMC-5272-3.2.2-07",
               "no part of the message has the identifier " + std::to_string(id.value()) +
                   "; --dry-run shows those that there are"};
}

}  // namespace

Error wrong_reference(const std::string& option, const std::string& problem) {
  return {Errc::not_encodable, 0, option, {}, problem};
}

Result<BodyPartIds> ids_of(std::string_view text, char separator, const std::string& option) {
  BodyPartIds ids;
  while (true) {
    const std::size_t end = std::min(text.find(separator), text.size());
    std::uint32_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + end, number);
    if (error != std::errc{} || rest != text.data() + end) {
      return wrong_reference(option, "'" + std::string(text) + "' is no list of body part identifiers");
    }
    ids.emplace_back(number);
    if (end == text.size()) return ids;
    text.remove_prefix(end + 1);
  }
}

Result<BodyPartIds> part_path(const PkiDataBuilder& data, std::string_view text, const std::string& option) {
  CMC_TRY(BodyPartIds path, ids_of(text, '.', option));
  CMC_CHECK(check_reference(data, path.front(), option));
  return path;
}

Result<RequestReferences> references_of(const PkiDataBuilder& data, std::string_view text, const std::string& option) {
  RequestReferences references{{BodyPartID(0)}, {}};
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    CMC_TRY(references.pki_data, part_path(data, text.substr(0, colon), option));
    text.remove_prefix(colon + 1);
  }
  CMC_TRY(references.ids, ids_of(text, ',', option));
  if (colon != std::string_view::npos) return references;
  for (const BodyPartID id : references.ids) CMC_CHECK(check_reference(data, id, option));
  return references;
}

}  // namespace cmcctl::cli
