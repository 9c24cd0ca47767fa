#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/cmc/opened_message.hpp>
#include <cmcctl/crypto/verify.hpp>

/// What a response says to the one who sent the request.
namespace cmcctl {

/// The one word for it. Only the first two may be acted upon without a next message.
enum class Outcome : std::uint8_t {
  issued,            ///< every request has its certificate
  success,           ///< done, and no certificate was asked for
  failed,            ///< nothing was done
  pending,           ///< not decided yet: ask again with the token
  pop_required,      ///< a challenge has to be answered
  confirm_required,  ///< the certificate is to be confirmed
  partial,           ///< some of it was done
  untrusted,         ///< a signature or path could not be verified: nothing in it is believed
  mismatch,          ///< an answer to another message: nothing in it is believed
};

/// "issued", "success", "failed", "pending", "popRequired", "confirmRequired", "partial", "untrusted", "mismatch"
std::string_view to_string(Outcome outcome);

/// One CMCStatusInfoV2 or CMCStatusInfo (RFC 10002 sections 6.1.1 and 6.1.2).
struct ReportedStatus {
  CMCStatus status{};
  std::vector<std::vector<std::uint32_t>> body_parts;  ///< one identifier, or a path of several
  std::string text;                                    ///< statusString; not escaped
  std::string fail_info;  ///< "badIdentity", "1234", "extendedFailInfo 1.2.3"; may be empty
  std::string meaning;    ///< of fail_info or status, in a sentence; may be empty
  std::vector<std::uint8_t> pend_token;
  std::string pend_time;  ///< "2026-11-21T03:52:44Z"; empty unless pending or partial
  std::optional<std::int64_t> pend_at;  ///< the same in seconds since 1970
  std::string path;       ///< of the control
};

/// "failed, badIdentity for body part 1"
std::string to_string(const ReportedStatus& status);

/// What became of one request.
struct AnsweredRequest {
  std::string name;                            ///< "body part 3: CN=me"; not escaped
  std::optional<X509Certificate> certificate;  ///< the one for its public key
  std::vector<Check> checks;                   ///< "certificate", "subject", and those of its path
};

struct ResponseReport {
  Outcome outcome = Outcome::untrusted;
  std::string next_step;  ///< one sentence, with the command
  VerifyReport verification;
  std::vector<Check> checks;  ///< "transactionId", "recipientNonce", "senderNonce", "dataReturn", "batchResponses", ...
  std::vector<ReportedStatus> statuses;  ///< of all layers, in their order
  std::vector<AnsweredRequest> requests;
  std::vector<X509Certificate> other_certificates;
  std::size_t crls = 0;
  std::vector<std::uint32_t> challenges;  ///< body parts that an encryptedPOP asks for
};

/// Holds a response against its request: signatures and paths as `verify_message`; transactionId and nonces (RFC 10002
/// section 6.6) and dataReturn (6.4); every status; which certificate is for which request, by its public key, whether
/// it has the subject that was asked for, and its path. Certs-only responses, too. Of a response that nobody signed
/// only failures are taken (section 3.2.1.3.4). Encrypted messages have to be opened first (`UnsealedMessage`).
///
/// `asked` is the message with the certification requests where `request` has none and asks what became of them:
/// queryPending.
ResponseReport process_response(const OpenedMessage& response, const OpenedMessage& request,
                                const VerifyOptions& options, const OpenedMessage* asked = nullptr);

}  // namespace cmcctl
