#include "name_constraints.hpp"

#include <algorithm>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>

#include "oids.hpp"

namespace cmcctl {
namespace {

constexpr std::string_view email_address = "1.2.840.113549.1.9.1";

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

// Characters in either case, blanks at the ends gone, others one by one.
std::string folded(Octets value) {
  const tlv::Element element = tlv::first(value);
  const std::string text = lower(string_value(static_cast<std::uint8_t>(element.id & tlv::number_bits), element.content));
  std::string result;
  for (const char c : text) {
    if (c != ' ' || (!result.empty() && result.back() != ' ')) result += c;
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

bool same_attribute(const AttributeTypeAndValue& a, const AttributeTypeAndValue& b) {
  return a.type == b.type && (a.value == b.value || folded(a.value.der) == folded(b.value.der));
}

bool same_rdn(const RelativeDistinguishedName& a, const RelativeDistinguishedName& b) {
  return a.attributes.size() == b.attributes.size() && std::ranges::all_of(a.attributes, [&](const auto& one) {
           return std::ranges::any_of(b.attributes, [&](const auto& other) { return same_attribute(one, other); });
         });
}

bool within_name(Decoder& decoder, Octets name, Octets base) {
  const auto whole = decoder.decode<Name>(name);
  const auto start = decoder.decode<Name>(base);
  if (!whole || !start || start->rdn_sequence.size() > whole->rdn_sequence.size()) return false;
  return std::ranges::equal(start->rdn_sequence, whole->rdn_sequence.first(start->rdn_sequence.size()), same_rdn);
}

bool ends_with_label(std::string_view host, std::string_view base) {
  return host.ends_with(base) && (host.size() == base.size() || host[host.size() - base.size() - 1] == '.');
}

// "example.com" holds itself and everything below it, ".example.com" only what is below.
bool within_domain(std::string_view host, std::string_view base) {
  if (base.empty()) return true;
  if (base.starts_with('.')) return host.size() > base.size() && host.ends_with(base);
  return ends_with_label(host, base);
}

bool within_mailbox_host(std::string_view host, std::string_view base) {
  return base.starts_with('.') ? host.size() > base.size() && host.ends_with(base) : host == base;
}

bool within_mailbox(std::string_view mailbox, std::string_view base) {
  const std::size_t at = mailbox.rfind('@');
  if (at == std::string_view::npos) return false;
  if (base.find('@') != std::string_view::npos) return mailbox == base;
  return base.empty() || within_mailbox_host(mailbox.substr(at + 1), base);
}

std::string_view host_of(std::string_view uri) {
  const std::size_t scheme = uri.find("://");
  if (scheme == std::string_view::npos) return {};
  uri.remove_prefix(scheme + 3);
  uri = uri.substr(0, uri.find_first_of("/?#"));
  if (const std::size_t user = uri.rfind('@'); user != std::string_view::npos) uri.remove_prefix(user + 1);
  if (!uri.starts_with('[')) uri = uri.substr(0, uri.find(':'));
  return uri;
}

bool within_addresses(Octets address, Octets base) {
  if (base.size() != 2 * address.size()) return false;
  for (std::size_t i = 0; i < address.size(); ++i) {
    const std::uint8_t mask = base[address.size() + i];
    if ((address[i] & mask) != (base[i] & mask)) return false;
  }
  return true;
}

enum class Match : std::uint8_t { no, yes, cannot_tell };

Match match_of(bool yes) { return yes ? Match::yes : Match::no; }

// Whether a name lies in a subtree of its own kind. A wildcard may stand for an excluded host, so it counts as one.
Match matches(Decoder& decoder, const GeneralName& name, const GeneralName& base, bool excluded) {
  if (const auto* dns = std::get_if<GeneralName::DNSName>(&name.choice)) {
    const std::string host = lower(dns->value.chars());
    const std::string tree = lower(std::get<GeneralName::DNSName>(base.choice).value.chars());
    if (excluded && host.starts_with("*.") && within_domain(tree, host.substr(2))) return Match::yes;
    return match_of(within_domain(host, tree));
  }
  if (const auto* mailbox = std::get_if<GeneralName::Rfc822Name>(&name.choice)) {
    return match_of(within_mailbox(lower(mailbox->value.chars()),
                                   lower(std::get<GeneralName::Rfc822Name>(base.choice).value.chars())));
  }
  if (const auto* uri = std::get_if<GeneralName::Uri>(&name.choice)) {
    const std::string host = lower(host_of(uri->value.chars()));
    if (host.empty()) return Match::cannot_tell;
    const std::string tree = lower(std::get<GeneralName::Uri>(base.choice).value.chars());
    return match_of(tree.empty() || within_mailbox_host(host, tree));
  }
  if (const auto* address = std::get_if<GeneralName::IPAddress>(&name.choice)) {
    return match_of(within_addresses(address->value, std::get<GeneralName::IPAddress>(base.choice).value));
  }
  if (const auto* directory = std::get_if<Raw<Name>>(&name.choice)) {
    return match_of(within_name(decoder, directory->der, std::get<Raw<Name>>(base.choice).der));
  }
  return Match::cannot_tell;
}

}  // namespace

bool same_name(Decoder& decoder, Octets a, Octets b) {
  return a == b || (within_name(decoder, a, b) && within_name(decoder, b, a));
}

bool NameConstraintState::spend(std::size_t comparisons) {
  if (comparisons > budget_) return false;
  budget_ -= comparisons;
  return true;
}

std::string NameConstraintState::add(const X509Certificate& ca) {
  if (ca.extension(oids::name_constraints) == nullptr) return {};
  const auto constraints = ca.extension_value<NameConstraints>(oids::name_constraints);
  if (!constraints) return "nameConstraints do not decode";
  for (const auto* list : {&constraints->permitted_subtrees, &constraints->excluded_subtrees}) {
    if (!*list) continue;
    for (const GeneralSubtree& subtree : **list) {
      if ((subtree.minimum && subtree.minimum->to_int64() != 0) || subtree.maximum) {
        return "nameConstraints with minimum or maximum";
      }
    }
  }
  keep_.push_back(ca);
  levels_.push_back({constraints->permitted_subtrees.value_or(List<GeneralSubtree>()),
                     constraints->excluded_subtrees.value_or(List<GeneralSubtree>())});
  return {};
}

std::string NameConstraintState::check_name(const GeneralName& name) {
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    const Subtrees& level = levels_[i];
    Decoder& decoder = keep_[i].decoder();
    const auto same_kind = [&](const GeneralSubtree& subtree) {
      return subtree.base.choice.index() == name.choice.index();
    };
    if (!spend(level.permitted.size() + level.excluded.size())) return "limit name_comparisons is exceeded";
    bool constrained = false;
    bool permitted = false;
    for (const GeneralSubtree& subtree : level.permitted) {
      if (!same_kind(subtree)) continue;
      constrained = true;
      permitted = permitted || matches(decoder, name, subtree.base, false) == Match::yes;
    }
    if (constrained && !permitted) return escape(general_name_text(name)) + " is in no permitted subtree";
    for (const GeneralSubtree& subtree : level.excluded) {
      if (same_kind(subtree) && matches(decoder, name, subtree.base, true) != Match::no) {
        return escape(general_name_text(name)) + " is in an excluded subtree";
      }
    }
  }
  return {};
}

std::string NameConstraintState::check(const X509Certificate& certificate) {
  if (levels_.empty()) return {};
  Decoder& decoder = certificate.decoder();
  const auto subject = decoder.decode<Name>(Raw<Name>{certificate.subject()});
  if (!subject) return "the subject does not decode";
  if (!subject->rdn_sequence.empty()) {
    GeneralName name;
    name.choice = Raw<Name>{certificate.subject()};
    if (const std::string problem = check_name(name); !problem.empty()) return problem;
  }
  bool has_mailbox = false;
  if (certificate.extension(oids::subject_alt_name) != nullptr) {
    const auto names = certificate.extension_value<GeneralNames>(oids::subject_alt_name);
    if (!names) return "subjectAltName does not decode";
    for (const GeneralName& name : names->names) {
      has_mailbox = has_mailbox || std::holds_alternative<GeneralName::Rfc822Name>(name.choice);
      if (const std::string problem = check_name(name); !problem.empty()) return problem;
    }
  }
  if (has_mailbox) return {};
  // RFC 5280 section 4.2.1.10: mailboxes in old subjects count.
  const auto type = oid_content(email_address);
  for (const RelativeDistinguishedName& rdn : subject->rdn_sequence) {
    for (const AttributeTypeAndValue& attribute : rdn.attributes) {
      if (attribute.type.content != Octets(*type)) continue;
      GeneralName name;
      name.choice = GeneralName::Rfc822Name{tlv::first(attribute.value.der).content};
      if (const std::string problem = check_name(name); !problem.empty()) return problem;
    }
  }
  return {};
}

}  // namespace cmcctl
