#include "verify_report.hpp"

#include <algorithm>
#include <string>

#include <cmcctl/codec/text.hpp>

namespace cmcctl::cli {
namespace {

std::string_view words(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "verified";
    case Verdict::fail: return "NOT verified";
    default: return "not verified: not everything could be checked";
  }
}

std::string colored(Verdict verdict, const std::string& text, bool color) {
  if (!color) return text;
  switch (verdict) {
    case Verdict::pass: return "\x1b[32m" + text + "\x1b[0m";
    case Verdict::fail: return "\x1b[31m" + text + "\x1b[0m";
    case Verdict::unknown: return "\x1b[33m" + text + "\x1b[0m";
    default: return text;
  }
}

std::string padded(std::string_view text, std::size_t width) {
  std::string result(text);
  result.resize(std::max(width, result.size() + 1), ' ');
  return result;
}

}  // namespace

void write_check(std::ostream& out, const Check& check, bool color) {
  out << "    " << colored(check.verdict, padded(to_string(check.verdict), 8), color) << padded(check.name, 18) << check.text;
  if (!check.rule.empty() && check.verdict != Verdict::pass) out << "  [" << check.rule << ']';
  out << '\n';
  if (check.verdict != Verdict::pass && check.verdict != Verdict::skipped && !check.hint.empty()) {
    out << std::string(30, ' ') << "try: " << check.hint << '\n';
  }
}

nlohmann::ordered_json json_of_check(const Check& check) {
  nlohmann::ordered_json json{{"name", check.name}, {"verdict", to_string(check.verdict)}, {"text", check.text}};
  if (!check.rule.empty()) json["rule"] = check.rule;
  if (!check.hint.empty()) json["hint"] = check.hint;
  return json;
}

nlohmann::ordered_json json_of_part(const VerifiedPart& part) {
  using Json = nlohmann::ordered_json;
  Json json{{"kind", part.kind},     {"name", part.name}, {"path", part.path},
            {"offset", part.offset}, {"verdict", to_string(worst(part.checks))}};
  json["checks"] = Json::array();
  for (const Check& check : part.checks) json["checks"].push_back(json_of_check(check));
  if (part.certificates.empty()) return json;
  json["certificates"] = Json::array();
  for (const X509Certificate& certificate : part.certificates) {
    json["certificates"].push_back(Json{{"subject", certificate.subject_text()}, {"base64", base64(certificate.der())}});
  }
  return json;
}

void write_report(std::ostream& out, const VerifyReport& report, bool color) {
  out << colored(report.verdict, std::string(words(report.verdict)), color) << '\n';
  if (report.parts.empty()) out << "  nothing in it is signed\n";
  for (const VerifiedPart& part : report.parts) {
    out << "  " << part.kind << ' ' << escape(part.name) << '\n';
    for (const Check& check : part.checks) write_check(out, check, color);
  }
}

}  // namespace cmcctl::cli
