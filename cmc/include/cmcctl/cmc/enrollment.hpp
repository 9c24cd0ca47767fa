#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <cmcctl/cmc/client.hpp>
#include <cmcctl/cmc/full_message.hpp>
#include <cmcctl/cmc/pki_data.hpp>

/// A whole enrolment on the side of the client, without sockets and files: a response in, the next request out, until
/// the certificate is there.
///
///     CMC_TRY(EnrollmentState state, begin_enrollment(pkcs10, keys));
///     while (!is_over(state.step)) {
///       const auto response = send(state.message);  // not before state.ask_after
///       CMC_TRY(const ResponseReport report, take_response(state, response, keys, options));
///     }
namespace cmcctl {

/// What EnrollmentState::message is, or that no message is left to be sent.
enum class EnrollmentStep : std::uint8_t {
  request,       ///< the certification request
  pop_answer,    ///< it again, with decryptedPOP (RFC 10002 section 6.7)
  pop_abort,     ///< popFailed: the challenge does not fit the key (section 6.7, step 3)
  query,         ///< queryPending (section 6.13)
  confirmation,  ///< confirmCertAcceptance (section 6.14)
  issued,
  failed,
};

/// "request", "popAnswer", "popAbort", "query", "confirmation", "issued", "failed"
std::string_view to_string(EnrollmentStep step);
bool is_over(EnrollmentStep step);

/// All that has to survive an interruption, besides the private key. `message` is there before it is sent and stays
/// until its response was taken, so it can be sent again, octet for octet.
struct EnrollmentState {
  EnrollmentStep step = EnrollmentStep::request;
  std::vector<std::uint8_t> message;                    ///< ContentInfo, to be sent next
  std::vector<std::uint8_t> request;                    ///< the first message of all
  std::vector<std::vector<std::uint8_t>> pend_tokens;   ///< section 6.13: repeated by every query
  std::int64_t ask_after = 0;                           ///< pendTime, seconds since 1970; 0 when it is all the same
  std::uint32_t round_trips = 0;                        ///< responses that were taken
  std::vector<std::vector<std::uint8_t>> certificates;  ///< DER: the new one, then what came along
};

/// Who speaks. All messages of an enrolment are protected alike: by `signers` if there are any, else with the key of
/// the request. Messages without a request cannot be signed with a key that has no certificate yet (section 3.2): they
/// have a MAC under the shared secret.
struct EnrollmentKeys {
  PrivateKey* key = nullptr;  ///< of the request
  SignatureScheme scheme{};   ///< of that key
  bool key_signs = true;      ///< false: id-alg-noSignature in place of its signature
  std::span<const Signer> signers{};
  SignedDataOptions signing{};
  std::optional<SharedSecret> shared{};  ///< identity proof and POP link
  IdentityProofs proofs = IdentityProofs::v2;
  bool dogtag = false;  ///< what Dogtag reads where it departs from the RFC
};

/// The first message around a certification request, a PKCS #10 or a CertReqMsg in DER: with nonce, transactionId and,
/// where there is a shared secret, POP link (section 6.3.1), identification and identity proof. Errors as from
/// `add_pop_link` and `self_sign_full`.
Result<EnrollmentState> begin_enrollment(Octets request, const EnrollmentKeys& keys);

/// Holds a response against the message that was sent (`process_response`), once `options.keys` have opened it, and
/// makes the next message. The state is as it was after an Error, after the outcomes `untrusted` and `mismatch`, and
/// after refusals of a later message that nobody signed: then the message may be sent again. It also stays when a
/// challenge or a token is missing to go on with.
///
/// Errors: those of decoding, and of the keys; `value_out_of_range` for a challenge that is not for our request.
Result<ResponseReport> take_response(EnrollmentState& state, Octets response, const EnrollmentKeys& keys,
                                     const VerifyOptions& options, const Limits& limits = {});

}  // namespace cmcctl
