#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string>

#include <cmcctl/cmc/names.hpp>
#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/pkix.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>

#include "from_text.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view user_principal_name = "1.3.6.1.4.1.311.20.2.3";

Error wrong(std::string_view kind, std::string_view value, std::string_view what) {
  return not_from_text(std::string(kind) + ":" + escape(value) + ": " + std::string(what));
}

Result<Bytes> encoded(decltype(GeneralName::choice) choice) {
  GeneralName name;
  name.choice = choice;
  return encode(name);
}

bool is_letter_or_digit(char c) {
  const char lower = static_cast<char>(c | 0x20);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && is_letter_or_digit(label.front()) &&
         is_letter_or_digit(label.back()) &&
         std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

// RFC 1034 section 3.5 with the change of RFC 1123.
bool is_host(std::string_view host) {
  if (host.size() > 253) return false;
  for (;;) {
    const std::size_t dot = host.find('.');
    if (!is_label(host.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    host.remove_prefix(dot + 1);
  }
}

constexpr std::string_view a_labels = "give internationalized names as A-labels (xn--...)";

Result<Bytes> dns_name(std::string_view value) {
  if (!is_ascii(value)) return wrong("dns", value, a_labels);
  const bool wildcard = value.starts_with("*.");
  if (!is_host(wildcard ? value.substr(2) : value)) {
    return wrong("dns", value, "a host name has labels of 1 to 63 letters, digits and hyphens, and no dot at its end");
  }
  return encoded(GeneralName::DNSName{Octets(value)});
}

Result<Bytes> email_name(std::string_view value) {
  const std::size_t at = value.rfind('@');
  if (at == std::string_view::npos || at == 0) return wrong("email", value, "an address is written local-part@host");
  if (!is_ascii(value.substr(at))) return wrong("email", value, a_labels);
  if (!is_ascii(value)) {
    return wrong("email", value,
                 "a local part that is not ASCII needs SmtpUTF8Mailbox (RFC 9598): other:1.3.6.1.5.5.7.8.9=...");
  }
  if (!is_host(value.substr(at + 1)) || value.substr(0, at).find_first_of(" <>,;\"") != std::string_view::npos) {
    return wrong("email", value, "an address is written local-part@host, without a display name");
  }
  return encoded(GeneralName::Rfc822Name{Octets(value)});
}

Result<Bytes> uri_name(std::string_view value) {
  if (!is_ascii(value)) return wrong("uri", value, "a URI is ASCII: A-labels in its host (xn--...), %XX elsewhere");
  const std::size_t colon = value.find(':');
  const std::string_view scheme = value.substr(0, colon);
  const bool has_scheme =
      colon != std::string_view::npos && !scheme.empty() && !(scheme[0] >= '0' && scheme[0] <= '9') &&
      std::ranges::all_of(scheme, [](char c) { return is_letter_or_digit(c) || c == '+' || c == '-' || c == '.'; });
  if (!has_scheme || colon + 1 == value.size()) {
    return wrong("uri", value, "a URI is absolute, with a scheme and something behind it (RFC 5280 section 4.2.1.6)");
  }
  if (value.find_first_of(" <>\"{}|\\^`") != std::string_view::npos) {
    return wrong("uri", value, "write blanks and \"<>{}|\\^` as %XX (RFC 3986)");
  }
  return encoded(GeneralName::Uri{Octets(value)});
}

Result<Bytes> ip_address(std::string_view value) {
  std::array<std::uint8_t, 16> octets{};
  const std::string text(value);
  const bool is_v4 = inet_pton(AF_INET, text.c_str(), octets.data()) == 1;
  if (!is_v4 && inet_pton(AF_INET6, text.c_str(), octets.data()) != 1) {
    return wrong("ip", value, "an address is written 192.0.2.1 or 2001:db8::1, without mask and zone");
  }
  return encoded(GeneralName::IPAddress{Octets(octets).sub(0, is_v4 ? 4 : 16)});
}

Result<Bytes> directory_name(std::string_view value) {
  CMC_TRY(const Bytes name, parse_name(value));
  return encoded(Raw<Name>{name});
}

Result<Bytes> registered_id(std::string_view value) {
  const auto oid = oid_content(oid_from_text(value, ""));
  if (!oid) return wrong("rid", value, "no object identifier");
  return encoded(Oid{*oid});
}

Result<Bytes> another_name(std::string_view type, Octets value) {
  const auto oid = oid_content(type);
  return encoded(AnotherName{Oid{*oid}, Any{value}});
}

Result<Bytes> principal_name(std::string_view value) {
  if (value.empty() || !is_valid_utf8(Octets(value)))
    return wrong("upn", value, "a user principal name is UTF-8: user@domain");
  return another_name(user_principal_name, der_element(tlv::utf8_string, Octets(value)));
}

Result<Bytes> other_name(std::string_view value) {
  const std::size_t sign = value.find('=');
  const std::string type = oid_from_text(value.substr(0, sign), "");
  if (sign == std::string_view::npos || type.empty()) return wrong("other", value, "written other:OID=hexadecimal");
  CMC_TRY(const Bytes element, element_from_hex(value.substr(sign + 1), "other:" + type));
  return another_name(type, element);
}

struct Kind {
  std::string_view prefix;
  Result<Bytes> (*make)(std::string_view value);
};

constexpr Kind kinds[]{
    {"dns", dns_name},       {"ip", ip_address},      {"email", email_name},  {"uri", uri_name},
    {"upn", principal_name}, {"dir", directory_name}, {"rid", registered_id}, {"other", other_name},
};

bool same_word(std::string_view a, std::string_view lower) {
  return std::ranges::equal(a, lower, [](char x, char y) { return static_cast<char>(x | 0x20) == y; });
}

}  // namespace

Result<std::vector<std::uint8_t>> parse_general_name(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view prefix = text.substr(0, colon);
  for (const Kind& kind : kinds) {
    if (colon != std::string_view::npos && same_word(prefix, kind.prefix)) return kind.make(text.substr(colon + 1));
  }
  return not_from_text(escape(text) +
                       ": a name is written dns:, ip:, email:, uri:, upn:, dir:, rid: or other: and its value");
}

}  // namespace cmcctl
