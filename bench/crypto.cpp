// bench_crypto: what verification, signing and encryption cost beside the bare operations of Botan that they contain, and beside
// OpenSSL's CMS on the same message.

#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <openssl/cms.h>
#include <openssl/x509.h>

#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/cmc/names.hpp>
#include <cmcctl/cmc/pkcs10.hpp>
#include <cmcctl/cmc/pki_data.hpp>
#include <cmcctl/crypto/envelope.hpp>
#include <cmcctl/crypto/issue.hpp>
#include <cmcctl/crypto/random.hpp>
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

/// The signatures in a message, as they are given to Botan, and the contents whose digests are signed.
struct Signature {
  PublicKey key;
  SignatureScheme scheme;
  Bytes message;
  Bytes value;
  std::optional<Hash> content_hash;  // of a signer
  Bytes own_key;                     // of a request: its SubjectPublicKeyInfo
};

struct Contained {
  Bytes content;
  std::vector<Signature> signatures;
};

Contained contained_in(const Bytes& bytes, const Bytes& anchor_der);

void verify_all(benchmark::State& state, const std::vector<Bytes>& messages, const Bytes& anchor_der) {
  const std::vector<X509Certificate> anchors{*X509Certificate::from_der(anchor_der)};
  VerifyOptions options;
  options.anchors = anchors;
  options.time = in_time;
  options.purpose = Purpose::any;
  Decoder decoder;
  for (auto _ : state) {
    for (const Bytes& bytes : messages) {
      const auto message = open_message(decoder, Octets(bytes), Oddities::skip);
      const VerifyReport report = verify_message(decoder, *message, options);
      if (report.verdict != Verdict::pass) state.SkipWithError("does not verify");
    }
  }
}

void bare_all(benchmark::State& state, const std::vector<Bytes>& messages, const Bytes& anchor_der) {
  std::vector<Contained> contained;
  for (const Bytes& bytes : messages) contained.push_back(contained_in(bytes, anchor_der));
  state.counters["signatures"] = static_cast<double>(contained.front().signatures.size());
  for (auto _ : state) {
    for (const Contained& message : contained) {
      for (const Signature& one : message.signatures) {
        if (one.content_hash) benchmark::DoNotOptimize(digest(*one.content_hash, Octets(message.content)));
        const PublicKey key = one.own_key.empty() ? one.key : *PublicKey::from_spki(Octets(one.own_key));
        if (!*key.verify(one.scheme, one.message, one.value)) state.SkipWithError("does not verify");
      }
    }
  }
}

void verify(benchmark::State& state, const char* name) {
  verify_all(state, {read_file(vector_file(name))}, anchor());
}

void bare(benchmark::State& state, const char* name) { bare_all(state, {read_file(vector_file(name))}, anchor()); }

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

/// Requests as a CA gets them: CA and agent are the same, the key of each request is new.
struct Requests {
  static constexpr std::size_t count = 40;  // more than the library remembers the keys of
  Bytes ca;
  std::vector<Bytes> messages;
};

Bytes certificate_of(PrivateKey& key, std::uint8_t serial, const char* name, PrivateKey& issuer, Octets extensions) {
  const Bytes serial_number{serial};
  const Bytes subject = *parse_name(name);
  const Bytes ca = *parse_name("CN=CA");
  return *issue_certificate({Octets(serial_number), ca, subject, in_time - 1, in_time + 1, key.public_key().spki(), extensions},
                            issuer, usual_scheme(issuer.public_key()));
}

