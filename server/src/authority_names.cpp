#include "authority_names.hpp"

#include <algorithm>
#include <set>

#include <cmcctl/cmc/names.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>
#include <cmcctl/crypto/oids.hpp>

namespace cmcctl::authority {
namespace {

Refusal refused(std::string text) { return {CMCFailInfo::badRequest, std::move(text)}; }

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

Ruling<GeneralNames> alt_names(Decoder& decoder, const RequestedExtension& extension) {
  const auto names = decoder.decode<GeneralNames>(Octets(extension.value));
  if (!names) return refused("subjectAltName does not decode: " + to_string(names.error()));
  return *names;
}

Bytes encoded(const GeneralName& name) {
  const auto der = encode(name);
  return der ? *der : Bytes();
}

Objection check_renewal(const X509Certificate& old, Asked& asked) {
  if (!asked.has_subject()) asked.subject = bytes_of(old.subject());
  if (!same_name(asked.subject, old.subject())) {
    return refused("a renewal keeps the subject of the certificate that signs: " + name_text(old.subject()) + ", not " +
                   name_text(asked.subject));
  }
  const RequestedExtension* const wanted = asked.extension(oids::subject_alt_name);
  if (wanted == nullptr) return std::nullopt;
  Decoder decoder;
  const auto names = alt_names(decoder, *wanted);
  if (!names) return names.refusal();
  std::set<Bytes> known;
  const auto has = old.extension_value<GeneralNames>(oids::subject_alt_name);
  if (has) {
    for (const GeneralName& name : has->names) known.insert(encoded(name));
  }
  for (const GeneralName& name : names->names) {
    if (!known.contains(encoded(name))) {
      return refused("the certificate that signs does not have the name " + general_name_text(name));
    }
  }
  return std::nullopt;
}

// One of the commonName or userid attributes is the identification.
bool is_named(Octets subject, std::string_view identification) {
  Decoder decoder;
  const auto name = decoder.decode<Name>(subject);
  if (!name) return false;
  for (const RelativeDistinguishedName& rdn : name->rdn_sequence) {
    for (const AttributeTypeAndValue& attribute : rdn.attributes) {
      const std::string type = to_string(attribute.type);
      if (type != oids::common_name && type != oids::user_id) continue;
      const tlv::Element value = tlv::first(attribute.value.der);
      if (string_value(value.id & tlv::number_bits, value.content) == identification) return true;
    }
  }
  return false;
}

Objection check_user(const User& user, bool linked, Asked& asked) {
  if (!asked.has_subject() && linked) {
    // Of an identification that is a name itself, "CN=" leaves nothing to be escaped but what RFC 4514 says.
    std::string text = user.subject;
    if (text.empty()) {
      text = "CN=";
      for (const char c : user.name) {
        if (std::string_view(",+\"\\<>;=# ").find(c) != std::string_view::npos) text += '\\';
        text += c;
      }
    }
    const auto subject = parse_name(text);
    if (!subject) return refused("a name has to be asked for: of the registered one no subject can be made");
    asked.subject = *subject;
  }
  if (!asked.has_subject()) return refused("no subject, and no POP link that would tie the key to the identity");
  if (!user.subject.empty()) {
    const auto registered = parse_name(user.subject);
    if (!registered || !same_name(asked.subject, *registered)) {
      return refused("the user " + user.name + " is registered for the subject " + user.subject + ", not " +
                     name_text(asked.subject));
    }
  } else if (!is_named(asked.subject, user.name)) {
    return refused("the subject " + name_text(asked.subject) + " has no CN or UID that is the identification " +
                   user.name);
  }
  const RequestedExtension* const wanted = asked.extension(oids::subject_alt_name);
  if (wanted == nullptr) return std::nullopt;
  Decoder decoder;
  const auto names = alt_names(decoder, *wanted);
  if (!names) return names.refusal();
  for (const GeneralName& name : names->names) {
    if (std::ranges::none_of(user.names, [&](const std::string& registered) { return covers(registered, name); })) {
      return refused("the user " + user.name + " is not registered for the name " + general_name_text(name));
    }
  }
  return std::nullopt;
}

Objection check_ra(const Asked& asked) {
  if (asked.has_subject() || asked.extension(oids::subject_alt_name) != nullptr) return std::nullopt;
  return refused("neither a subject nor a subjectAltName is asked for");
}

}  // namespace

bool covers(std::string_view registered, const GeneralName& name) {
  constexpr std::string_view wildcard = "dns:*.";
  const auto* const dns = std::get_if<GeneralName::DNSName>(&name.choice);
  if (dns != nullptr && lower_case(registered).starts_with(wildcard)) {
    const std::string host = lower_case(dns->value.chars());
    const std::size_t dot = host.find('.');
    const bool label = dot != std::string::npos && dot > 0 && host.find('*') == std::string::npos;
    return label && host.substr(dot) == lower_case(registered).substr(wildcard.size() - 1);
  }
  const auto der = parse_general_name(registered);
  if (!der) return false;
  Decoder decoder;
  const auto known = decoder.decode<GeneralName>(Octets(*der));
  if (!known) return false;
  const auto* const known_dns = std::get_if<GeneralName::DNSName>(&known->choice);
  if (dns != nullptr && known_dns != nullptr) {
    return lower_case(dns->value.chars()) == lower_case(known_dns->value.chars());
  }
  return encoded(name) == *der;
}

Objection settle_names(Context& context, const Requester& who, bool linked, Asked& asked) {
  if (asked.change && who.right != Right::ra) {
    return refused("changeSubjectName: a name is changed by an RA only");
  }
  if (auto objection = change_name(asked)) return objection;
  Decoder decoder;
  const auto name = decoder.decode<Name>(Octets(asked.subject));
  if (!name) return refused("the subject does not decode: " + to_string(name.error()));
  if (who.right == Right::ra) return check_ra(asked);
  if (who.right == Right::holder) return check_renewal(*who.certificate, asked);
  if (who.right == Right::nobody) return check_ra(asked);  // somebody will look at it
  const auto user = context.store.find_user(who.identity);
  if (!user) return context.failed(user.error());
  if (!*user) return Refusal{CMCFailInfo::badIdentity, "there is no user of this identification"};
  return check_user(**user, linked, asked);
}

}  // namespace cmcctl::authority
