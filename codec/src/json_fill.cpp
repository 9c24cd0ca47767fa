#include "json_fill.hpp"

#include <algorithm>

#include <cmcctl/codec/values.hpp>

#include "oids.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {
namespace {

OctetBuffer integer(std::uint8_t value) { return {tlv::integer, 0x01, value}; }

tlv::Element first_of(Octets element) { return tlv::first(element); }

// Whether a list has an element with this identifier octet.
bool has_element(Octets list, std::uint8_t id) {
  if (list.empty()) return false;
  for (tlv::Cursor cursor(first_of(list).content); !cursor.at_end();) {
    if (cursor.next().id == id) return true;
  }
  return false;
}

// Whether a list has an element that begins with `INTEGER version`.
bool has_version(Octets list, std::uint8_t version) {
  if (list.empty()) return false;
  for (tlv::Cursor cursor(first_of(list).content); !cursor.at_end();) {
    const Octets content = cursor.next().content;
    if (content.size() >= 3 && content[0] == tlv::integer && content[1] == 1 && content[2] == version) return true;
  }
  return false;
}

bool is_id_data(Octets oid) {
  static const auto id_data = oid_content(oids::id_data);
  return !oid.empty() && first_of(oid).content == Octets(*id_data);
}

// Whether the eContentType is id-data, or not said.
bool holds_id_data(const MemberOctets& given) {
  const Octets content = given("encapContentInfo");
  const Octets type = content.empty() ? Octets() : first_of(first_of(content).content).whole;
  return is_id_data(type) || type.empty();
}

// RFC 5652 section 5.1
OctetBuffer signed_data_version(const MemberOctets& given) {
  const Octets certificates = given("certificates");
  if (has_element(certificates, 0xA3) || has_element(given("crls"), 0xA1)) return integer(5);
  if (has_element(certificates, 0xA2)) return integer(4);
  if (has_element(certificates, 0xA1) || has_version(given("signerInfos"), 3)) return integer(3);
  return integer(holds_id_data(given) ? 1 : 3);
}

// RFC 5652 section 6.1
OctetBuffer enveloped_data_version(const MemberOctets& given) {
  const Octets originator = given("originatorInfo");
  const Octets recipients = given("recipientInfos");
  if (has_element(recipients, 0xA3) || has_element(recipients, 0xA4)) return integer(3);
  const bool plain = originator.empty() && given("unprotectedAttrs").empty() && !has_element(recipients, 0xA1) &&
                     !has_element(recipients, 0xA2) && !has_version(recipients, 2);
  return integer(plain ? 0 : 2);
}

OctetBuffer by_identifier(Octets identifier, std::uint8_t with_issuer, std::uint8_t with_key_id) {
  return integer(!identifier.empty() && identifier[0] == tlv::sequence ? with_issuer : with_key_id);
}

// The digestAlgorithm of every SignerInfo, each once.
OctetBuffer digest_algorithms(Octets signer_infos) {
  OctetBuffer out;
  std::vector<Octets> seen;
  if (!signer_infos.empty()) {
    for (tlv::Cursor signers(first_of(signer_infos).content); !signers.at_end();) {
      const tlv::Element signer = signers.next();
      if (!tlv::is_constructed(signer.id)) continue;
      tlv::Cursor members(signer.content);
      for (int i = 0; i < 2 && !members.at_end(); ++i) (void)members.next();  // version, sid
      if (members.at_end()) continue;
      const Octets algorithm = members.next().whole;
      if (std::ranges::find(seen, algorithm) == seen.end()) seen.push_back(algorithm);
    }
  }
  for (const Octets algorithm : seen) out.insert(out.end(), algorithm.begin(), algorithm.end());
  put_header(out, 0, {0, tlv::set & tlv::number_bits}, true);
  return out;
}

bool is_empty_by_default(std::string_view type, std::string_view member) {
  if (type == "PKIData" || type == "PKIResponse") return true;
  return (type == "SignedData" && member == "signerInfos") ||
         (type == "CertificationRequestInfo" && member == "attributes");
}

std::optional<OctetBuffer> version(std::string_view type, const MemberOctets& given) {
  if (type == "SignedData") return signed_data_version(given);
  if (type == "EnvelopedData") return enveloped_data_version(given);
  if (type == "DigestedData") return integer(holds_id_data(given) ? 0 : 2);
  if (type == "EncryptedData") return integer(given("unprotectedAttrs").empty() ? 0 : 2);
  if (type == "SignerInfo") return by_identifier(given("sid"), 1, 3);
  if (type == "KeyTransRecipientInfo") return by_identifier(given("rid"), 0, 2);
  if (type == "KeyAgreeRecipientInfo") return integer(3);
  if (type == "KEKRecipientInfo") return integer(4);
  for (const std::string_view zero : {"CertificationRequestInfo", "AuthenticatedData", "AuthEnvelopedData",
                                      "PasswordRecipientInfo", "KEMRecipientInfo"}) {
    if (type == zero) return integer(0);
  }
  return std::nullopt;
}

}  // namespace

std::optional<OctetBuffer> fill_in(const schema::Type& type, const schema::Member& member, const MemberOctets& given) {
  if (member.name == "version") return version(type.name, given);
  if (member.name == "digestAlgorithms" && type.name == "SignedData") return digest_algorithms(given("signerInfos"));
  if (member.name == "certReqId" && type.name == "CertRequest") return integer(0);
  if (is_empty_by_default(type.name, member.name)) {
    OctetBuffer out;
    put_tags(out, 0, member, true);
    return out;
  }
  return std::nullopt;
}

}  // namespace cmcctl
