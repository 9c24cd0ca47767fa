#include "status_option.hpp"

#include <charconv>

#include <cmcctl/codec/names.hpp>

#include "hexadecimal.hpp"
#include "one_control.hpp"

namespace cmcctl::cli {
namespace {

Error refusal(const std::string& problem) { return {Errc::not_encodable, 0, "--status", {}, problem}; }

std::string names_of(std::span<const NamedNumber> numbers) {
  std::string names;
  for (const NamedNumber& number : numbers) names += (names.empty() ? "" : ", ") + std::string(number.name);
  return names;
}

const NamedNumber* named(std::span<const NamedNumber> numbers, std::string_view name) {
  for (const NamedNumber& number : numbers) {
    if (number.name == name) return &number;
  }
  return nullptr;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "5" or "5.1"
Result<std::vector<BodyPartID>> path_of(std::string_view text) {
  std::vector<BodyPartID> path;
  while (true) {
    const std::size_t dot = text.find('.');
    const auto number = number_of<std::uint32_t>(text.substr(0, dot));
    if (!number) return refusal("a body part is a number, or several with dots between them");
    path.emplace_back(*number);
    if (dot == std::string_view::npos) return path;
    text.remove_prefix(dot + 1);
  }
}

constexpr std::int64_t most_seconds = 10LL * 366 * 86'400;

}  // namespace

Result<StatusOption> StatusOption::parse(std::string_view text, std::int64_t now) {
  StatusOption option;
  const std::size_t colon = text.find(':');
  if (const std::size_t sign = text.substr(0, colon).find('='); sign != std::string_view::npos) {
    CMC_TRY(option.part_, path_of(text.substr(0, sign)));
    text.remove_prefix(sign + 1);
  }
  const std::size_t end = text.find(':');
  const NamedNumber* const status = named(cmc_status_names(), text.substr(0, end));
  if (status == nullptr) {
    return refusal("'" + std::string(text.substr(0, end)) + "' is no status; there are " +
                   names_of(cmc_status_names()));
  }
  option.status_ = static_cast<CMCStatus>(status->value);
  const std::string_view detail = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  CMC_CHECK(option.take_detail(detail, now));
  return option;
}

Result<void> StatusOption::take_detail(std::string_view detail, std::int64_t now) {
  if (status_ == CMCStatus::pending || status_ == CMCStatus::partial) return take_pending(detail, now);
  if (detail.empty()) return {};
  if (status_ == CMCStatus::failed) return take_fail_info(detail);
  return refusal("only failed, pending and partial have something behind the colon (RFC 10002 section 6.1.1)");
}

Result<void> StatusOption::take_pending(std::string_view detail, std::int64_t now) {
  const std::size_t comma = detail.rfind(',');
  const auto seconds =
      comma == std::string_view::npos ? std::nullopt : number_of<std::int64_t>(detail.substr(comma + 1));
  if (!seconds || *seconds < 0 || *seconds > most_seconds || comma == 0) {
    return refusal("pending wants TOKEN,SECONDS: pending:abc,3600");
  }
  const std::string_view token = detail.substr(0, comma);
  token_.assign(token.begin(), token.end());
  if (token.starts_with("hex:")) {
    auto octets = octets_of_typed_hex(token.substr(4));
    if (!octets) return refusal("hex: is followed by the token in hexadecimal");
    token_ = *std::move(octets);
  }
  pend_time_ = *generalized_time(std::to_string(now + *seconds));
  return {};
}

Result<void> StatusOption::take_fail_info(std::string_view detail) {
  if (const NamedNumber* const fail = named(cmc_fail_info_names(), detail)) {
    fail_info_ = static_cast<CMCFailInfo>(fail->value);
    return {};
  }
  if (const auto number = number_of<std::int64_t>(detail)) {
    fail_info_ = static_cast<CMCFailInfo>(*number);
    return {};
  }
  const std::size_t sign = detail.find('=');
  auto oid = oid_content(detail.substr(0, sign));
  auto value = sign == std::string_view::npos ? std::nullopt : octets_of_typed_hex(detail.substr(sign + 1));
  if (!oid || !value) {
    return refusal("'" + std::string(detail) + "' is no failInfo; there are " + names_of(cmc_fail_info_names()) +
                   ", and OID=DER in hexadecimal for an extendedFailInfo");
  }
  extended_oid_ = *std::move(oid);
  extended_value_ = *std::move(value);
  return {};
}

Result<void> StatusOption::add_to(PkiResponseBuilder& response, const std::vector<BodyPartID>& parts,
                                  std::string_view text) const {
  std::vector<BodyPartReference> references;
  if (part_.size() > 1) {
    references.push_back({BodyPartPath{List<BodyPartID>(part_)}});
  } else {
    for (const BodyPartID part : part_.empty() ? parts : part_) references.push_back({part});
  }
  CMCStatusInfoV2 info;
  info.cmc_status = status_;
  info.body_list = List<BodyPartReference>(references);
  if (!text.empty()) info.status_string = Utf8String{Octets(text)};
  if (fail_info_) info.other_info = CMCStatusInfoV2::OtherInfo{*fail_info_};
  if (!pend_time_.empty()) {
    info.other_info = CMCStatusInfoV2::OtherInfo{
        PendInfo{token_, Time{Octets(std::string_view(pend_time_)), Time::Form::generalized}}};
  }
  if (!extended_oid_.empty()) {
    info.other_info = CMCStatusInfoV2::OtherInfo{ExtendedFailInfo{Oid{extended_oid_}, Any{extended_value_}}};
  }
  return response.status(info);
}

}  // namespace cmcctl::cli
