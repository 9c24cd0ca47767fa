#include <openssl/err.h>
#include <openssl/x509.h>

#include <memory>
#include <vector>

#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/path.hpp>

#include "fuzz_check.hpp"

using namespace cmcctl;

namespace {

constexpr std::int64_t time_of_the_vectors = 1'795'219'200;  // 2026-11-21

using Owned = std::unique_ptr<X509, decltype(&X509_free)>;

Owned openssl_certificate(Octets der) {
  const unsigned char* at = der.data();
  Owned certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())), &X509_free);
  ERR_clear_error();
  return certificate;
}

/// False when OpenSSL reads both certificates and finds that the signature is not by the issuer's key.
bool may_be_issued_by(const X509Certificate& certificate, const X509Certificate& issuer) {
  const Owned child = openssl_certificate(certificate.der());
  const Owned parent = openssl_certificate(issuer.der());
  EVP_PKEY* const key = parent ? X509_get0_pubkey(parent.get()) : nullptr;
  const bool good = !child || key == nullptr || X509_verify(child.get(), key) == 1;
  ERR_clear_error();
  return good;
}

void check_path(const PathResult& result, const PathOptions& options, const Limits& limits) {
  FUZZ_CHECK(!result.checks.empty());
  if (worst(result.checks) != Verdict::pass) return;
  FUZZ_CHECK(!result.path.empty() && result.path.size() <= limits.path_certificates);
  FUZZ_CHECK(result.path.back() == options.anchors.front());
  for (std::size_t i = 0; i < result.path.size(); ++i) {
    FUZZ_CHECK(result.path[i].not_before() <= options.time && options.time <= result.path[i].not_after());
    if (i + 1 < result.path.size()) FUZZ_CHECK(may_be_issued_by(result.path[i], result.path[i + 1]));
  }
}

}  // namespace

/// The input is a SEQUENCE of certificates and CRLs: the first certificate is the leaf, the last one the anchor.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most = 16;
  Decoder decoder;
  const auto sequence = decoder.scan(Octets(data, data + size));
  if (!sequence || !tlv::is_constructed(sequence->der[0])) return 0;
  std::vector<X509Certificate> certificates;
  std::vector<X509Crl> crls;
  for (tlv::Cursor elements(tlv::first(sequence->der).content); !elements.at_end() && certificates.size() < most;) {
    const Octets element = elements.next().whole;
    if (auto certificate = X509Certificate::from_der(element)) {
      certificates.push_back(*std::move(certificate));
    } else if (auto crl = X509Crl::from_der(element)) {
      crls.push_back(*std::move(crl));
    }
  }
  if (certificates.size() < 2) return 0;
  const std::vector<X509Certificate> anchors{certificates.back()};
  certificates.pop_back();
  const Limits limits;
  PathOptions options;
  options.time = time_of_the_vectors;
  options.anchors = anchors;
  options.pool = certificates;
  options.crls = crls;
  check_path(validate_path(certificates.front(), options, limits), options, limits);
  return 0;
}
