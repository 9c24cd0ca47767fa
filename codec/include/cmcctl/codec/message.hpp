#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <cmcctl/codec/controls.hpp>

namespace cmcctl {

/// What a file turned out to be.
enum class MessageKind : std::uint8_t {
  full_pki_request,     ///< PKIData under SignedData or AuthenticatedData (or, as some peers send it, under id-data)
  full_pki_response,    ///< PKIResponse likewise
  simple_pki_request,   ///< PKCS #10
  simple_pki_response,  ///< certs-only: SignedData without content and signers
  cert_req_messages,    ///< CRMF, bare
  cert_req_msg,         ///< one request of CRMF, bare
  pki_data,             ///< bare
  pki_response,         ///< bare
  signed_data,          ///< with another content
  enveloped_data,
  auth_enveloped_data,
  authenticated_data,   ///< with another content
  encrypted_data,
  digested_data,
  certificate,
  crl,
  other_content,        ///< a ContentInfo of another type
};

/// "Full PKI Request"
std::string_view to_string(MessageKind kind);

/// A CertificationRequest with its signed part decoded.
struct OpenedRequest {
  CertificationRequest request;
  CertificationRequestInfo info;
};

/// One layer of a message, opened as far as that goes without keys: a ContentInfo (or what stands in its place), the
/// CMS structure in it, and the content of that.
struct Layer {
  using Cms = std::variant<std::monostate, SignedData, EnvelopedData, AuthEnvelopedData, AuthenticatedData,
                           EncryptedData, DigestedData>;
  using Content = std::variant<std::monostate, PKIData, PKIResponse, OpenedRequest, CertReqMessages, CertReqMsg,
                               Certificate, CertificateList, Octets>;

  MessageKind kind{};
  std::string path;               ///< "ContentInfo", or of a nested one "ContentInfo.content.…cmsSequence[0].contentInfo"
  std::string content_path;       ///< of the content: "….eContent.PKIData"
  Octets bytes;                   ///< the complete element, DER
  std::optional<ContentInfo> content_info;
  Cms cms;
  Content content;
  std::vector<Layer> nested;      ///< the elements of cmsSequence, in their order
};

/// A message and everything that was noticed while it was opened.
struct Message {
  Layer layer;
  std::vector<Oddity> oddities;  ///< in the order of their offsets, with paths
  std::vector<Error> errors;     ///< parts that should decode and do not; their bytes are shown undecoded
};

/// Whether a message's oddities are looked for. It takes as long as opening it, and only who shows them needs it.
enum class Oddities : std::uint8_t { find, skip };

/// Finds out what `bytes` are and opens every layer. BER, old editions and what peers are known to write differently
/// are read and reported as oddities. Refuses only when nothing can be shown; a part that does not decode while the
/// rest does is in Message::errors. The message is a view into bytes and decoder.
Result<Message> open_message(Decoder& decoder, Octets bytes, Oddities oddities = Oddities::find);

/// Every request of a PKIData or CertReqMessages has one of these as its identifier.
std::optional<BodyPartID> body_part_id(Decoder& decoder, const TaggedRequest& request);

}  // namespace cmcctl
