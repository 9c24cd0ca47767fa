#include "static_ecdh.hpp"

#include <cmcctl/codec/cms.hpp>
#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/mac.hpp>

namespace cmcctl {
namespace {

Result<std::string> algorithm_for(Hash hash) {
  switch (hash) {
    case Hash::sha224:
      return std::string("1.3.6.1.5.5.7.6.25");
    case Hash::sha256:
      return std::string("1.3.6.1.5.5.7.6.26");
    case Hash::sha384:
      return std::string("1.3.6.1.5.5.7.6.27");
    case Hash::sha512:
      return std::string("1.3.6.1.5.5.7.6.28");
    default:
      break;
  }
  return Error{
      Errc::bad_algorithm, 0, {}, {}, "static ECDH proof of possession has no form with SHA-1 (RFC 6955 section 6)"};
}

void append(SecretOctets& to, Octets more) { to.insert(to.end(), more.begin(), more.end()); }

}  // namespace

Result<StaticEcdhProof> prove_static_ecdh(const StaticEcdh& how, Octets message) {
  StaticEcdhProof proof;
  CMC_TRY(proof.algorithm, algorithm_for(how.hash));
  CMC_TRY(const X509Certificate recipient, X509Certificate::from_der(how.recipient));
  CMC_TRY(const PublicKey peer, recipient.public_key());
  if (!is_ec(peer.kind()) || peer.kind() != how.key->public_key().kind()) {
    return Error{Errc::bad_algorithm,
                 0,
                 {},
                 {},
                 "static ECDH wants a recipient on the request's curve: " + how.key->public_key().text() + " and " +
                     peer.text() + " (RFC 6955 section 6)"};
  }
  CMC_TRY(const SecretOctets shared, how.key->agree(peer.subject_public_key()));
  SecretOctets text;
  append(text, recipient.subject());
  append(text, shared);
  append(text, recipient.issuer());
  const SecretOctets key = secret_taken(digest(how.hash, text));

  const IssuerAndSerialNumber name{recipient.tbs().issuer, recipient.tbs().serial_number, {}};
  CMC_TRY(std::vector<std::uint8_t> content, encode(name));
  const auto mac = der_octet_string(hmac(how.hash, key, message));
  content.insert(content.end(), mac.begin(), mac.end());
  proof.value = der_element(tlv::sequence, content);
  return proof;
}

}  // namespace cmcctl
