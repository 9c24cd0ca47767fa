#pragma once

#include "authority_requests.hpp"

namespace cmcctl::authority {

/// A message on its way through its layers.
struct Incoming {
  Octets body;
  std::string_view profile;
  const X509Certificate* tls_client = nullptr;  ///< null without one
  bool encrypted = false;                       ///< some layer around was, and its key was this CA's
  bool malleable = false;                       ///< with CBC, which lets others change what they cannot read
  std::size_t layers = 0;                       ///< around it
  Bytes digest{};                               ///< of the whole message as it was received
};

/// All that is ever said about what is encrypted and cannot be opened, whatever the cause: an answer that depends on
/// what came out would decrypt for whoever can ask often enough (RFC 3218).
inline const Refusal cannot_open{
    CMCFailInfo::badMessageCheck,
    "the encrypted message cannot be opened, or it is encrypted with CBC and nobody signed it"};

/// Between verification, which many threads do at once, and what is decided and kept by one at a time. False when there
/// is nothing to decide: somebody else's thread has answered the same message meanwhile, or the store is broken.
bool begin_deciding(Context& context, const Incoming& incoming, Reply& reply);

/// The answer to any message: the one that it got before, if it comes again. An Error is the CA's own.
Result<Answer> answer_message(Context& context, const Incoming& incoming, Reply& reply);

/// RFC 10002 section 3.2: a PKIData in whatever carries it, opened.
class FullRequest {
 public:
  FullRequest(Context& context, const Incoming& incoming, const Profile& profile, Decoder& decoder,
              const Message& message, Reply& reply)
      : context_(context),
        incoming_(incoming),
        profile_(profile),
        decoder_(decoder),
        message_(message),
        reply_(reply) {}

  void run();

 private:
  bool read_transaction(const PKIData& data);
  bool check_decoding(const PKIData& data);
  bool check_replay();
  bool check_secrecy(const Requester& who);
  bool check_body_parts(const Scope& scope);
  bool check_controls(const Scope& scope);

  void enter(Work& work, Scope& scope, Requests& requests);
  void enter_nested(Work& work, Scope& scope, std::size_t index, Requests& requests);
  void process_controls(Work& work, const Scope& scope);
  void process(Work& work, const Scope& scope, const TaggedAttribute& control);
  void process_batch(const Scope& scope, const TaggedAttribute& control);
  bool is_witnessed(const Scope& outer, BodyPartID nested) const;

  Context& context_;
  const Incoming& incoming_;
  const Profile& profile_;
  Decoder& decoder_;
  const Message& message_;
  Reply& reply_;
  std::deque<Scope> scopes_;
  std::optional<Bytes> data_return_;
  std::optional<Bytes> recipient_nonce_;
  std::optional<Bytes> reg_info_;
};

/// RFC 10002 section 3.1: a PKCS #10 or CRMF request alone, from whoever the TLS client is.
void answer_simple(Context& context, const Incoming& incoming, const Profile& profile, Decoder& decoder,
                   const Message& message, Reply& reply);

}  // namespace cmcctl::authority
