#include <cmcctl/codec/inspect.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <cmcctl/codec/text.hpp>

#include "control_text.hpp"
#include "node.hpp"
#include "oids.hpp"
#include "scan.hpp"
#include "summary.hpp"
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {
namespace {

std::string count_text(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

// "1,742 bytes"
std::string size_text(std::size_t size) {
  std::string digits = std::to_string(size);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits + " bytes";
}

class TextInspector {
 public:
  TextInspector(std::ostream& out, Decoder& decoder, const InspectOptions& options)
      : out_(out), decoder_(decoder), options_(options) {}

  void message(const Message& message, const InspectInput& input);
  void error(const Error& error);

 private:
  static constexpr std::size_t label_width = 20;

  void line(std::string_view text) { out_ << std::string(indent_ * 2, ' ') << text << '\n'; }
  void row(std::string_view label, const std::string& text);
  void rows(std::string_view label, const std::vector<std::string>& texts);
  void heading(const std::string& text) {
    if (nesting_ == 0 && headings_++ != 0) line("");
    line(paint("1", text));
  }
  std::string paint(std::string_view code, const std::string& text) const {
    return options_.color ? "\x1b[" + std::string(code) + "m" + text + "\x1b[0m" : text;
  }

  // Nothing is believed because it is in the message.
  std::string unchecked() const { return options_.verified_after ? "verdict below" : "not checked"; }

  // One more level for as long as this lives.
  class Indent {
   public:
    explicit Indent(TextInspector& owner) : owner_(owner) { ++owner_.indent_; }
    ~Indent() { --owner_.indent_; }
    Indent(const Indent&) = delete;
    Indent& operator=(const Indent&) = delete;

   private:
    TextInspector& owner_;
  };

  std::string headline(const Layer& layer);
  void layer(const Layer& layer);
  void signed_data(const SignedData& data);
  void signer(const SignerInfo& signer, std::size_t number);
  void attributes(const List<Attribute>& attributes);
  void extensions(std::string_view label, const List<Extension>& extensions);
  void certificates(std::string_view label, const std::optional<List<Any>>& certificates);
  void crls(const std::optional<List<Any>>& crls);
  void recipients(const List<RecipientInfo>& recipients);
  void encrypted_content(const EncryptedContentInfo& info);
  void content(const Layer& layer);
  void controls(const List<TaggedAttribute>& controls);
  void requests(const List<TaggedRequest>& requests);
  void nested(const List<TaggedContentInfo>& parts, const Layer& layer);
  void other_messages(const List<OtherMsg>& messages);
  void certification_request(const Raw<CertificationRequest>& raw, const std::string& head);
  void certification_request(const OpenedRequest& opened, const std::string& head);
  void cert_req_msg(const CertReqMsg& message);
  void cert_template(const CertTemplate& wanted);
  void proof_of_possession(const std::optional<ProofOfPossession>& popo);
  void crmf_attributes(std::string_view label, const List<AttributeTypeAndValue>& attributes);
  void oddities(const Message& message);

  std::ostream& out_;
  Decoder& decoder_;
  const InspectOptions& options_;
  std::size_t indent_ = 0;
  std::size_t nesting_ = 0;
  std::size_t headings_ = 0;
};

// At most so many octets of a line that is escaped already, cut at a character.
std::string shortened(const std::string& text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  while (end != 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "… (" + std::to_string(text.size()) + " characters; --json shows all)";
}

void TextInspector::row(std::string_view label, const std::string& text) {
  std::string padded(label);
  // A label that is wider than its column still gets its two blanks.
  padded.resize(std::max(label_width, padded.size() + 2), ' ');
  line(text.empty() ? std::string(label) : padded + shortened(text, decoder_.limits().text));
}

void TextInspector::rows(std::string_view label, const std::vector<std::string>& texts) {
  for (std::size_t i = 0; i < texts.size(); ++i) row(i == 0 ? label : "", texts[i]);
}

// --- the headline: what it is, and for a response its verdict ----------------------------------------------------------

std::string signed_by(const Layer& layer) {
  const auto* data = std::get_if<SignedData>(&layer.cms);
  if (data == nullptr) {
    if (std::holds_alternative<AuthenticatedData>(layer.cms)) return ", authenticated by a MAC";
    return layer.content_info ? ", not signed" : "";
  }
  if (layer.kind == MessageKind::simple_pki_response) return " (certs-only)";
  if (data->signer_infos.empty()) return ", not signed";
  if (data->signer_infos.size() == 1) return ", signed";
  return ", signed by " + std::to_string(data->signer_infos.size());
}

struct Verdict {
  std::size_t statuses = 0;
  std::string first;      // of any
  std::string first_bad;  // of those that are no success
};

Verdict verdict(Decoder& decoder, const List<TaggedAttribute>& controls) {
  Verdict verdict;
  const auto take = [&](const auto& status) {
    ++verdict.statuses;
    const std::string text = status_text(status);
    if (verdict.first.empty()) verdict.first = text;
    if (status.cmc_status != CMCStatus::success && verdict.first_bad.empty()) verdict.first_bad = text;
  };
  for (const TaggedAttribute& control : controls) {
    const ControlRow* known = control_row(control.attr_type);
    if (known == nullptr || control.attr_values.size() != 1) continue;
    if (known->name == "statusInfoV2") {
      if (const auto status = decoder.decode<CMCStatusInfoV2>(control.attr_values[0])) take(*status);
    } else if (known->name == "statusInfo") {
      if (const auto status = decoder.decode<CMCStatusInfo>(control.attr_values[0])) take(*status);
    }
  }
  return verdict;
}

std::string TextInspector::headline(const Layer& layer) {
  static const std::set<MessageKind> cmc{MessageKind::full_pki_request, MessageKind::full_pki_response,
                                         MessageKind::simple_pki_response, MessageKind::simple_pki_request};
  std::string text = (cmc.contains(layer.kind) ? "CMC " : "") + std::string(to_string(layer.kind));
  if (layer.kind == MessageKind::simple_pki_request) text += " (PKCS #10)";
  if (layer.kind == MessageKind::other_content) text += " " + escape(oid_name(layer.content_info->content_type));
  if (const auto* response = std::get_if<PKIResponse>(&layer.content)) {
    const Verdict found = verdict(decoder_, response->control_sequence);
    text += ": " + (!found.first_bad.empty() ? found.first_bad
                    : !found.first.empty()   ? found.first
                                             : "no status, which means success");
    if (found.statuses > 1) text += " (" + std::to_string(found.statuses) + " statuses)";
  }
  switch (layer.kind) {
    case MessageKind::full_pki_request:
    case MessageKind::full_pki_response:
    case MessageKind::simple_pki_response:
    case MessageKind::signed_data: text += signed_by(layer); break;
    default: break;
  }
  return text;
}

void TextInspector::message(const Message& message, const InspectInput& input) {
  const bool ber = decoder_.saw_ber();
  std::string form = input.form.empty() || input.form == "DER" ? (ber ? "BER" : "DER") : input.form + (ber ? ", BER" : "");
  if (!input.label.empty()) form += " " + escape(input.label);
  line(paint("1", escape(input.file)) + ": " + headline(message.layer) + " (" + form + ", " +
       size_text(decoder_.message().size()) + ")");
  line("");
  layer(message.layer);
  oddities(message);
  for (const Error& each : message.errors) error(each);
}

// --- CMS ----------------------------------------------------------------------------------------------------------------

void TextInspector::layer(const Layer& layer) {
  if (const auto* data = std::get_if<SignedData>(&layer.cms)) {
    signed_data(*data);
  } else if (const auto* enveloped = std::get_if<EnvelopedData>(&layer.cms)) {
    heading("EnvelopedData v" + to_string(enveloped->version));
    const Indent indent(*this);
    recipients(enveloped->recipient_infos);
    encrypted_content(enveloped->encrypted_content_info);
  } else if (const auto* authenticated = std::get_if<AuthEnvelopedData>(&layer.cms)) {
    heading("AuthEnvelopedData v" + to_string(authenticated->version));
    const Indent indent(*this);
    recipients(authenticated->recipient_infos);
    encrypted_content(authenticated->auth_encrypted_content_info);
    row("mac", octets_text(authenticated->mac));
  } else if (const auto* mac = std::get_if<AuthenticatedData>(&layer.cms)) {
    heading("AuthenticatedData v" + to_string(mac->version));
    const Indent indent(*this);
    recipients(mac->recipient_infos);
    row("mac", algorithm_text(decoder_, mac->mac_algorithm) + "  " + octets_text(mac->mac) + "  " + unchecked());
  } else if (const auto* encrypted = std::get_if<EncryptedData>(&layer.cms)) {
    heading("EncryptedData v" + to_string(encrypted->version));
    const Indent indent(*this);
    encrypted_content(encrypted->encrypted_content_info);
  } else if (const auto* digested = std::get_if<DigestedData>(&layer.cms)) {
    heading("DigestedData v" + to_string(digested->version));
    const Indent indent(*this);
    row("digest", algorithm_text(decoder_, digested->digest_algorithm) + "  " + octets_text(digested->digest));
  }
  content(layer);
}

void TextInspector::signed_data(const SignedData& data) {
  heading("SignedData v" + to_string(data.version));
  const Indent indent(*this);
  for (std::size_t i = 0; i < data.signer_infos.size(); ++i) signer(data.signer_infos[i], i + 1);
  if (data.signer_infos.empty()) row("signers", "none");
  certificates("certificates", data.certificates);
  crls(data.crls);
}

std::string signer_text(const SignerIdentifier& sid) {
  if (const auto* id = std::get_if<IssuerAndSerialNumber>(&sid.choice)) return sid_text(*id);
  return "key id " + hex_spaced(std::get<SubjectKeyIdentifier>(sid.choice).value);
}

void TextInspector::signer(const SignerInfo& signer, std::size_t number) {
  row("signer " + std::to_string(number), signer_text(signer.sid));
  row("", algorithm_text(decoder_, signer.signature_algorithm) + ", digest " +
              algorithm_text(decoder_, signer.digest_algorithm) + ", signature of " +
              std::to_string(signer.signature.size()) + " octets, " + unchecked());
  const Indent indent(*this);
  if (signer.signed_attrs) {
    if (const auto decoded = decoder_.decode<SignedAttributes>(*signer.signed_attrs)) {
      row("signed attributes", "");
      attributes(decoded->attributes);
    }
  }
  if (signer.unsigned_attrs) {
    row("unsigned attributes", "");
    attributes(*signer.unsigned_attrs);
  }
}

void TextInspector::attributes(const List<Attribute>& attributes) {
  const Indent indent(*this);
  for (const Attribute& attribute : attributes) {
    const std::string name = escape(oid_name(attribute.type));
    const std::string type = to_string(attribute.type);
    const bool extension_request = type == oids::id_extension_request || type == "1.3.6.1.4.1.311.2.1.14";
    if (extension_request && attribute.values.size() == 1) {
      if (const auto decoded = decoder_.decode<Extensions>(attribute.values[0])) {
        extensions(name, decoded->extensions);
        continue;
      }
    }
    rows(name, value_lines(decoder_, attribute.type, attribute.values));
  }
}

void TextInspector::extensions(std::string_view label, const List<Extension>& extensions) {
  constexpr std::size_t most = 100;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < extensions.size() && i < most; ++i) lines.push_back(extension_text(decoder_, extensions[i]));
  if (extensions.size() > most) lines.push_back("… (" + std::to_string(extensions.size()) + "; --json shows all)");
  rows(label, lines.empty() ? std::vector<std::string>{"none"} : lines);
}

void TextInspector::certificates(std::string_view label, const std::optional<List<Any>>& certificates) {
  if (!certificates || certificates->empty()) return row(label, certificates ? "none (the field is there, but empty)" : "none");
  row(label, std::to_string(certificates->size()));
  const Indent indent(*this);
  for (const Any& any : *certificates) {
    const auto summary = any.der[0] == tlv::sequence ? summarise_certificate(decoder_, any.der) : std::nullopt;
    if (!summary) {
      line("(another format: " + tag_name(any.der[0]) + " of " + std::to_string(any.der.size()) + " octets)");
      continue;
    }
    line(summary->subject.empty() ? "(empty name)" : escape(summary->subject));
    const Indent details(*this);
    row("serial", summary->serial_number + " of " + (summary->issuer == summary->subject ? "itself (self-issued)" : escape(summary->issuer)));
    row("valid", escape(summary->not_before) + " to " + escape(summary->not_after));
    row("key", escape(summary->key) + (summary->key_id.empty() ? "" : ", id " + summary->key_id));
  }
}

void TextInspector::crls(const std::optional<List<Any>>& crls) {
  if (!crls || crls->empty()) return;
  row("CRLs", std::to_string(crls->size()));
  const Indent indent(*this);
  for (const Any& any : *crls) {
    const auto summary = any.der[0] == tlv::sequence ? summarise_crl(decoder_, any.der) : std::nullopt;
    if (!summary) {
      line("(another format: " + tag_name(any.der[0]) + " of " + std::to_string(any.der.size()) + " octets)");
      continue;
    }
    line(escape(summary->issuer));
    const Indent details(*this);
    row("issued", escape(summary->this_update) +
                      (summary->next_update.empty() ? "" : ", next " + escape(summary->next_update)) + ", " +
                      count_text(summary->revoked, "certificate", "certificates") + " revoked");
  }
}

std::string recipient_id_text(const RecipientIdentifier& rid) {
  if (const auto* id = std::get_if<IssuerAndSerialNumber>(&rid.choice)) return sid_text(*id);
  return "key id " + hex_spaced(std::get<SubjectKeyIdentifier>(rid.choice).value);
}

void TextInspector::recipients(const List<RecipientInfo>& recipients) {
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    std::vector<std::string> lines;
    const auto& choice = recipients[i].choice;
    if (const auto* transport = std::get_if<KeyTransRecipientInfo>(&choice)) {
      lines = {"key transport to " + recipient_id_text(transport->rid),
               algorithm_text(decoder_, transport->key_encryption_algorithm)};
    } else if (const auto* agreement = std::get_if<KeyAgreeRecipientInfo>(&choice)) {
      lines = {"key agreement", algorithm_text(decoder_, agreement->key_encryption_algorithm)};
      for (const RecipientEncryptedKey& key : agreement->recipient_encrypted_keys) {
        const auto* id = std::get_if<IssuerAndSerialNumber>(&key.rid.choice);
        lines.push_back("with " + (id != nullptr ? sid_text(*id)
                                                 : "key id " + hex_spaced(std::get<RecipientKeyIdentifier>(key.rid.choice)
                                                                              .subject_key_identifier.value)));
      }
    } else if (const auto* kek = std::get_if<KEKRecipientInfo>(&choice)) {
      lines = {"shared key " + octets_text(kek->kekid.key_identifier),
               algorithm_text(decoder_, kek->key_encryption_algorithm)};
    } else if (const auto* password = std::get_if<PasswordRecipientInfo>(&choice)) {
      lines = {"password", algorithm_text(decoder_, password->key_encryption_algorithm)};
      if (password->key_derivation_algorithm) {
        lines.push_back("key from " + algorithm_text(decoder_, *password->key_derivation_algorithm));
      }
    } else {
      const auto& other = std::get<OtherRecipientInfo>(choice);
      const auto kem = decoder_.decode<KEMRecipientInfo>(other.ori_value);
      if (kem && to_string(other.ori_type) == oids::id_ori_kem) {
        lines = {"KEM " + algorithm_text(decoder_, kem->kem) + " to " + recipient_id_text(kem->rid),
                 algorithm_text(decoder_, kem->kdf) + ", " + algorithm_text(decoder_, kem->wrap)};
      } else {
        lines = {escape(oid_name(other.ori_type))};
      }
    }
    rows("recipient " + std::to_string(i + 1), lines);
  }
}

void TextInspector::encrypted_content(const EncryptedContentInfo& info) {
  row("content", escape(oid_name(info.content_type)) + ", " +
                     algorithm_text(decoder_, info.content_encryption_algorithm) + ", " +
                     (info.encrypted_content ? std::to_string(info.encrypted_content->size()) + " octets encrypted"
                                             : "not here") + ": a key is needed to open it");
}

// --- CMC ----------------------------------------------------------------------------------------------------------------

void TextInspector::content(const Layer& layer) {
  if (const auto* data = std::get_if<PKIData>(&layer.content)) {
    heading("PKIData");
    const Indent indent(*this);
    controls(data->control_sequence);
    requests(data->req_sequence);
    nested(data->cms_sequence, layer);
    other_messages(data->other_msg_sequence);
  } else if (const auto* response = std::get_if<PKIResponse>(&layer.content)) {
    heading("PKIResponse");
    const Indent indent(*this);
    controls(response->control_sequence);
    nested(response->cms_sequence, layer);
    other_messages(response->other_msg_sequence);
  } else if (const auto* opened = std::get_if<OpenedRequest>(&layer.content)) {
    certification_request(*opened, "PKCS #10");
  } else if (const auto* messages = std::get_if<CertReqMessages>(&layer.content)) {
    heading("CertReqMessages");
    const Indent indent(*this);
    for (const CertReqMsg& each : messages->messages) cert_req_msg(each);
  } else if (const auto* one = std::get_if<CertReqMsg>(&layer.content)) {
    cert_req_msg(*one);
  } else if (std::holds_alternative<Certificate>(layer.content)) {
    const Any self{layer.bytes, true};
    certificates("certificate", List<Any>(std::span<const Any>(&self, 1)));
  } else if (std::holds_alternative<CertificateList>(layer.content)) {
    const Any self{layer.bytes, true};
    crls(List<Any>(std::span<const Any>(&self, 1)));
  } else if (const auto* octets = std::get_if<Octets>(&layer.content); octets != nullptr && !octets->empty()) {
    row("content", octets_text(*octets));
  }
}

void TextInspector::controls(const List<TaggedAttribute>& controls) {
  if (controls.empty()) return row("controls", "none");
  line("controls");
  const Indent indent(*this);
  for (const TaggedAttribute& control : controls) {
    const ControlRow* known = control_row(control.attr_type);
    const std::string name = known != nullptr ? std::string(known->name) : escape(oid_name(control.attr_type));
    rows("[" + std::to_string(control.body_part_id.value()) + "] " + name,
         value_lines(decoder_, control.attr_type, control.attr_values));
  }
}

void TextInspector::requests(const List<TaggedRequest>& requests) {
  if (requests.empty()) return;
  line("requests");
  const Indent indent(*this);
  for (const TaggedRequest& request : requests) {
    if (const auto* tcr = std::get_if<TaggedCertificationRequest>(&request.choice)) {
      certification_request(tcr->certification_request, "[" + std::to_string(tcr->body_part_id.value()) + "] PKCS #10");
    } else if (const auto* crm = std::get_if<CertReqMsg>(&request.choice)) {
      cert_req_msg(*crm);
    } else {
      const auto& orm = std::get<OtherReqMsg>(request.choice);
      row("[" + std::to_string(orm.body_part_id.value()) + "] other request",
          escape(oid_name(orm.request_message_type)) + " " +
              any_text(decoder_, orm.request_message_type, orm.request_message_value));
    }
  }
}

void TextInspector::nested(const List<TaggedContentInfo>& parts, const Layer& layer) {
  if (parts.empty()) return;
  line("messages inside (cmsSequence)");
  const Indent indent(*this);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string id = "[" + std::to_string(parts[i].body_part_id.value()) + "] ";
    if (i >= layer.nested.size()) {
      line(id + escape(oid_name(parts[i].content_info.content_type)));
      continue;
    }
    line(id + headline(layer.nested[i]));
    if (nesting_ + 1 >= options_.depth) continue;
    const Indent details(*this);
    ++nesting_;
    this->layer(layer.nested[i]);
    --nesting_;
  }
}

void TextInspector::other_messages(const List<OtherMsg>& messages) {
  if (messages.empty()) return;
  line("other messages");
  const Indent indent(*this);
  for (const OtherMsg& message : messages) {
    row("[" + std::to_string(message.body_part_id.value()) + "] " + escape(oid_name(message.other_msg_type)),
        any_text(decoder_, message.other_msg_type, message.other_msg_value));
  }
}

// --- requests -----------------------------------------------------------------------------------------------------------

void TextInspector::certification_request(const Raw<CertificationRequest>& raw, const std::string& head) {
  const auto request = decoder_.decode<CertificationRequest>(raw);
  const auto info = request ? decoder_.decode<CertificationRequestInfo>(request->certification_request_info)
                            : Result<CertificationRequestInfo>(request.error());
  if (!info) return row(head, "(not readable: " + std::to_string(raw.der.size()) + " octets)");
  certification_request(OpenedRequest{*request, *info}, head);
}

void TextInspector::certification_request(const OpenedRequest& opened, const std::string& head) {
  row(head, name_or_null(opened.info.subject.der));
  const Indent indent(*this);
  row("key", escape(key_text(decoder_, opened.info.subject_pk_info)));
  row("signature", algorithm_text(decoder_, opened.request.signature_algorithm) + ", " + unchecked());
  if (!opened.info.attributes || opened.info.attributes->empty()) return row("attributes", "none");
  line("attributes");
  attributes(*opened.info.attributes);
}

void TextInspector::cert_req_msg(const CertReqMsg& message) {
  const auto request = decoder_.decode<CertRequest>(message.cert_req);
  if (!request) return row("CRMF", "(not readable: " + std::to_string(message.cert_req.der.size()) + " octets)");
  const auto& subject = request->cert_template.subject;
  row("[" + to_string(request->cert_req_id) + "] CRMF", subject ? name_or_null(subject->der) : "(no subject)");
  const Indent indent(*this);
  cert_template(request->cert_template);
  proof_of_possession(message.popo);
  if (request->controls) crmf_attributes("controls", *request->controls);
  if (message.reg_info) crmf_attributes("regInfo", *message.reg_info);
}

void TextInspector::cert_template(const CertTemplate& wanted) {
  row("key", wanted.public_key ? escape(key_text(decoder_, *wanted.public_key)) : "none");
  if (wanted.issuer) row("issuer", name_or_null(wanted.issuer->der));
  if (wanted.serial_number) row("serial", serial_text(*wanted.serial_number));
  if (wanted.validity) {
    const auto& validity = *wanted.validity;
    row("valid", (validity.not_before ? "from " + escape(time_text(*validity.not_before)) + " " : "") +
                     (validity.not_after ? "until " + escape(time_text(*validity.not_after)) : ""));
  }
  if (wanted.extensions) extensions("extensions", wanted.extensions->extensions);
}

std::string pop_priv_key_text(const POPOPrivKey& key) {
  if (std::holds_alternative<POPOPrivKey::ThisMessage>(key.choice)) return "thisMessage (the encrypted key itself)";
  if (const auto* later = std::get_if<SubsequentMessage>(&key.choice)) {
    const NamedNumber* named = find_number(number_names("SubsequentMessage"), static_cast<std::int64_t>(*later));
    return "subsequentMessage " + (named != nullptr ? std::string(named->name) : std::to_string(static_cast<std::int64_t>(*later)));
  }
  if (std::holds_alternative<POPOPrivKey::DhMac>(key.choice)) return "dhMAC";
  if (std::holds_alternative<PKMACValue>(key.choice)) return "agreeMAC";
  return "encryptedKey (EnvelopedData)";
}

void TextInspector::proof_of_possession(const std::optional<ProofOfPossession>& popo) {
  if (!popo) return row("proof of possession", "none");
  if (const auto* signature = std::get_if<POPOSigningKey>(&popo->choice)) {
    return row("proof of possession", "signature, " + algorithm_text(decoder_, signature->algorithm_identifier) +
                                          (signature->poposk_input ? ", over poposkInput" : "") + ", " + unchecked());
  }
  if (std::holds_alternative<ProofOfPossession::RaVerified>(popo->choice)) {
    return row("proof of possession", "raVerified");
  }
  if (const auto* encipherment = std::get_if<ProofOfPossession::KeyEncipherment>(&popo->choice)) {
    return row("proof of possession", "keyEncipherment, " + pop_priv_key_text(encipherment->value));
  }
  row("proof of possession",
      "keyAgreement, " + pop_priv_key_text(std::get<ProofOfPossession::KeyAgreement>(popo->choice).value));
}

void TextInspector::crmf_attributes(std::string_view label, const List<AttributeTypeAndValue>& attributes) {
  if (attributes.empty()) return;
  line(label);
  const Indent indent(*this);
  for (const AttributeTypeAndValue& attribute : attributes) {
    rows(escape(oid_name(attribute.type)),
         value_lines(decoder_, attribute.type, List<Any>(std::span<const Any>(&attribute.value, 1))));
  }
}

// --- what is not as it should be -------------------------------------------------------------------------------------------

void TextInspector::oddities(const Message& message) {
  if (message.oddities.empty()) return;
  line("");
  line(count_text(message.oddities.size(), "oddity", "oddities"));
  const Indent indent(*this);
  for (const Oddity& oddity : message.oddities) {
    static constexpr const char* colors[]{"2", "33", "31"};
    std::string severity(to_string(oddity.severity));
    severity.resize(7, ' ');
    const std::string place = "@" + std::to_string(oddity.offset);
    line(paint(colors[static_cast<std::size_t>(oddity.severity)], severity) + "  " + place + "  " + escape(oddity.path));
    const Indent details(*this);
    line(escape(oddity.text) + "  " + std::string(oddity.rule));
  }
}

void TextInspector::error(const Error& error) {
  line("");
  line(paint("31", "error") + "  " + std::string(error_info(error.code).name) + " @" + std::to_string(error.offset) +
       "  " + escape(error.path));
  const Indent indent(*this);
  line(std::string(error_info(error.code).sentence) + (error.detail.empty() ? "" : ": " + escape(error.detail)) +
       (error.rule.empty() ? "" : "  " + std::string(error.rule)));
  line(std::string(error_info(error.code).hint));
}

}  // namespace

void inspect_text(std::ostream& out, Decoder& decoder, const Message& message, const InspectInput& input,
                  const InspectOptions& options) {
  TextInspector(out, decoder, options).message(message, input);
}

}  // namespace cmcctl
