#include <cmcctl/cmc/pki_response.hpp>

#include <cmcctl/codec/tlv.hpp>

#include "body_parts_views.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// The same as CMCStatusInfo, which has neither paths nor extendedFailInfo.
std::optional<CMCStatusInfo> in_version_1(const CMCStatusInfoV2& status, std::vector<BodyPartID>& ids) {
  CMCStatusInfo old;
  old.cmc_status = status.cmc_status;
  old.status_string = status.status_string;
  for (const BodyPartReference& reference : status.body_list) {
    const auto* const id = std::get_if<BodyPartID>(&reference.choice);
    if (id == nullptr) return std::nullopt;
    ids.push_back(*id);
  }
  old.body_list = List<BodyPartID>(ids);
  if (!status.other_info) return old;
  if (const auto* const fail = std::get_if<CMCFailInfo>(&status.other_info->choice)) {
    old.other_info = CMCStatusInfo::OtherInfo{*fail};
  } else if (const auto* const pending = std::get_if<PendInfo>(&status.other_info->choice)) {
    old.other_info = CMCStatusInfo::OtherInfo{*pending};
  } else {
    return std::nullopt;
  }
  return old;
}

/// RFC 5272 has the last member as a plain SEQUENCE, of the same length.
void take_off_tag(Bytes& status) {
  tlv::Cursor members(tlv::first(status).content);
  tlv::Element last{};
  while (!members.at_end()) last = members.next();
  status[static_cast<std::size_t>(last.whole.data() - status.data())] = tlv::sequence;
}

bool has_extended(const CMCStatusInfoV2& status) {
  return status.other_info && std::holds_alternative<ExtendedFailInfo>(status.other_info->choice);
}

}  // namespace

Result<void> PkiResponseBuilder::status(const CMCStatusInfoV2& status) {
  CMC_TRY(Bytes value, encode(status));
  if (edition_ == Edition::rfc5272 && has_extended(status)) take_off_tag(value);
  CMC_CHECK(control("statusInfoV2", value));
  std::vector<BodyPartID> ids;
  const auto old = edition_ == Edition::rfc5272 ? in_version_1(status, ids) : std::nullopt;
  if (old) CMC_CHECK(control_of("statusInfo", *old));
  return {};
}

Result<Bytes> PkiResponseBuilder::der() const {
  BodyPartsViews views;
  return encode(PKIResponse{
      views.controls(std::span<const Control>(controls_)), views.nested(nested_), views.others(others_), {}});
}

}  // namespace cmcctl
