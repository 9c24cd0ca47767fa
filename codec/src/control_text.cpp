#include "control_text.hpp"

#include <algorithm>
#include <type_traits>

#include <cmcctl/codec/text.hpp>

#include "open_types.hpp"
#include "scan.hpp"
#include "summary.hpp"

namespace cmcctl {
namespace {

constexpr std::size_t octets_shown = 16;
constexpr std::size_t deepest_shown = 6;
constexpr std::size_t lines_shown = 100;

// A line for each element, but not for hundreds of thousands.
template <class T, class F>
void add_lines(std::vector<std::string>& lines, std::span<const T> list, F words) {
  for (std::size_t i = 0; i < list.size() && i < lines_shown; ++i) lines.push_back(words(list[i]));
  if (list.size() > lines_shown) lines.push_back("… (" + std::to_string(list.size()) + "; --json shows all)");
}

std::string quoted(Octets text) { return "\"" + escape(text.chars()) + "\""; }

std::string number_text(std::span<const NamedNumber> names, std::int64_t number) {
  const NamedNumber* named = find_number(names, number);
  return named != nullptr ? std::string(named->name) : std::to_string(number) + " (not defined)";
}

std::string ids_text(const List<BodyPartID>& ids, std::string_view separator = ", ") {
  std::string text;
  for (const BodyPartID id : ids) text += (text.empty() ? "" : std::string(separator)) + std::to_string(id.value());
  return text.empty() ? "(none)" : text;
}

std::string body_parts(const List<BodyPartID>& ids) {
  return (ids.size() == 1 ? "body part " : "body parts ") + ids_text(ids);
}

std::string pending_text(const PendInfo& pending) {
  return "token " + octets_text(pending.pend_token) + ", ask again at " + escape(time_text(pending.pend_time));
}

// Both editions of a status differ in their references and their otherInfo only.
template <class Status>
std::string status_words(const Status& status, const std::string& references) {
  std::string text = number_text(cmc_status_names(), static_cast<std::int64_t>(status.cmc_status));
  if (status.other_info) {
    std::visit(
        [&](const auto& info) {
          using T = std::decay_t<decltype(info)>;
          if constexpr (std::is_same_v<T, CMCFailInfo>) {
            text += ", " + number_text(cmc_fail_info_names(), static_cast<std::int64_t>(info));
          } else if constexpr (std::is_same_v<T, PendInfo>) {
            text += ", " + pending_text(info);
          } else {
            text += ", extended failure " + escape(oid_name(info.fail_info_oid));
          }
        },
        status.other_info->choice);
  }
  if (status.status_string) text += " " + quoted(status.status_string->bytes);
  return text + " for " + references;
}

std::string values_text(Decoder& decoder, const Attribute& attribute) {
  std::string text = escape(oid_name(attribute.type));
  std::vector<std::string> values;
  add_lines<Any>(values, attribute.values, [&](const Any& value) { return any_text(decoder, attribute.type, value); });
  for (const std::string& value : values) text += " " + value;
  return text;
}

// A value the modules know, in one line: "{…}" for what has members.
class Words {
 public:
  explicit Words(Decoder& decoder) : decoder_(decoder) {}

  std::string of(const Node& node, std::size_t depth = 0) {
    if (node.type == nullptr || depth == deepest_shown) return untyped(node);
    if (node.is("Name") || node.is("RDNSequence")) return name_or_null(node.element.whole);
    if (node.is("Certificate")) return "certificate of " + std::to_string(node.element.whole.size()) + " octets";
    if (node.is_algorithm_identifier()) return algorithm(node);
    if (node.is("ContentInfo")) return content_info(node);
    switch (node.type->kind) {
      case schema::Kind::sequence: return sequence(node, depth);
      case schema::Kind::sequence_of:
      case schema::Kind::set_of: return list(node, depth);
      case schema::Kind::choice: return choice(node, depth);
      case schema::Kind::any:
      case schema::Kind::octet_string: return any(node, depth);
      case schema::Kind::boolean: return node.element.content[0] != 0 ? "true" : "false";
      case schema::Kind::integer:
      case schema::Kind::enumerated: return number(node);
      case schema::Kind::null: return "NULL";
      case schema::Kind::oid: return escape(oid_name(Oid{node.element.content}));
      case schema::Kind::bit_string: return bits(node);
      case schema::Kind::time: return escape(time_text(time_of(node)));
      case schema::Kind::utf8_string:
      case schema::Kind::other_string: return "\"" + escape(characters(node)) + "\"";
      case schema::Kind::raw: return untyped(node);
    }
    return {};
  }

