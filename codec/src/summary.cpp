#include "summary.hpp"

#include <array>

#include <cmcctl/codec/text.hpp>

#include "control_text.hpp"

namespace cmcctl {
namespace {

constexpr std::array subsequent_message{
    NamedNumber{0, "encrCert", "the certificate is to come encrypted", "RFC 4211 section 4.2"},
    NamedNumber{1, "challengeResp", "possession is to be proven by a challenge", "RFC 4211 section 4.2"},
};
constexpr std::array publication_action{
    NamedNumber{0, "dontPublish", "the certificate is not to be published", "RFC 4211 section 6.3"},
    NamedNumber{1, "pleasePublish", "the certificate is to be published", "RFC 4211 section 6.3"},
};
constexpr std::array publication_method{
    NamedNumber{0, "dontCare", "published anywhere", "RFC 4211 section 6.3"},
    NamedNumber{1, "x500", "published by X.500", "RFC 4211 section 6.3"},
    NamedNumber{2, "web", "published on the web", "RFC 4211 section 6.3"},
    NamedNumber{3, "ldap", "published by LDAP", "RFC 4211 section 6.3"},
};

constexpr std::array<std::string_view, 9> key_usage{
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
    "keyCertSign",      "cRLSign",        "encipherOnly",    "decipherOnly"};
constexpr std::array<std::string_view, 9> reason_flags{
    "unused",     "keyCompromise",        "cACompromise",    "affiliationChanged",
    "superseded", "cessationOfOperation", "certificateHold", "privilegeWithdrawn",
    "aACompromise"};

std::string name_of(std::string_view dotted) {
  const OidEntry* entry = find_oid(dotted);
  return std::string(entry != nullptr ? entry->name : dotted);
}

std::string rsa_text(const SubjectPublicKeyInfo& key) {
  const Octets bytes = key.subject_public_key.bytes;
  Decoder decoder;
  const auto scanned = decoder.scan(bytes);
  if (!scanned || scanned->der[0] != tlv::sequence) return "RSA";
  const tlv::Element outer = tlv::first(scanned->der);
  if (outer.content.empty()) return "RSA";
  const tlv::Element modulus = tlv::first(outer.content);
  if (modulus.id != tlv::integer) return "RSA";
  std::size_t bits = modulus.content.size() * 8;
  for (const std::uint8_t octet : modulus.content) {
    if (octet != 0) {
      for (std::uint8_t mask = 0x80; (octet & mask) == 0; mask >>= 1) --bits;
      break;
    }
    bits -= 8;
  }
  return "RSA " + std::to_string(bits);
}

std::string ec_text(const SubjectPublicKeyInfo& key) {
  const auto& parameters = key.algorithm.parameters;
  if (!parameters || parameters->der[0] != tlv::oid) return "EC";
  return "EC " + name_of(to_string(Oid{tlv::first(parameters->der).content}));
}

bool is_character_string(std::uint8_t id) {
  return id == tlv::utf8_string || (id >= 18 && id <= 22) || (id >= 25 && id <= 28) || id == 30;
}

}  // namespace

std::string oid_name(const Oid& oid) { return name_of(to_string(oid)); }

std::string serial_text(const Integer& serial) {
  const auto small = serial.to_int64();
  if (small && *small >= 0 && *small < 10) return std::to_string(*small);
  if (serial.negative()) return to_string(serial);
  Octets content = serial.content;
  if (content.size() > 1 && content[0] == 0) content = content.from(1);
  return "0x" + hex(content);
}

std::string key_text(Decoder& decoder, const Raw<SubjectPublicKeyInfo>& raw) {
  const auto key = decoder.decode<SubjectPublicKeyInfo>(raw);
  if (!key) return "(unreadable key)";
  const std::string algorithm = to_string(key->algorithm.algorithm);
  if (algorithm == "1.2.840.113549.1.1.1") return rsa_text(*key);
  if (algorithm == "1.2.840.10045.2.1") return ec_text(*key);
  return name_of(algorithm);
}

std::string key_identifier(Decoder& decoder, const List<Extension>& extensions) {
  for (const Extension& extension : extensions) {
    if (to_string(extension.extn_id) != "2.5.29.14") continue;
    const std::size_t oddities = decoder.oddities().size();
    const auto inside = decoder.scan(extension.extn_value);
    decoder.drop_oddities(oddities);
    if (inside && inside->der[0] == tlv::octet_string) return hex(tlv::first(inside->der).content);
    return hex(extension.extn_value);  // some peers leave the inner OCTET STRING out
  }
  return {};
}

std::optional<CertificateSummary> summarise_certificate(Decoder& decoder, Octets der) {
  const auto certificate = decoder.decode<Certificate>(Any{der, true});
  if (!certificate) return std::nullopt;
  const auto tbs = decoder.decode<TBSCertificate>(certificate->tbs_certificate);
  if (!tbs) return std::nullopt;
  CertificateSummary summary;
  summary.subject = name_text(tbs->subject.der);
  summary.issuer = name_text(tbs->issuer.der);
  summary.serial_number = serial_text(tbs->serial_number);
  summary.not_before = time_text(tbs->validity.not_before);
  summary.not_after = time_text(tbs->validity.not_after);
  summary.key = key_text(decoder, tbs->subject_public_key_info);
  summary.signature_algorithm = oid_name(certificate->signature_algorithm.algorithm);
  if (tbs->extensions) summary.key_id = key_identifier(decoder, tbs->extensions->extensions);
  return summary;
}

std::optional<CrlSummary> summarise_crl(Decoder& decoder, Octets der) {
  const auto crl = decoder.decode<CertificateList>(Any{der, true});
  if (!crl) return std::nullopt;
  const auto tbs = decoder.decode<TBSCertList>(crl->tbs_cert_list);
  if (!tbs) return std::nullopt;
  CrlSummary summary;
  summary.issuer = name_text(tbs->issuer.der);
  summary.this_update = time_text(tbs->this_update);
  if (tbs->next_update) summary.next_update = time_text(*tbs->next_update);
  if (tbs->revoked_certificates) {
    summary.revoked = tlv::count_elements(tlv::first(tbs->revoked_certificates->der).content);
  }
  return summary;
}

std::span<const NamedNumber> number_names(std::string_view type) {
  if (type == "CMCStatus") return cmc_status_names();
  if (type == "CMCFailInfo") return cmc_fail_info_names();
  if (type == "CRLReason") return crl_reason_names();
  if (type == "SubsequentMessage") return subsequent_message;
  if (type == "PKIPublicationAction") return publication_action;
  if (type == "SinglePubMethod") return publication_method;
  return {};
}

std::span<const std::string_view> bit_names(std::string_view type) {
  if (type == "KeyUsage") return key_usage;
  if (type == "ReasonFlags") return reason_flags;
  return {};
}

std::string characters(const Node& node) {
  // Under an IMPLICIT tag only the module knows the kind of string.
  const std::uint8_t id = tlv::is_universal(node.element.id) ? node.element.id : node.type->self.tags[0];
  return string_value(id & tlv::number_bits, node.element.content);
}

std::string primitive_text(const Node& node) {
  if (tlv::is_constructed(node.element.id) || !tlv::is_universal(node.element.id)) return {};
  const Octets content = node.element.content;
  switch (node.element.id) {
    case tlv::boolean: return content[0] != 0 ? "TRUE" : "FALSE";
    case tlv::integer:
    case tlv::enumerated: return to_string(Integer{content});
    case tlv::oid: return to_string(Oid{content});
    case tlv::utc_time:
    case tlv::generalized_time: return std::string(content.chars());
    default: return is_character_string(node.element.id) ? string_value(node.element.id, content) : std::string();
  }
}

std::string element_text(const Node& node) {
  const tlv::Element& element = node.element;
  const auto is = [&](schema::Kind kind) { return node.type != nullptr && node.type->kind == kind; };
  if (tlv::is_constructed(element.id) || element.id == tlv::null) return {};
  if (element.id == tlv::oid) return to_string(Oid{element.content}) + "  " + escape(oid_name(Oid{element.content}));
  if (element.id == tlv::bit_string) {
    const std::string unused = std::to_string(element.content[0]);
    return octets_text(element.content.from(1)) + (element.content[0] == 0 ? "" : "  (" + unused + " unused bits)");
  }
  if (tlv::is_universal(element.id)) {
    const std::string text = primitive_text(node);
    const bool number = element.id == tlv::integer || element.id == tlv::enumerated || element.id == tlv::boolean;
    if (!text.empty()) return number ? text : "\"" + escape(text) + "\"";
  } else if (is(schema::Kind::utf8_string) || is(schema::Kind::other_string)) {
    return "\"" + escape(characters(node)) + "\"";
  }
  return octets_text(element.content);
}

Time time_of(const Node& node) {
  const bool utc = node.element.id == tlv::utc_time;
  return {node.element.content, utc ? Time::Form::utc : Time::Form::generalized};
}

}  // namespace cmcctl
