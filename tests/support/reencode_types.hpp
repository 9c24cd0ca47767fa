#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <cmcctl/codec/algorithms.hpp>
#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/extensions.hpp>
#include <cmcctl/codec/pkcs12.hpp>

#include "wire_types/algorithms.hpp"
#include "wire_types/controls.hpp"
#include "wire_types/extensions.hpp"
#include "wire_types/pkcs12.hpp"

/// All types of the public headers, and a way to go through the members of their values.
namespace cmcctl::test {

/// Types that a Decoder decodes and an Encoder encodes.
#define CMCCTL_CODEC_TYPES(X) \
  X(AlgorithmIdentifier) X(Attribute) X(AttributeTypeAndValue) X(RelativeDistinguishedName) X(Name) X(Extension) \
  X(Extensions) X(DirectoryString) X(GeneralName) X(GeneralNames) X(SubjectPublicKeyInfo) X(TBSCertificate) \
  X(Certificate) X(TBSCertList) X(CertificateList) \
  X(ContentInfo) X(IssuerAndSerialNumber) X(SignerIdentifier) X(SignedAttributes) X(AuthAttributes) X(SignerInfo) \
  X(EncapsulatedContentInfo) X(SignedData) X(RecipientInfo) X(KEMRecipientInfo) X(EncryptedContentInfo) \
  X(EnvelopedData) X(AuthEnvelopedData) X(AuthenticatedData) X(DigestedData) X(EncryptedData) \
  X(CertTemplate) X(CertRequest) X(CertReqMsg) X(CertReqMessages) X(ProofOfPossession) X(POPOSigningKey) \
  X(POPOSigningKeyInput) X(POPOPrivKey) X(PKMACValue) X(PBMParameter) X(EncryptedValue) X(EncryptedKey) \
  X(PKIArchiveOptions) X(PKIPublicationInfo) X(CertId) X(CertificationRequestInfo) X(CertificationRequest) \
  X(TaggedAttribute) X(TaggedRequest) X(TaggedContentInfo) X(OtherMsg) X(PKIData) X(PKIResponse) X(BodyPartPath) \
  X(BodyPartList) X(BodyPartReference) \
  X(CMCStatusInfo) X(CMCStatusInfoV2) X(PendInfo) X(ExtendedFailInfo) X(Identification) X(IdentityProof) \
  X(DataReturn) X(TransactionId) X(SenderNonce) X(RecipientNonce) X(RegInfo) X(ResponseInfo) X(QueryPending) \
  X(PopLinkRandom) X(PopLinkWitness) X(AuthPublish) X(BatchRequests) X(BatchResponses) X(RaIdentityWitness) \
  X(ResponseBody) X(IdentityProofV2) X(PopLinkWitnessV2) X(EncryptedPOP) X(DecryptedPOP) X(LraPopWitness) \
  X(AddExtensions) X(ModCertTemplate) X(ChangeSubjectName) X(GetCert) X(GetCRL) X(RevokeRequest) X(CMCCertId) \
  X(PublishTrustAnchors) X(CMCPublicationInfo) X(ControlsProcessed) X(CMCUnsignedData) X(CmcAddAttributes) \
  X(RSAPublicKey) X(ECDSASigValue) X(RSASSAPSSParams) X(RSAESOAEPParams) X(PBKDF2Params) X(PBES2Params) \
  X(PBMAC1Params) X(GCMParameters) X(ECCCMSSharedInfo) X(CMSORIforKEMOtherInfo) X(AuthorityKeyIdentifier) \
  X(KeyUsage) X(ExtKeyUsageSyntax) X(BasicConstraints) X(GeneralSubtree) X(NameConstraints) X(PolicyInformation) \
  X(CertificatePolicies) X(PolicyMapping) X(PolicyMappings) X(PolicyConstraints) X(DistributionPointName) \
  X(DistributionPoint) X(CRLDistributionPoints) X(IssuingDistributionPoint) X(RevokedCertificate) \
  X(PolicyQualifierInfo) X(PBKDF2Salt) X(DigestInfo) X(MacData) X(PFX) X(AuthenticatedSafe) X(SafeBag) X(SafeContents) X(CertBag) \
  X(PKCS12PbeParams) X(EncryptedPrivateKeyInfo) X(ScryptParams)

/// Types that only stand inside others.
#define CMCCTL_PART_TYPES(X) \
  X(AnotherName) X(EDIPartyName) X(Validity) X(SubjectKeyIdentifier) X(OriginatorInfo) X(RecipientIdentifier) \
  X(KeyTransRecipientInfo) X(OriginatorPublicKey) X(OriginatorIdentifierOrKey) X(OtherKeyAttribute) \
  X(RecipientKeyIdentifier) X(KeyAgreeRecipientIdentifier) X(RecipientEncryptedKey) X(KeyAgreeRecipientInfo) \
  X(KEKIdentifier) X(KEKRecipientInfo) X(PasswordRecipientInfo) X(OtherRecipientInfo) X(OptionalValidity) \
  X(POPOSigningKeyAuthInfo) X(SinglePubInfo) X(TaggedCertificationRequest) X(OtherReqMsg)

/// Types that stay bytes.
#define CMCCTL_OPAQUE_TYPES(X) X(ORAddress) X(RevokedCertificates)

#define CMCCTL_WIRED_TYPES(X) CMCCTL_CODEC_TYPES(X) CMCCTL_PART_TYPES(X)

/// The C++ name of a wired type; empty for the alternatives that only exist inside one.
template <class T>
constexpr std::string_view public_name() {
#define CMCCTL_NAME(Type) \
  if constexpr (std::is_same_v<T, Type>) return #Type;
  CMCCTL_WIRED_TYPES(CMCCTL_NAME)
#undef CMCCTL_NAME
  return {};
}

/// The name that a type has in its RFC, for other readers.
template <class T>
std::string_view rfc_name() {
  const std::string_view name = Wire<T>::type().name;
  if (name == "RDNSequence") return "Name";
  if (name == "CRMFEncryptedKey") return "EncryptedKey";
  return name;
}

/// Calls visit(member) for each member of a SEQUENCE, the alternative of a CHOICE, or the value behind another name.
template <asn_TYPE_descriptor_s& Descriptor, auto... Members, class T, class Visit>
void each_member_of(const Sequence<Descriptor, Members...>*, T& value, Visit&& visit) {
  (visit(value.*Members), ...);
}
template <asn_TYPE_descriptor_s& Descriptor, auto Variant, class T, class Visit>
void each_member_of(const Choice<Descriptor, Variant>*, T& value, Visit&& visit) {
  visit(value.*Variant);
}
template <asn_TYPE_descriptor_s& Descriptor, auto Value, class T, class Visit>
void each_member_of(const Alias<Descriptor, Value>*, T& value, Visit&& visit) {
  visit(value.*Value);
}

template <class T, class Visit>
void each_member(T& value, Visit&& visit) {
  using Type = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Type, GetCert>) {
    visit(value.issuer_name);
    visit(value.serial_number);
  } else if constexpr (std::is_same_v<Type, ChangeSubjectName>) {
    visit(value.subject);
    visit(value.subject_alt);
  } else {
    each_member_of(static_cast<const Wire<Type>*>(nullptr), value, visit);
  }
}

template <class T>
constexpr bool is_list = false;
template <class T>
constexpr bool is_list<List<T>> = true;

template <class T>
constexpr bool is_variant = false;
template <class... T>
constexpr bool is_variant<std::variant<T...>> = true;

template <class T>
struct RawTarget {};
template <class T>
struct RawTarget<Raw<T>> {
  using Type = T;
};
template <class T>
concept IsRaw = requires { typename RawTarget<T>::Type; };

}  // namespace cmcctl::test