 private:
  static std::string untyped(const Node& node) {
    const std::string text = primitive_text(node);
    if (!text.empty()) return "\"" + escape(text) + "\"";
    if (node.element.id == tlv::octet_string) return octets_text(node.element.content);
    return tag_name(node.element.id) + " of " + std::to_string(node.element.content.size()) + " octets";
  }
  std::string sequence(const Node& node, std::size_t depth) {
    std::string text;
    for_each_child(node, decoder_, [&](const Node& member) {
      if (!text.empty()) text += ", ";
      if (!member.name.empty()) text += std::string(member.name) + " ";
      text += of(member, depth + 1);
    });
    return depth == 0 ? text : "{" + text + "}";
  }
  std::string list(const Node& node, std::size_t depth) {
    constexpr std::size_t elements_shown = 12;
    std::string text;
    std::size_t count = 0;
    for_each_child(node, decoder_, [&](const Node& element) {
      if (count < elements_shown) text += (count == 0 ? "" : ", ") + of(element, depth + 1);
      ++count;
    });
    if (count > elements_shown) text += ", … (" + std::to_string(count) + ")";
    return count == 0 ? "(none)" : text;
  }
  std::string choice(const Node& node, std::size_t depth) {
    const auto alternatives = children(node, decoder_);
    if (alternatives.empty()) return untyped(node);
    if (node.is("GeneralName")) {
      const auto name = decoder_.decode<GeneralName>(Any{node.element.whole, true});
      return name ? escape(general_name_text(*name)) : untyped(node);
    }
    const Node& only = alternatives.front();
    if (names_itself(only)) return of(only, depth);
    return std::string(only.name) + " " + of(only, depth + 1);
  }
  // A date or a text needs no word for its form.
  static bool names_itself(const Node& node) {
    if (node.type == nullptr) return false;
    const schema::Kind kind = node.type->kind;
    return kind == schema::Kind::time || kind == schema::Kind::utf8_string || kind == schema::Kind::other_string ||
           node.is("DirectoryString");
  }
  std::string any(const Node& node, std::size_t depth) {
    const auto inside = children(node, decoder_);
    if (node.governed != nullptr && inside.size() == 1) return of(inside.front(), depth);
    return node.type->kind == schema::Kind::octet_string ? octets_text(node.element.content) : untyped(node);
  }
  std::string algorithm(const Node& node) {
    const auto id = decoder_.decode<AlgorithmIdentifier>(Any{node.element.whole, true});
    return id ? algorithm_text(decoder_, *id) : untyped(node);
  }
  std::string content_info(const Node& node) {
    const auto info = decoder_.decode<ContentInfo>(Any{node.element.whole, true});
    return info ? escape(oid_name(info->content_type)) + " of " + std::to_string(node.element.whole.size()) + " octets"
                : untyped(node);
  }
  static std::string number(const Node& node) {
    const Integer integer{node.element.content};
    const auto names = number_names(node.type->name);
    const auto small = integer.to_int64();
    return small && !names.empty() ? number_text(names, *small) : to_string(integer);
  }
  static std::string bits(const Node& node) {
    const BitString string{node.element.content.from(1), node.element.content[0]};
    const auto names = bit_names(node.type->name);
    if (names.empty()) return octets_text(string.bytes);
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (string.bit(i)) text += (text.empty() ? "" : ", ") + std::string(names[i]);
    }
    return text.empty() ? "(none)" : text;
  }

