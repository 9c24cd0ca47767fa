#include <cmcctl/cmc/extensions.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <optional>
#include <set>

#include <cmcctl/codec/der_element.hpp>
#include <cmcctl/codec/encoder.hpp>
#include <cmcctl/codec/extensions.hpp>
#include <cmcctl/codec/text.hpp>
#include <cmcctl/codec/tlv.hpp>

#include "from_text.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view subject_key_identifier = "2.5.29.14";
constexpr std::string_view key_usage = "2.5.29.15";
constexpr std::string_view subject_alt_name = "2.5.29.17";
constexpr std::string_view basic_constraints = "2.5.29.19";
constexpr std::string_view authority_key_identifier = "2.5.29.35";
constexpr std::string_view ext_key_usage = "2.5.29.37";

constexpr std::array<std::string_view, 9> usages{"digitalsignature", "nonrepudiation", "keyencipherment",
                                                 "dataencipherment", "keyagreement",   "keycertsign",
                                                 "crlsign",          "encipheronly",   "decipheronly"};

std::string lower(std::string_view word) {
  std::string text(word);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return text;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t comma = 0; comma != std::string_view::npos; text.remove_prefix(comma + 1)) {
    comma = text.find(',');
    words.push_back(without_blanks(text.substr(0, comma)));
    if (comma == std::string_view::npos) break;
  }
  return words;
}

std::optional<std::size_t> usage_bit(std::string_view word) {
  const std::string name = word == "contentCommitment" ? "nonrepudiation" : lower(word);
  const auto found = std::ranges::find(usages, name);
  if (found == usages.end()) return std::nullopt;
  return static_cast<std::size_t>(found - usages.begin());
}

RequestedExtension extension(std::string_view oid, bool critical, Bytes value) {
  return {std::string(oid), critical, std::move(value)};
}

}  // namespace

Result<RequestedExtension> key_usage_extension(std::string_view words) {
  std::array<std::uint8_t, 2> bits{};
  std::size_t last = 0;
  for (const std::string_view word : words_of(words)) {
    const auto bit = usage_bit(word);
    if (!bit) {
      return not_from_text("no key usage is called " + escape(word) +
                           "; there are digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment, "
                           "keyAgreement, keyCertSign, cRLSign, encipherOnly, decipherOnly");
    }
    bits[*bit / 8] = static_cast<std::uint8_t>(bits[*bit / 8] | 0x80 >> *bit % 8);
    last = std::max(last, *bit);
  }
  KeyUsage usage;
  usage.bits = BitString{Octets(bits).sub(0, last / 8 + 1), static_cast<std::uint8_t>(7 - last % 8)};
  CMC_TRY(Bytes value, encode(usage));
  return extension(key_usage, true, std::move(value));
}

Result<RequestedExtension> ext_key_usage_extension(std::string_view words) {
  std::deque<Bytes> contents;
  std::vector<Oid> purposes;
  for (const std::string_view word : words_of(words)) {
    auto content = oid_content(oid_from_text(word, "EKU"));
    if (!content)
      return not_from_text("no extended key usage is called " + escape(word) + "; name it by its dotted OID");
    purposes.push_back(Oid{contents.emplace_back(*std::move(content))});
  }
  CMC_TRY(Bytes value, encode(ExtKeyUsageSyntax{List<Oid>(std::span<const Oid>(purposes))}));
  return extension(ext_key_usage, false, std::move(value));
}

Result<RequestedExtension> subject_alt_name_extension(std::span<const Bytes> names, bool critical) {
  if (names.empty()) return not_from_text("a subjectAltName holds one name at least (RFC 5280 section 4.2.1.6)");
  Bytes content;
  for (const Bytes& name : names) content.insert(content.end(), name.begin(), name.end());
  return extension(subject_alt_name, critical, der_element(tlv::sequence, content));
}

RequestedExtension subject_key_identifier_extension(Octets identifier) {
  return extension(subject_key_identifier, false, der_octet_string(identifier));
}

Result<RequestedExtension> authority_key_identifier_extension(Octets issuer_key_identifier) {
  AuthorityKeyIdentifier identifier;
  identifier.key_identifier = issuer_key_identifier;
  CMC_TRY(Bytes value, encode(identifier));
  return extension(authority_key_identifier, false, std::move(value));
}

Result<RequestedExtension> basic_constraints_extension(std::string_view words) {
  BasicConstraints constraints;
  Bytes length;
  for (const std::string_view word : words_of(words)) {
    const std::string name = lower(word);
    std::uint16_t number = 0;
    const char* const end = name.data() + name.size();
    if (name == "ca") {
      constraints.ca.value = true;
    } else if (name.starts_with("pathlen:") && std::from_chars(name.data() + 8, end, number).ptr == end &&
               name.size() > 8) {
      length = integer_content(number);
      constraints.path_len_constraint = Integer{length};
    } else if (name != "end-entity" || words_of(words).size() != 1) {
      return not_from_text("basic constraints are written ca, ca,pathlen:0 or end-entity, and not " + escape(words));
    }
  }
  if (constraints.path_len_constraint && !constraints.ca) {
    return not_from_text("a path length is for CAs: write ca,pathlen:0 (RFC 5280 section 4.2.1.9)");
  }
  CMC_TRY(Bytes value, encode(constraints));
  return extension(basic_constraints, true, std::move(value));
}

Result<RequestedExtension> extension_from_text(std::string_view text) {
  const std::size_t sign = text.find('=');
  const std::string oid = oid_from_text(without_blanks(text.substr(0, sign)), "extension");
  if (sign == std::string_view::npos || oid.empty()) {
    return not_from_text(escape(text) + ": an extension is written OID=hexadecimal or OID=hexadecimal,critical");
  }
  std::string_view value = without_blanks(text.substr(sign + 1));
  constexpr std::string_view mark = ",critical";
  const bool critical = value.ends_with(mark);
  if (critical) value.remove_suffix(mark.size());
  CMC_TRY(Bytes der, element_from_hex(value, oid));
  return extension(oid, critical, std::move(der));
}

Result<Bytes> encode_extensions(std::span<const RequestedExtension> extensions) {
  if (extensions.empty()) return not_from_text("Extensions holds one extension at least (RFC 5280 section 4.1)");
  std::deque<Bytes> types;
  std::set<std::string_view> seen;
  std::vector<Extension> list;
  for (const RequestedExtension& requested : extensions) {
    auto type = oid_content(requested.oid);
    if (!type) return not_from_text(escape(requested.oid) + " is no OBJECT IDENTIFIER");
    if (!seen.insert(requested.oid).second) {
      return not_from_text("extension " + requested.oid + " is there twice (RFC 5280 section 4.2)");
    }
    Extension& made = list.emplace_back();
    made.extn_id.content = types.emplace_back(*std::move(type));
    made.critical.value = requested.critical;
    made.extn_value = requested.value;
  }
  return encode(Extensions{List<Extension>(std::span<const Extension>(list))});
}

}  // namespace cmcctl
