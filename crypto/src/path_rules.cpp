#include "path_rules.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "name_constraints.hpp"
#include "policies.hpp"
#include "revocation.hpp"

namespace cmcctl {
namespace {

using Path = std::vector<X509Certificate>;

std::string about(const X509Certificate& certificate, const std::string& problem) {
  return escape(certificate.subject_text(), 200) + ": " + problem;
}

Check verdict(std::string_view name, std::string problem, std::string good, std::string hint) {
  if (problem.empty()) return {name, Verdict::pass, std::move(good), {}, {}};
  return {name, Verdict::fail, std::move(problem), {}, std::move(hint)};
}

Check check_keys(const Path& path) {
  std::string kinds;
  for (const X509Certificate& certificate : path) {
    const auto& key = certificate.public_key();
    if (!key) {
      const bool unknown = key.error().code == Errc::unsupported_algorithm;
      return {"key strength", unknown ? Verdict::unknown : Verdict::fail, about(certificate, key.error().detail), {},
              "have a certificate issued for another key"};
    }
    kinds += (kinds.empty() ? "" : ", ") + key->text();
  }
  return verdict("key strength", {}, kinds, {});
}

Check check_times(const Path& path, std::int64_t time) {
  const auto text = [](const Time& value) { return time_text(value); };
  for (const X509Certificate& certificate : path) {
    const Validity& validity = certificate.tbs().validity;
    if (time < certificate.not_before()) {
      return verdict("time", about(certificate, "not valid before " + text(validity.not_before)), {}, "check the clock, or give --at TIME");
    }
    if (time > certificate.not_after()) {
      return verdict("time", about(certificate, "not valid after " + text(validity.not_after)), {},
                     "renew it; --at TIME verifies as of an earlier time");
    }
  }
  return verdict("time", {}, "valid until " + text(path.front().tbs().validity.not_after), {});
}

// What the code below and the other files process. A critical extension that is not here refuses the path.
constexpr std::array processed{
    oids::key_usage,       oids::subject_alt_name,   oids::basic_constraints, oids::name_constraints,
    oids::certificate_policies, oids::policy_mappings, oids::policy_constraints, oids::ext_key_usage,
    oids::inhibit_any_policy,
};

std::string extension_problem(const X509Certificate& certificate) {
  if (!certificate.tbs().extensions) return {};
  constexpr std::int64_t v3 = 2;
  if (!certificate.tbs().version || certificate.tbs().version->to_int64() != v3) return "extensions in a certificate that is not v3";
  std::set<std::string_view> seen;
  for (const Extension& extension : certificate.tbs().extensions->extensions) {
    const Oid& oid = extension.extn_id;
    if (!seen.insert(oid.content.chars()).second) return "the extension " + to_string(oid) + " stands there twice";
    const auto is_it = [&](std::string_view dotted) { return oids::is(oid, dotted); };
    if (extension.critical && std::ranges::none_of(processed, is_it)) {
      return "the critical extension " + to_string(oid) + " is not known";
    }
  }
  return {};
}

// Extensions whose loss would widen what the certificate may do.
std::string undecodable_extension(const X509Certificate& certificate) {
  const auto broken = [&]<class T>(std::string_view oid, const T*) {
    return certificate.extension(oid) != nullptr && !certificate.extension_value<T>(oid);
  };
  if (broken(oids::key_usage, static_cast<const KeyUsage*>(nullptr))) return "keyUsage does not decode";
  if (broken(oids::basic_constraints, static_cast<const BasicConstraints*>(nullptr))) return "basicConstraints do not decode";
  if (broken(oids::ext_key_usage, static_cast<const ExtKeyUsageSyntax*>(nullptr))) return "extKeyUsage does not decode";
  if (broken(oids::certificate_policies, static_cast<const CertificatePolicies*>(nullptr))) return "certificatePolicies do not decode";
  if (broken(oids::policy_mappings, static_cast<const PolicyMappings*>(nullptr))) return "policyMappings do not decode";
  return {};
}

Check check_extensions(const Path& path) {
  for (const X509Certificate& certificate : path) {
    std::string problem = extension_problem(certificate);
    if (problem.empty()) problem = undecodable_extension(certificate);
    if (!problem.empty()) return verdict("extensions", about(certificate, problem), {}, "only software that knows it can rely on this certificate");
  }
  return verdict("extensions", {}, "all critical ones are known", {});
}

bool has_usage(const X509Certificate& certificate, KeyUsage::Bit bit) {
  const auto usage = certificate.extension_value<KeyUsage>(oids::key_usage);
  return !usage || usage->bits.bit(bit);
}

// `below` counts the intermediate certificates that are not self-issued between this CA and the end of the path.
std::string ca_problem(const X509Certificate& ca, std::size_t below, bool anchor) {
  const auto constraints = ca.extension_value<BasicConstraints>(oids::basic_constraints);
  if (!constraints) {
    constexpr std::int64_t v3 = 2;
    const bool old = !ca.tbs().version || ca.tbs().version->to_int64() != v3;
    if (anchor && old) return {};  // a v1 root that the user named
    return "is no CA certificate: without basicConstraints";
  }
  if (!constraints->ca) return "is no CA certificate";
  if (!has_usage(ca, KeyUsage::keyCertSign)) return "its keyUsage lacks keyCertSign";
  if (!constraints->path_len_constraint) return {};
  const auto length = constraints->path_len_constraint->to_int64();
  if (!length || *length < 0) return "its pathLenConstraint is no length";
  if (below > static_cast<std::size_t>(*length)) {
    return "its pathLenConstraint allows " + std::to_string(*length) + " CA certificates below, there are " + std::to_string(below);
  }
  return {};
}

std::string purpose_problem(const X509Certificate& leaf, Purpose purpose) {
  if (purpose == Purpose::any) return {};
  if (!has_usage(leaf, KeyUsage::digitalSignature) && !has_usage(leaf, KeyUsage::nonRepudiation)) {
    return "its keyUsage has neither digitalSignature nor nonRepudiation";
  }
  if (purpose == Purpose::ra && !leaf.has_purpose(oids::kp_cmc_ra)) return "its extKeyUsage lacks id-kp-cmcRA";
  if (purpose == Purpose::responder && !leaf.is_ca() && !leaf.has_purpose(oids::kp_cmc_ca) && !leaf.has_purpose(oids::kp_cmc_ra)) {
    return "is neither a CA nor has its extKeyUsage id-kp-cmcCA or id-kp-cmcRA";
  }
  return {};
}

// RFC 5280 gives extKeyUsage in a CA certificate no meaning, but PKIs use it to say what a CA may vouch for, and what an
// RA may do is worth the caution. The anchor is as good as the user says.
std::string delegation_problem(const X509Certificate& ca, const X509Certificate& leaf, Purpose purpose) {
  const bool role = purpose == Purpose::ra || (purpose == Purpose::responder && !leaf.is_ca());
  if (!role || ca.extension(oids::ext_key_usage) == nullptr || ca.has_purpose(oids::any_ext_key_usage)) return {};
  for (const std::string_view kind : {oids::kp_cmc_ra, oids::kp_cmc_ca}) {
    if (purpose == Purpose::ra && kind != oids::kp_cmc_ra) continue;
    if (leaf.has_purpose(kind) && ca.has_purpose(kind)) return {};
  }
  return "its extKeyUsage does not let it vouch for an RA or a CA's responder";
}

Check check_usage(const Path& path, Purpose purpose) {
  std::size_t below = 0;
  for (std::size_t i = 1; i < path.size(); ++i) {
    const bool anchor = i + 1 == path.size();
    std::string problem = ca_problem(path[i], below, anchor);
    if (problem.empty() && !anchor) problem = delegation_problem(path[i], path.front(), purpose);
    if (!problem.empty()) return verdict("usage", about(path[i], problem), {}, "its issuer has to issue another certificate");
    if (!path[i].is_self_issued()) ++below;
  }
  const std::string problem = purpose_problem(path.front(), purpose);
  if (problem.empty()) return verdict("usage", {}, "fits", {});
  return verdict("usage", about(path.front(), problem), {}, "--purpose any accepts every signer that the anchors vouch for");
}

Check check_names(const Path& path, const Limits& limits) {
  NameConstraintState state(limits.name_comparisons);
  for (std::size_t i = path.size(); i-- != 0;) {
    const bool exempt = i != 0 && path[i].is_self_issued();
    if (i + 1 != path.size() && !exempt) {
      if (const std::string problem = state.check(path[i]); !problem.empty()) {
        return verdict("names", about(path[i], problem), {}, "the CA may not issue for this name");
      }
    }
    if (i == 0) break;
    if (const std::string problem = state.add(path[i]); !problem.empty()) return verdict("names", about(path[i], problem), {}, {});
  }
  return verdict("names", {}, "within the constraints", {});
}

Check check_policies(const Path& path) {
  PolicyState state(path.size() - 1);
  for (std::size_t i = path.size() - 1; i-- != 0;) {
    if (const std::string problem = state.next(path[i], i == 0); !problem.empty()) {
      return verdict("policies", about(path[i], problem), {}, "its issuer has to issue another certificate");
    }
  }
  return verdict("policies", {}, "hold", {});
}

}  // namespace

std::vector<Check> validate_chain(const Path& path, const PathOptions& options, const Limits& limits) {
  std::string names;
  for (const X509Certificate& certificate : path) names += (names.empty() ? "" : " < ") + escape(certificate.subject_text(), 200);
  std::vector<Check> checks;  // not a list in braces, which would copy each of them
  checks.reserve(8);
  checks.push_back({"path", Verdict::pass, std::move(names), {}, {}});
  checks.push_back(check_keys(path));
  checks.push_back(check_times(path, options.time));
  checks.push_back(check_usage(path, options.purpose));
  checks.push_back(check_extensions(path));
  checks.push_back(check_names(path, limits));
  checks.push_back(check_policies(path));
  checks.push_back(check_revocation(path, options));
  return checks;
}

}  // namespace cmcctl
