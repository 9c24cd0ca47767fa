#pragma once

#include "authority_grant.hpp"
#include "authority_scope.hpp"

namespace cmcctl::authority {

/// The certification requests of one Full PKI Request. All are looked at before anything is issued: where one proof of
/// possession fails, nothing of its PKIData is issued (RFC 10002 section 6.7).
class Requests {
 public:
  explicit Requests(Work& work) : work_(work) {}

  void add(const Scope& scope);
  /// Issues, challenges, leaves to somebody's decision, refuses.
  void settle();

 private:
  struct Candidate {
    const Scope* scope;
    const TaggedRequest* tagged;
    BodyPartID id;
    Ruling<Grant> grant;
    bool challenge = false;
  };

  Candidate looked_at(const Scope& scope, std::size_t index);
  Ruling<Grant> granted(const Scope& scope, std::size_t index, BodyPartID id, bool& challenge);
  Ruling<Grant> answered(const Scope& scope, const TaggedRequest& tagged, BodyPartID id, const DecryptedPOP& answer);
  Objection check_sender(const Requester& who, const Requester* ra) const;
  Objection check_possession(const Scope& scope, const std::string& path, bool& challenge) const;
  Objection check_link(const Scope& scope, const std::string& path) const;
  std::string identity_for(const Scope& scope) const;
  std::optional<DecryptedPOP> answer_for(const Scope& scope, BodyPartID id);

  void challenge(const Candidate& candidate);

  Work& work_;
  std::vector<Candidate> candidates_;
  std::map<const Scope*, std::map<BodyPartID, DecryptedPOP>> answers_;
};

/// Issues what was granted, or keeps it for somebody to decide: with the words for it.
void conclude(Context& context, Reply& reply, const Grant& grant, const PartPath& part);

}  // namespace cmcctl::authority
