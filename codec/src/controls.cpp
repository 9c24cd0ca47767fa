#include <cmcctl/codec/controls.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include "oids.hpp"
#include "wire_types/controls.hpp"

namespace cmcctl {

CMC_CODEC(CMCStatusInfo)
CMC_CODEC(CMCStatusInfoV2)
CMC_CODEC(PendInfo)
CMC_CODEC(ExtendedFailInfo)
CMC_CODEC(Identification)
CMC_CODEC(IdentityProof)
CMC_CODEC(DataReturn)
CMC_CODEC(TransactionId)
CMC_CODEC(SenderNonce)
CMC_CODEC(RecipientNonce)
CMC_CODEC(RegInfo)
CMC_CODEC(ResponseInfo)
CMC_CODEC(QueryPending)
CMC_CODEC(PopLinkRandom)
CMC_CODEC(PopLinkWitness)
CMC_CODEC(AuthPublish)
CMC_CODEC(BatchRequests)
CMC_CODEC(BatchResponses)
CMC_CODEC(RaIdentityWitness)
CMC_CODEC(ResponseBody)
CMC_CODEC(IdentityProofV2)
CMC_CODEC(PopLinkWitnessV2)
CMC_CODEC(EncryptedPOP)
CMC_CODEC(DecryptedPOP)
CMC_CODEC(LraPopWitness)
CMC_CODEC(AddExtensions)
CMC_CODEC(ModCertTemplate)
CMC_CODEC(ChangeSubjectName)
CMC_CODEC(GetCert)
CMC_CODEC(GetCRL)
CMC_CODEC(RevokeRequest)
CMC_CODEC(CMCCertId)
CMC_CODEC(PublishTrustAnchors)
CMC_CODEC(CMCPublicationInfo)
CMC_CODEC(ControlsProcessed)
CMC_CODEC(CMCUnsignedData)
CMC_CODEC(CmcAddAttributes)

// --- What peers write differently ------------------------------------------------------------------------------------

bool Wire<ChangeSubjectName>::read(Reader& reader, const schema::Type&, const tlv::Element& element,
                                   ChangeSubjectName& out) {
  constexpr std::uint8_t tagged_alt = 0xA1;
  const schema::Type& names = Wire<GeneralNames>::type();
  for (tlv::Cursor cursor(element.content); !cursor.at_end();) {
    const tlv::Element part = cursor.next();
    const bool is_name = part.id == tlv::sequence && (part.content.empty() || part.content[0] == tlv::set);
    if (is_name && !out.subject && !out.subject_alt) {
      out.subject = Raw<Name>{part.whole, true};
      continue;
    }
    if ((part.id != tagged_alt && part.id != tlv::sequence) || out.subject_alt) {
      return reader.unexpected(part, "ChangeSubjectName");
    }
    if (part.id == tlv::sequence) {
      reader.note(Severity::warning, "CMC-10002-7.1-01", "subjectAlt without its tag [1], as in RFC 6402", part.whole);
    }
    if (!read_value(reader, names, part, out.subject_alt.emplace())) return reader.step_back("subjectAlt");
  }
  if (out.subject || out.subject_alt) return true;
  reader.fail(Errc::missing_member, element.whole.data(), "neither subject nor subjectAlt");
  reader.error().rule = "CMC-6402-2.8-01";
  return false;
}

bool Wire<ChangeSubjectName>::write(Writer& writer, const schema::Type&, const ChangeSubjectName& value) {
  if (!value.subject && !value.subject_alt) return writer.fail("ChangeSubjectName needs subject or subjectAlt");
  if (value.subject_alt) {
    schema::Member tagged = Wire<GeneralNames>::type().self;
    tagged.tags[0] = 0x81;  // [1] IMPLICIT
    if (!write_member(writer, tagged, *value.subject_alt)) return false;
  }
  return !value.subject || writer.prepend_element(value.subject->der);
}

namespace {

struct LooseGetCert {
  Any issuer_name;
  Integer serial_number;
};

}  // namespace

template <>
struct Wire<LooseGetCert>
    : Sequence<asn_DEF_GetCert, &LooseGetCert::issuer_name, &LooseGetCert::serial_number> {};

bool Wire<GetCert>::read(Reader& reader, const schema::Type& type, const tlv::Element& element, GetCert& out) {
  LooseGetCert loose;
  if (!Wire<LooseGetCert>::read(reader, type, element, loose)) return false;
  out.serial_number = loose.serial_number;
  const tlv::Element issuer = tlv::first(loose.issuer_name.der);
  if (issuer.id == tlv::sequence) {
    reader.note(Severity::warning, "CMC-5272-6.9-02", "issuerName is a bare Name, not a GeneralName", issuer.whole);
    out.issuer_name.choice = Raw<Name>{issuer.whole, true};
    return true;
  }
  return Wire<GeneralName>::read(reader, Wire<GeneralName>::type(), issuer, out.issuer_name) ||
         reader.step_back("issuerName");
}

bool Wire<GetCert>::write(Writer& writer, const schema::Type& type, const GetCert& value) {
  return write_member(writer, type.members[1], value.serial_number) &&
         write_member(writer, Wire<GeneralName>::type().self, value.issuer_name);
}

bool Wire<CMCCertId>::read(Reader& reader, const schema::Type& type, const tlv::Element& element, CMCCertId& out) {
  if (!read_value(reader, type, element, out.value)) return false;
  const tlv::Element name = tlv::first(out.value.issuer.der);
  if (!name.content.empty() && name.content[0] == tlv::sequence) {
    const tlv::Element inner = tlv::first(name.content);
    if (inner.whole.size() == name.content.size()) {
      reader.note(Severity::warning, "CMC-5272-6.14-03", "the issuer's Name stands in another SEQUENCE", name.whole);
      out.value.issuer.der = inner.whole;
    }
  }
  return true;
}

// --- The table ---------------------------------------------------------------------------------------------------------

namespace {

#define CMC_ARC "1.3.6.1.5.5.7.7."

template <class T>
constexpr ControlRow row(std::string_view name, std::string_view oid, std::string_view type,
                         std::string_view reference, Place place, Count count) {
  return {name, oid, type, reference, place, count, &type_codec<T>};
}

constexpr std::array rows{
    row<CMCUnsignedData>("unsignedData", oids::id_aa_cmc_unsigned_data, "CMCUnsignedData", "RFC 10002 section 3.2.3",
                         Place::unsigned_attribute, Count::once),
    row<CmcAddAttributes>("addAttributes", "1.3.6.1.4.1.311.10.10.1", "CmcAddAttributes", "MS-WCCE section 2.2.2.7.10",
                          Place::both, Count::many),
    row<CMCStatusInfo>("statusInfo", CMC_ARC "1", "CMCStatusInfo", "RFC 10002 section 6.1.2", Place::both, Count::many),
    row<Identification>("identification", CMC_ARC "2", "UTF8String", "RFC 10002 section 6.2.3", Place::request, Count::once),
    row<IdentityProof>("identityProof", CMC_ARC "3", "OCTET STRING", "RFC 10002 section 6.2.2", Place::request, Count::once),
    row<DataReturn>("dataReturn", CMC_ARC "4", "OCTET STRING", "RFC 10002 section 6.4", Place::both, Count::once),
    row<TransactionId>("transactionId", CMC_ARC "5", "INTEGER", "RFC 10002 section 6.6", Place::both, Count::once),
    row<SenderNonce>("senderNonce", CMC_ARC "6", "OCTET STRING", "RFC 10002 section 6.6", Place::both, Count::once),
    row<RecipientNonce>("recipientNonce", CMC_ARC "7", "OCTET STRING", "RFC 10002 section 6.6", Place::both, Count::once),
    row<AddExtensions>("addExtensions", CMC_ARC "8", "AddExtensions", "RFC 10002 section 6.5.2", Place::request, Count::many),
    row<EncryptedPOP>("encryptedPOP", CMC_ARC "9", "EncryptedPOP", "RFC 10002 section 6.7", Place::response, Count::many),
    row<DecryptedPOP>("decryptedPOP", CMC_ARC "10", "DecryptedPOP", "RFC 10002 section 6.7", Place::request, Count::many),
    row<LraPopWitness>("lraPOPWitness", CMC_ARC "11", "LraPopWitness", "RFC 10002 section 6.8", Place::request, Count::many),
    row<GetCert>("getCert", CMC_ARC "15", "GetCert", "RFC 10002 section 6.9", Place::request, Count::many),
    row<GetCRL>("getCRL", CMC_ARC "16", "GetCRL", "RFC 10002 section 6.10", Place::request, Count::many),
    row<RevokeRequest>("revokeRequest", CMC_ARC "17", "RevokeRequest", "RFC 10002 section 6.11", Place::request, Count::many),
    row<RegInfo>("regInfo", CMC_ARC "18", "OCTET STRING", "RFC 10002 section 6.12", Place::request, Count::once),
    row<ResponseInfo>("responseInfo", CMC_ARC "19", "OCTET STRING", "RFC 10002 section 6.12", Place::response, Count::once),
    row<QueryPending>("queryPending", CMC_ARC "21", "OCTET STRING", "RFC 10002 section 6.13", Place::request, Count::many),
    row<PopLinkRandom>("popLinkRandom", CMC_ARC "22", "OCTET STRING", "RFC 10002 section 6.3.1.3", Place::request, Count::once),
    row<PopLinkWitness>("popLinkWitness", CMC_ARC "23", "OCTET STRING", "RFC 10002 section 6.3.1.2", Place::attribute, Count::once),
    row<CMCCertId>("confirmCertAcceptance", CMC_ARC "24", "CMCCertId", "RFC 10002 section 6.14", Place::request, Count::many),
    row<CMCStatusInfoV2>("statusInfoV2", CMC_ARC "25", "CMCStatusInfoV2", "RFC 10002 section 6.1.1", Place::both, Count::many),
    row<PublishTrustAnchors>("trustedAnchors", CMC_ARC "26", "PublishTrustAnchors", "RFC 10002 section 6.15", Place::both, Count::once),
    row<AuthPublish>("authData", CMC_ARC "27", "AuthPublish", "RFC 10002 section 6.16", Place::both, Count::many),
    row<BatchRequests>("batchRequests", CMC_ARC "28", "BodyPartList", "RFC 10002 section 6.17", Place::request, Count::once),
    row<BatchResponses>("batchResponses", CMC_ARC "29", "BodyPartList", "RFC 10002 section 6.17", Place::response, Count::once),
    row<CMCPublicationInfo>("publishCert", CMC_ARC "30", "CMCPublicationInfo", "RFC 10002 section 6.18", Place::request, Count::many),
    row<ModCertTemplate>("modCertTemplate", CMC_ARC "31", "ModCertTemplate", "RFC 10002 section 6.5.1", Place::request, Count::many),
    row<ControlsProcessed>("controlProcessed", CMC_ARC "32", "ControlsProcessed", "RFC 10002 section 6.19", Place::request, Count::many),
    row<PopLinkWitnessV2>("popLinkWitnessV2", CMC_ARC "33", "PopLinkWitnessV2", "RFC 10002 section 6.3.1.1", Place::attribute, Count::once),
    row<IdentityProofV2>("identityProofV2", CMC_ARC "34", "IdentityProofV2", "RFC 10002 section 6.2.1", Place::request, Count::once),
    row<RaIdentityWitness>("raIdentityWitness", CMC_ARC "35", "BodyPartPath", "RFC 10002 section 6.20", Place::request, Count::many),
    row<ChangeSubjectName>("changeSubjectName", CMC_ARC "36", "ChangeSubjectName", "RFC 10002 section 7.1", Place::attribute, Count::once),
    row<ResponseBody>("responseBody", CMC_ARC "37", "BodyPartPath", "RFC 10002 section 6.21", Place::response, Count::many),
};

}  // namespace

std::span<const ControlRow> control_rows() { return rows; }

const ControlRow* control_row(const Oid& type) {
  static const auto by_content = [] {
    std::map<std::string, const ControlRow*, std::less<>> index;
    for (const ControlRow& row : rows) {
      const auto content = oid_content(row.oid);
      index.emplace(std::string(content->begin(), content->end()), &row);
    }
    return index;
  }();
  const auto found = by_content.find(type.content.chars());
  return found == by_content.end() ? nullptr : found->second;
}

const ControlRow* control_row(std::string_view name) {
  const auto found = std::ranges::find(rows, name, &ControlRow::name);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace cmcctl
