#include <cmcctl/codec/message.hpp>

#include <algorithm>
#include <utility>

#include "node.hpp"
#include "oddities.hpp"
#include "oids.hpp"
#include "scan.hpp"
#include "short_pki_data.hpp"
#include <cmcctl/codec/tlv.hpp>
#include "wire.hpp"

namespace cmcctl {
namespace {

constexpr std::size_t levels_to_content = 6;  // ContentInfo, content, SignedData, encapContentInfo, eContent, its string
constexpr std::size_t levels_to_nested = 3;   // PKIData, cmsSequence, TaggedContentInfo

class Opener {
 public:
  explicit Opener(Decoder& decoder) : decoder_(decoder) {}

  Result<Message> open(Octets bytes, Oddities oddities);

 private:
  using Try = bool (Opener::*)(Layer&, const Any&);

  void name_places(Message& message);
  bool open_bare(Layer& layer, const Any& element);
  bool open_content_info(Layer& layer, const Any& element);
  bool open_signed_data(Layer& layer, const Any& element);
  bool open_certification_request(Layer& layer, const Any& element);
  bool open_pki_data(Layer& layer, const Any& element);
  bool open_pki_response(Layer& layer, const Any& element);
  bool open_cert_req_messages(Layer& layer, const Any& element);
  bool open_cert_req_msg(Layer& layer, const Any& element);
  bool open_certificate(Layer& layer, const Any& element);
  bool open_crl(Layer& layer, const Any& element);

  // What is left raw when the value is decoded has to fit, too.
  template <class T, class Part>
  bool open_around(Layer& layer, const Any& element, MessageKind kind, Raw<Part> T::*part);

  void open_cms(Layer& layer, const ContentInfo& info);
  template <class T>
  bool open_cms_as(Layer& layer, const Any& element, MessageKind kind);
  void open_encapsulated(Layer& layer, const EncapsulatedContentInfo& content);
  void open_content(Layer& layer, const Oid& type, Octets octets);
  void open_data(Layer& layer, Octets octets);
  template <class T>
  void open_pki(Layer& layer, Octets octets, MessageKind kind);
  template <class T>
  void take(Layer& layer, const T& value, MessageKind kind);
  void open_nested(Layer& layer, const List<TaggedContentInfo>& parts);
  bool check_limits(const Layer& layer);
  bool check_count(const Layer& layer, std::size_t count, std::size_t limit, std::string_view name);

  // Decodes or keeps the error, with its path made complete.
  template <class T, class Bytes>
  bool decode(T& value, const Bytes& bytes, const std::string& parent_path) {
    auto result = decoder_.decode<T>(bytes);
    if (result) {
      value = *std::move(result);
      return true;
    }
    keep(result.error(), parent_path);
    return false;
  }
  void keep(Error error, const std::string& parent_path) {
    if (!parent_path.empty()) error.path.insert(0, parent_path + ".");
    errors_.push_back(std::move(error));
  }