  Decoder& decoder_;
};

std::string request_text(Decoder& decoder, const TaggedRequest& request) {
  const auto id = body_part_id(decoder, request);
  static constexpr const char* kinds[]{"PKCS #10", "CRMF", "other request"};
  return std::string(kinds[request.choice.index()]) + (id ? " [" + std::to_string(id->value()) + "]" : "");
}

// Decodes as T and hands it on; no lines when it is none.
template <class T, class F>
std::vector<std::string> as(Decoder& decoder, const Any& value, F words) {
  const auto decoded = decoder.decode<T>(value);
  if (!decoded) return {};
  if constexpr (std::is_same_v<decltype(words(*decoded)), std::string>) {
    return {words(*decoded)};
  } else {
    return words(*decoded);
  }
}

using Lines = std::vector<std::string>;
using Printer = Lines (*)(Decoder&, const Any&);

template <class T>
Lines octets_value(Decoder& decoder, const Any& value) {
  return as<T>(decoder, value, [](const T& v) { return octets_text(v.value); });
}

template <class T>
Lines ids_value(Decoder& decoder, const Any& value) {
  return as<T>(decoder, value, [](const T& v) { return body_parts(v.value); });
}

template <class T>
Lines path_value(Decoder& decoder, const Any& value) {
  return as<T>(decoder, value, [](const T& v) { return "path " + ids_text(v.value, "/"); });
}

Lines status_v2(Decoder& decoder, const Any& value) {
  return as<CMCStatusInfoV2>(decoder, value, [](const CMCStatusInfoV2& v) { return status_text(v); });
}

// Some peers put the newer form under the older OID.
Lines status_v1(Decoder& decoder, const Any& value) {
  auto lines = as<CMCStatusInfo>(decoder, value, [](const CMCStatusInfo& v) { return status_text(v); });
  return lines.empty() ? status_v2(decoder, value) : lines;
}

Lines identification(Decoder& decoder, const Any& value) {
  return as<Identification>(decoder, value, [](const Identification& v) { return quoted(v.value.bytes); });
}

Lines transaction_id(Decoder& decoder, const Any& value) {
  return as<TransactionId>(decoder, value, [](const TransactionId& v) { return to_string(v.value); });
}

Lines identity_proof_v2(Decoder& decoder, const Any& value) {
  return as<IdentityProofV2>(decoder, value, [&](const IdentityProofV2& v) {
    return algorithm_text(decoder, v.proof_alg_id) + ", " + algorithm_text(decoder, v.mac_alg_id) + ", witness " +
           octets_text(v.witness);
  });
}

Lines pop_link_witness_v2(Decoder& decoder, const Any& value) {
  return as<PopLinkWitnessV2>(decoder, value, [&](const PopLinkWitnessV2& v) {
    return algorithm_text(decoder, v.key_gen_algorithm) + ", " + algorithm_text(decoder, v.mac_algorithm) +
           ", witness " + octets_text(v.witness);
  });
}

Lines encrypted_pop(Decoder& decoder, const Any& value) {
  return as<EncryptedPOP>(decoder, value, [&](const EncryptedPOP& v) {
    return Lines{"challenge for " + request_text(decoder, v.request),
                 "challenge in " + escape(oid_name(v.cms.content_type)) + " of " +
                     std::to_string(v.cms.source.bytes.size()) + " octets",
                 "answer with " + algorithm_text(decoder, v.the_pop_alg_id),
                 "witness " + algorithm_text(decoder, v.witness_alg_id) + ", " + octets_text(v.witness)};
  });
}

Lines decrypted_pop(Decoder& decoder, const Any& value) {
  return as<DecryptedPOP>(decoder, value, [&](const DecryptedPOP& v) {
    return "for body part " + std::to_string(v.body_part_id.value()) + ", " +
           algorithm_text(decoder, v.the_pop_alg_id) + ", " + octets_text(v.the_pop);
  });
}

Lines lra_pop_witness(Decoder& decoder, const Any& value) {
  return as<LraPopWitness>(decoder, value, [](const LraPopWitness& v) {
    return body_parts(v.body_ids) + " of PKIData " + std::to_string(v.pki_data_bodyid.value());
  });
}

Lines add_extensions(Decoder& decoder, const Any& value) {
  return as<AddExtensions>(decoder, value, [&](const AddExtensions& v) {
    Lines lines{"to " + body_parts(v.cert_references) + " of PKIData " + std::to_string(v.pki_data_reference.value())};
    add_lines<Extension>(lines, v.extensions, [&](const Extension& e) { return extension_text(decoder, e); });
    return lines;
  });
}

Lines mod_cert_template(Decoder& decoder, const Any& value) {
  return as<ModCertTemplate>(decoder, value, [&](const ModCertTemplate& v) {
    Lines lines{(v.replace ? "replace in " : "remove from ") + body_parts(v.cert_references.ids) + " of PKIData " +
                ids_text(v.pki_data_reference.ids, "/")};
    const CertTemplate& wanted = v.cert_template;
    if (wanted.subject) lines.push_back("subject " + name_or_null(wanted.subject->der));
    if (wanted.issuer) lines.push_back("issuer " + name_or_null(wanted.issuer->der));
    if (wanted.public_key) lines.push_back("key " + key_text(decoder, *wanted.public_key));
    if (wanted.extensions) {
      add_lines<Extension>(lines, wanted.extensions->extensions,
                           [&](const Extension& e) { return extension_text(decoder, e); });
    }
    return lines;
  });
}

Lines change_subject_name(Decoder& decoder, const Any& value) {
  return as<ChangeSubjectName>(decoder, value, [](const ChangeSubjectName& v) {
    Lines lines;
    if (v.subject) lines.push_back("subject " + name_or_null(v.subject->der));
    if (v.subject_alt) {
      add_lines<GeneralName>(lines, v.subject_alt->names, [](const GeneralName& name) {
        return "subjectAlt " + escape(general_name_text(name));
      });
    }
    return lines;
  });
}

Lines get_cert(Decoder& decoder, const Any& value) {
  return as<GetCert>(decoder, value, [](const GetCert& v) {
    return "serial " + serial_text(v.serial_number) + " of " + escape(general_name_text(v.issuer_name));
  });
}

Lines get_crl(Decoder& decoder, const Any& value) {
  return as<GetCRL>(decoder, value, [](const GetCRL& v) {
    std::string text = "of " + name_or_null(v.issuer_name.der);
    if (v.crl_name) text += ", name " + escape(general_name_text(*v.crl_name));
    if (v.time) text += ", at " + escape(time_text(*v.time));
    if (v.reasons) {
      text += ", reasons";
      const auto names = bit_names("ReasonFlags");
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (v.reasons->bit(i)) text += " " + std::string(names[i]);
      }
    }
    return text;
  });
}

