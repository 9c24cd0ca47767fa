#include <cmcctl/crypto/path.hpp>

#include <algorithm>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "issued_by.hpp"
#include "path_rules.hpp"

namespace cmcctl {
namespace {

std::string quoted(const X509Certificate& certificate) { return escape(certificate.subject_text(), 200); }

// Depth first from the certificate up, anchors before others. Limits::path_certificates bounds the depth and
// Limits::path_signatures the work, whatever the pool holds.
class PathFinder {
 public:
  PathFinder(const PathOptions& options, const Limits& limits)
      : options_(options), limits_(limits), signatures_(limits.path_signatures) {}

  PathResult find(const X509Certificate& leaf) {
    path_.push_back(leaf);
    if (!climb()) {
      if (best_.checks.empty()) best_ = {furthest_, {{"path", Verdict::fail, problem_, {}, hint_}}};
      return std::move(best_);
    }
    return std::move(best_);
  }

 private:
  bool climb();
  bool try_issuer(const X509Certificate& issuer, bool anchor);
  bool accept();
  std::vector<const X509Certificate*> candidates(std::span<const X509Certificate> from) const;
  void remember(std::string problem, std::string hint);

  const PathOptions& options_;
  const Limits& limits_;
  std::size_t signatures_;
  std::vector<X509Certificate> path_;
  std::vector<X509Certificate> furthest_;
  std::string problem_;
  std::string hint_;
  PathResult best_;
};

void PathFinder::remember(std::string problem, std::string hint) {
  if (path_.size() < furthest_.size()) return;
  furthest_ = path_;
  problem_ = std::move(problem);
  hint_ = std::move(hint);
}

// Those whose subject is the issuer; what the authorityKeyIdentifier names comes first.
std::vector<const X509Certificate*> PathFinder::candidates(std::span<const X509Certificate> from) const {
  const X509Certificate& child = path_.back();
  std::vector<const X509Certificate*> found;
  for (const X509Certificate& one : from) {
    if (one.subject() == child.issuer() && std::ranges::find(path_, one) == path_.end()) found.push_back(&one);
  }
  if (found.size() < 2) return found;
  const auto authority = child.extension_value<AuthorityKeyIdentifier>(oids::authority_key_identifier);
  if (authority && authority->key_identifier) {
    std::stable_partition(found.begin(), found.end(), [&](const X509Certificate* one) {
      return one->subject_key_identifier() == *authority->key_identifier;
    });
  }
  return found;
}

bool PathFinder::accept() {
  PathResult result{path_, validate_chain(path_, options_, limits_)};
  const bool good = worst(result.checks) == Verdict::pass;
  if (good || best_.checks.empty()) best_ = std::move(result);
  return good;
}

bool PathFinder::try_issuer(const X509Certificate& issuer, bool anchor) {
  if (signatures_ == 0) {
    remember("limit path_signatures is exceeded before a path is found",
             "give the right intermediate certificates alone, or raise it with --limit path_signatures=N");
    return false;
  }
  --signatures_;
  const X509Certificate& child = path_.back();
  const SignedStructure signed_part{child.signed_octets(), child.certificate().signature_algorithm,
                                    child.tbs().signature, child.certificate().signature};
  if (const auto problem = signature_problem(signed_part, issuer, options_.allow_sha1)) {
    remember(quoted(child) + ": " + escape(*problem), "look whether the issuer's certificate is the right one");
    return false;
  }
  path_.push_back(issuer);
  const bool good = anchor ? accept() : climb();
  path_.pop_back();
  return good;
}

bool PathFinder::climb() {
  const X509Certificate child = path_.back();
  if (path_.size() == 1 && std::ranges::find(options_.anchors, child) != options_.anchors.end() && accept()) return true;
  if (path_.size() >= limits_.path_certificates) {
    remember("limit path_certificates is exceeded", "raise it with --limit path_certificates=N");
    return false;
  }
  const auto anchors = candidates(options_.anchors);
  const auto others = candidates(options_.pool);
  if (anchors.empty() && others.empty()) {
    remember("no certificate of the issuer \"" + escape(name_text(child.issuer()), 200) + "\" of " + quoted(child),
             "give the issuer's certificate with --trust FILE if you trust it, with --cert FILE if it stands between");
    return false;
  }
  for (const X509Certificate* issuer : anchors) {
    if (try_issuer(*issuer, true)) return true;
  }
  for (const X509Certificate* issuer : others) {
    if (try_issuer(*issuer, false)) return true;
  }
  return false;
}

}  // namespace

PathResult validate_path(const X509Certificate& certificate, const PathOptions& options, const Limits& limits) {
  if (options.anchors.empty()) {
    return {{certificate}, {{"path", Verdict::unknown, "no trust anchor is named", {}, "name one with --trust FILE"}}};
  }
  return PathFinder(options, limits).find(certificate);
}

}  // namespace cmcctl