const Requests& requests() {
  static const Requests made = [] {
    // basicConstraints: critical, cA TRUE
    static constexpr std::uint8_t is_ca[]{0x30, 0x11, 0x30, 0x0F, 0x06, 0x03, 0x55, 0x1D, 0x13, 0x01,
                                          0x01, 0xFF, 0x04, 0x05, 0x30, 0x03, 0x01, 0x01, 0xFF};
    const auto new_key = [] { return *generate_private_key("rsa:2048"); };
    const auto ca = new_key();
    const auto agent = new_key();
    Requests some{certificate_of(*ca, 1, "CN=CA", *ca, is_ca), {}};
    const Bytes agents = certificate_of(*agent, 2, "CN=agent", *ca, {});
    const Signer signer{agent.get(), usual_scheme(agent->public_key()), agents, {}};
    const SignedDataOptions carried{.certificates = {&agents, 1}};
    while (some.messages.size() != Requests::count) {
      const auto key = new_key();
      PkiDataBuilder data;
      (void)data.request(*make_pkcs10({*parse_name("CN=me")}, OwnSignature{key.get(), usual_scheme(key->public_key())}));
      some.messages.push_back(*sign_full(FullContent::pki_data, *data.der(), {&signer, 1}, carried));
    }
    return some;
  }();
  return made;
}

void verify_requests(benchmark::State& state) { verify_all(state, requests().messages, requests().ca); }
void bare_requests(benchmark::State& state) { bare_all(state, requests().messages, requests().ca); }

