#include "node_text.hpp"

#include <cmcctl/codec/message.hpp>
#include <cmcctl/codec/text.hpp>

#include "control_text.hpp"
#include "scan.hpp"
#include "summary.hpp"

namespace cmcctl {
namespace {

using schema::Kind;

std::string size_text(const Node& node) {
  const bool named = node.type != nullptr && !node.type->name.empty() && node.type->kind != Kind::any;
  return (named ? std::string(node.type->name) : tag_name(node.element.id)) + " of " +
         std::to_string(node.element.content.size()) + " octets";
}

std::string with_first_line(Decoder& decoder, const Oid& type, const List<Any>& values) {
  return escape(oid_name(type)) + ": " + value_lines(decoder, type, values).front();
}

// Of the types that have more to say than their size; empty for all others, and where they do not decode.
std::string value_text(Decoder& decoder, const Node& node) {
  const Any value{node.element.whole, true};
  if (node.is("Name") || node.is("RDNSequence")) return name_or_null(node.element.whole);
  if (node.is("TaggedAttribute")) {
    const auto control = decoder.decode<TaggedAttribute>(value);
    return control ? with_first_line(decoder, control->attr_type, control->attr_values) : std::string();
  }
  if (node.is("TaggedRequest")) {
    const auto request = decoder.decode<TaggedRequest>(value);
    const auto id = request ? body_part_id(decoder, *request) : std::nullopt;
    return id ? "request, body part " + std::to_string(id->value()) : std::string();
  }
  if (node.is("Attribute")) {
    const auto attribute = decoder.decode<Attribute>(value);
    return attribute ? with_first_line(decoder, attribute->type, attribute->values) : std::string();
  }
  if (node.is("Extension")) {
    const auto extension = decoder.decode<Extension>(value);
    return extension ? extension_text(decoder, *extension) : std::string();
  }
  if (node.is("Certificate") || node.is("CertificateChoices")) {
    const auto summary = summarise_certificate(decoder, node.element.whole);
    return summary ? escape(summary->subject) + ", serial " + summary->serial_number + " of " + escape(summary->issuer)
                   : std::string();
  }
  if (node.is("CertificateList") || node.is("RevocationInfoChoice")) {
    const auto summary = summarise_crl(decoder, node.element.whole);
    return summary ? "CRL of " + escape(summary->issuer) + ", " + escape(summary->this_update) : std::string();
  }
  if (node.is_algorithm_identifier()) {
    const auto algorithm = decoder.decode<AlgorithmIdentifier>(value);
    return algorithm ? algorithm_text(decoder, *algorithm) : std::string();
  }
  return {};
}

// What a CHOICE chose, or an ANY or OCTET STRING holds.
std::string inner_text(Decoder& decoder, const Node& node) {
  const bool choice = node.type != nullptr && node.type->kind == Kind::choice;
  if (!choice && (node.governed == nullptr || node.is_list())) return {};
  const auto inside = children(node, decoder);
  if (inside.size() != 1 || inside[0].type == nullptr) return {};
  const std::string name(choice ? inside[0].name : std::string_view());
  return name + (name.empty() ? "" : " ") + node_text(decoder, inside[0]);
}

std::string number_text(const Node& node) {
  const Integer number{node.element.content};
  if (number.content.size() > 64) return octets_text(number.content);
  const auto small = number.to_int64();
  const NamedNumber* named = small ? find_number(number_names(node.type->name), *small) : nullptr;
  return to_string(number) + (named != nullptr ? " (" + std::string(named->name) + ")" : "");
}

std::string bits_text(const Node& node) {
  const BitString bits{node.element.content.from(1), node.element.content[0]};
  const auto names = bit_names(node.type->name);
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (bits.bit(i)) text += (text.empty() ? "" : ", ") + std::string(names[i]);
  }
  return text.empty() ? element_text(node) : text;
}

std::string primitive(const Node& node) {
  if (node.element.id == tlv::null) return "NULL";
  if (node.type == nullptr) return element_text(node);
  switch (node.type->kind) {
    case Kind::integer:
    case Kind::enumerated:
      return number_text(node);
    case Kind::boolean:
      return node.element.content[0] != 0 ? "TRUE" : "FALSE";
    case Kind::bit_string:
      return bits_text(node);
    case Kind::time:
      return escape(time_text(time_of(node)));
    default:
      return element_text(node);
  }
}

}  // namespace

std::string node_text(Decoder& decoder, const Node& node) {
  const std::size_t oddities = decoder.oddities().size();
  std::string text = value_text(decoder, node);
  decoder.drop_oddities(oddities);
  if (text.empty()) text = inner_text(decoder, node);
  if (!text.empty()) return text;
  return tlv::is_constructed(node.element.id) ? size_text(node) : primitive(node);
}

}  // namespace cmcctl
