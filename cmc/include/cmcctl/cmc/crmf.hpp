#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include <cmcctl/cmc/archive.hpp>
#include <cmcctl/cmc/pkcs10.hpp>
#include <cmcctl/codec/crmf.hpp>

/// Certificate Request Message Format: RFC 4211.
namespace cmcctl {

/// What a CertRequest says beside its key. Absent and empty members are left out.
struct CertRequestOptions {
  std::uint32_t cert_req_id = 1;
  bool with_version = false;  ///< version [0] 2, which RFC 4211 section 5 wants left out and Dogtag's tools write
  std::optional<std::vector<std::uint8_t>> issuer{};   ///< DER of the Name
  std::optional<std::vector<std::uint8_t>> subject{};  ///< DER of the Name; the empty Name counts as one
  std::optional<std::int64_t> not_before{};            ///< seconds since 1970
  std::optional<std::int64_t> not_after{};
  std::vector<RequestedExtension> extensions{};
  std::vector<RequestValue> controls{};  ///< pkiArchiveOptions, regToken, oldCertID, popLinkWitnessV2, ...
  bool empty_controls = false;           ///< an empty list where there is no control, as Dogtag's tools write it
  std::vector<RequestValue> reg_info{};
};

/// RFC 4211 section 4.1: a signature over the CertRequest, or over poposkInput where `auth_info` says who asks. Without
/// both subject and public key in the template poposkInput is needed.
struct PopSignature {
  PrivateKey* key = nullptr;
  SignatureScheme scheme{};

  /// The DER of the GeneralName under which the CA or RA has authenticated the sender.
  struct Sender {
    std::vector<std::uint8_t> name;
  };
  /// publicKeyMAC: PasswordBasedMac (section 4.4) over the public key.
  struct PublicKeyMac {
    Octets secret;
    std::size_t iterations = 10'000;
    Hash hash = Hash::sha256;
  };
  std::variant<std::monostate, Sender, PublicKeyMac> auth_info{};
};

/// Sections 4.2 and 4.3: which member of ProofOfPossession carries a POPOPrivKey.
enum class PopKeyUse : std::uint8_t { encipherment, agreement };

/// subsequentMessage: possession is proven by decrypting what the CA sends.
struct PopSubsequent {
  PopKeyUse use = PopKeyUse::encipherment;
  SubsequentMessage message = SubsequentMessage::challengeResp;
  Octets spki{};
};

/// The private key itself, encrypted for the CA: encryptedKey, whose EncKeyWithID has to have an identifier, or the
/// deprecated thisMessage with an EncryptedValue. `to.wrap` says which.
struct PopPrivateKey {
  PopKeyUse use = PopKeyUse::encipherment;
  PrivateKey* key = nullptr;
  ArchiveRecipient to{};
};

/// agreeMAC: static ECDH (RFC 6955 section 6) with the CA's certificate. `algId` is one of its algorithms and `value`
/// the DhSigStatic that belongs to them.
struct PopAgreeMac {
  StaticEcdh how{};
};

/// raVerified: only an RA may say so.
struct PopRaVerified {
  Octets spki{};
};

/// Without popo: the CA challenges, or knows from elsewhere.
struct PopNone {
  Octets spki{};
};

using PopMethod = std::variant<PopSignature, PopSubsequent, PopPrivateKey, PopAgreeMac, PopRaVerified, PopNone,
                               StatementOfPossession>;

/// The CertTemplate alone, without a key: what modCertTemplate carries (RFC 10002 section 6.5.1), in DER.
Result<std::vector<std::uint8_t>> make_cert_template(const CertRequestOptions& options);

/// RFC 4211 section 3, in DER.
///
///   CertReqMsg ::= SEQUENCE { certReq CertRequest, popo ProofOfPossession OPTIONAL,
///       regInfo SEQUENCE SIZE(1..MAX) OF AttributeTypeAndValue OPTIONAL }
///
/// With a StatementOfPossession (RFC 9883) the CertRequest is signed with the key that vouches, and the statement is a
/// control. `not_encodable` for what RFC 4211 does not allow, with its section.
Result<std::vector<std::uint8_t>> make_cert_req_msg(const CertRequestOptions& options, const PopMethod& pop);

/// CertReqMessages ::= SEQUENCE SIZE (1..MAX) OF CertReqMsg: what a file with CRMF requests holds.
Result<std::vector<std::uint8_t>> make_cert_req_messages(std::span<const std::vector<std::uint8_t>> messages);

}  // namespace cmcctl
