#include <cmcctl/codec/inspect.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/version.hpp>

#include "json_writer.hpp"
#include "node.hpp"
#include "scan.hpp"
#include "summary.hpp"

namespace cmcctl {
namespace {

using schema::Kind;

/// Whether the JSON of a value says where the value stands, or "at" beside it has to.
enum class Placed : bool { no, yes };

class JsonInspector {
 public:
  JsonInspector(JsonWriter& json, Decoder& decoder) : json_(json), decoder_(decoder) {}

  Placed element(const Node& node);

 private:
  Placed member(const Node& parent, const Node& node);
  Placed sequence(const Node& node);
  Placed choice(const Node& node);
  Placed any(const Node& node);
  Placed untyped(const Node& node);
  Placed certificate(const Node& node);
  Placed crl(const Node& node);
  void list(const Node& node);
  void number(const Node& node);
  void integer(const Integer& number);
  void bit_string(const Node& node);
  void oid(const Node& node);
  void secret(const Node& node);
  void tagged(const Node& node);
  void place(const Node& node);
  void places(const std::vector<const Node*>& members);

  JsonWriter& json_;
  Decoder& decoder_;
  std::size_t secrets_ = 0;               // held back so far
  const Node* content_holder_ = nullptr;  // the eContent around what is written next
  std::size_t opened_ = 0;                // values around it that an OID gave a type: each was scanned on its own
};

Placed JsonInspector::element(const Node& node) {
  if (node.type == nullptr) return untyped(node);
  if (node.is("Certificate") || (node.is("CertificateChoices") && node.element.id == tlv::sequence)) {
    return certificate(node);
  }
  if (node.is("CertificateList") || (node.is("RevocationInfoChoice") && node.element.id == tlv::sequence)) {
    return crl(node);
  }
  if (node.is("Name") || node.is("RDNSequence")) {
    json_.value(name_text(node.element.whole));
    return Placed::no;
  }
  switch (node.type->kind) {
    case Kind::sequence:
      return sequence(node);
    case Kind::choice:
      return choice(node);
    case Kind::any:
    case Kind::octet_string:
      return any(node);
    case Kind::raw:
      return untyped(node);
    case Kind::sequence_of:
    case Kind::set_of:
      list(node);
      break;
    case Kind::boolean:
      json_.value(node.element.content[0] != 0);
      break;
    case Kind::integer:
    case Kind::enumerated:
      number(node);
      break;
    case Kind::null:
      json_.null();
      break;
    case Kind::oid:
      oid(node);
      break;
    case Kind::bit_string:
      bit_string(node);
      break;
    case Kind::time:
      json_.value(time_text(time_of(node)));
      break;
    case Kind::utf8_string:
    case Kind::other_string:
      json_.value(characters(node));
      break;
  }
  return Placed::no;
}

Placed JsonInspector::member(const Node& parent, const Node& node) {
  json_.key(node.name);
  if (is_secret(parent, node)) {
    secret(node);
    return Placed::no;
  }
  if (parent.is("EncapsulatedContentInfo") && node.name == "eContent") content_holder_ = &node;
  const Placed placed = element(node);
  content_holder_ = nullptr;
  return placed;
}

// Where an element stands in the file: tag and length included.
void JsonInspector::place(const Node& node) {
  const Octets original = decoder_.original(node.outer);
  json_.member("offset", decoder_.offset_of(node.outer));
  json_.member("length", original.size());
}

void JsonInspector::places(const std::vector<const Node*>& members) {
  if (members.empty()) return;
  json_.key("at");
  json_.begin_object();
  for (const Node* member : members) {
    json_.key(member->name);
    json_.pair(decoder_.offset_of(member->outer), decoder_.original(member->outer).size());
  }
  json_.end_object();
}

Placed JsonInspector::sequence(const Node& node) {
  const Node* const holder = std::exchange(content_holder_, nullptr);
  const std::size_t secrets = secrets_;
  std::vector<Node> members;  // those that have names
  bool unexpected = false;
  for_each_child(node, decoder_, [&](const Node& child) {
    if (child.name.empty())
      unexpected = true;
    else
      members.push_back(child);
  });
  json_.begin_object();
  // Attribute has a member of that name.
  if (std::ranges::find(members, "type", &Node::name) == members.end()) json_.member("type", node.type->name);
  place(node);
  std::vector<const Node*> unplaced;
  for (const Node& child : members) {
    if (member(node, child) == Placed::no) unplaced.push_back(&child);
  }
  if (unexpected) {
    json_.key("unexpected");
    json_.begin_array();
    for_each_child(node, decoder_, [&](const Node& child) {
      if (child.name.empty()) tagged(child);
    });
    json_.end_array();
  }
  places(unplaced);
  if ((holder != nullptr || node.raw) && secrets_ != secrets) {
    json_.key("base64");  // would show the secret inside
    json_.null();
  } else if (holder != nullptr) {
    const bool octet_string = holder->element.id == tlv::octet_string;
    json_.member("base64", base64(octet_string ? holder->element.content : holder->element.whole));
  } else if (node.raw) {
    json_.member("base64", base64(decoder_.original(node.element.whole)));
  }
  json_.end_object();
  return Placed::yes;
}

void JsonInspector::list(const Node& node) {
  content_holder_ = nullptr;  // its bytes are not those of the first element
  json_.begin_array();
  for_each_child(node, decoder_, [&](const Node& child) { (void)element(child); });
  json_.end_array();
}

Placed JsonInspector::choice(const Node& node) {
  const auto alternatives = children(node, decoder_);
  if (alternatives.empty()) return untyped(node);
  const Node& alternative = alternatives.front();
  const bool time = alternative.type != nullptr && alternative.type->kind == Kind::time;
  if (time || node.is("DirectoryString")) return element(alternative);
  json_.begin_object();
  json_.key(alternative.name);
  const Placed placed = element(alternative);
  json_.end_object();
  return placed;
}

Placed JsonInspector::any(const Node& node) {
  if (node.governed != nullptr && opened_ < decoder_.limits().depth) {
    const auto inside = children(node, decoder_);
    if (inside.size() == 1 && inside.front().type == node.governed) {
      ++opened_;
      const Placed placed = element(inside.front());
      --opened_;
      return placed;
    }
  }
  if (node.type->kind != Kind::octet_string) return untyped(node);
  json_.value(hex(node.element.content));
  return Placed::no;
}

Placed JsonInspector::untyped(const Node& node) {
  if (node.element.id == tlv::null) {
    json_.null();
    return Placed::no;
  }
  tagged(node);
  return Placed::yes;
}

void JsonInspector::tagged(const Node& node) {
  json_.begin_object();
  json_.member("tag", tag_name(node.element.id));
  place(node);
  const std::string text = primitive_text(node);
  if (!text.empty()) json_.member("value", text);
  json_.member("base64", base64(decoder_.original(node.outer)));
  json_.end_object();
}

void JsonInspector::number(const Node& node) {
  const Integer value{node.element.content};
  const auto names = number_names(node.type->name);
  if (names.empty()) return integer(value);
  json_.begin_object();
  json_.key("value");
  integer(value);
  const auto small = value.to_int64();
  const NamedNumber* named = small ? find_number(names, *small) : nullptr;
  if (named != nullptr) json_.member("name", named->name);
  json_.end_object();
}

void JsonInspector::integer(const Integer& number) {
  constexpr std::int64_t exact = std::int64_t{1} << 53;  // what JSON's numbers hold without loss everywhere
  const auto small = number.to_int64();
  if (small && *small <= exact && *small >= -exact) {
    json_.value(*small);
  } else {
    json_.value(to_string(number));
  }
}

void JsonInspector::secret(const Node& node) {
  json_.begin_object();
  json_.member("secret", true);
  json_.member("octets", node.element.content.size());
  json_.end_object();
  ++secrets_;
}

void JsonInspector::oid(const Node& node) {
  const std::string dotted = to_string(Oid{node.element.content});
  const OidEntry* entry = find_oid(dotted);
  json_.begin_object();
  json_.member("oid", dotted);
  if (entry != nullptr) json_.member("name", entry->name);
  json_.end_object();
}

void JsonInspector::bit_string(const Node& node) {
  const BitString bits{node.element.content.from(1), node.element.content[0]};
  const auto names = bit_names(node.type->name);
  if (!names.empty()) {
    json_.begin_array();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (bits.bit(i)) json_.value(names[i]);
    }
    json_.end_array();
  } else if (bits.unused_bits == 0) {
    json_.value(hex(bits.bytes));
  } else {
    json_.begin_object();
    json_.member("hex", hex(bits.bytes));
    json_.member("unusedBits", static_cast<std::int64_t>(bits.unused_bits));
    json_.end_object();
  }
}

Placed JsonInspector::certificate(const Node& node) {
  const auto summary = summarise_certificate(decoder_, node.element.whole);
  json_.begin_object();
  json_.member("type", "Certificate");
  place(node);
  if (summary) {
    json_.member("subject", summary->subject);
    json_.member("issuer", summary->issuer);
    json_.member("serialNumber", summary->serial_number);
    json_.member("notBefore", summary->not_before);
    json_.member("notAfter", summary->not_after);
    json_.member("publicKey", summary->key);
    if (!summary->key_id.empty()) json_.member("subjectKeyIdentifier", summary->key_id);
    json_.member("signatureAlgorithm", summary->signature_algorithm);
  }
  json_.member("base64", base64(decoder_.original(node.element.whole)));
  json_.end_object();
  return Placed::yes;
}

Placed JsonInspector::crl(const Node& node) {
  const auto summary = summarise_crl(decoder_, node.element.whole);
  json_.begin_object();
  json_.member("type", "CertificateList");
  place(node);
  if (summary) {
    json_.member("issuer", summary->issuer);
    json_.member("thisUpdate", summary->this_update);
    if (!summary->next_update.empty()) json_.member("nextUpdate", summary->next_update);
    json_.member("revokedCertificates", summary->revoked);
  }
  json_.member("base64", base64(decoder_.original(node.element.whole)));
  json_.end_object();
  return Placed::yes;
}

void write_head(JsonWriter& json, const InspectInput& input, bool ber = false) {
  json.member("schema", inspect_schema);
  json.member("tool", "cmcctl " + std::string(version));
  json.member("file", input.file);
  if (!input.form.empty()) json.member("form", ber && input.form == "DER" ? "BER" : input.form);
  if (!input.label.empty()) json.member("label", input.label);
}

void write_error(JsonWriter& json, const Error& error) {
  const ErrorInfo& info = error_info(error.code);
  json.begin_object();
  json.member("code", info.name);
  json.member("offset", error.offset);
  json.member("path", error.path);
  if (!error.rule.empty()) json.member("rule", error.rule);
  json.member("message", info.sentence);
  json.member("detail", error.detail);
  json.member("hint", info.hint);
  json.end_object();
}

void write_oddities(JsonWriter& json, const Message& message) {
  json.key("oddities");
  json.begin_array();
  for (const Oddity& oddity : message.oddities) {
    json.begin_object();
    json.member("severity", to_string(oddity.severity));
    json.member("offset", oddity.offset);
    json.member("length", oddity.length);
    json.member("path", oddity.path);
    json.member("rule", oddity.rule);
    json.member("text", oddity.text);
    json.end_object();
  }
  json.end_array();
}

std::optional<Node> find_path(Decoder& decoder, const Message& message, std::string_view path) {
  const Node root = root_node(message.layer.bytes, schema::find(message.layer.path));
  if (path.empty()) return root;
  const std::string& name = message.layer.path;
  if (!path.starts_with(name)) return std::nullopt;
  return find_path(decoder, root, path.substr(name.size()));
}

}  // namespace

bool has_path(Decoder& decoder, const Message& message, const std::string& path) {
  return find_path(decoder, message, path).has_value();
}

void inspect_json(std::ostream& out, Decoder& decoder, const Message& message, const InspectInput& input,
                  const InspectOptions& options) {
  JsonWriter json(out);
  json.begin_object();
  write_head(json, input, decoder.saw_ber());
  json.member("size", decoder.message().size());
  json.member("kind", to_string(message.layer.kind));
  json.key("message");
  const auto node = find_path(decoder, message, options.only);
  if (node) {
    (void)JsonInspector(json, decoder).element(*node);
  } else {
    json.null();
  }
  write_oddities(json, message);
  json.key("errors");
  json.begin_array();
  for (const Error& error : message.errors) write_error(json, error);
  json.end_array();
  json.end_object();
}

void inspect_json(std::ostream& out, const Error& error, const InspectInput& input) {
  JsonWriter json(out);
  json.begin_object();
  write_head(json, input);
  json.key("error");
  write_error(json, error);
  json.end_object();
}

}  // namespace cmcctl
