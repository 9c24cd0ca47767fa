#include "oaep.hpp"

#include <cmcctl/codec/algorithms.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/crypto/oids.hpp>

#include "algorithm_rows.hpp"

namespace cmcctl {

Result<PublicKey::Oaep> oaep_of(Decoder& decoder, const AlgorithmIdentifier& algorithm) {
  if (!algorithm.parameters) return bad_parameters(algorithm, "RSAES-OAEP-params");
  const auto parameters = decoder.decode<RSAESOAEPParams>(*algorithm.parameters);
  if (!parameters) return bad_parameters(algorithm, "RSAES-OAEP-params");
  PublicKey::Oaep oaep{Hash::sha1, Hash::sha1};
  if (parameters->hash_func) {
    CMC_TRY(oaep.hash, hash_of(*parameters->hash_func));
  }
  if (const auto& mgf = parameters->mask_gen_func) {
    if (to_string(mgf->algorithm) != oids::mgf1) return unsupported(*mgf, "mask generation function");
    if (!mgf->parameters) return bad_parameters(*mgf, "an AlgorithmIdentifier");
    CMC_TRY(const auto hash, decoder.decode<AlgorithmIdentifier>(*mgf->parameters));
    CMC_TRY(oaep.mgf, hash_of(hash));
  }
  if (const auto& source = parameters->p_source_func) {
    static constexpr std::uint8_t empty_label[]{0x04, 0x00};
    if (to_string(source->algorithm) != oids::p_specified || !source->parameters ||
        source->parameters->der != Octets(empty_label)) {
      return unsupported(*source, "a label in OAEP:");
    }
  }
  return oaep;
}

OwnedAlgorithm oaep_algorithm(const PublicKey::Oaep& oaep) {
  const OwnedAlgorithm hash(oid_of(oaep.hash), OwnedAlgorithm::Parameters::null);
  const OwnedAlgorithm mgf_hash(oid_of(oaep.mgf), OwnedAlgorithm::Parameters::null);
  const OwnedAlgorithm mgf(oids::mgf1, *encode(mgf_hash.view()));
  RSAESOAEPParams parameters;
  if (oaep.hash != Hash::sha1) parameters.hash_func = hash.view();  // SHA-1 is the default
  if (oaep.mgf != Hash::sha1) parameters.mask_gen_func = mgf.view();
  return {oids::rsaes_oaep, *encode(parameters)};
}

}  // namespace cmcctl
