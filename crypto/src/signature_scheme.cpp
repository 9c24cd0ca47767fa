#include <cmcctl/crypto/signature_scheme.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>

#include <cmcctl/codec/algorithms.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "algorithm_rows.hpp"

namespace cmcctl {
namespace {

enum class Parameters : std::uint8_t { null, absent, domain };  // domain: better absent, as the key has them

struct SchemeRow {
  std::string_view oid;
  SignatureKind kind;
  Hash hash;
  Parameters parameters;  // as they are written; RSA's are read when absent, too
};

constexpr std::string_view id_rsassa_pss = "1.2.840.113549.1.1.10";

constexpr std::array schemes{
    SchemeRow{"1.2.840.113549.1.1.5", SignatureKind::rsa_pkcs1, Hash::sha1, Parameters::null},
    SchemeRow{"1.2.840.113549.1.1.14", SignatureKind::rsa_pkcs1, Hash::sha224, Parameters::null},
    SchemeRow{"1.2.840.113549.1.1.11", SignatureKind::rsa_pkcs1, Hash::sha256, Parameters::null},
    SchemeRow{"1.2.840.113549.1.1.12", SignatureKind::rsa_pkcs1, Hash::sha384, Parameters::null},
    SchemeRow{"1.2.840.113549.1.1.13", SignatureKind::rsa_pkcs1, Hash::sha512, Parameters::null},
    SchemeRow{"1.2.840.10045.4.1", SignatureKind::ecdsa, Hash::sha1, Parameters::absent},
    SchemeRow{"1.2.840.10045.4.3.1", SignatureKind::ecdsa, Hash::sha224, Parameters::absent},
    SchemeRow{"1.2.840.10045.4.3.2", SignatureKind::ecdsa, Hash::sha256, Parameters::absent},
    SchemeRow{"1.2.840.10045.4.3.3", SignatureKind::ecdsa, Hash::sha384, Parameters::absent},
    SchemeRow{"1.2.840.10045.4.3.4", SignatureKind::ecdsa, Hash::sha512, Parameters::absent},
    SchemeRow{"1.3.101.112", SignatureKind::ed25519, Hash::sha512, Parameters::absent},
    SchemeRow{"2.16.840.1.101.3.4.3.17", SignatureKind::ml_dsa_44, Hash::sha512, Parameters::absent},
    SchemeRow{"2.16.840.1.101.3.4.3.18", SignatureKind::ml_dsa_65, Hash::sha512, Parameters::absent},
    SchemeRow{"2.16.840.1.101.3.4.3.19", SignatureKind::ml_dsa_87, Hash::sha512, Parameters::absent},
    SchemeRow{"1.3.6.1.5.5.7.6.4", SignatureKind::discrete_log, Hash::sha1, Parameters::domain},
    SchemeRow{"1.3.6.1.5.5.7.6.5", SignatureKind::discrete_log, Hash::sha224, Parameters::domain},
    SchemeRow{"1.3.6.1.5.5.7.6.6", SignatureKind::discrete_log, Hash::sha256, Parameters::domain},
    SchemeRow{"1.3.6.1.5.5.7.6.7", SignatureKind::discrete_log, Hash::sha384, Parameters::domain},
    SchemeRow{"1.3.6.1.5.5.7.6.8", SignatureKind::discrete_log, Hash::sha512, Parameters::domain},
};

const SchemeRow& row_of(const SignatureScheme& scheme) {
  for (const SchemeRow& row : schemes) {
    if (row.kind == scheme.kind && (!has_hash(row.kind) || row.hash == scheme.hash)) return row;
  }
  std::abort();  // every kind and hash has its row
}

// MGF1 with the same hash function is the only mask generation function in use.
Result<void> check_mgf(Decoder& decoder, const AlgorithmIdentifier& pss, const std::optional<AlgorithmIdentifier>& mgf,
                       Hash hash) {
  if (!mgf) {
    if (hash == Hash::sha1) return {};
    return unsupported(pss, "MGF1 with SHA-1 beside another hash function in");
  }
  if (!oids::is(mgf->algorithm, oids::mgf1)) return unsupported(*mgf, "mask generation function");
  if (!mgf->parameters) return bad_parameters(*mgf, "an AlgorithmIdentifier");
  CMC_TRY(const auto inner, decoder.decode<AlgorithmIdentifier>(*mgf->parameters));
  CMC_TRY(const Hash mgf_hash, hash_of(inner));
  if (mgf_hash != hash) return unsupported(pss, "MGF1 with another hash function than that of");
  return {};
}

Result<SignatureScheme> pss_scheme(Decoder& decoder, const AlgorithmIdentifier& algorithm) {
  if (!algorithm.parameters) return bad_parameters(algorithm, "RSASSA-PSS-params");
  CMC_TRY(const auto parameters, decoder.decode<RSASSAPSSParams>(*algorithm.parameters));
  SignatureScheme scheme{SignatureKind::rsa_pss, Hash::sha1, 20};
  if (parameters.hash_algorithm) {
    CMC_TRY(scheme.hash, hash_of(*parameters.hash_algorithm));
  }
  CMC_CHECK(check_mgf(decoder, algorithm, parameters.mask_gen_algorithm, scheme.hash));
  if (parameters.salt_length) {
    const auto octets = parameters.salt_length->to_int64();
    if (!octets || *octets < 0 || *octets > 1'024) return bad_parameters(algorithm, "of a sensible saltLength");
    scheme.salt_octets = static_cast<std::size_t>(*octets);
  }
  if (parameters.trailer_field && parameters.trailer_field->to_int64() != 1) {
    return bad_parameters(algorithm, "of trailerField 1");
  }
  return scheme;
}

std::vector<std::uint8_t> pss_parameters(const SignatureScheme& scheme) {
  const OwnedAlgorithm hash(oid_of(scheme.hash), OwnedAlgorithm::Parameters::null);
  const auto hash_der = *encode(hash.view());
  const OwnedAlgorithm mgf(oids::mgf1, hash_der);
  const auto salt = integer_content(static_cast<std::int64_t>(scheme.salt_octets));
  RSASSAPSSParams parameters;
  parameters.hash_algorithm = hash.view();
  parameters.mask_gen_algorithm = mgf.view();
  parameters.salt_length = Integer{salt};
  return *encode(parameters);
}

}  // namespace

bool has_hash(SignatureKind kind) {
  return kind == SignatureKind::rsa_pkcs1 || kind == SignatureKind::rsa_pss || kind == SignatureKind::ecdsa ||
         kind == SignatureKind::discrete_log;
}

Result<SignatureScheme> signature_scheme_of(Decoder& decoder, const AlgorithmIdentifier& algorithm,
                                            std::optional<Hash> digest) {
  const Oid& oid = algorithm.algorithm;
  if (oids::is(oid, id_rsassa_pss)) return pss_scheme(decoder, algorithm);
  if (digest && oids::is(oid, oids::rsa_encryption)) {
    if (!absent_or_null(algorithm)) return bad_parameters(algorithm, "NULL");
    return SignatureScheme{SignatureKind::rsa_pkcs1, *digest, 0};
  }
  if (digest && oids::is(oid, oids::ec_public_key)) return SignatureScheme{SignatureKind::ecdsa, *digest, 0};
  for (const SchemeRow& row : schemes) {
    if (row.kind == SignatureKind::discrete_log || !oids::is(oid, row.oid)) continue;
    if (!absent_or_null(algorithm)) {
      return bad_parameters(algorithm, row.parameters == Parameters::null ? "NULL" : "absent");
    }
    return SignatureScheme{row.kind, row.hash, 0};
  }
  return unsupported(algorithm, "signature algorithm");
}

Result<SignatureScheme> possession_scheme_of(Decoder& decoder, const AlgorithmIdentifier& algorithm) {
  for (const SchemeRow& row : schemes) {
    if (row.kind == SignatureKind::discrete_log && oids::is(algorithm.algorithm, row.oid)) {
      return SignatureScheme{row.kind, row.hash, 0};
    }
  }
  return signature_scheme_of(decoder, algorithm);
}

OwnedAlgorithm algorithm_of(const SignatureScheme& scheme) {
  if (scheme.kind == SignatureKind::rsa_pss) return {id_rsassa_pss, pss_parameters(scheme)};
  const SchemeRow& row = row_of(scheme);
  return {row.oid, row.parameters == Parameters::null ? OwnedAlgorithm::Parameters::null
                                                      : OwnedAlgorithm::Parameters::absent};
}

std::string to_string(const SignatureScheme& scheme) {
  if (scheme.kind == SignatureKind::rsa_pss) return "RSASSA-PSS with " + std::string(to_string(scheme.hash));
  static const auto names = [] {
    std::array<std::string, schemes.size()> found;
    std::ranges::transform(schemes, found.begin(), [](const SchemeRow& row) { return algorithm_name(row.oid); });
    return found;
  }();
  return names[static_cast<std::size_t>(&row_of(scheme) - schemes.data())];
}

}  // namespace cmcctl
