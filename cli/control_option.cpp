#include "control_option.hpp"

#include <sstream>

#include <cmcctl/codec/cmc.hpp>
#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/json.hpp>
#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/text.hpp>
#include <nlohmann/json.hpp>

#include "hexadecimal.hpp"

namespace cmcctl::cli {
namespace {

using Json = nlohmann::json;

Error refusal(const std::string& problem) { return {Errc::not_encodable, 0, "--control", {}, problem}; }

const ControlRow* row_named(std::string_view name) {
  if (const ControlRow* const row = control_row(name)) return row;
  if (const auto oid = oid_content(name)) return control_row(Oid{*oid});
  const OidEntry* const entry = find_oid_by_name(name);
  return entry == nullptr ? nullptr : control_row(Oid{*oid_content(entry->dotted)});
}

/// What stands for the text in JSON, by the type of the value.
Result<Json> json_of(std::string_view text, const ControlRow* row) {
  const bool is_json = !text.empty() && std::string_view("{[\"").find(text.front()) != std::string_view::npos;
  if (!is_json && row != nullptr && row->type == "UTF8String") {
    if (!is_valid_utf8(Octets(text))) return refusal(std::string(row->name) + " is UTF-8 text");
    return Json(text);
  }
  if (!is_json && row != nullptr && row->type == "OCTET STRING") return Json(hex(Octets(text)));
  if (!is_json && row != nullptr && row->type == "INTEGER") return Json(text);
  Json value = Json::parse(text, nullptr, false);
  if (!value.is_discarded()) return value;
  return refusal("the value is no JSON; cmcctl decode shows how it is written, and hex: takes DER");
}

}  // namespace

Result<ControlOption> parse_control(std::string_view text) {
  const std::size_t sign = text.find('=');
  if (sign == std::string_view::npos || sign == 0) return refusal("--control wants NAME=VALUE, such as regInfo=text");
  const std::string_view name = text.substr(0, sign);
  const std::string_view value = text.substr(sign + 1);
  const ControlRow* const row = row_named(name);
  if (row == nullptr && !oid_content(name)) {
    return refusal("no control is called '" + std::string(name) + "'; cmcctl explain controls lists them");
  }
  ControlOption control{row != nullptr ? std::string(row->oid) : std::string(name), {}};
  if (value.starts_with("hex:")) {
    auto octets = octets_of_typed_hex(value.substr(4));
    if (!octets) return refusal("hex: is followed by the DER of the value in hexadecimal");
    control.value = *std::move(octets);
    return control;
  }
  CMC_TRY(const Json json, json_of(value, row));
  const Json data{
      {"PKIData", {{"controlSequence", {{{"bodyPartID", 1}, {"attrType", control.type}, {"attrValues", {json}}}}}}}};
  std::istringstream stream(data.dump());
  auto made = read_json(stream);
  if (!made) {
    const std::string& detail = made.error().detail;
    return refusal(std::string(name) + ": " +
                   detail.substr(detail.find(": ") == std::string::npos ? 0 : detail.find(": ") + 2));
  }
  Decoder decoder;
  CMC_TRY(const auto decoded, decoder.decode<PKIData>(Octets(made->bytes)));
  const Octets der = decoded.control_sequence[0].attr_values[0].der;
  control.value.assign(der.begin(), der.end());
  return control;
}

}  // namespace cmcctl::cli
