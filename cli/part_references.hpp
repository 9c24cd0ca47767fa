#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/cmc/pki_data.hpp>

/// Body parts as options name them.
namespace cmcctl::cli {

using BodyPartIds = std::vector<BodyPartID>;

/// What is wrong with the value of an option.
Error wrong_reference(const std::string& option, const std::string& problem);

/// "1,2" or "1.2", by its separator.
Result<BodyPartIds> ids_of(std::string_view text, char separator, const std::string& option);

/// "1", or "5.2" for a part of a CMC message inside; the message has the first of them.
Result<BodyPartIds> part_path(const PkiDataBuilder& data, std::string_view text, const std::string& option);

/// "[NESTED:]ID,...": requests of this message, or of one in cmsSequence, which NESTED is the path to.
struct RequestReferences {
  BodyPartIds pki_data;  ///< 0 for this message
  BodyPartIds ids;
};
Result<RequestReferences> references_of(const PkiDataBuilder& data, std::string_view text, const std::string& option);

}  // namespace cmcctl::cli
