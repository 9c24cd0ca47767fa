// bench_crypto: what verification and signing cost beside the bare operations of Botan that they contain, and beside
// OpenSSL's CMS on the same message.

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <openssl/cms.h>
#include <openssl/x509.h>

#include <cmcctl/crypto/sign.hpp>
#include <cmcctl/crypto/verify.hpp>

#include "messages.hpp"

namespace cmcctl::bench {
namespace {

constexpr std::int64_t in_time = 1'780'000'000;  // 2026-05-28, when the certificates are valid

struct Case {
  const char* name;
  const char* message;  // in tests/vectors/bouncycastle
};
// RSA 2048 and P-256; each signer is issued by the RSA key of the anchor, and each request proves possession.
constexpr Case cases[]{{"rsa", "pkidata-tcr-rsa"}, {"response", "resp-v2-all-status"}, {"two_signers", "signers-two"}};

std::string vector_file(const std::string& name) {
  return std::string(CMCCTL_VECTORS) + "/bouncycastle/" + name + ".der";
}

const Bytes& anchor() {
  static const Bytes bytes = read_file(vector_file("ca.crt"));
  return bytes;
}

/// The signatures in a message, as they are given to Botan.
struct Signature {
  PublicKey key;
  SignatureScheme scheme;
  Bytes message;
  Bytes value;
};

std::vector<Signature> signatures_in(const Bytes& bytes);

void verify(benchmark::State& state, const char* name) {
  const Bytes bytes = read_file(vector_file(name));
  const std::vector<X509Certificate> anchors{*X509Certificate::from_der(anchor())};
  VerifyOptions options;
  options.anchors = anchors;
  options.time = in_time;
  options.purpose = Purpose::any;
  Decoder decoder;
  for (auto _ : state) {
    const auto message = open_message(decoder, Octets(bytes), Oddities::skip);
    const VerifyReport report = verify_message(decoder, *message, options);
    if (report.verdict != Verdict::pass) state.SkipWithError("does not verify");
  }
}

void bare(benchmark::State& state, const char* name) {
  const auto signatures = signatures_in(read_file(vector_file(name)));
  state.counters["signatures"] = static_cast<double>(signatures.size());
  for (auto _ : state) {
    for (const Signature& one : signatures) {
      if (!*one.key.verify(one.scheme, one.message, one.value)) state.SkipWithError("does not verify");
    }
  }
}

void openssl(benchmark::State& state, const char* name) {
  const Bytes bytes = read_file(vector_file(name));
  const std::uint8_t* der = anchor().data();
  X509* const certificate = d2i_X509(nullptr, &der, static_cast<long>(anchor().size()));
  X509_STORE* const store = X509_STORE_new();
  X509_STORE_add_cert(store, certificate);
  X509_VERIFY_PARAM* const parameters = X509_STORE_get0_param(store);
  X509_VERIFY_PARAM_set_time(parameters, in_time);
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_ANY);
  for (auto _ : state) {
    der = bytes.data();
    CMS_ContentInfo* const cms = d2i_CMS_ContentInfo(nullptr, &der, static_cast<long>(bytes.size()));
    BIO* const out = BIO_new(BIO_s_null());
    if (CMS_verify(cms, nullptr, store, nullptr, out, CMS_BINARY) != 1)
      state.SkipWithError("OpenSSL does not verify it");
    BIO_free(out);
    CMS_ContentInfo_free(cms);
  }
  X509_STORE_free(store);
  X509_free(certificate);
}

void sign(benchmark::State& state, const char* spec) {
  const auto key = *generate_private_key(spec);
  const Bytes content(4'096, 0x5A);
  const auto identifier = key->public_key().key_identifier();
  const Signer signer{key.get(), usual_scheme(key->public_key()), {}, identifier};
  for (auto _ : state) benchmark::DoNotOptimize(make_signed_data("1.3.6.1.5.5.7.12.2", Octets(content), {&signer, 1}));
}

void bare_sign(benchmark::State& state, const char* spec) {
  const auto key = *generate_private_key(spec);
  const Bytes attributes(100, 0x31);
  const SignatureScheme scheme = usual_scheme(key->public_key());
  for (auto _ : state) benchmark::DoNotOptimize(key->sign(scheme, Octets(attributes)));
}

/// Takes the signatures that a verification checks out of the library itself: everything else is what it adds.
std::vector<Signature> signatures_in(const Bytes& bytes) {
  std::vector<Signature> found;
  Decoder decoder;
  const auto message = *open_message(decoder, Octets(bytes));
  const auto& data = std::get<SignedData>(message.layer.cms);
  const X509Certificate ca = *X509Certificate::from_der(anchor());
  const auto add = [&](const PublicKey& key, const AlgorithmIdentifier& algorithm, std::optional<Hash> hash,
                       Octets text, Octets value) {
    found.push_back({key,
                     *signature_scheme_of(decoder, algorithm, hash),
                     {text.begin(), text.end()},
                     {value.begin(), value.end()}});
  };
  for (const SignerInfo& signer : data.signer_infos) {
    const auto& sid = std::get<IssuerAndSerialNumber>(signer.sid.choice);
    for (const Any& element : *data.certificates) {
      const X509Certificate certificate = *X509Certificate::from_der(element.der);
      if (certificate.tbs().serial_number != sid.serial_number) continue;
      Bytes attributes(signer.signed_attrs->der.begin(), signer.signed_attrs->der.end());
      attributes[0] = 0x31;
      add(*certificate.public_key(), signer.signature_algorithm,
          hash_of(signer.digest_algorithm) ? std::optional(*hash_of(signer.digest_algorithm)) : std::nullopt,
          attributes, signer.signature);
      if (!(certificate == ca)) {
        add(*ca.public_key(), certificate.certificate().signature_algorithm, {}, certificate.signed_octets(),
            certificate.certificate().signature.bytes);
      }
      break;
    }
  }
  const auto* pki_data = std::get_if<PKIData>(&message.layer.content);
  if (pki_data == nullptr) return found;
  for (const TaggedRequest& request : pki_data->req_sequence) {
    const auto& tagged = std::get<TaggedCertificationRequest>(request.choice);
    const auto outer = *decoder.decode<CertificationRequest>(tagged.certification_request);
    const auto info = *decoder.decode<CertificationRequestInfo>(outer.certification_request_info);
    add(*PublicKey::from_spki(info.subject_pk_info.der), outer.signature_algorithm, {},
        outer.certification_request_info.der, outer.signature.bytes);
  }
  return found;
}

}  // namespace

void add_benchmarks() {
  for (const Case& one : cases) {
    benchmark::RegisterBenchmark((std::string("verify/") + one.name).c_str(), verify, one.message);
    benchmark::RegisterBenchmark((std::string("bare/") + one.name).c_str(), bare, one.message);
    benchmark::RegisterBenchmark((std::string("openssl/") + one.name).c_str(), openssl, one.message);
  }
  for (const char* spec : {"rsa:2048", "ec:P-256"}) {
    benchmark::RegisterBenchmark((std::string("sign/") + spec).c_str(), sign, spec);
    benchmark::RegisterBenchmark((std::string("bare_sign/") + spec).c_str(), bare_sign, spec);
  }
}

}  // namespace cmcctl::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  cmcctl::bench::add_benchmarks();
  benchmark::RunSpecifiedBenchmarks();
}
