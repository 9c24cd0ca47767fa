#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <cmcctl/cmc/extensions.hpp>
#include <cmcctl/crypto/private_key.hpp>

/// PKCS #10 requests: RFC 2986.
namespace cmcctl {

/// A value by its type: an attribute of a PKCS #10 request, a control or a regInfo of CRMF.
struct RequestValue {
  std::string oid;                  ///< dotted
  std::vector<std::uint8_t> value;  ///< DER
};

/// What a request says beside its key.
struct Pkcs10Options {
  std::vector<std::uint8_t> subject;             ///< DER of the Name
  std::vector<RequestedExtension> extensions{};  ///< in extensionRequest (RFC 2985 section 5.4.2)
  std::vector<RequestValue> attributes{};        ///< popLinkWitnessV2, changeSubjectName, challengePassword, ...
};

/// A signature with the request's own key.
struct OwnSignature {
  PrivateKey* key = nullptr;
  SignatureScheme scheme{};
};

/// RFC 10002 appendix C.1, for keys that cannot sign:
///
///   id-alg-noSignature OBJECT IDENTIFIER ::= { id-pkix id-alg(6) 2 }   with NULL
///   NoSignatureValue ::= OCTET STRING
///
/// The octets, which nobody should look at, are the SHA-1 of the CertificationRequestInfo.
struct NoSignature {
  Octets spki;
};

/// RFC 9883: a key establishment key for which the holder of a signature certificate vouches. The request is signed
/// with that certificate's key, and says so in the attribute
///
///   id-at-statementOfPossession OBJECT IDENTIFIER ::= { 1 3 6 1 4 1 22112 2 1 }
///   PrivateKeyPossessionStatement ::= SEQUENCE { signer IssuerAndSerialNumber, cert Certificate OPTIONAL }
struct StatementOfPossession {
  Octets spki;  ///< of the request's key
  PrivateKey* signer = nullptr;
  SignatureScheme scheme{};
  Octets certificate;  ///< the signer's, DER
  bool with_certificate = false;
};

/// RFC 6955 sections 4 and 6: a MAC that the recipient, a certificate on the same curve or of the same DH group, can
/// compute, too.
///
///   K = KDF(subject | ZZ | issuer),  both Names of the recipient's certificate, and KDF a hash function
///   DhSigStatic ::= SEQUENCE { issuerAndSerial IssuerAndSerialNumber OPTIONAL, hashValue MessageDigest }
struct StaticEcdh {
  PrivateKey* key = nullptr;
  Octets recipient;          ///< the certificate, DER
  Hash hash = Hash::sha256;  ///< SHA-224 to SHA-512
};

using Pkcs10Proof = std::variant<OwnSignature, NoSignature, StatementOfPossession, StaticEcdh>;

/// RFC 2986 section 4.2, in DER.
///
///   CertificationRequest ::= SEQUENCE { certificationRequestInfo, signatureAlgorithm, signature BIT STRING }
///
/// `not_encodable` for attributes and extensions that have no encoding, `bad_algorithm` for a signer's certificate of
/// another key and for a recipient that the key cannot agree with.
Result<std::vector<std::uint8_t>> make_pkcs10(const Pkcs10Options& options, const Pkcs10Proof& proof);

/// "OID=hexadecimal", the DER of the value; known attributes and controls go by name, too.
Result<RequestValue> request_value_from_text(std::string_view text);

}  // namespace cmcctl
