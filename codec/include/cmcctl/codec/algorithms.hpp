#pragma once

#include <optional>
#include <variant>

#include <cmcctl/codec/pkix.hpp>

/// Parameters of algorithms, and the values inside keys and signatures.
namespace cmcctl {

/// RFC 3279 section 2.3.1.   RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
struct RSAPublicKey {
  Integer modulus;
  Integer public_exponent;
  friend bool operator==(const RSAPublicKey&, const RSAPublicKey&) = default;
};

/// RFC 5480 appendix A.   ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }
struct ECDSASigValue {
  Integer r;
  Integer s;
  friend bool operator==(const ECDSASigValue&, const ECDSASigValue&) = default;
};

/// RFC 4055 section 3.1. Absent members stand for SHA-1, MGF1 with SHA-1, 20 and 1.
///
///   RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0], maskGenAlgorithm [1], saltLength [2] INTEGER,
///       trailerField [3] INTEGER }
struct RSASSAPSSParams {
  std::optional<AlgorithmIdentifier> hash_algorithm;
  std::optional<AlgorithmIdentifier> mask_gen_algorithm;
  std::optional<Integer> salt_length;
  std::optional<Integer> trailer_field;
  friend bool operator==(const RSASSAPSSParams&, const RSASSAPSSParams&) = default;
};

/// RFC 4055 section 4.1. Absent members stand for SHA-1, MGF1 with SHA-1 and an empty label.
///
///   RSAES-OAEP-params ::= SEQUENCE { hashFunc [0], maskGenFunc [1], pSourceFunc [2] }
struct RSAESOAEPParams {
  std::optional<AlgorithmIdentifier> hash_func;
  std::optional<AlgorithmIdentifier> mask_gen_func;
  std::optional<AlgorithmIdentifier> p_source_func;
  friend bool operator==(const RSAESOAEPParams&, const RSAESOAEPParams&) = default;
};

/// RFC 8018 appendix A.2. An absent prf stands for hmacWithSHA1.
///
///   PBKDF2-params ::= SEQUENCE { salt CHOICE { specified OCTET STRING, otherSource AlgorithmIdentifier },
///       iterationCount INTEGER, keyLength INTEGER OPTIONAL, prf AlgorithmIdentifier DEFAULT hmacWithSHA1 }
struct PBKDF2Salt {
  std::variant<Octets, AlgorithmIdentifier> choice;
  friend bool operator==(const PBKDF2Salt&, const PBKDF2Salt&) = default;
};
struct PBKDF2Params {
  PBKDF2Salt salt;
  Integer iteration_count;
  std::optional<Integer> key_length;
  std::optional<AlgorithmIdentifier> prf;
  friend bool operator==(const PBKDF2Params&, const PBKDF2Params&) = default;
};

/// RFC 8018 appendix A.4.   PBES2-params ::= SEQUENCE { keyDerivationFunc, encryptionScheme AlgorithmIdentifier }
struct PBES2Params {
  AlgorithmIdentifier key_derivation_func;
  AlgorithmIdentifier encryption_scheme;
  friend bool operator==(const PBES2Params&, const PBES2Params&) = default;
};

/// RFC 8018 appendix A.5.   PBMAC1-params ::= SEQUENCE { keyDerivationFunc, messageAuthScheme AlgorithmIdentifier }
struct PBMAC1Params {
  AlgorithmIdentifier key_derivation_func;
  AlgorithmIdentifier message_auth_scheme;
  friend bool operator==(const PBMAC1Params&, const PBMAC1Params&) = default;
};

/// RFC 5084 section 3.2.   GCMParameters ::= SEQUENCE { aes-nonce OCTET STRING, aes-ICVlen INTEGER DEFAULT 12 }
struct GCMParameters {
  Octets aes_nonce;
  std::optional<Integer> aes_icv_len;
  friend bool operator==(const GCMParameters&, const GCMParameters&) = default;
};

/// RFC 5753 section 7.2.
///
///   ECC-CMS-SharedInfo ::= SEQUENCE { keyInfo AlgorithmIdentifier, entityUInfo [0] EXPLICIT OCTET STRING OPTIONAL,
///       suppPubInfo [2] EXPLICIT OCTET STRING }
struct ECCCMSSharedInfo {
  AlgorithmIdentifier key_info;
  std::optional<Octets> entity_u_info;
  Octets supp_pub_info;
  friend bool operator==(const ECCCMSSharedInfo&, const ECCCMSSharedInfo&) = default;
};

/// RFC 9629 section 5.
///
///   CMSORIforKEMOtherInfo ::= SEQUENCE { wrap KeyEncryptionAlgorithmIdentifier, kekLength INTEGER (1..65535),
///       ukm [0] EXPLICIT UserKeyingMaterial OPTIONAL }
struct CMSORIforKEMOtherInfo {
  AlgorithmIdentifier wrap;
  Integer kek_length;
  std::optional<Octets> ukm;
  friend bool operator==(const CMSORIforKEMOtherInfo&, const CMSORIforKEMOtherInfo&) = default;
};

}  // namespace cmcctl
