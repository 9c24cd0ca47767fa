#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <cmcctl/cmc/controls.hpp>
#include <cmcctl/codec/message.hpp>

namespace cmcctl {

/// What is the same in a PKCS #10 and a CRMF request of a message.
struct RequestPart {
  std::optional<BodyPartID> id;
  std::string path;  ///< as that of its VerifiedPart
  std::optional<Raw<Name>> subject;
  std::vector<std::uint8_t> public_key;      ///< SubjectPublicKeyInfo, DER; empty without one
  std::vector<std::uint8_t> key_identifier;  ///< of its subjectKeyIdentifier extension; may be empty
  std::vector<std::uint8_t> key_identifier_value;  ///< the extension's extnValue
  std::vector<std::uint8_t> subject_alt_name;      ///< extnValue of that extension; empty without one
  bool changes_name = false;                       ///< has the attribute changeSubjectName
  std::optional<Any> pop_link_witness;       ///< values of the attributes of these names
  std::optional<Any> pop_link_witness_v2;
  std::optional<Any> pki_archive_options;    ///< value of the CRMF control
  bool ra_verified = false;
  const TaggedRequest* tagged = nullptr;  ///< null for one that is a message of its own
};

/// All requests in the content of a layer. One that does not decode has neither subject nor key.
std::vector<RequestPart> request_parts(Decoder& decoder, const Layer& layer);

/// One request of a PKIData.
RequestPart request_part(Decoder& decoder, const TaggedRequest& request, const std::string& path = "TaggedRequest");

/// Contents of the BIT STRING in its public key; nullopt when it has none, or one that does not decode. A view into
/// the part.
std::optional<Octets> subject_public_key(Decoder& decoder, const RequestPart& part);

/// Where a body part identifier leads in one PKIData or PKIResponse: indices into its four sequences. Of those that
/// share an identifier the first of each kind.
struct BodyPart {
  std::optional<std::size_t> control;
  std::optional<std::size_t> request;
  std::optional<std::size_t> nested;
  bool other = false;
};

/// The body parts of every PKIData and PKIResponse in a message. Each layer is looked over once, when it is asked for.
class PartIndex {
 public:
  explicit PartIndex(Decoder& decoder) : decoder_(decoder) {}

  const std::vector<RequestPart>& requests(const Layer& layer) { return scope(layer).requests; }
  /// Null when nothing has this identifier.
  const BodyPart* find(const Layer& layer, BodyPartID id);

  struct Found {
    const Layer* layer = nullptr;
    const BodyPart* part = nullptr;
  };
  /// RFC 10002 section 3.2.2: each identifier but the last names a nested message.
  Found find(const Layer& layer, std::span<const BodyPartID> path);

 private:
  struct Scope {
    std::unordered_map<std::uint32_t, BodyPart> parts;
    std::vector<RequestPart> requests;
  };
  Scope& scope(const Layer& layer);

  Decoder& decoder_;
  std::map<const Layer*, Scope> scopes_;
};

/// The controls of a PKIData or PKIResponse; none for other contents.
List<TaggedAttribute> controls_of(const Layer& layer);

/// The one value of the first control with this name; nullopt when there is none, or it does not decode.
template <class T>
std::optional<T> control_value(Decoder& decoder, const Layer& layer, std::string_view name) {
  for (const TaggedAttribute& control : controls_of(layer)) {
    if (!is_control(control, name)) continue;
    auto value = decode_control<T>(decoder, control);
    if (value) return *std::move(value);
  }
  return std::nullopt;
}

}  // namespace cmcctl
