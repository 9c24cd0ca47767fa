#include "key_agreement.hpp"

#include <array>
#include <cstdlib>

#include <cmcctl/codec/algorithms.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/crypto/kdf.hpp>

#include "algorithm_rows.hpp"

namespace cmcctl {
namespace {

struct SchemeRow {
  std::string_view oid;
  Hash hash;
  bool hkdf;
};

constexpr std::array schemes{
    SchemeRow{"1.3.132.1.11.0", Hash::sha224, false},  // stdDH
    SchemeRow{"1.3.132.1.11.1", Hash::sha256, false},
    SchemeRow{"1.3.132.1.11.2", Hash::sha384, false},
    SchemeRow{"1.3.132.1.11.3", Hash::sha512, false},
    SchemeRow{"1.3.133.16.840.63.0.2", Hash::sha1, false},
    SchemeRow{"1.3.132.1.14.0", Hash::sha224, false},  // cofactorDH
    SchemeRow{"1.3.132.1.14.1", Hash::sha256, false},
    SchemeRow{"1.3.132.1.14.2", Hash::sha384, false},
    SchemeRow{"1.3.132.1.14.3", Hash::sha512, false},
    SchemeRow{"1.3.133.16.840.63.0.3", Hash::sha1, false},
    SchemeRow{"1.2.840.113549.1.9.16.3.19", Hash::sha256, true},  // RFC 8418
    SchemeRow{"1.2.840.113549.1.9.16.3.20", Hash::sha384, true},
    SchemeRow{"1.2.840.113549.1.9.16.3.21", Hash::sha512, true},
};

struct HkdfRow {
  std::string_view oid;
  Hash hash;
};

constexpr std::array hkdfs{
    HkdfRow{"1.2.840.113549.1.9.16.3.28", Hash::sha256},
    HkdfRow{"1.2.840.113549.1.9.16.3.29", Hash::sha384},
    HkdfRow{"1.2.840.113549.1.9.16.3.30", Hash::sha512},
};

}  // namespace

Result<AgreementScheme> agreement_scheme_of(Decoder& decoder, const AlgorithmIdentifier& algorithm) {
  const std::string dotted = to_string(algorithm.algorithm);
  for (const SchemeRow& row : schemes) {
    if (row.oid != dotted) continue;
    if (!algorithm.parameters) return bad_parameters(algorithm, "a key wrap algorithm");
    const auto wrap = decoder.decode<AlgorithmIdentifier>(*algorithm.parameters);
    if (!wrap) return bad_parameters(algorithm, "a key wrap algorithm");
    return AgreementScheme{row.hash, row.hkdf, *wrap};
  }
  return unsupported(algorithm, "the key agreement algorithm");
}

OwnedAlgorithm x963_agreement(Hash hash, const AlgorithmIdentifier& wrap) {
  for (const SchemeRow& row : schemes) {
    if (row.hash == hash && !row.hkdf) return {row.oid, *encode(wrap)};
  }
  std::abort();  // every hash has its row
}

SecretOctets agreed_key(const AgreementScheme& scheme, Octets secret, const std::optional<Octets>& ukm,
                        std::size_t octets) {
  const auto bits = static_cast<std::uint16_t>(octets * 8);
  const std::uint8_t supp_pub_info[]{0, 0, static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits)};
  ECCCMSSharedInfo info;
  info.key_info = scheme.wrap;
  info.entity_u_info = ukm;
  info.supp_pub_info = Octets(supp_pub_info);
  const auto der = *encode(info);
  return scheme.hkdf ? hkdf(scheme.hash, secret, ukm.value_or(Octets()), der, octets)
                     : x963_kdf(scheme.hash, secret, der, octets);
}

SecretOctets kem_key(Hash hash, Octets secret, const AlgorithmIdentifier& wrap, const std::optional<Octets>& ukm,
                     std::size_t octets) {
  const auto kek_length = integer_content(static_cast<std::int64_t>(octets));
  CMSORIforKEMOtherInfo info;
  info.wrap = wrap;
  info.kek_length = Integer{kek_length};
  info.ukm = ukm;
  return hkdf(hash, secret, {}, *encode(info), octets);
}

Result<Hash> hkdf_hash_of(const AlgorithmIdentifier& algorithm) {
  const std::string dotted = to_string(algorithm.algorithm);
  for (const HkdfRow& row : hkdfs) {
    if (row.oid != dotted) continue;
    if (algorithm.parameters) return bad_parameters(algorithm, "absent");
    return row.hash;
  }
  return unsupported(algorithm, "the key derivation");
}

OwnedAlgorithm hkdf_algorithm(Hash hash) {
  for (const HkdfRow& row : hkdfs) {
    if (row.hash == hash) return {row.oid, OwnedAlgorithm::Parameters::absent};
  }
  std::abort();  // called with SHA-256 to SHA-512
}

}  // namespace cmcctl