  Decoder& decoder_;
  std::vector<Error> errors_;
  std::size_t depth_ = 0;
  std::size_t messages_ = 0;
};

std::uint8_t first_inner_id(Octets element) {
  const tlv::Element outer = tlv::first(element);
  return outer.content.empty() ? 0 : outer.content[0];
}

// Of several failed attempts the one that came furthest tells most.
const Error& most_specific(const std::vector<Error>& errors) {
  return *std::ranges::max_element(errors, {}, [](const Error& error) {
    return std::pair(error.offset, error.path.size());
  });
}

Result<Message> Opener::open(Octets bytes, Oddities oddities) {
  decoder_.reset(bytes);
  auto scanned = decoder_.scan(bytes);
  std::optional<Error> trailing;
  if (!scanned && scanned.error().code == Errc::trailing_data) {
    trailing = scanned.error();
    scanned = decoder_.scan(bytes.sub(0, trailing->offset));
  }
  if (!scanned) return scanned.error();

  Message message;
  const std::uint8_t id = scanned->der[0];
  if (id != tlv::sequence) {
    return Error{Errc::not_a_message, 0, {}, {}, "a message is a SEQUENCE, found " + tag_name(id)};
  }
  const bool known = first_inner_id(scanned->der) == tlv::oid ? open_content_info(message.layer, *scanned)
                                                               : open_bare(message.layer, *scanned);
  if (!known) return most_specific(errors_);
  if (trailing) {
    trailing->path = message.layer.path;
    trailing->rule = "CMC-X690-11-01";
    errors_.push_back(*trailing);
  }
  message.errors = std::move(errors_);
  if (oddities == Oddities::skip) return message;
  find_oddities(decoder_, message.layer);
  message.oddities = decoder_.oddities();
  std::ranges::stable_sort(message.oddities, {}, &Oddity::offset);
  name_places(message);
  return message;
}

void Opener::name_places(Message& message) {
  std::vector<std::size_t> offsets;
  for (const Oddity& oddity : message.oddities) offsets.push_back(oddity.offset);
  const Node root = root_node(message.layer.bytes, schema::find(message.layer.path));
  const auto paths = paths_at(root, offsets, decoder_);
  for (std::size_t i = 0; i < paths.size(); ++i) message.oddities[i].path = paths[i];
}

// What has no ContentInfo around it is tried in turn; the shapes are different enough for one at most to fit.
bool Opener::open_bare(Layer& layer, const Any& element) {
  static constexpr Try tries[]{
      &Opener::open_certification_request, &Opener::open_certificate,  &Opener::open_crl,
      &Opener::open_signed_data,           &Opener::open_pki_data,     &Opener::open_pki_response,
      &Opener::open_cert_req_messages,     &Opener::open_cert_req_msg,
  };
  std::vector<Error> attempts;
  for (const Try attempt : tries) {
    const std::size_t oddities = decoder_.oddities().size();
    layer = Layer();
    layer.bytes = element.der;
    if ((this->*attempt)(layer, element)) return true;
    decoder_.drop_oddities(oddities);
    std::ranges::move(errors_, std::back_inserter(attempts));
    errors_.clear();
  }
  errors_ = std::move(attempts);
  return false;
}

bool Opener::open_content_info(Layer& layer, const Any& element) {
  layer.bytes = element.der;
  if (layer.path.empty()) layer.path = "ContentInfo";
  auto info = decoder_.decode<ContentInfo>(element);
  if (!info) {
    errors_.push_back(info.error());
    return false;
  }
  layer.content_info = *info;
  open_cms(layer, *info);
  return true;
}

void Opener::open_cms(Layer& layer, const ContentInfo& info) {
  layer.kind = MessageKind::other_content;
  if (!check_limits(layer)) return;
  if (!info.content) {
    keep(Error{Errc::missing_member, decoder_.offset_of(info.source.bytes), {}, "CMC-5652-3-01",
               "ContentInfo without content"}, layer.path);
    return;
  }
  const std::string type = to_string(info.content_type);
  const Any& content = *info.content;
  layer.content_path = layer.path + ".content";
  if (type == oids::id_signed_data) {
    open_cms_as<SignedData>(layer, content, MessageKind::signed_data);
  } else if (type == oids::id_enveloped_data) {
    open_cms_as<EnvelopedData>(layer, content, MessageKind::enveloped_data);
  } else if (type == oids::id_ct_auth_enveloped_data) {
    open_cms_as<AuthEnvelopedData>(layer, content, MessageKind::auth_enveloped_data);
  } else if (type == oids::id_ct_auth_data) {
    open_cms_as<AuthenticatedData>(layer, content, MessageKind::authenticated_data);
  } else if (type == oids::id_encrypted_data) {
    open_cms_as<EncryptedData>(layer, content, MessageKind::encrypted_data);
  } else if (type == oids::id_digested_data) {
    open_cms_as<DigestedData>(layer, content, MessageKind::digested_data);
  } else if (type == oids::id_cct_pki_data || type == oids::id_cct_pki_response) {
    decoder_.add_oddity(Severity::warning, "CMC-5272-2.2-01",
                        "ContentInfo holds the content itself, without SignedData or AuthenticatedData around it",
                        info.source.bytes);
    open_content(layer, info.content_type, content.der);
  } else if (type == oids::id_data && content.der[0] == tlv::octet_string) {
    open_content(layer, info.content_type, tlv::first(content.der).content);
  }
}

template <class T>
bool Opener::open_cms_as(Layer& layer, const Any& element, MessageKind kind) {
  T value;
  if (!decode(value, element, layer.content_path)) return false;
  layer.kind = kind;
  layer.content_path += "." + std::string(type_codec<T>().type().name);
  const Limits& limits = decoder_.limits();
  if constexpr (requires { value.signer_infos; }) {
    if (!check_count(layer, value.signer_infos.size(), limits.signers, "signers")) return false;
    if (value.certificates && !check_count(layer, value.certificates->size(), limits.certificates, "certificates")) return false;
    if (value.crls && !check_count(layer, value.crls->size(), limits.crls, "crls")) return false;
  }
  if constexpr (requires { value.recipient_infos; }) {
    if (!check_count(layer, value.recipient_infos.size(), limits.recipients, "recipients")) return false;
  }
  layer.cms = value;
  if constexpr (requires { value.encap_content_info; }) open_encapsulated(layer, value.encap_content_info);
  return true;
}

bool Opener::open_signed_data(Layer& layer, const Any& element) {
  if (first_inner_id(element.der) != tlv::integer) return false;
  layer.path = "SignedData";
  auto value = decoder_.decode<SignedData>(element);
  if (!value) {
    errors_.push_back(value.error());
    return false;
  }
  decoder_.add_oddity(Severity::warning, "CMC-5652-3-01", "SignedData without a ContentInfo around it", element.der);
  layer.kind = MessageKind::signed_data;
  layer.cms = *value;
  layer.content_path = layer.path;
  open_encapsulated(layer, value->encap_content_info);
  return true;
}

void Opener::open_encapsulated(Layer& layer, const EncapsulatedContentInfo& content) {
  const auto* signed_data = std::get_if<SignedData>(&layer.cms);
  const auto octets = content_octets(content);
  if (signed_data != nullptr && signed_data->signer_infos.empty() && (!octets || octets->empty())) {
    layer.kind = MessageKind::simple_pki_response;
  }
  if (!octets || octets->empty()) return;
  layer.content_path += ".encapContentInfo.eContent";
  if (content.e_content->der[0] != tlv::octet_string) {
    decoder_.add_oddity(Severity::warning, "CMC-5652-5.2-02",
                        "eContent holds the content itself, not an OCTET STRING with it (PKCS #7 style)",
                        content.e_content->der);
  }
  open_content(layer, content.e_content_type, *octets);
}

void Opener::open_content(Layer& layer, const Oid& type, Octets octets) {
  layer.content = octets;
  const std::string dotted = to_string(type);
  const std::size_t depth = decoder_.depth();
  decoder_.set_depth(depth + levels_to_content);
  if (dotted == oids::id_cct_pki_data) {
    if (const auto data = read_short_pki_data(decoder_, octets)) {
      take(layer, *data, MessageKind::full_pki_request);
    } else {
      open_pki<PKIData>(layer, octets, MessageKind::full_pki_request);
    }
  } else if (dotted == oids::id_cct_pki_response) {
    open_pki<PKIResponse>(layer, octets, MessageKind::full_pki_response);
  } else if (dotted == oids::id_data) {
    open_data(layer, octets);
  }
  decoder_.set_depth(depth);
}

template <class T>
void Opener::open_pki(Layer& layer, Octets octets, MessageKind kind) {
  T value;
  if (decode(value, octets, layer.content_path)) take(layer, value, kind);
}

template <class T>
void Opener::take(Layer& layer, const T& value, MessageKind kind) {
  layer.kind = kind;
  layer.content_path += (layer.content_path.empty() ? "" : ".") + std::string(type_codec<T>().type().name);
  std::size_t longest = std::max({value.control_sequence.size(), value.cms_sequence.size(),
                                  value.other_msg_sequence.size()});
  if constexpr (std::is_same_v<T, PKIData>) longest = std::max(longest, value.req_sequence.size());
  if (!check_count(layer, longest, decoder_.limits().body_parts, "body_parts")) return;
  layer.content = value;
  open_nested(layer, value.cms_sequence);
}

// Dogtag's unsigned revocation is PKIData under id-data; Windows renews with a PKCS #10 under it.
void Opener::open_data(Layer& layer, Octets octets) {
  const std::size_t oddities = decoder_.oddities().size();
  const std::vector<Error> errors = errors_;
  const auto inside = decoder_.scan(octets);
  Layer attempt;
  attempt.content_path = layer.content_path;
  if (inside && open_pki_data(attempt, *inside)) {
    decoder_.add_oddity(Severity::warning, "CMC-5272-2.2-01", "PKIData under the content type id-data", layer.bytes);
    layer.kind = MessageKind::full_pki_request;
  } else if (!inside || !open_certification_request(attempt, *inside)) {
    decoder_.drop_oddities(oddities);
    errors_ = errors;
    return;
  }
  errors_ = errors;
  layer.content = std::move(attempt.content);
  layer.nested = std::move(attempt.nested);
  layer.content_path = attempt.content_path;
}

void Opener::open_nested(Layer& layer, const List<TaggedContentInfo>& parts) {
  ++depth_;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Layer& nested = layer.nested.emplace_back();
    nested.path = layer.content_path + ".cmsSequence[" + std::to_string(i) + "].contentInfo";
    nested.bytes = parts[i].content_info.source.bytes;
    nested.content_info = parts[i].content_info;
    const std::size_t depth = decoder_.depth();
    decoder_.set_depth(depth + levels_to_nested);
    open_cms(nested, parts[i].content_info);
    decoder_.set_depth(depth);
  }
  --depth_;
}

bool Opener::check_limits(const Layer& layer) {
  const Limits& limits = decoder_.limits();
  const std::size_t offset = decoder_.offset_of(layer.bytes);
  if (depth_ >= limits.layers) {
    errors_.push_back(Error{Errc::limit_exceeded, offset, layer.path, {}, "limit layers"});
    return false;
  }
  if (++messages_ > limits.nested_messages) {
    errors_.push_back(Error{Errc::limit_exceeded, offset, layer.path, {}, "limit nested_messages"});
    return false;
  }
  return true;
}

bool Opener::check_count(const Layer& layer, std::size_t count, std::size_t limit, std::string_view name) {
  if (count <= limit) return true;
  errors_.push_back(Error{Errc::limit_exceeded, decoder_.offset_of(layer.bytes), layer.content_path, {},
                          "limit " + std::string(name) + ": " + std::to_string(count)});
  return false;
}

bool Opener::open_certification_request(Layer& layer, const Any& element) {
  layer.path = layer.content_path = "CertificationRequest";
  layer.kind = MessageKind::simple_pki_request;
  OpenedRequest opened;
  if (!decode(opened.request, element, {})) return false;
  if (!decode(opened.info, opened.request.certification_request_info, layer.path)) return false;
  layer.content = opened;
  return true;
}

bool Opener::open_pki_data(Layer& layer, const Any& element) {
  layer.path = "PKIData";
  PKIData data;
  if (!decode(data, element, layer.content_path)) return false;
  take(layer, data, MessageKind::pki_data);
  return true;
}

bool Opener::open_pki_response(Layer& layer, const Any& element) {
  layer.path = "PKIResponse";
  PKIResponse response;
  if (!decode(response, element, layer.content_path)) return false;
  take(layer, response, MessageKind::pki_response);
  return true;
}

bool Opener::open_cert_req_messages(Layer& layer, const Any& element) {
  layer.path = layer.content_path = "CertReqMessages";
  layer.kind = MessageKind::cert_req_messages;
  CertReqMessages messages;
  if (!decode(messages, element, {})) return false;
  if (messages.messages.empty()) return false;
  CertRequest first;
  if (!decode(first, messages.messages[0].cert_req, layer.path + "[0]")) return false;
  layer.content = messages;
  return true;
}

template <class T, class Part>
bool Opener::open_around(Layer& layer, const Any& element, MessageKind kind, Raw<Part> T::*part) {
  layer.path = layer.content_path = type_codec<T>().type().name;
  layer.kind = kind;
  T value;
  if (!decode(value, element, {})) return false;
  Part inside;
  if (!decode(inside, value.*part, layer.path)) return false;
  layer.content = value;
  return true;
}

bool Opener::open_cert_req_msg(Layer& layer, const Any& element) {
  return open_around(layer, element, MessageKind::cert_req_msg, &CertReqMsg::cert_req);
}

bool Opener::open_certificate(Layer& layer, const Any& element) {
  return open_around(layer, element, MessageKind::certificate, &Certificate::tbs_certificate);
}

bool Opener::open_crl(Layer& layer, const Any& element) {
  return open_around(layer, element, MessageKind::crl, &CertificateList::tbs_cert_list);
}

}  // namespace

