#include "open_types.hpp"

#include <cassert>
#include <map>
#include <string>

#include <cmcctl/codec/controls.hpp>

#include "scan.hpp"

namespace cmcctl {
namespace {

struct Row {
  std::string_view oid;
  std::string_view type;
};

// Controls and attributes of CMC are in control_rows().
constexpr Row rows[]{
    // CMS contents
    {"1.2.840.113549.1.7.2", "SignedData"},
    {"1.2.840.113549.1.7.3", "EnvelopedData"},
    {"1.2.840.113549.1.7.5", "DigestedData"},
    {"1.2.840.113549.1.7.6", "EncryptedData"},
    {"1.2.840.113549.1.9.16.1.2", "AuthenticatedData"},
    {"1.2.840.113549.1.9.16.1.6", "ContentInfo"},
    {"1.2.840.113549.1.9.16.1.21", "EncKeyWithID"},
    {"1.2.840.113549.1.9.16.1.23", "AuthEnvelopedData"},
    {"1.3.6.1.5.5.7.12.2", "PKIData"},
    {"1.3.6.1.5.5.7.12.3", "PKIResponse"},
    {"1.2.840.113549.1.9.16.13.3", "KEMRecipientInfo"},
    // attributes
    {"1.2.840.113549.1.9.2", "UnstructuredName"},
    {"1.2.840.113549.1.9.3", "ContentType"},
    {"1.2.840.113549.1.9.4", "MessageDigest"},
    {"1.2.840.113549.1.9.5", "SigningTime"},
    {"1.2.840.113549.1.9.6", "Countersignature"},
    {"1.2.840.113549.1.9.7", "ChallengePassword"},
    {"1.2.840.113549.1.9.8", "UnstructuredAddress"},
    {"1.2.840.113549.1.9.14", "ExtensionReq"},
    {"1.2.840.113549.1.9.15", "SMIMECapabilities"},
    {"1.2.840.113549.1.9.52", "CMSAlgorithmProtection"},
    {"1.2.840.113549.1.9.16.2.12", "SigningCertificate"},
    {"1.2.840.113549.1.9.16.2.47", "SigningCertificateV2"},
    {"1.3.6.1.4.1.22112.2.1", "PrivateKeyPossessionStatement"},
    // CRMF controls
    {"1.3.6.1.5.5.7.5.1.1", "RegToken"},
    {"1.3.6.1.5.5.7.5.1.2", "Authenticator"},
    {"1.3.6.1.5.5.7.5.1.3", "PKIPublicationInfo"},
    {"1.3.6.1.5.5.7.5.1.4", "PKIArchiveOptions"},
    {"1.3.6.1.5.5.7.5.1.5", "OldCertId"},
    {"1.3.6.1.5.5.7.5.1.6", "ProtocolEncrKey"},
    {"1.3.6.1.5.5.7.5.2.1", "UTF8Pairs"},
    {"1.3.6.1.5.5.7.5.2.2", "CertReq"},
    // Microsoft
    {"1.3.6.1.4.1.311.2.1.14", "CertExtensions"},
    {"1.3.6.1.4.1.311.13.1", "RenewalCertificate"},
    {"1.3.6.1.4.1.311.13.2.1", "EnrollmentNameValuePair"},
    {"1.3.6.1.4.1.311.13.2.2", "CSPProvider"},
    {"1.3.6.1.4.1.311.13.2.3", "OSVersion"},
    {"1.3.6.1.4.1.311.21.7", "CertificateTemplateOID"},
    {"1.3.6.1.4.1.311.21.13", "ArchivedKey"},
    {"1.3.6.1.4.1.311.21.16", "ArchivedKeyCertHash"},
    {"1.3.6.1.4.1.311.21.17", "IssuedCertHash"},
    {"1.3.6.1.4.1.311.21.20", "RequestClientInfo"},
    {"1.3.6.1.4.1.311.21.21", "EncryptedKeyHash"},
    // extensions
    {"2.5.29.14", "SubjectKeyIdentifier"},
    {"2.5.29.15", "KeyUsage"},
    {"2.5.29.17", "SubjectAltName"},
    {"2.5.29.18", "IssuerAltName"},
    {"2.5.29.19", "BasicConstraints"},
    {"2.5.29.30", "NameConstraints"},
    {"2.5.29.31", "CRLDistributionPoints"},
    {"2.5.29.32", "CertificatePolicies"},
    {"2.5.29.35", "AuthorityKeyIdentifier"},
    {"2.5.29.37", "ExtKeyUsageSyntax"},
    {"1.3.6.1.5.5.7.1.1", "AuthorityInfoAccessSyntax"},
    {"1.3.6.1.5.5.7.1.11", "SubjectInfoAccessSyntax"},
    // algorithm parameters
    {"1.2.840.113549.1.1.7", "RSAES-OAEP-params"},
    {"1.2.840.113549.1.1.8", "AlgorithmIdentifier"},
    {"1.2.840.113549.1.1.10", "RSASSA-PSS-params"},
    {"1.2.840.113549.1.5.12", "PBKDF2-params"},
    {"1.2.840.113549.1.5.13", "PBES2-params"},
    {"1.2.840.113549.1.5.14", "PBMAC1-params"},
    {"1.2.840.113533.7.66.13", "PBMParameter"},
    {"1.2.840.113533.7.66.30", "DHBMParameter"},
    {"1.2.840.113549.1.9.16.3.9", "PWRI-KEK-params"},
    {"2.16.840.1.101.3.4.1.6", "GCMParameters"},
    {"2.16.840.1.101.3.4.1.26", "GCMParameters"},
    {"2.16.840.1.101.3.4.1.46", "GCMParameters"},
    {"2.16.840.1.101.3.4.1.7", "CCMParameters"},
    {"2.16.840.1.101.3.4.1.27", "CCMParameters"},
    {"2.16.840.1.101.3.4.1.47", "CCMParameters"},
};

std::map<std::string, const schema::Type*, std::less<>> make_index() {
  std::map<std::string, const schema::Type*, std::less<>> index;
  const auto add = [&](std::string_view dotted, std::string_view type) {
    const auto content = oid_content(dotted);
    const schema::Type* found = schema::find(type);
    assert(found != nullptr);
    index.emplace(std::string(content->begin(), content->end()), found);
  };
  for (const Row& row : rows) add(row.oid, row.type);
  for (const ControlRow& row : control_rows()) add(row.oid, row.type);
  return index;
}

}  // namespace

const schema::Type* governed_type(const Oid& oid) {
  static const auto index = make_index();
  const auto found = index.find(oid.content.chars());
  return found == index.end() ? nullptr : found->second;
}

namespace {

const schema::Type* type_by_place(const schema::Type& parent, const schema::Member& member,
                                  const tlv::Element& element) {
  const bool holds_sets = element.id == tlv::sequence && (element.content.empty() || element.content[0] == tlv::set);
  if (parent.name == "GetCert" && member.name == "issuerName") {
    return schema::find(element.id == tlv::sequence ? "Name" : "GeneralName");
  }
  if (parent.name == "ChangeSubjectName") return schema::find(holds_sets ? "Name" : "GeneralNames");
  if (parent.name == "CertificateSet") return schema::find("CertificateChoices");
  if (parent.name == "RevocationInfoChoices") return schema::find("RevocationInfoChoice");
  return nullptr;
}

}  // namespace

const schema::Type* loose_type(const schema::Type& parent, const schema::Member& member, const tlv::Element& element) {
  const schema::Type* type = type_by_place(parent, member, element);
  if (type == nullptr || !type->self.matches(element.id)) return nullptr;
  return type->constructed() && !tlv::is_constructed(element.id) ? nullptr : type;
}

bool is_id_data(const Oid& oid) {
  static const auto id_data = oid_content("1.2.840.113549.1.7.1");
  return oid.content == Octets(*id_data);
}

const schema::Type* type_by_shape(Octets content) {
  const Scan scan = scan_der(content, Limits{});
  if (scan.outcome != Scan::Outcome::der || content[0] != tlv::sequence) return nullptr;
  std::string tags;
  for (tlv::Cursor cursor(tlv::first(content).content); !cursor.at_end() && tags.size() < 5;) {
    tags += static_cast<char>(cursor.next().id);
  }
  if (tags == "0000") return schema::find("PKIData");
  if (tags == std::string("00") + static_cast<char>(tlv::bit_string)) return schema::find("CertificationRequest");
  return nullptr;
}

}  // namespace cmcctl
