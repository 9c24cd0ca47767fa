#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/cmc/pki_response.hpp>

namespace cmcctl::cli {

/// A status as --status [BODYPART=]WORD[:DETAIL] has it; it owns what the codec's type looks at.
class StatusOption {
 public:
  /// Errors are `not_encodable`. `now` is what a pendTime counts from.
  static Result<StatusOption> parse(std::string_view text, std::int64_t now);
  /// Plain success.
  StatusOption() = default;

  /// Identifiers from the outside in; empty: for everything that no other status is for.
  const std::vector<BodyPartID>& part() const { return part_; }
  CMCStatus status() const { return status_; }

  /// Puts it into a response, for these body parts or for its own.
  Result<void> add_to(PkiResponseBuilder& response, const std::vector<BodyPartID>& parts, std::string_view text) const;

 private:
  Result<void> take_detail(std::string_view detail, std::int64_t now);
  Result<void> take_pending(std::string_view detail, std::int64_t now);
  Result<void> take_fail_info(std::string_view detail);

  std::vector<BodyPartID> part_;
  CMCStatus status_ = CMCStatus::success;
  std::optional<CMCFailInfo> fail_info_;
  std::vector<std::uint8_t> token_;
  std::string pend_time_;
  std::vector<std::uint8_t> extended_oid_;
  std::vector<std::uint8_t> extended_value_;
};

}  // namespace cmcctl::cli
