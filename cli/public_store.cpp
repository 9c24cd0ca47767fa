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

/// Those that can be read: a store may have others in it.
std::vector<X509Certificate> readable(std::span<const std::vector<std::uint8_t>> certificates) {
  std::vector<X509Certificate> read;
  for (const auto& der : certificates) {
    if (auto one = X509Certificate::from_der(der)) read.push_back(*std::move(one));
  }
  return read;
}

bool is_trusted(const PathResult& result) {
  const auto is_fail = [](const Check& check) { return check.verdict == Verdict::fail; };
  const auto is_path = [](const Check& check) { return check.name == "path" && check.verdict == Verdict::pass; };
  return std::ranges::any_of(result.checks, is_path) && std::ranges::none_of(result.checks, is_fail);
}

}  // namespace

std::string trusting_store(const X509Certificate& certificate, std::span<const std::vector<std::uint8_t>> others, Io& io,
                           const ReadOptions& reading) {
  std::string file = store_file();
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return {};
  ExitCode code = ExitCode::ok;
  const auto bag = read_bag(file, "serve ca", io, reading, code);
  if (!bag) return {};
  const std::vector<X509Certificate> anchors = readable(bag->certificates);
  const std::vector<X509Certificate> pool = readable(others);
  PathOptions options;
  options.time = std::time(nullptr);
  options.anchors = anchors;
  options.pool = pool;
  return is_trusted(validate_path(certificate, options)) ? file : std::string();
}

}  // namespace cmcctl::cli
