#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/message.hpp>
#include <cmcctl/crypto/path.hpp>
#include <cmcctl/crypto/recipients.hpp>

namespace cmcctl {

struct VerifiedPart;

/// What the user lends for a verification. Nothing is believed because it is in the message.
struct VerifyOptions {
  std::span<const X509Certificate> anchors{};
  std::span<const X509Certificate> certificates{};  ///< others that may be signers or stand between
  std::span<const X509Crl> crls{};
  std::int64_t time = 0;                            ///< seconds since 1970
  std::optional<Purpose> purpose{};                 ///< of signers; absent: responder for responses, else signer
  std::optional<Octets> detached_content{};         ///< of an outermost SignedData without eContent
  bool allow_sha1 = false;
  RecipientKeys keys{};                             ///< what may open encrypted and authenticated contents
  std::optional<Octets> shared_secret{};            ///< of publicKeyMAC in a CRMF proof (RFC 4211 section 4.1)
  /// Called for the message and for each that was encrypted in it, with their parts so far: may add to them.
  std::function<void(Decoder&, const Message&, std::vector<VerifiedPart>&)> more{};
};

/// One thing in a message that can be verified: a signer, a request's proof of possession, a certificate.
struct VerifiedPart {
  std::string_view kind;      ///< "signer", "request", "certificate", "crl", "content", "control"
  std::string name;           ///< "CN=Agent,O=Example", "body part 4: PKCS #10 of CN=me"; not escaped
  std::string path;           ///< "ContentInfo.content.SignedData.signerInfos[0]"
  std::size_t offset = 0;     ///< of the element in the outermost input, or in the content that was opened
  std::vector<Check> checks;
  std::vector<X509Certificate> certificates{};  ///< the path that was found, the signer's own first
  bool by_request_key = false;                  ///< a signer without certificate, whose key a request is for
};

struct VerifyReport {
  Verdict verdict = Verdict::unknown;  ///< pass only when there is something to verify and every part passes
  std::vector<VerifiedPart> parts;
};

/// Verifies every layer and every signer of a message.
VerifyReport verify_message(Decoder& decoder, const Message& message, const VerifyOptions& options);

}  // namespace cmcctl
