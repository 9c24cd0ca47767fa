#include "comparable_name.hpp"

#include <algorithm>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>

namespace cmcctl {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

// Labels of letters, digits, - and _ between single dots. Anything else (a dot at the end, NUL, an address) is taken
// apart by some readers in another way than by others.
bool is_host(std::string_view host) {
  bool label = false;
  bool letter = false;
  for (const char c : host) {
    if (c == '.') {
      if (!label) return false;
      label = letter = false;
      continue;
    }
    if (!is_letter(c) && !is_digit(c) && c != '-' && c != '_') return false;
    label = true;
    letter = letter || !is_digit(c);
  }
  return label && letter;  // the last label of an address is a number
}

bool is_host_or_wildcard(std::string_view host) { return is_host(host.starts_with("*.") ? host.substr(2) : host); }

bool is_domain(std::string_view domain) {
  return domain.empty() || is_host(domain.starts_with('.') ? domain.substr(1) : domain);
}

bool is_text(std::uint8_t id) {
  constexpr std::uint8_t ids[]{
      tlv::utf8_string,      0x12,           tlv::printable_string, 0x14, 0x15, 0x16, 0x1A, 0x1B,
      tlv::universal_string, tlv::bmp_string};
  return std::ranges::find(ids, id) != std::end(ids);
}

// Letters in lower case, blanks at the ends gone, others one by one.
std::string folded(Octets value) {
  const tlv::Element element = tlv::first(value);
  const auto number = static_cast<std::uint8_t>(element.id & tlv::number_bits);
  if (!is_text(element.id)) return std::string(value.chars());
  std::string result;
  for (const char c : lower(string_value(number, element.content))) {
    if (c != ' ' || (!result.empty() && result.back() != ' ')) result += c;
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

void take_directory(Decoder& scratch, Octets der, ComparableName& to) {
  scratch.reset(der);
  const auto name = scratch.decode<Name>(der);
  to.sound = name.ok();
  if (!name) return;
  for (const RelativeDistinguishedName& rdn : name->rdn_sequence) {
    ComparableName::RDN& attributes = to.directory.emplace_back();
    for (const AttributeTypeAndValue& attribute : rdn.attributes) {
      attributes.push_back({std::string(attribute.type.content.chars()), folded(attribute.value.der)});
    }
    std::ranges::sort(attributes);
  }
}

void take_mailbox(std::string_view text, ComparableName& to) {
  const std::size_t at = text.rfind('@');
  to.has_mailbox = at != std::string_view::npos;
  if (to.has_mailbox) to.mailbox = text.substr(0, at);
  to.host = lower(text.substr(to.has_mailbox ? at + 1 : 0));
}

// The host behind "scheme://", a user and in front of a port.
std::string host_of(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  if (colon == std::string_view::npos || !uri.substr(colon).starts_with("://")) return {};
  uri.remove_prefix(colon + 3);
  uri = uri.substr(0, uri.find_first_of("/?#"));
  if (const std::size_t user = uri.rfind('@'); user != std::string_view::npos) uri.remove_prefix(user + 1);
  return lower(uri.substr(0, uri.find(':')));
}

// What names of certificates and bases have in common.
ComparableName take(Decoder& scratch, const GeneralName& name) {
  ComparableName result;
  result.kind = name.choice.index();
  if (const auto* dns = std::get_if<GeneralName::DNSName>(&name.choice)) {
    result.host = lower(dns->value.chars());
  } else if (const auto* mailbox = std::get_if<GeneralName::Rfc822Name>(&name.choice)) {
    take_mailbox(mailbox->value.chars(), result);
  } else if (const auto* directory = std::get_if<Raw<Name>>(&name.choice)) {
    take_directory(scratch, directory->der, result);
  } else if (const auto* ip = std::get_if<GeneralName::IPAddress>(&name.choice)) {
    result.address.assign(ip->value.begin(), ip->value.end());
  } else if (!std::holds_alternative<GeneralName::Uri>(name.choice)) {
    result.sound = false;
  }
  return result;
}

bool is_of_size(const std::vector<std::uint8_t>& octets, std::size_t of_version_4, std::size_t of_version_6) {
  return octets.size() == of_version_4 || octets.size() == of_version_6;
}

bool below(std::string_view host, std::string_view domain) {
  return host.size() > domain.size() && host.ends_with(domain);
}

// "example.com" holds itself and everything below it, ".example.com" only what is below.
bool within_domain(std::string_view host, std::string_view base) {
  if (base.empty() || host == base) return true;
  return below(host, base) && (base.front() == '.' || host[host.size() - base.size() - 1] == '.');
}

// "example.com" holds itself alone.
bool within_host(std::string_view host, std::string_view base) {
  return base.empty() || (base.front() == '.' ? below(host, base) : host == base);
}

bool within_addresses(const std::vector<std::uint8_t>& address, const std::vector<std::uint8_t>& base) {
  if (base.size() != 2 * address.size()) return false;
  for (std::size_t i = 0; i < address.size(); ++i) {
    const std::uint8_t mask = base[address.size() + i];
    if ((address[i] & mask) != (base[i] & mask)) return false;
  }
  return true;
}

bool within_directory(const std::vector<ComparableName::RDN>& name, const std::vector<ComparableName::RDN>& base) {
  return base.size() <= name.size() && std::equal(base.begin(), base.end(), name.begin());
}

bool same_mailbox(const ComparableName& name, const ComparableName& base, bool excluded) {
  if (name.host != base.host) return false;
  // Most hosts take letters of either case, so what is excluded is excluded in both; what is permitted is not widened.
  return excluded ? lower(name.mailbox) == lower(base.mailbox) : name.mailbox == base.mailbox;
}

Containment within(const ComparableName& name, const ComparableName& base, bool excluded) {
  const auto told = [](bool yes) { return yes ? Containment::yes : Containment::no; };
  const auto is = [&]<class T>(const T*) { return name.kind == GeneralName{T{}}.choice.index(); };
  if (is(static_cast<const GeneralName::DNSName*>(nullptr)) && base.host.empty()) return Containment::yes;
  if (!name.sound || !base.sound) return Containment::cannot_tell;
  if (is(static_cast<const GeneralName::DNSName*>(nullptr))) {
    // A wildcard may stand for a host that is excluded.
    if (excluded && name.host.starts_with("*.") && within_domain(base.host, name.host.substr(2)))
      return Containment::yes;
    return told(within_domain(name.host, base.host));
  }
  if (is(static_cast<const GeneralName::Rfc822Name*>(nullptr))) {
    return told(base.has_mailbox ? same_mailbox(name, base, excluded) : within_host(name.host, base.host));
  }
  if (is(static_cast<const GeneralName::Uri*>(nullptr))) return told(within_host(name.host, base.host));
  if (is(static_cast<const GeneralName::IPAddress*>(nullptr)))
    return told(within_addresses(name.address, base.address));
  return told(within_directory(name.directory, base.directory));
}

}  // namespace

ComparableName comparable_name(Decoder& scratch, const GeneralName& name) {
  ComparableName result = take(scratch, name);
  if (const auto* uri = std::get_if<GeneralName::Uri>(&name.choice)) {
    result.host = host_of(uri->value.chars());
    result.sound = is_host(result.host);
  } else if (std::holds_alternative<GeneralName::DNSName>(name.choice)) {
    result.sound = is_host_or_wildcard(result.host);
  } else if (std::holds_alternative<GeneralName::Rfc822Name>(name.choice)) {
    result.sound = result.has_mailbox && is_host(result.host) && result.mailbox.find('@') == std::string::npos;
  } else if (std::holds_alternative<GeneralName::IPAddress>(name.choice)) {
    result.sound = is_of_size(result.address, 4, 16);
  }
  return result;
}

ComparableName comparable_base(Decoder& scratch, const GeneralName& base) {
  ComparableName result = take(scratch, base);
  if (const auto* uri = std::get_if<GeneralName::Uri>(&base.choice)) {
    result.host = lower(uri->value.chars());
    result.sound = is_domain(result.host);
  } else if (std::holds_alternative<GeneralName::DNSName>(base.choice)) {
    result.sound = is_domain(result.host);
  } else if (std::holds_alternative<GeneralName::Rfc822Name>(base.choice)) {
    result.sound = result.has_mailbox ? is_host(result.host) : is_domain(result.host);
  } else if (std::holds_alternative<GeneralName::IPAddress>(base.choice)) {
    result.sound = is_of_size(result.address, 8, 32);
  }
  return result;
}

Containment within_permitted(const ComparableName& name, const ComparableName& base) {
  return within(name, base, false);
}
Containment within_excluded(const ComparableName& name, const ComparableName& base) { return within(name, base, true); }

}  // namespace cmcctl
