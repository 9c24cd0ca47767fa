#pragma once

#include <cmcctl/codec/controls.hpp>

#include "authority_context.hpp"

namespace cmcctl::authority {

/// Body part identifiers from the outermost PKIData to a part of a nested one (RFC 10002 section 3.2.2).
using PartPath = std::vector<BodyPartID>;

inline const PartPath whole_message{BodyPartID(0)};

/// What the answer to one message will say; nothing is encoded before `finish`. In Dogtag's form failures name no body
/// parts, and some have another failInfo (docs/test-ca.md).
class Reply {
 public:
  /// Parts with the same status and the same words share one statusInfoV2.
  void say(CMCStatus status, const PartPath& part, std::string text = {});
  void refuse(const Refusal& refusal, const PartPath& part);
  /// Section 6.1.1: pendInfo.
  void pend(const PartPath& part, Octets token, std::int64_t time);
  /// Section 6.7: the control encryptedPOP, and popRequired.
  void challenge(const PartPath& part, Bytes encrypted_pop);
  /// Section 6.17.
  void add_response(Bytes content_info) { responses_.push_back(std::move(content_info)); }

  void add_certificate(Octets der);
  /// False when there are too many in the answer already.
  bool add_crl(Octets der);

  /// Sections 6.4 and 6.6: what goes back to the sender.
  struct Echo {
    std::optional<Bytes> transaction{};
    std::optional<Bytes> sender_nonce{};
    std::optional<Bytes> data_return{};
  };
  Echo echo;
  const Bytes& nonce() const { return nonce_; }  ///< senderNonce of the answer
  /// Section 6.12, of a challenge in Dogtag's form: a positive number that its client sends back as regInfo.
  const Bytes& response_info();

  /// What the log says of it. The first event counts, and "failed" less than any other.
  void note(std::string_view event, std::string text);

  bool is_empty() const { return statuses_.empty(); }
  bool simple = false;    ///< a Simple PKI Response where all went well
  bool remember = false;  ///< who has sent the message is known: its nonces count as used
  bool changed = false;   ///< something was issued, revoked, kept for later: the answer must not be made twice
  std::optional<Bytes> recipient{};     ///< certificate to encrypt to
  std::optional<Answer> repeated{};     ///< the answer that the same message got already: nothing else counts then

  Result<Answer> finish(Context& context) const;

 private:
  struct Status {
    CMCStatus status{};
    std::vector<PartPath> parts;
    std::string text;
    std::optional<CMCFailInfo> fail_info{};
    Bytes pend_token{};
    std::string pend_time{};
  };
  Status& find(CMCStatus status, const std::string& text, std::optional<CMCFailInfo> fail_info);
  Result<void> add_statuses(PkiResponseBuilder& response, const AuthorityOptions& options) const;
  Result<Bytes> pki_response(const AuthorityOptions& options) const;
  bool may_be_simple(const AuthorityOptions& options) const;

  Bytes nonce_ = new_nonce();
  static Bytes new_nonce();
  std::vector<Status> statuses_;
  std::vector<Bytes> challenges_;
  Bytes response_info_;
  std::vector<Bytes> responses_;
  std::vector<Bytes> certificates_;
  std::vector<Bytes> crls_;
  std::string event_;
  std::string text_;
  bool only_successes_ = true;
};

}  // namespace cmcctl::authority
