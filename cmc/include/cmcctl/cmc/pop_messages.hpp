#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <cmcctl/cmc/encrypted_pop.hpp>
#include <cmcctl/cmc/opened_message.hpp>
#include <cmcctl/cmc/pki_data.hpp>

/// The two messages around a challenge (RFC 10002 section 6.7), as PKIResponse and PKIData in DER, still without CMS.
namespace cmcctl {

/// The request of a PKIData whose key a challenge is for: the one with this identifier, else the only one without a
/// signature of its own. `value_out_of_range` when there is no such request, or more than one.
Result<BodyPartID> request_to_challenge(const OpenedMessage& request, std::optional<BodyPartID> id = {});

struct PopChallengeMessage {
  std::vector<std::uint8_t> pki_response;
  SecretOctets proof_value;
};

/// The response with encryptedPOP, the status popRequired (in Dogtag's form with the failInfo popRequired, too), the
/// request's transactionId, its senderNonce as recipientNonce, a senderNonce, dataReturn, and responseInfo unless
/// empty.
Result<PopChallengeMessage> make_challenge_message(const OpenedMessage& request, BodyPartID id,
                                                   const PopChallengeOptions& options, Octets response_info = {});

struct PopAnswerMessage {
  std::vector<std::uint8_t> pki_data;
  PopForm form{};  ///< whose form the challenges have
};

/// What else a message has to say: who the requester is.
using AddMore = std::function<Result<void>(PkiDataBuilder&)>;

/// The next request: each challenged TaggedRequest under its identifier with decryptedPOP, the response's
/// transactionId, its senderNonce as recipientNonce, and a new senderNonce. In Dogtag's form responseInfo goes back as
/// regInfo.
///
/// Errors as from `answer_pop_challenge`; `no_key` when none of the keys is that of a challenged request, and
/// `missing_member` when the response asks for nothing.
Result<PopAnswerMessage> make_answer_message(const OpenedMessage& response, std::span<PrivateKey* const> keys,
                                             const Limits& limits = {}, const AddMore& more = {});

/// Section 6.7, step 3: the request that gives up, with the status failed and popFailed for the challenged requests.
Result<std::vector<std::uint8_t>> make_abort_message(const OpenedMessage& response, const AddMore& more = {});

/// Whether every challenge is for a request that stands so in `request` (section 6.7: "the original certification
/// request"), octet for octet.
bool challenges_are_for(const OpenedMessage& response, const OpenedMessage& request);

}  // namespace cmcctl