Lines revoke_request(Decoder& decoder, const Any& value) {
  return as<RevokeRequest>(decoder, value, [](const RevokeRequest& v) {
    Lines lines{"serial " + serial_text(v.serial_number) + " of " + name_or_null(v.issuer_name.der),
                "reason " + number_text(crl_reason_names(), v.reason)};
    if (v.invalidity_date) lines.push_back("invalid since " + escape(time_text(*v.invalidity_date)));
    if (v.passphrase) {
      lines.push_back("passphrase of " + std::to_string(v.passphrase->size()) + " octets (a secret, not shown)");
    }
    if (v.comment) lines.push_back("comment " + quoted(v.comment->bytes));
    return lines;
  });
}

Lines confirm_cert_acceptance(Decoder& decoder, const Any& value) {
  return as<CMCCertId>(decoder, value, [](const CMCCertId& v) { return sid_text(v.value); });
}

Lines trusted_anchors(Decoder& decoder, const Any& value) {
  return as<PublishTrustAnchors>(decoder, value, [&](const PublishTrustAnchors& v) {
    Lines lines{"sequence number " + to_string(v.seq_number) + ", " + algorithm_text(decoder, v.hash_algorithm)};
    add_lines<Octets>(lines, v.anchor_hashes, [](Octets hash) { return "anchor " + octets_text(hash); });
    return lines;
  });
}

