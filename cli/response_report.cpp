#include "response_report.hpp"

#include <algorithm>

#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/text.hpp>

#include "verify_report.hpp"

namespace cmcctl::cli {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const ReportedStatus& status) {
  const NamedNumber* const name = find_number(cmc_status_names(), static_cast<std::int64_t>(status.status));
  Json json{{"path", status.path}, {"cMCStatus", static_cast<std::int64_t>(status.status)}};
  if (name != nullptr) json["name"] = name->name;
  json["bodyList"] = status.body_parts;
  if (!status.text.empty()) json["statusString"] = status.text;
  if (!status.fail_info.empty()) json["failInfo"] = status.fail_info;
  if (!status.meaning.empty()) json["meaning"] = status.meaning;
  if (status.pend_time.empty()) return json;
  json["pendToken"] = hex(status.pend_token);
  json["pendTime"] = status.pend_time;
  return json;
}

Json json_of(const X509Certificate& certificate) {
  return Json{{"subject", certificate.subject_text()}, {"base64", base64(certificate.der())}};
}

Json json_of(const AnsweredRequest& request) {
  Json json{{"name", request.name}, {"checks", Json::array()}};
  for (const Check& check : request.checks) json["checks"].push_back(json_of_check(check));
  if (request.certificate) json["certificate"] = json_of(*request.certificate);
  return json;
}

}  // namespace

Json json_of_response(const ResponseReport& report) {
  Json json{{"outcome", to_string(report.outcome)}, {"nextStep", report.next_step}, {"checks", Json::array()}};
  for (const Check& check : report.checks) json["checks"].push_back(json_of_check(check));
  json["statuses"] = Json::array();
  for (const ReportedStatus& status : report.statuses) json["statuses"].push_back(json_of(status));
  json["requests"] = Json::array();
  for (const AnsweredRequest& request : report.requests) json["requests"].push_back(json_of(request));
  json["otherCertificates"] = Json::array();
  for (const X509Certificate& certificate : report.other_certificates) json["otherCertificates"].push_back(json_of(certificate));
  json["crls"] = report.crls;
  json["challenges"] = report.challenges;
  return json;
}

void write_response(std::ostream& out, const ResponseReport& report, bool color) {
  out << to_string(report.outcome) << "\n  next: " << report.next_step << '\n';
  for (const ReportedStatus& status : report.statuses) {
    out << "  status " << to_string(status) << (status.text.empty() ? "" : ": " + escape(status.text)) << '\n';
    if (!status.meaning.empty()) out << "    " << status.meaning << '\n';
    if (!status.pend_time.empty()) out << "    token " << hex(status.pend_token) << ", not before " << escape(status.pend_time) << '\n';
  }
  if (!report.checks.empty()) out << "  exchange\n";
  for (const Check& check : report.checks) write_check(out, check, color);
  for (const AnsweredRequest& request : report.requests) {
    out << "  request " << escape(request.name) << '\n';
    for (const Check& check : request.checks) write_check(out, check, color);
  }
  for (const std::uint32_t id : report.challenges) out << "  challenge for body part " << id << '\n';
  for (const X509Certificate& certificate : report.other_certificates) {
    out << "  certificate " << escape(certificate.subject_text()) << '\n';
  }
  if (report.crls != 0) out << "  CRLs " << report.crls << '\n';
  out << "  signatures ";
  write_report(out, report.verification, color);
}

ExitCode exit_code_of(const ResponseReport& report) {
  const bool goes_on = std::ranges::any_of(report.statuses, [](const ReportedStatus& status) { return !status.pend_time.empty(); });
  switch (report.outcome) {
    case Outcome::issued:
    case Outcome::success:
      return ExitCode::ok;
    case Outcome::pending:
      return ExitCode::pending;
    case Outcome::pop_required:
    case Outcome::confirm_required:
      return ExitCode::one_more_step;
    case Outcome::partial:
      return goes_on ? ExitCode::pending : ExitCode::no;
    default:
      return ExitCode::no;
  }
}

}  // namespace cmcctl::cli