void sign(benchmark::State& state, const char* spec) {
  const auto key = *generate_private_key(spec);
  const Bytes content(4'096, 0x5A);
  const auto identifier = key->public_key().key_identifier();
  const Signer signer{key.get(), usual_scheme(key->public_key()), {}, identifier};
  for (auto _ : state) benchmark::DoNotOptimize(make_signed_data("1.3.6.1.5.5.7.12.2", Octets(content), {&signer, 1}));
}

void bare_sign(benchmark::State& state, const char* spec) {
  const auto key = *generate_private_key(spec);
  const Bytes content(4'096, 0x5A);
  const Bytes attributes(100, 0x31);
  const SignatureScheme scheme = usual_scheme(key->public_key());
  for (auto _ : state) {
    benchmark::DoNotOptimize(digest(scheme.hash, Octets(content)));
    benchmark::DoNotOptimize(key->sign(scheme, Octets(attributes)));
  }
}

/// EnvelopedData of 4 KB for an RSA key, and beside it what of it is cryptography.
struct Envelope {
  std::unique_ptr<PrivateKey> key = *generate_private_key("rsa:2048");
  Bytes content = Bytes(4'096, 0x5A);
  Bytes secret = Bytes(key_octets(ContentCipher::aes_256_cbc), 0x11);
  Bytes iv = Bytes(16, 0x22);
  CipherSpec cipher{ContentCipher::aes_256_cbc, Octets(iv)};

  Bytes make() const {
    const Recipient recipient = KeyRecipient{.public_key = key->public_key().spki()};
    return *make_enveloped("1.2.840.113549.1.7.1", Octets(content), {&recipient, 1});
  }
};

void envelop(benchmark::State& state) {
  const Envelope envelope;
  for (auto _ : state) benchmark::DoNotOptimize(envelope.make());
}

void bare_envelop(benchmark::State& state) {
  const Envelope envelope;
  for (auto _ : state) {
    const SecretOctets secret = random_octets(envelope.secret.size());
    const SecretOctets iv = random_octets(envelope.iv.size());
    benchmark::DoNotOptimize(envelope.key->public_key().encrypt(Octets(secret), {}));
    benchmark::DoNotOptimize(encrypt({envelope.cipher.cipher, Octets(iv)}, Octets(secret), Octets(envelope.content)));
  }
}

void open(benchmark::State& state) {
  const Envelope envelope;
  const Bytes bytes = envelope.make();
  const RecipientKeys::Pair pair{envelope.key.get()};
  Decoder decoder;
  for (auto _ : state) {
    const auto message = open_message(decoder, Octets(bytes), Oddities::skip);
    const auto opened = open_enveloped(decoder, std::get<EnvelopedData>(message->layer.cms), {{&pair, 1}});
    if (!opened || opened->content.size() != envelope.content.size()) state.SkipWithError("does not open");
  }
}

void bare_open(benchmark::State& state) {
  const Envelope envelope;
  const auto transported = *envelope.key->public_key().encrypt(Octets(envelope.secret), {});
  const auto encrypted = *encrypt(envelope.cipher, Octets(envelope.secret), Octets(envelope.content));
  for (auto _ : state) {
    benchmark::DoNotOptimize(envelope.key->decrypt_pkcs1(Octets(transported), envelope.secret.size()));
    benchmark::DoNotOptimize(decrypt(envelope.cipher, Octets(envelope.secret), Octets(encrypted.ciphertext)));
  }
}

/// Takes what a verification computes with Botan out of the library itself: everything else is what it adds.
Contained contained_in(const Bytes& bytes, const Bytes& anchor_der) {
  Contained contained;
  std::vector<Signature>& found = contained.signatures;
  Decoder decoder;
  const auto message = *open_message(decoder, Octets(bytes));
  const auto& data = std::get<SignedData>(message.layer.cms);
  const Octets content = *content_octets(data.encap_content_info);
  contained.content.assign(content.begin(), content.end());
  const X509Certificate ca = *X509Certificate::from_der(anchor_der);
  const auto add = [&](const PublicKey& key, const AlgorithmIdentifier& algorithm, std::optional<Hash> hash,
                       Octets text, Octets value) {
    found.push_back({key,
                     *signature_scheme_of(decoder, algorithm, hash),
                     {text.begin(), text.end()},
                     {value.begin(), value.end()},
                     {},
                     {}});
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
      found.back().content_hash = *hash_of(signer.digest_algorithm);
      if (!(certificate == ca)) {
        add(*ca.public_key(), certificate.certificate().signature_algorithm, {}, certificate.signed_octets(),
            certificate.certificate().signature.bytes);
      }
      break;
    }
  }
  const auto* pki_data = std::get_if<PKIData>(&message.layer.content);
  if (pki_data == nullptr) return contained;
  for (const TaggedRequest& request : pki_data->req_sequence) {
    const auto& tagged = std::get<TaggedCertificationRequest>(request.choice);
    const auto outer = *decoder.decode<CertificationRequest>(tagged.certification_request);
    const auto info = *decoder.decode<CertificationRequestInfo>(outer.certification_request_info);
    add(*PublicKey::from_spki(info.subject_pk_info.der), outer.signature_algorithm, {},
        outer.certification_request_info.der, outer.signature.bytes);
    const Octets spki = info.subject_pk_info.der;
    found.back().own_key.assign(spki.begin(), spki.end());
  }
  return contained;
}

}  // namespace

void add_benchmarks() {
  for (const Case& one : cases) {
    benchmark::RegisterBenchmark((std::string("verify/") + one.name).c_str(), verify, one.message);
    benchmark::RegisterBenchmark((std::string("bare/") + one.name).c_str(), bare, one.message);
    benchmark::RegisterBenchmark((std::string("openssl/") + one.name).c_str(), openssl, one.message);
  }
  benchmark::RegisterBenchmark("verify/requests", verify_requests);
  benchmark::RegisterBenchmark("bare/requests", bare_requests);
  for (const char* spec : {"rsa:2048", "ec:P-256"}) {
    benchmark::RegisterBenchmark((std::string("sign/") + spec).c_str(), sign, spec);
    benchmark::RegisterBenchmark((std::string("bare_sign/") + spec).c_str(), bare_sign, spec);
  }
  benchmark::RegisterBenchmark("envelop/rsa:2048", envelop);
  benchmark::RegisterBenchmark("bare_envelop/rsa:2048", bare_envelop);
  benchmark::RegisterBenchmark("open/rsa:2048", open);
  benchmark::RegisterBenchmark("bare_open/rsa:2048", bare_open);
}

}  // namespace cmcctl::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  cmcctl::bench::add_benchmarks();
  benchmark::RunSpecifiedBenchmarks();
}