Lines auth_data(Decoder& decoder, const Any& value) {
  return as<AuthPublish>(decoder, value, [](const AuthPublish& v) { return "body part " + std::to_string(v.value.value()); });
}

Lines publish_cert(Decoder& decoder, const Any& value) {
  return as<CMCPublicationInfo>(decoder, value, [&](const CMCPublicationInfo& v) {
    Lines lines{number_text(number_names("PKIPublicationAction"), v.pub_info.action) + ", " +
                algorithm_text(decoder, v.hash_alg)};
    add_lines<Octets>(lines, v.cert_hashes, [](Octets hash) { return "certificate " + octets_text(hash); });
    if (v.pub_info.pub_infos) {
      add_lines<SinglePubInfo>(lines, *v.pub_info.pub_infos, [](const SinglePubInfo& info) {
        const std::string method = "by " + number_text(number_names("SinglePubMethod"), info.pub_method);
        return info.pub_location ? method + " at " + escape(general_name_text(*info.pub_location)) : method;
      });
    }
    return lines;
  });
}

Lines control_processed(Decoder& decoder, const Any& value) {
  return as<ControlsProcessed>(decoder, value, [](const ControlsProcessed& v) { return reference_text(v.body_list); });
}

Lines unsigned_data(Decoder& decoder, const Any& value) {
  return as<CMCUnsignedData>(decoder, value, [&](const CMCUnsignedData& v) {
    return "for path " + ids_text(v.body_part_path.ids, "/") + ": " + escape(oid_name(v.identifier)) + " " +
           any_text(decoder, v.identifier, v.content);
  });
}

Lines add_attributes(Decoder& decoder, const Any& value) {
  return as<CmcAddAttributes>(decoder, value, [&](const CmcAddAttributes& v) {
    Lines lines{"to " + body_parts(v.cert_references) + " of PKIData " + std::to_string(v.pki_data_reference.value())};
    add_lines<Attribute>(lines, v.attributes, [&](const Attribute& a) { return values_text(decoder, a); });
    return lines;
  });
}

struct PrinterRow {
  std::string_view control;
  Printer print;
};

constexpr PrinterRow printers[]{
    {"statusInfo", status_v1},
    {"statusInfoV2", status_v2},
    {"identification", identification},
    {"identityProof", octets_value<IdentityProof>},
    {"identityProofV2", identity_proof_v2},
    {"dataReturn", octets_value<DataReturn>},
    {"transactionId", transaction_id},
    {"senderNonce", octets_value<SenderNonce>},
    {"recipientNonce", octets_value<RecipientNonce>},
    {"regInfo", octets_value<RegInfo>},
    {"responseInfo", octets_value<ResponseInfo>},
    {"queryPending", octets_value<QueryPending>},
    {"popLinkRandom", octets_value<PopLinkRandom>},
    {"popLinkWitness", octets_value<PopLinkWitness>},
    {"popLinkWitnessV2", pop_link_witness_v2},
    {"addExtensions", add_extensions},
    {"modCertTemplate", mod_cert_template},
    {"changeSubjectName", change_subject_name},
    {"encryptedPOP", encrypted_pop},
    {"decryptedPOP", decrypted_pop},
    {"lraPOPWitness", lra_pop_witness},
    {"getCert", get_cert},
    {"getCRL", get_crl},
    {"revokeRequest", revoke_request},
    {"confirmCertAcceptance", confirm_cert_acceptance},
    {"trustedAnchors", trusted_anchors},
    {"authData", auth_data},
    {"batchRequests", ids_value<BatchRequests>},
    {"batchResponses", ids_value<BatchResponses>},
    {"publishCert", publish_cert},
    {"controlProcessed", control_processed},
    {"raIdentityWitness", path_value<RaIdentityWitness>},
    {"responseBody", path_value<ResponseBody>},
    {"unsignedData", unsigned_data},
    {"addAttributes", add_attributes},
};

}  // namespace

