#include "opened_checks.hpp"

#include <cmcctl/crypto/oids.hpp>

#include "auth_attributes.hpp"

namespace cmcctl {

std::vector<Check> recipient_checks(const KeyRecovery::Found& found) {
  return {
      {"recipient", Verdict::pass, std::to_string(found.recipient) + ", " + std::string(to_string(found.kind)), {}, {}},
      {"key", Verdict::pass, found.with, {}, {}}};
}

Check attributes_check(Decoder& decoder, const std::optional<Raw<AuthAttributes>>& attributes,
                       const Oid& content_type) {
  constexpr std::string_view name = "authenticated attributes";
  if (!attributes) {
    if (to_string(content_type) == oids::data) return {name, Verdict::pass, "none", {}, {}};
    return {name, Verdict::fail, "none, although the content is not id-data", {}, "the sender's software is at fault"};
  }
  const std::string problem = attribute_problem(decoder, *attributes, content_type);
  if (problem.empty()) return {name, Verdict::pass, "they name the content's type", {}, {}};
  return {name, Verdict::fail, problem, {}, "the message was changed, or the sender's software is at fault"};
}

}  // namespace cmcctl