Result<Message> open_message(Decoder& decoder, Octets bytes, Oddities oddities) {
  return Opener(decoder).open(bytes, oddities);
}

std::string_view to_string(MessageKind kind) {
  switch (kind) {
    case MessageKind::full_pki_request: return "Full PKI Request";
    case MessageKind::full_pki_response: return "Full PKI Response";
    case MessageKind::simple_pki_request: return "Simple PKI Request";
    case MessageKind::simple_pki_response: return "Simple PKI Response";
    case MessageKind::cert_req_messages: return "CertReqMessages";
    case MessageKind::cert_req_msg: return "CertReqMsg";
    case MessageKind::pki_data: return "PKIData";
    case MessageKind::pki_response: return "PKIResponse";
    case MessageKind::signed_data: return "SignedData";
    case MessageKind::enveloped_data: return "EnvelopedData";
    case MessageKind::auth_enveloped_data: return "AuthEnvelopedData";
    case MessageKind::authenticated_data: return "AuthenticatedData";
    case MessageKind::encrypted_data: return "EncryptedData";
    case MessageKind::digested_data: return "DigestedData";
    case MessageKind::certificate: return "Certificate";
    case MessageKind::crl: return "CRL";
    case MessageKind::other_content: return "ContentInfo";
  }
  return {};
}

std::optional<BodyPartID> body_part_id(Decoder& decoder, const TaggedRequest& request) {
  if (const auto* tcr = std::get_if<TaggedCertificationRequest>(&request.choice)) return tcr->body_part_id;
  if (const auto* orm = std::get_if<OtherReqMsg>(&request.choice)) return orm->body_part_id;
  const auto cert_request = decoder.decode<CertRequest>(std::get<CertReqMsg>(request.choice).cert_req);
  if (!cert_request) return std::nullopt;
  const auto id = BodyPartID::from(cert_request->cert_req_id);
  return id ? std::optional(*id) : std::nullopt;
}

}  // namespace cmcctl
