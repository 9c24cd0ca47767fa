#include "public_store.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include <cmcctl/crypto/path.hpp>

#include "trust.hpp"

namespace cmcctl::cli {
namespace {

std::string store_file() {
  std::error_code ignored;
  if (const char* const named = std::getenv("SSL_CERT_FILE"); named != nullptr && *named != '\0') return named;
  for (const char* const file : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"}) {
    if (std::filesystem::exists(file, ignored)) return file;
  }
  return {};
}

bool is_trusted(const PathResult& result) {
  const auto is_fail = [](const Check& check) { return check.verdict == Verdict::fail; };
  const auto is_path = [](const Check& check) { return check.name == "path" && check.verdict == Verdict::pass; };
  return std::ranges::any_of(result.checks, is_path) && std::ranges::none_of(result.checks, is_fail);
}

}  // namespace

std::string trusting_store(const X509Certificate& certificate, std::span<const X509Certificate> others, Io& io,
                           const ReadOptions& reading) {
  std::string file = store_file();
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return {};
  ExitCode code = ExitCode::ok;
  const auto bag = read_bag(file, "serve ca", io, reading, code);
  if (!bag) return {};
  std::vector<X509Certificate> anchors;
  for (const auto& der : bag->certificates) {
    if (auto anchor = X509Certificate::from_der(der)) anchors.push_back(*std::move(anchor));
  }
  PathOptions options;
  options.time = std::time(nullptr);
  options.anchors = anchors;
  options.pool = others;
  return is_trusted(validate_path(certificate, options)) ? file : std::string();
}

}  // namespace cmcctl::cli
