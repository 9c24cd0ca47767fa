#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/pkix.hpp>

#include "node.hpp"

/// What is read out of certificates, keys and numbers to be shown, by text and JSON alike. Texts are not escaped yet.
namespace cmcctl {

struct CertificateSummary {
  std::string subject;
  std::string issuer;
  std::string serial_number;  // "0x4f2a"
  std::string not_before;
  std::string not_after;
  std::string key;            // "RSA 2048"
  std::string key_id;         // hex of the subjectKeyIdentifier extension
  std::string signature_algorithm;
};
std::optional<CertificateSummary> summarise_certificate(Decoder& decoder, Octets der);

struct CrlSummary {
  std::string issuer;
  std::string this_update;
  std::string next_update;
  std::size_t revoked = 0;
};
std::optional<CrlSummary> summarise_crl(Decoder& decoder, Octets der);

/// "RSA 2048", "EC P-256", "Ed25519", or the algorithm's name.
std::string key_text(Decoder& decoder, const Raw<SubjectPublicKeyInfo>& key);

/// "0x4f2a"; decimal below 10.
std::string serial_text(const Integer& serial);

/// "sha256WithRSAEncryption"; the dotted form when no table knows it.
std::string oid_name(const Oid& oid);

/// The key identifier in an extension list, in hex; empty without one.
std::string key_identifier(Decoder& decoder, const List<Extension>& extensions);

/// The named values of an INTEGER or ENUMERATED type of the modules.
std::span<const NamedNumber> number_names(std::string_view type);

/// The named bits of a BIT STRING type of the modules, bit 0 first.
std::span<const std::string_view> bit_names(std::string_view type);

/// The characters of a string node, whatever its character set, as UTF-8.
std::string characters(const Node& node);

/// A primitive element whose type no module gives, by its universal tag: numbers, OIDs, strings, dates. Empty for
/// everything else.
std::string primitive_text(const Node& node);

/// The value of any primitive element, escaped for a terminal and of limited length; empty for a constructed one.
std::string element_text(const Node& node);

/// The time of a time node.
Time time_of(const Node& node);

}  // namespace cmcctl
