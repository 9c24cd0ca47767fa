#pragma once

#include <span>
#include <string_view>

namespace cmcctl {

/// One rule of the conformance catalogue, docs/requirements.tsv.
struct Requirement {
  std::string_view id;                 ///< "CMC-5272-6.6-04"; never changes its meaning
  std::string_view group;              ///< "18. Transaction identifier and nonces"
  std::string_view reference;          ///< where the rule comes from: "RFC 5272 §6.6"
  std::string_view current_reference;  ///< where it stands today: "10002 §6.6", "dropped", "-" for unchanged
  std::string_view edition;            ///< B both, O the 2008/2011 documents, N those of 2026, P optional profile
  std::string_view level;    ///< MUST, MUST NOT, SHOULD, SHOULD NOT, MAY, or DEF for what follows from the text
  std::string_view who;      ///< client, server, CA, RA, any
  std::string_view message;  ///< req, rsp, any, xport
  std::string_view check;    ///< S one message, K keys, P a pair, X a transaction, T transport, L live peer
  std::string_view statement;
  std::string_view violation;  ///< an example of breaking it; may be empty
};

/// The whole catalogue in its own order, which is by subject.
std::span<const Requirement> requirements();

/// The rule with this id, or null. Upper and lower case differ.
const Requirement* find_requirement(std::string_view id);

}  // namespace cmcctl
