#pragma once

#include <deque>
#include <map>
#include <set>

#include <cmcctl/cmc/controls.hpp>

#include "authority_names.hpp"
#include "authority_reply.hpp"

namespace cmcctl::authority {

/// A change that an RA wants in what is asked for (RFC 10002 section 6.5).
struct Change {
  std::optional<ModCertTemplate> modified{};
  std::optional<AddExtensions> added{};
};

/// One PKIData with whoever stands behind it: the message's own, or one that an RA has wrapped. The RA answers for the
/// certification requests in it; what its controls ask for needs the right of its own sender.
struct Scope {
  const Layer& layer;
  const PKIData& data;
  PartPath prefix;  ///< to it, from the outermost one
  Requester who;
  const Scope* outer = nullptr;
  bool spoiled = false;            ///< something in it only an RA may say: no request in it is granted
  bool closed = false;             ///< it is not as RFC 10002 has it: nothing in it is done
  std::set<BodyPartID> refused{};  ///< controls of which that was said already
  std::deque<Change> changes{};
  std::map<std::pair<const Layer*, BodyPartID>, std::vector<const Change*>> changes_of{};

  PartPath path(BodyPartID part) const {
    PartPath whole = prefix;
    whole.push_back(part);
    return whole;
  }
  std::string control_path(std::size_t index) const {
    return layer.content_path + ".controlSequence[" + std::to_string(index) + "]";
  }
  /// The RA that has signed it, or something around it; null without one.
  const Requester* ra() const {
    if (who.right == Right::ra) return &who;
    return outer == nullptr ? nullptr : outer->ra();
  }
};

/// What is shared while one Full PKI Request is processed.
struct Work {
  Context& context;
  Decoder& decoder;
  Proofs& proofs;
  Reply& reply;
  const Profile& profile;
  std::optional<Bytes> recipient_nonce{};
  std::optional<Bytes> reg_info{};
};

/// What RAs say in this PKIData is held against who says it and to what it refers, and changes are collected.
void read_ra_controls(Work& work, Scope& scope);

/// Applies the changes of this scope's RA and of those around it, from the innermost to the outermost.
Objection apply_changes(const Scope& scope, BodyPartID request, Asked& asked);

}  // namespace cmcctl::authority
