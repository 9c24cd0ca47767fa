#include "enrollment_file.hpp"

#include <filesystem>
#include <system_error>

#include <cmcctl/codec/hexadecimal.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/version.hpp>

#include "files.hpp"

namespace cmcctl::cli {
namespace {

using Json = nlohmann::ordered_json;
using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view kind = "enrollment";

bool take(const Json& json, Bytes& bytes) {
  if (!json.is_string()) return false;
  auto octets = octets_of_hex(json.get_ref<const std::string&>());
  if (!octets) return false;
  bytes = *std::move(octets);
  return true;
}

bool take(const Json& json, std::vector<Bytes>& list) {
  if (!json.is_array()) return false;
  for (const Json& element : json) {
    if (!take(element, list.emplace_back())) return false;
  }
  return true;
}

template <class T>
bool take_number(const Json& json, T& number) {
  if (!json.is_number_integer()) return false;
  number = json.get<T>();
  return true;
}

bool take(const Json& json, EnrollmentStep& step) {
  if (!json.is_string()) return false;
  for (int i = 0; i <= static_cast<int>(EnrollmentStep::failed); ++i) {
    if (to_string(static_cast<EnrollmentStep>(i)) != json.get_ref<const std::string&>()) continue;
    step = static_cast<EnrollmentStep>(i);
    return true;
  }
  return false;
}

Json json_of(const std::vector<Bytes>& list) {
  Json json = Json::array();
  for (const Bytes& bytes : list) json.push_back(hex(bytes));
  return json;
}

Json json_of_file(const EnrollmentFile& file) {
  return Json{{"schema", 1},
              {"tool", "cmcctl " + std::string(version)},
              {"kind", kind},
              {"options", json_of(file.options)},
              {"step", to_string(file.state.step)},
              {"done", file.done},
              {"stays", file.stays},
              {"message", hex(file.state.message)},
              {"sealed", hex(file.sealed)},
              {"request", hex(file.state.request)},
              {"pendTokens", json_of(file.state.pend_tokens)},
              {"askAfter", file.state.ask_after},
              {"roundTrips", file.state.round_trips},
              {"certificates", json_of(file.state.certificates)}};
}

std::optional<EnrollmentFile> file_of(const Json& json) {
  constexpr const char* names[] = {"options",    "step",     "done",       "message",      "request", "kind",
                                   "pendTokens", "askAfter", "roundTrips", "certificates", "stays",   "sealed"};
  if (!json.is_object()) return std::nullopt;
  for (const char* name : names) {
    if (!json.contains(name)) return std::nullopt;
  }
  EnrollmentFile file;
  EnrollmentState& state = file.state;
  const bool good =
      json["kind"] == kind && take_json(json["options"], file.options) && take(json["step"], state.step) &&
      json["done"].is_boolean() && json["stays"].is_boolean() && take(json["message"], state.message) &&
      take(json["sealed"], file.sealed) && take(json["request"], state.request) &&
      take(json["pendTokens"], state.pend_tokens) && take_number(json["askAfter"], state.ask_after) &&
      take_number(json["roundTrips"], state.round_trips) && take(json["certificates"], state.certificates);
  if (!good) return std::nullopt;
  constexpr std::int64_t last_second = 253'402'300'799;  // of GeneralizedTime
  const bool without_certificate = state.step == EnrollmentStep::issued && state.certificates.empty();
  if (without_certificate || state.ask_after < 0 || state.ask_after > last_second) return std::nullopt;
  file.done = json["done"].get<bool>();
  file.stays = json["stays"].get<bool>();
  return file;
}

}  // namespace

std::string key_file_of(const std::string& state_file) { return state_file + ".key"; }

OrExit<std::optional<EnrollmentFile>> read_enrollment_file(const std::string& name, const Maker& maker) {
  std::error_code ignored;
  if (!std::filesystem::exists(name, ignored)) return std::optional<EnrollmentFile>();
  const FileBytes read = read_file(name, maker.io(), 4 * Limits{}.message_octets);
  if (!read.problem.empty()) return maker.fail(ExitCode::io, escape(name) + ": " + read.problem);
  const Json json = Json::parse(read.bytes.begin(), read.bytes.end(), nullptr, false);
  auto file = file_of(json);
  if (!file) return maker.fail(ExitCode::undecodable, escape(name) + " is no state of an enrolment that cmcctl began");
  return file;
}

std::string text_of(const EnrollmentFile& file) {
  return json_of_file(file).dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace cmcctl::cli
