#include "policies.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/oids.hpp>

namespace cmcctl {
namespace {

std::string key_of(const Oid& oid) { return std::string(oid.content.chars()); }

std::string any_policy_key() {
  const auto content = oid_content(oids::any_policy);
  return {content->begin(), content->end()};
}

// SkipCerts ::= INTEGER (0..MAX). False for what is none; what is too large for 64 bits lowers nothing.
bool lower_to(std::size_t& counter, const std::optional<Integer>& value) {
  if (!value) return true;
  if (value->negative()) return false;
  if (const auto number = value->to_int64()) counter = std::min(counter, static_cast<std::size_t>(*number));
  return true;
}

}  // namespace

void PolicyState::narrow(const X509Certificate& certificate, bool last) {
  const auto policies = certificate.extension_value<CertificatePolicies>(oids::certificate_policies);
  std::set<std::string> named;
  if (policies) {
    for (const PolicyInformation& policy : policies->policies) named.insert(key_of(policy.policy_identifier));
  }
  const bool names_any = named.erase(any_policy_key()) != 0;
  const bool any_counts = names_any && (inhibit_any_ > 0 || (!last && certificate.is_self_issued()));
  std::set<std::string> valid;
  for (const std::string& policy : named) {
    if (any_ || valid_.contains(policy)) valid.insert(policy);
  }
  if (any_counts) valid.insert(valid_.begin(), valid_.end());
  valid_ = std::move(valid);
  any_ = any_ && any_counts;
}

std::string PolicyState::map(const X509Certificate& certificate) {
  const auto mappings = certificate.extension_value<PolicyMappings>(oids::policy_mappings);
  if (!mappings) return {};
  std::map<std::string, std::vector<std::string>> subjects;
  for (const PolicyMapping& mapping : mappings->mappings) {
    const std::string issuer = key_of(mapping.issuer_domain_policy);
    const std::string subject = key_of(mapping.subject_domain_policy);
    if (issuer == any_policy_key() || subject == any_policy_key()) return "policyMappings with anyPolicy";
    subjects[issuer].push_back(subject);
  }
  std::set<std::string> mapped;
  for (const auto& [issuer, targets] : subjects) {
    const bool holds = valid_.erase(issuer) != 0 || any_;
    if (holds && mapping_ > 0) mapped.insert(targets.begin(), targets.end());
  }
  valid_.merge(mapped);
  return {};
}

std::string PolicyState::take_constraints(const X509Certificate& certificate, bool last) {
  if (certificate.extension(oids::policy_constraints) != nullptr) {
    const auto constraints = certificate.extension_value<PolicyConstraints>(oids::policy_constraints);
    if (!constraints) return "policyConstraints do not decode";
    if (last) {
      if (constraints->require_explicit_policy && constraints->require_explicit_policy->to_int64() == 0) explicit_policy_ = 0;
      return {};
    }
    if (!lower_to(explicit_policy_, constraints->require_explicit_policy) ||
        !lower_to(mapping_, constraints->inhibit_policy_mapping)) {
      return "policyConstraints with a negative number";
    }
  }
  if (const Extension* inhibit = certificate.extension(oids::inhibit_any_policy); inhibit != nullptr && !last) {
    const auto value = certificate.decoder().scan(inhibit->extn_value);
    if (!value || value->der[0] != tlv::integer) return "inhibitAnyPolicy does not decode";
    if (!lower_to(inhibit_any_, Integer{tlv::first(value->der).content})) return "inhibitAnyPolicy with a negative number";
  }
  return {};
}

std::string PolicyState::next(const X509Certificate& certificate, bool last) {
  narrow(certificate, last);
  if (explicit_policy_ == 0 && none()) return "no policy holds along the path, and one is required";
  if (!last) {
    if (std::string problem = map(certificate); !problem.empty()) return problem;
  }
  if (last || !certificate.is_self_issued()) {
    for (std::size_t* counter : {&explicit_policy_, &inhibit_any_, &mapping_}) {
      if (*counter > 0) --*counter;
    }
  }
  if (std::string problem = take_constraints(certificate, last); !problem.empty()) return problem;
  if (last && explicit_policy_ == 0 && none()) return "no policy holds along the path, and one is required";
  return {};
}

}  // namespace cmcctl