std::vector<std::string> value_lines(Decoder& decoder, const Oid& type, const List<Any>& values) {
  const ControlRow* known = control_row(type);
  Lines lines;
  for (const Any& value : values) {
    if (lines.size() >= lines_shown) {
      lines.push_back("… (" + std::to_string(values.size()) + " values; --json shows all)");
      break;
    }
    auto words = known != nullptr ? control_text(decoder, *known, value) : Lines{};
    if (words.empty()) {
      const std::string unreadable = known != nullptr ? "(not readable as " + std::string(known->type) + ") " : "";
      words.push_back(unreadable + any_text(decoder, type, value));
    }
    std::ranges::move(words, std::back_inserter(lines));
  }
  if (lines.empty()) lines.push_back("(no value)");
  return lines;
}

std::vector<std::string> control_text(Decoder& decoder, const ControlRow& row, const Any& value) {
  const auto found = std::ranges::find(printers, row.name, &PrinterRow::control);
  return found == std::end(printers) ? Lines{} : found->print(decoder, value);
}

std::string name_or_null(Octets name) {
  const std::string text = name_text(name);
  return text.empty() ? "(empty name)" : escape(text);
}

std::string status_text(const CMCStatusInfo& status) { return status_words(status, body_parts(status.body_list)); }

std::string status_text(const CMCStatusInfoV2& status) {
  const bool one = status.body_list.size() == 1;
  return status_words(status, (one ? "body part " : "body parts ") + reference_text(status.body_list));
}

std::string reference_text(const List<BodyPartReference>& references) {
  std::string text;
  for (const BodyPartReference& reference : references) {
    if (!text.empty()) text += ", ";
    if (const auto* id = std::get_if<BodyPartID>(&reference.choice)) {
      text += std::to_string(id->value());
    } else {
      text += ids_text(std::get<BodyPartPath>(reference.choice).ids, "/");
    }
  }
  return text.empty() ? "(none)" : text;
}

std::string octets_text(Octets octets) {
  const bool cut = octets.size() > octets_shown;
  const std::string shown = hex_spaced(cut ? octets.sub(0, octets_shown) : octets);
  const std::string count = std::to_string(octets.size()) + (octets.size() == 1 ? " octet" : " octets");
  return octets.empty() ? count : count + "  " + shown + (cut ? " …" : "");
}

std::string algorithm_text(Decoder& decoder, const AlgorithmIdentifier& id) {
  std::string text = escape(oid_name(id.algorithm));
  const auto* parameters = id.parameters ? &*id.parameters : nullptr;
  if (parameters == nullptr || parameters->der[0] == tlv::null || parameters->der[0] == tlv::oid ||
      governed_type(id.algorithm) == nullptr) {
    return text;
  }
  return text + " (" + any_text(decoder, id.algorithm, *parameters) + ")";
}

std::string sid_text(const IssuerAndSerialNumber& id) {
  return "serial " + serial_text(id.serial_number) + " of " + name_or_null(id.issuer.der);
}

std::string any_text(Decoder& decoder, const Oid& type, const Any& value) {
  const schema::Type* known = governed_type(type);
  if (known != nullptr && !known->self.matches(value.der[0])) known = nullptr;
  return Words(decoder).of(root_node(value.der, known));
}

std::string extension_text(Decoder& decoder, const Extension& extension) {
  std::string text = escape(oid_name(extension.extn_id)) + (extension.critical ? " critical" : "");
  const schema::Type* known = governed_type(extension.extn_id);
  const std::size_t oddities = decoder.oddities().size();
  const auto inside = decoder.scan(extension.extn_value);
  decoder.drop_oddities(oddities);
  if (!inside) return text + " " + octets_text(extension.extn_value);
  if (known != nullptr && !known->self.matches(inside->der[0])) known = nullptr;
  return text + " " + Words(decoder).of(root_node(inside->der, known));
}

}  // namespace cmcctl
