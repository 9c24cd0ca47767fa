#include "static_ecdh.hpp"

#include <cmcctl/codec/cms.hpp>
#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/static_dh.hpp>

namespace cmcctl {

Result<StaticEcdhProof> prove_static_ecdh(const StaticEcdh& how, Octets message) {
  StaticEcdhProof proof;
  CMC_TRY(proof.algorithm, static_dh_algorithm(how.key->public_key(), how.hash));
  CMC_TRY(const X509Certificate recipient, X509Certificate::from_der(how.recipient));
  CMC_TRY(const PublicKey peer, recipient.public_key());
  CMC_TRY(const SecretOctets value, static_dh_mac(how.hash, *how.key, peer, recipient, message));
  CMC_TRY(proof.value, encode(IssuerAndSerialNumber{recipient.tbs().issuer, recipient.tbs().serial_number, {}}));
  const auto mac = der_octet_string(value);
  proof.value.insert(proof.value.end(), mac.begin(), mac.end());
  proof.value = der_element(tlv::sequence, proof.value);
  return proof;
}

}  // namespace cmcctl
