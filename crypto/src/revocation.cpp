#include "revocation.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "issued_by.hpp"

namespace cmcctl {
namespace {

constexpr std::string_view reason_code = "2.5.29.21";
constexpr std::string_view crl_number = "2.5.29.20";
constexpr std::string_view remove_from_crl = "8";

// What a list says about a certificate.
struct Answer {
  Verdict verdict = Verdict::unknown;
  std::string text;
};

// The URIs and directory names of a distribution point, as they stand.
std::set<std::string_view> point_names(const std::optional<DistributionPointName>& name) {
  std::set<std::string_view> result;
  const auto* const full = name ? std::get_if<GeneralNames>(&name->choice) : nullptr;
  if (full == nullptr) return result;
  for (const GeneralName& one : full->names) {
    if (const auto* uri = std::get_if<GeneralName::Uri>(&one.choice)) result.insert(uri->value.chars());
    if (const auto* directory = std::get_if<Raw<Name>>(&one.choice)) result.insert(directory->der.chars());
  }
  return result;
}

// RFC 5280 section 6.3.3 (b) (2) (i): a list for one distribution point says nothing about certificates that do not
// name it.
bool names_point(const X509Certificate& certificate, const std::optional<DistributionPointName>& name) {
  const auto wanted = point_names(name);
  const auto points = certificate.extension_value<CRLDistributionPoints>(oids::crl_distribution_points);
  if (!points) return false;
  return std::ranges::any_of(points->points, [&](const DistributionPoint& point) {
    const auto own = point_names(point.distribution_point);
    return !point.crl_issuer && std::ranges::any_of(own, [&](std::string_view one) { return wanted.contains(one); });
  });
}

std::string unusable_by_extensions(const X509Crl& crl, const X509Certificate& certificate) {
  if (!crl.tbs().crl_extensions) return {};
  if (crl.extension(oids::delta_crl_indicator) != nullptr) return "it is a delta CRL; give the complete one";
  for (const Extension& extension : crl.tbs().crl_extensions->extensions) {
    const std::string dotted = to_string(extension.extn_id);
    if (extension.critical && dotted != oids::issuing_distribution_point && dotted != oids::authority_key_identifier &&
        dotted != crl_number) {
      return "it has the critical extension " + dotted + ", which is not known";
    }
  }
  const Extension* const point = crl.extension(oids::issuing_distribution_point);
  if (point == nullptr) return {};
  const auto scope = crl.decoder().decode<IssuingDistributionPoint>(point->extn_value);
  if (!scope) return "its issuingDistributionPoint does not decode";
  if (scope->indirect_crl) return "it is an indirect CRL, which is not known";
  if (scope->only_contains_attribute_certs) return "it is for attribute certificates";
  if (scope->only_contains_user_certs && certificate.is_ca()) return "it is for end entities";
  if (scope->only_contains_ca_certs && !certificate.is_ca()) return "it is for CA certificates";
  if (scope->only_some_reasons) return "it is for some reasons only";
  if (scope->distribution_point && !names_point(certificate, scope->distribution_point)) {
    return "it is for a distribution point that the certificate does not name";
  }
  return {};
}

// With the CRL's own dates: one that is not of this time says nothing.
std::string unusable_by_time(const X509Crl& crl, std::int64_t time) {
  const auto from = seconds_of(crl.tbs().this_update);
  if (!from || time < *from) return "it is from " + time_text(crl.tbs().this_update);
  if (!crl.tbs().next_update) return {};
  const auto to = seconds_of(*crl.tbs().next_update);
  if (!to || time > *to) return "it was to be replaced by " + time_text(*crl.tbs().next_update);
  return {};
}

std::string reason_of(const X509Crl& crl, const RevokedCertificate& entry) {
  if (!entry.crl_entry_extensions) return {};
  for (const Extension& extension : entry.crl_entry_extensions->extensions) {
    if (to_string(extension.extn_id) != reason_code) continue;
    const auto value = crl.decoder().scan(extension.extn_value);
    if (!value || value->der[0] != tlv::enumerated) return {};
    return to_string(Integer{tlv::first(value->der).content});
  }
  return {};
}

std::string reason_words(const std::string& number) {
  if (number.empty() || number.size() > 2) return {};
  const NamedNumber* const named = find_number(crl_reason_names(), std::stoi(number));
  return named == nullptr ? ", reason " + number : ", " + std::string(named->name);
}

Answer look_up(const X509Crl& crl, const X509Certificate& certificate) {
  const auto found = crl.find(certificate.tbs().serial_number);
  if (!found) return {Verdict::unknown, "its entry does not decode: " + to_string(found.error())};
  const std::optional<RevokedCertificate>& entry = *found;
  if (!entry) return {Verdict::pass, {}};
  if (entry->crl_entry_extensions) {
    for (const Extension& extension : entry->crl_entry_extensions->extensions) {
      const std::string dotted = to_string(extension.extn_id);
      if (extension.critical && dotted != reason_code) return {Verdict::unknown, "its entry has the critical extension " + dotted};
    }
  }
  const std::string reason = reason_of(crl, *entry);
  if (reason == remove_from_crl) return {Verdict::pass, {}};
  return {Verdict::fail, "revoked on " + time_text(entry->revocation_date) + reason_words(reason)};
}

Answer ask(const X509Crl& crl, const X509Certificate& certificate, const X509Certificate& issuer, const PathOptions& options) {
  const auto usage = issuer.extension_value<KeyUsage>(oids::key_usage);
  if (usage && !usage->bits.bit(KeyUsage::cRLSign)) return {Verdict::unknown, "the issuer's keyUsage lacks cRLSign"};
  const SignedStructure signed_part{crl.signed_octets(), crl.list().signature_algorithm, crl.tbs().signature, crl.list().signature};
  if (const auto problem = signature_problem(signed_part, issuer, options.allow_sha1)) return {Verdict::unknown, *problem};
  std::string problem = unusable_by_extensions(crl, certificate);
  if (problem.empty()) problem = unusable_by_time(crl, options.time);
  if (!problem.empty()) return {Verdict::unknown, problem};
  return look_up(crl, certificate);
}

// One list that knows suffices; one that says "revoked" counts more than others.
Answer ask_all(const X509Certificate& certificate, const X509Certificate& issuer, const PathOptions& options) {
  Answer best{Verdict::unknown, "no CRL of " + issuer.subject_text()};
  for (const X509Crl& crl : options.crls) {
    if (crl.issuer() != certificate.issuer()) continue;
    const Answer answer = ask(crl, certificate, issuer, options);
    if (answer.verdict == Verdict::fail) return answer;
    if (best.verdict != Verdict::pass) best = answer;
  }
  return best;
}

}  // namespace

Check check_revocation(const std::vector<X509Certificate>& path, const PathOptions& options) {
  constexpr std::string_view name = "revocation";
  if (options.crls.empty()) return {name, Verdict::skipped, "not looked up", {}, "give CRLs with --crl FILE"};
  Check result{name, Verdict::pass, "not revoked", {}, {}};
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const Answer answer = ask_all(path[i], path[i + 1], options);
    if (answer.verdict == Verdict::pass || (answer.verdict == Verdict::unknown && result.verdict == Verdict::unknown)) continue;
    const std::string text = escape(path[i].subject_text(), 200) + ": " + escape(answer.text);
    if (answer.verdict == Verdict::fail) return {name, Verdict::fail, text, {}, "do not rely on this certificate"};
    result = {name, Verdict::unknown, text, {}, "give a current CRL of the issuer with --crl FILE"};
  }
  return result;
}

}  // namespace cmcctl
