#include "name_constraints.hpp"

#include <algorithm>
#include <optional>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/oids.hpp>

namespace cmcctl {
namespace {

constexpr std::string_view email_address = "1.2.840.113549.1.9.1";

// RFC 5280 knows neither; what they leave out must not be taken for allowed.
bool has_distances(const GeneralSubtree& subtree) {
  return (subtree.minimum && subtree.minimum->to_int64() != 0) || subtree.maximum;
}

std::optional<std::vector<ComparableName>> bases(Decoder& scratch,
                                                 const std::optional<List<GeneralSubtree>>& subtrees) {
  std::vector<ComparableName> result;
  if (!subtrees) return result;
  for (const GeneralSubtree& subtree : *subtrees) {
    if (has_distances(subtree)) return std::nullopt;
    result.push_back(comparable_base(scratch, subtree.base));
  }
  return result;
}

}  // namespace

bool NameConstraintState::spend(std::size_t comparisons) {
  if (comparisons > budget_) return false;
  budget_ -= comparisons;
  return true;
}

std::string NameConstraintState::add(const X509Certificate& ca) {
  const Extension* const extension = ca.extension(oids::name_constraints);
  if (extension == nullptr) return {};
  // A decoder of its own: that of the certificate has a budget, and paths with this certificate are many.
  Decoder decoder;
  const auto constraints = decoder.decode<NameConstraints>(extension->extn_value);
  if (!constraints) return "nameConstraints do not decode";
  auto permitted = bases(scratch_, constraints->permitted_subtrees);
  auto excluded = bases(scratch_, constraints->excluded_subtrees);
  if (!permitted || !excluded) return "nameConstraints with minimum or maximum";
  levels_.push_back({*std::move(permitted), *std::move(excluded)});
  return {};
}

std::string NameConstraintState::check_name(const GeneralName& name) {
  const ComparableName comparable = comparable_name(scratch_, name);
  const auto same_kind = [&](const ComparableName& base) { return base.kind == comparable.kind; };
  for (const Subtrees& level : levels_) {
    if (!spend(level.permitted.size() + level.excluded.size())) return "limit name_comparisons is exceeded";
    const bool constrained = std::ranges::any_of(level.permitted, same_kind);
    const bool permitted = std::ranges::any_of(level.permitted, [&](const ComparableName& base) {
      return same_kind(base) && within_permitted(comparable, base) == Containment::yes;
    });
    if (constrained && !permitted) return escape(general_name_text(name)) + " is in no permitted subtree";
    const bool excluded = std::ranges::any_of(level.excluded, [&](const ComparableName& base) {
      return same_kind(base) && within_excluded(comparable, base) != Containment::no;
    });
    if (excluded) return escape(general_name_text(name)) + " is in an excluded subtree";
  }
  return {};
}

std::string NameConstraintState::check_alternative_names(const X509Certificate& certificate, bool& has_mailbox) {
  const Extension* const extension = certificate.extension(oids::subject_alt_name);
  if (extension == nullptr) return {};
  Decoder decoder;
  const auto names = decoder.decode<GeneralNames>(extension->extn_value);
  if (!names) return "subjectAltName does not decode";
  for (const GeneralName& name : names->names) {
    has_mailbox = has_mailbox || std::holds_alternative<GeneralName::Rfc822Name>(name.choice);
    if (std::string problem = check_name(name); !problem.empty()) return problem;
  }
  return {};
}

// RFC 5280 section 4.2.1.10: mailboxes in old subjects count.
std::string NameConstraintState::check_mailboxes(const Name& subject) {
  for (const RelativeDistinguishedName& rdn : subject.rdn_sequence) {
    for (const AttributeTypeAndValue& attribute : rdn.attributes) {
      if (!oids::is(attribute.type, email_address)) continue;
      const tlv::Element value = tlv::first(attribute.value.der);
      const std::string mailbox = string_value(static_cast<std::uint8_t>(value.id & tlv::number_bits), value.content);
      GeneralName name;
      name.choice = GeneralName::Rfc822Name{Octets(mailbox)};
      if (std::string problem = check_name(name); !problem.empty()) return problem;
    }
  }
  return {};
}

std::string NameConstraintState::check(const X509Certificate& certificate) {
  if (levels_.empty()) return {};
  Decoder decoder;
  const auto subject = decoder.decode<Name>(certificate.subject());
  if (!subject) return "the subject does not decode";
  if (!subject->rdn_sequence.empty()) {
    GeneralName name;
    name.choice = Raw<Name>{certificate.subject()};
    if (std::string problem = check_name(name); !problem.empty()) return problem;
  }
  bool has_mailbox = false;
  if (std::string problem = check_alternative_names(certificate, has_mailbox); !problem.empty()) return problem;
  return has_mailbox ? std::string() : check_mailboxes(*subject);
}

}  // namespace cmcctl
